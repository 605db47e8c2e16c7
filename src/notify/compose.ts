import type { Complaint } from '../complaints/complaint.ts'
import { dueOf } from '../complaints/deadline.ts'
import type { Recorded } from '../complaints/fact.ts'
import { isOn } from '../complaints/merchant.ts'
import type { ComplaintId, TenantId } from '../core/words.ts'
import { findAccount } from '../storage/accounts.ts'
import { findComplaint } from '../storage/complaints.ts'
import type { FactDelivery, Pending } from '../storage/deliveries.ts'
import { findFact } from '../storage/facts.ts'
import { findNotice } from '../storage/notices.ts'
import { readerOf } from '../storage/seats.ts'
import type { Reads } from '../storage/storage.ts'
import { interestOf } from './interests.ts'
import type { Content, Reader, Told } from './letter.ts'
import type { Phrases } from './phrases.ts'

export interface Composing {
  readonly reads: Reads
  readonly phrases: Phrases
  readonly reader: Reader
  /** One message for all: what is over by now is not told any more. */
  readonly digest: boolean
}

/** What deliveries have to say as things stand now: of accounts that are on, the most urgent complaint first. */
export async function compose(composing: Composing, pending: readonly Pending[]): Promise<Content> {
  const complaints = new Set(pending.flatMap(({ complaint }) => complaint ?? []))
  const told: Told[] = []
  for (const complaint of complaints) {
    const about = pending.flatMap((one) => (one.complaint === complaint ? one : []))
    const one = await tellOf(composing, complaint, about)
    if (one) told.push(one)
  }
  const notices: string[] = []
  for (const one of pending) {
    const line = one.notice && (await noticeOf(composing, one.notice))
    if (line) notices.push(line)
  }
  return { complaints: told.sort(byDue), notices }
}

async function noticeOf({ reads, phrases, reader }: Composing, id: NonNullable<Pending['notice']>) {
  const notice = await findNotice(reads, id)
  const account = notice?.account && (await findAccount(reads, notice.account))
  if (!notice || (notice.account && !account?.enabled)) return undefined
  return phrases.notice(reads, id, reader)
}

async function tellOf(
  { reads, phrases, reader, digest }: Composing,
  id: ComplaintId,
  about: readonly FactDelivery[],
): Promise<Told | undefined> {
  const complaint = await findComplaint(reads, tenantOf(about), id)
  const seat = complaint && (await readerOf(reads, complaint))
  if (!complaint || !seat || !isOn(seat)) return undefined
  const facts: Recorded[] = []
  for (const { fact } of about) {
    const known = await findFact(reads, fact)
    if (known) facts.push(known)
  }
  const wishes = new Set(facts.map(({ fact }) => interestOf(fact, complaint)))
  if (digest && complaint.phase === 'closed' && !wishes.has('closed') && !wishes.has('outcome')) return undefined
  const lines: string[] = []
  for (const told of facts) {
    const line = await phrases.fact(reads, { complaint, told }, reader)
    if (line !== undefined) lines.push(line)
  }
  return {
    complaint,
    account: seat.account.name,
    ...(seat.merchant ? { merchant: seat.merchant.name } : {}),
    turn: phrases.turn(complaint, reader),
    fresh: facts.some(({ fact }) => fact.kind === 'opened' || fact.kind === 'provisional'),
    lines,
  }
}

const tenantOf = ([first]: readonly FactDelivery[]): TenantId => {
  if (!first) throw new Error('a complaint without a delivery')
  return first.tenant
}

const never = '9999'
const dueText = (complaint: Complaint): string => dueOf(complaint) ?? never
const byDue = (a: Told, b: Told): number => (dueText(a.complaint) < dueText(b.complaint) ? -1 : 1)
