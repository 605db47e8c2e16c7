import type { Complaint } from '../complaints/complaint.ts'
import type { Fact } from '../complaints/fact.ts'
import type { Notice } from '../complaints/notice.ts'
import { never } from '../core/words.ts'

/** What a recipient may want to be told. */
export const interests = ['new', 'user', 'turn', 'outcome', 'deadline', 'closed', 'notice', 'digest'] as const
export type Interest = (typeof interests)[number]

export const isInterest = (name: string): name is Interest => interests.some((one) => one === name)

export const interestIn = ({ kind }: Notice): Interest => (kind === 'digest' ? 'digest' : 'notice')

/** Whom a fact is for; undefined: it only changes the card. */
export function interestOf(fact: Fact, complaint: Pick<Complaint, 'phase'>): Interest | undefined {
  switch (fact.kind) {
    case 'opened':
    case 'provisional':
      // One that was over when it came, from a list of last month: nobody is waited for.
      return complaint.phase === 'closed' ? undefined : 'new'
    case 'said':
      return fact.happening.by === 'user' ? 'user' : undefined
    case 'turned':
      return fact.to === 'closed' ? 'closed' : 'turn'
    case 'returned':
      return 'turn'
    case 'acted':
      return acted(fact)
    case 'unfollowed':
      return 'outcome'
    case 'stopped':
      return fact.by || fact.why === 'breaker' ? undefined : 'outcome'
    case 'reminded':
      // Before that it is the group's own affair.
      return fact.reach === 'everyone' ? 'deadline' : undefined
    case 'snoozed':
    case 'ruled':
    case 'read':
    case 'looked':
    case 'pictured':
    case 'requested':
    case 'claimed':
    case 'released':
    case 'assigned':
    case 'noted':
    case 'unnoted':
    case 'shown':
    case 'linked':
    case 'offered':
    case 'revealed':
      return undefined
    default:
      return never(fact)
  }
}

/** What failed, and money: everything else that we do is seen in the group. */
function acted({ act, state, message }: Extract<Fact, { kind: 'acted' }>): Interest | undefined {
  if (state === 'failed') return 'outcome'
  const money = act === 'refund' && (state === 'done' || (state === 'underway' && message === '@stuck'))
  return money ? 'outcome' : undefined
}
