import type { Complaint, Phase } from '../complaints/complaint.ts'
import { type AccountId, asId, type ComplaintId } from '../core/words.ts'
import type { Reads } from './storage.ts'

/** Of each kind. */
const most = 5

/** Another complaint: as much of it as a card tells. */
export interface Other {
  readonly id: ComplaintId
  readonly running: number
  /** The account's name. */
  readonly account: string
  readonly label: string
  readonly phase: Phase
}

export interface Related {
  /** About the same order, through whichever account; at most five, newest first. */
  readonly order: readonly Other[]
  /** Of the same payer, earlier, about another order; at most five, newest first. */
  readonly payer: readonly Other[]
  /** How many complaints of this payer came up to and including this one. */
  readonly nth: number
}

/** What else is known about its order and its payer. `accounts`: complaints of others are not told of, nor counted. */
export async function relatedTo(
  reads: Reads,
  complaint: Pick<Complaint, 'id' | 'tenant' | 'running' | 'payer'>,
  accounts?: readonly AccountId[],
): Promise<Related> {
  const order = await onSameOrder(reads, complaint.id)
    .innerJoin('account', 'account.id', 'complaint.account')
    .$if(accounts !== undefined, (query) => query.where('complaint.account', 'in', anyOf(accounts)))
    .select(told)
    .distinct()
    .orderBy('complaint.running', 'desc')
    .limit(most)
    .execute()
  const { payer } = complaint
  if (payer === undefined) return { order: order.map(otherOf), payer: [], nth: 1 }
  const earlier = ofPayer(reads, { ...complaint, payer }).$if(accounts !== undefined, (query) =>
    query.where('complaint.account', 'in', anyOf(accounts)),
  )
  const { count } = await earlier.select((is) => is.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  const newest = await earlier
    .innerJoin('account', 'account.id', 'complaint.account')
    .where('complaint.id', 'not in', onSameOrder(reads, complaint.id).select('complaint.id'))
    .select(told)
    .orderBy('complaint.running', 'desc')
    .limit(most)
    .execute()
  return { order: order.map(otherOf), payer: newest.map(otherOf), nth: Number(count) + 1 }
}

/** Those about the same order where something is still to be done; at most five, newest first. */
export async function openOnSameOrder(reads: Reads, id: ComplaintId): Promise<readonly ComplaintId[]> {
  const rows = await onSameOrder(reads, id)
    .where('complaint.phase', '<>', 'closed')
    .select(['complaint.id', 'complaint.running'])
    .distinct()
    .orderBy('complaint.running', 'desc')
    .limit(most)
    .execute()
  return rows.map((row) => asId(row.id))
}

const told = ['complaint.id', 'complaint.running', 'complaint.label', 'complaint.phase', 'account.name'] as const

const anyOf = (accounts: readonly AccountId[] = []): string[] => (accounts.length > 0 ? [...accounts] : [''])

const ofPayer = ({ db }: Reads, of: { readonly tenant: string; readonly payer: string; readonly running: number }) =>
  db
    .selectFrom('complaint')
    .where('complaint.tenant', '=', of.tenant)
    .where('complaint.payer', '=', of.payer)
    .where('complaint.running', '<', of.running)

/**
 * By the payment platform's number; by the merchant's own only where one of the two lacks the other number:
 * two shops of a tenant may both count their orders from 1. The tenant is that of its own rows: were it named
 * as well, SQLite would rather go through everything that the tenant has.
 */
const onSameOrder = ({ db }: Reads, id: ComplaintId) =>
  db
    .selectFrom('complaint_order as mine')
    .innerJoin('complaint_order as theirs', (on) =>
      on.onRef('theirs.tenant', '=', 'mine.tenant').onRef('theirs.number', '=', 'mine.number'),
    )
    .innerJoin('complaint', 'complaint.id', 'theirs.complaint')
    .where('mine.complaint', '=', id)
    .where('theirs.complaint', '<>', id)
    .where(({ eb, or, not, exists }) => {
      const paid = (of: 'mine.complaint' | 'theirs.complaint') =>
        exists(
          eb
            .selectFrom('complaint_order as known')
            .select('known.number')
            .whereRef('known.complaint', '=', of)
            .where('known.number', 'not like', 'out:%'),
        )
      return or([eb('mine.number', 'not like', 'out:%'), not(paid('mine.complaint')), not(paid('theirs.complaint'))])
    })

const otherOf = (row: {
  readonly id: string
  readonly running: number
  readonly name: string
  readonly label: string
  readonly phase: string
}): Other => ({
  id: asId(row.id),
  running: row.running,
  account: row.name,
  label: row.label,
  phase: row.phase as Phase,
})
