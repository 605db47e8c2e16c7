import type { Complaint, Snapshot } from '../complaints/complaint.ts'
import type { Fact, FactKind } from '../complaints/fact.ts'
import { isOn } from '../complaints/merchant.ts'
import { orderKeys } from '../complaints/notice.ts'
import { masked, sameness } from '../complaints/person.ts'
import { identity, reconcile } from '../complaints/reconcile.ts'
import { failpoint } from '../core/failpoint.ts'
import { readable } from '../core/readable.ts'
import { type CallbackId, instant, later } from '../core/words.ts'
import type { Engine } from '../engine/engine.ts'
import { queues } from '../engine/queues.ts'
import { tell } from '../engine/tell.ts'
import type { Platforms } from '../platforms/registry.ts'
import type { StoredAccount } from '../storage/accounts.ts'
import { doneBetween, unsettledOf } from '../storage/actions.ts'
import { closeAlarms } from '../storage/alarms.ts'
import { settleCallback } from '../storage/callbacks.ts'
import { insertComplaint, type Known, lockByIdentity, saveComplaint, setReadDue } from '../storage/complaints.ts'
import { keepDeadlines } from '../storage/deadlines.ts'
import { stepsTold } from '../storage/facts.ts'
import { merchantHeard, nameMerchant } from '../storage/merchants.ts'
import { clearStaged } from '../storage/pictures.ts'
import { anyRuleOn } from '../storage/rules.ts'
import type { StoredSeat } from '../storage/seats.ts'
import type { Storage, Tx } from '../storage/storage.ts'
import { anyUntried } from './pictures.ts'

const minute = 60_000
/** How often an open complaint is asked about where its platform says nothing else; a disabled account's at a tenth of the pace. */
const commonly = 15 * minute
export const readEveryOf = (platforms: Platforms | undefined, { platform }: Pick<StoredAccount, 'platform'>): number =>
  platforms?.get(platform)?.readEvery ?? commonly
/** By then whoever wrote the complaint down has fetched its pictures, or is dead. */
const picturesWithin = 30_000

export interface RecordParts {
  readonly storage: Storage
  readonly engine: Engine
  /** How often each is asked; at the common pace when left out. */
  readonly platforms?: Platforms
}

export interface Answered {
  readonly seat: Omit<StoredSeat, 'payer'>
  readonly said: Snapshot
  /** The callback that this settles. */
  readonly callback?: CallbackId
}

/** What the platform said becomes what we know: complaint, facts and their jobs, in one transaction. */
export async function record({ storage, engine, platforms }: RecordParts, given: Answered): Promise<Complaint> {
  const answered = { ...given, said: readable(given.said) }
  const every = readEveryOf(platforms, answered.seat.account)
  const complaint = await storage.transaction(async (tx) => {
    const now = await take(tx, engine, { ...answered, every })
    if (answered.callback) await settleCallback(tx, answered.callback, 'drained')
    failpoint('record.before-commit')
    return now
  })
  failpoint('record.committed')
  return complaint
}

/** `every`: milliseconds between two readings. */
type Taken = Answered & { readonly every: number }

async function take(tx: Tx, engine: Engine, { seat, said, every }: Taken): Promise<Complaint> {
  const { account, merchant } = seat
  const { tenant, platform } = account
  const before = await lockByIdentity(tx, { tenant, platform, scope: said.scope, number: said.number })
  const now = instant(tx.clock.now())
  // An answer from the future is one from before the clock was set back: it outdates nothing.
  const news = reconcile(before && before.asOf > now ? { ...before, asOf: instant(0) } : before, said)
  if (news.outcome === 'stale') {
    if (!before) throw new Error('a first answer cannot be stale')
    // Two questions of one millisecond: nobody knows which answer is newer, so a third decides.
    if (said.asOf === before.asOf && said.provisional === undefined)
      await engine.send(tx, queues.reread, before.id, later(now, 1_000))
    if (before.phase !== 'closed') await setReadDue(tx, before.id, later(now, every))
    return before
  }
  const known = knownOf(tx, { seat, said, every }, news.version)
  const after = before
    ? await saveComplaint(tx, before, said, known)
    : await insertComplaint(tx, { tenant, account: account.id, platform }, said, known)
  if (!before && merchant) await merchantHeard(tx, merchant.id)
  if (merchant && said.against) await nameMerchant(tx, merchant, said.against)
  await keepDeadlines(tx, after)
  await closeAlarms(tx, { account: account.id, complaint: after.id, keys: orderKeys(said) })
  const facts = await untold(tx, after, news.facts)
  await tell(engine, tx, after, facts.length > 0 ? facts : await looked(tx, after, before))
  if (facts.some(({ kind }) => wakesRules.has(kind)) && (await anyRuleOn(tx, tenant)))
    await engine.send(tx, queues.rules, after.id)
  if (news.facts.length > 0) await wakeRefund(tx, engine, after)
  if (after.phase === 'closed' && before?.phase !== 'closed') await clearStaged(tx, { complaint: after.id })
  // Their addresses are fresh only now: should we die before they are fetched, the detail is read again.
  if (said.provisional === undefined && (await anyUntried(tx, after)))
    await engine.send(tx, queues.pictures, after.id, later(now, picturesWithin))
  return after
}

/** The case is another one than rules knew. */
const wakesRules: ReadonlySet<FactKind> = new Set(['opened', 'read', 'said', 'turned'])

/** Cards are drawn for facts: without one, what is done would keep the next act off the card until something else happens. */
async function looked(tx: Tx, after: Complaint, before: Complaint | undefined): Promise<readonly Fact[]> {
  const since = before && (await doneBetween(tx, after.id, before.asOf, after.asOf))
  return since ? [{ kind: 'looked' }] : []
}

/** What the platform has to say may be that the money has arrived: whoever waits for it asks now. */
async function wakeRefund(tx: Tx, engine: Engine, complaint: Complaint): Promise<void> {
  const refund = await unsettledOf(tx, complaint.id, 'refund')
  if (refund?.state === 'underway') await engine.send(tx, queues.carryOut, refund.id)
}

/** A step that vanishes from the platform's history and comes back was told when it came first. */
async function untold(tx: Tx, complaint: Complaint, facts: readonly Fact[]): Promise<readonly Fact[]> {
  if (!facts.some(({ kind }) => kind === 'said')) return facts
  const told = new Set((await stepsTold(tx, complaint.id)).map(identity))
  return facts.filter((fact) => fact.kind !== 'said' || !told.has(identity(fact.happening)))
}

function knownOf(tx: Tx, { seat, said, every: usually }: Taken, version: number): Known {
  const { account, merchant } = seat
  const same = sameness(said.person, said.scope)
  const every = said.provisional === undefined ? usually : minute
  return {
    version,
    ...(merchant ? { merchant: merchant.id } : {}),
    who: masked(said.person),
    ...(same === undefined ? {} : { payer: tx.sealer.pseudonym(account.tenant, same) }),
    // What is closed is watched as long as something may still be done about it: an appeal has its own end.
    ...(said.phase === 'closed' && said.moves.length === 0
      ? {}
      : { readDue: later(instant(tx.clock.now()), isOn(seat) ? every : every * 10) }),
  }
}
