import type { Action, ActionKind } from '../complaints/action.ts'
import { type Complaint, moveOf } from '../complaints/complaint.ts'
import type { By } from '../complaints/fact.ts'
import { atLeast, roleFor } from '../complaints/member.ts'
import { isOn } from '../complaints/merchant.ts'
import { failpoint } from '../core/failpoint.ts'
import { type ComplaintId, type Instant, instant, type TenantId } from '../core/words.ts'
import type { Engine } from '../engine/engine.ts'
import { queues } from '../engine/queues.ts'
import { tell } from '../engine/tell.ts'
import { deedFor } from '../platforms/deed.ts'
import type { Platforms } from '../platforms/registry.ts'
import { actionByKey, insertAction, lastDone, type StoredAction, unsettledOf } from '../storage/actions.ts'
import { lockComplaint, raiseVersion } from '../storage/complaints.ts'
import { clearStaged } from '../storage/pictures.ts'
import { seatOf } from '../storage/seats.ts'
import type { Reads, Storage, Tx } from '../storage/storage.ts'
import { gate, mayBe, type Why } from './gate.ts'
import type { Actor } from './refund-gate.ts'
import { holdOrder, keepRefund, spendOf, whyNot } from './spend.ts'

export interface RequestParts {
  readonly storage: Storage
  readonly engine: Engine
  readonly platforms: Platforms
}

export interface Wanted {
  readonly tenant: TenantId
  readonly complaint: ComplaintId
  readonly action: Action
  /** From where the wish came (a button's token, a message's id): its retries are the same wish. */
  readonly key: string
  readonly by: By
  readonly member: Actor
  /** The second person, where an amount needs two. */
  readonly approver?: Actor
  readonly seen?: number
  readonly expiresAt?: Instant
  /** The same where somebody may end its time meanwhile: read in the transaction that writes the wish, under the complaint's lock. */
  until?(tx: Tx): Promise<Instant | undefined>
  /** The last word, when nothing else is in the way, in the same transaction: what it writes is kept whatever it says. */
  last?(tx: Tx, complaint: Complaint): Promise<Why | undefined>
}

export type Requested =
  | { readonly outcome: 'accepted'; readonly action: StoredAction }
  /** The same wish again: what became of it. */
  | { readonly outcome: 'repeated'; readonly action: StoredAction }
  /** Another one of this kind is on its way. */
  | { readonly outcome: 'busy'; readonly action: StoredAction }
  | { readonly outcome: 'refused'; readonly why: Why }

/** Writes the wish down, with its fact and its job; doing it comes after. */
export async function request(parts: RequestParts, wanted: Wanted): Promise<Requested> {
  const requested = await parts.storage.transaction(async (tx) => {
    const decided = await decide(parts, tx, wanted)
    failpoint('request.before-commit')
    return decided
  })
  failpoint('request.committed')
  return requested
}

/** What stands in its way, whatever is said with it: asked before anybody is asked for words. Changes nothing. */
export async function inTheWay(
  parts: Pick<RequestParts, 'platforms'>,
  reads: Reads,
  complaint: Complaint,
  wanted: Wanted,
): Promise<Exclude<Requested, { outcome: 'accepted' }> | undefined> {
  const same = await actionByKey(reads, wanted.tenant, wanted.key)
  if (same) return { outcome: 'repeated', action: same }
  const other = await unsettledOf(reads, complaint.id, wanted.action.kind)
  if (other) return { outcome: 'busy', action: other }
  const done = await lastDone(reads, complaint.id, wanted.action.kind)
  // What the platform took changes the moves only when it is read again: until then the open move is yesterday's.
  if (done?.settledAt && done.settledAt > complaint.asOf) return { outcome: 'repeated', action: done }
  const why =
    (await unsupported(parts, reads, complaint, wanted.action.kind)) ??
    mayBe({ ...wanted, complaint, now: instant(reads.clock.now()) }) ??
    (await moneyInTheWay(parts, reads, complaint, wanted))
  return why && { outcome: 'refused', why }
}

/** What an approval brings about is judged before the approval goes out. */
async function moneyInTheWay(
  parts: Pick<RequestParts, 'platforms'>,
  reads: Reads,
  complaint: Complaint,
  wanted: Wanted,
): Promise<Why | undefined> {
  const spend = await spendOf(parts.platforms, reads, complaint, wanted.action)
  if (!spend) return undefined
  if (spend === 'nobody' || !atLeast(wanted.member, roleFor('refund')))
    return spend === 'nobody' ? { why: 'not-open' } : { why: 'role', needs: roleFor('refund') }
  return whyNot(reads, complaint, spend, wanted)
}

async function decide(parts: RequestParts, tx: Tx, wish: Wanted): Promise<Requested> {
  const complaint = await lockComplaint(tx, wish.tenant, wish.complaint)
  if (!complaint) return { outcome: 'refused', why: { why: 'not-open' } }
  const until = await wish.until?.(tx)
  const wanted = until === undefined ? wish : { ...wish, expiresAt: until }
  const spend = await spendOf(parts.platforms, tx, complaint, wanted.action)
  if (spend && spend !== 'nobody') await holdOrder(tx, spend)
  const before = await inTheWay(parts, tx, complaint, wanted)
  if (before) return before
  const why = gate({ ...wanted, complaint, now: instant(tx.clock.now()) })
  if (why) return { outcome: 'refused', why }
  const no = await wanted.last?.(tx, complaint)
  if (no) return { outcome: 'refused', why: no }
  const action = await insertAction(tx, { ...wanted, complaint: complaint.id, version: complaint.version })
  // The lock makes this impossible; the unique indexes would have to have seen another writer.
  if (!action) throw new Error('an action slipped past its lock')
  const goes = action.action.kind === 'refund' && spend && spend !== 'nobody'
  const at = goes ? await keepRefund(tx, action, spend, wanted) : undefined
  await raiseVersion(tx, complaint.id)
  await tell(parts.engine, tx, complaint, [
    { kind: 'requested', action: action.id, act: wanted.action.kind, by: wanted.by },
  ])
  await parts.engine.send(tx, queues.carryOut, action.id, at)
  // What lay ready has gone along, or was left out on purpose: it goes along with nothing later.
  if (wanted.by.member && moveOf(complaint, wanted.action.kind)?.takes.pictures)
    await clearStaged(tx, { complaint: complaint.id, member: wanted.by.member })
  return { outcome: 'accepted', action }
}

async function unsupported(
  parts: Pick<RequestParts, 'platforms'>,
  reads: Reads,
  complaint: Complaint,
  kind: ActionKind,
): Promise<Why | undefined> {
  const seat = await seatOf(reads, complaint)
  const platform = seat && parts.platforms.get(seat.account.platform)
  const deed = platform && isOn(seat) && deedFor(platform, seat, kind)
  return deed ? undefined : { why: 'not-open' }
}
