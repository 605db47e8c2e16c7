import { type Disputed, disputeKeys } from '../complaints/notice.ts'
import { type Penalty, rerating, type Standing } from '../complaints/standing.ts'
import { OutsideError } from '../core/errors.ts'
import { type AlarmId, asId, instant, later } from '../core/words.ts'
import { announce } from '../engine/announce.ts'
import { queues } from '../engine/queues.ts'
import type { Platform, Stretch } from '../platforms/platform.ts'
import { enabledAccounts, findAccount, type StoredAccount } from '../storage/accounts.ts'
import { closeAlarms, insertAlarm, lockAlarm, setRaised } from '../storage/alarms.ts'
import { complaintAboutOrder, isKnown } from '../storage/complaints.ts'
import { beginWatch, findWatch, lockStanding, saveStanding, setWatch, type Watched } from '../storage/watch.ts'
import type { DrainParts } from './drain.ts'
import { want } from './import.ts'

const minute = 60_000
const day = 86_400_000

/** recent, month: orders in dispute, of two days or of thirty. */
export type Round = 'recent' | 'month' | 'standing'

const reach = { recent: { back: 2 * day, calls: 20 }, month: { back: 30 * day, calls: 200 } } as const
/** A little less than a day: each day at the same hour. */
const daily = day - minute * 30
/** Its push may be on its way, or its detail still unreadable. */
const grace = 5 * minute
/** Older judgements are history: what was decided before we were here is not dug up. */
const judgedWithin = 30 * day

/** One job per account that can be watched in this way. */
export async function watchAll({ storage, engine, platforms }: DrainParts, round: Round): Promise<void> {
  const accounts = await enabledAccounts(storage.reads)
  const able = accounts.filter(({ platform }) => capable(platforms.get(platform), round))
  if (able.length === 0) return
  await storage.transaction(async (tx) => {
    for (const { id } of able) await engine.send(tx, queues.watch, `${round}:${id}`)
  })
}

const capable = (platform: Platform | undefined, round: Round): boolean =>
  (round === 'standing' ? platform?.standing : platform?.disputed) !== undefined

/** `month:acc_…`. What fails is tried again by the next round, not before. */
export async function watch(parts: DrainParts, key: string): Promise<void> {
  const round = (['recent', 'month', 'standing'] as const).find((each) => key.startsWith(`${each}:`))
  const account = await findAccount(parts.storage.reads, asId(key.slice(key.indexOf(':') + 1)))
  if (!round || !account?.enabled) return
  const what = round === 'standing' ? 'standing' : 'orders'
  const known = await findWatch(parts.storage.reads, account.id, what)
  // Where it may not ask, once a day is enough to see whether that has changed.
  if (round === 'recent' && known?.off !== undefined) return
  const now = instant(parts.storage.reads.clock.now())
  if (round === 'standing' && known && known.ranAt <= now && known.ranAt > later(now, -daily)) return
  try {
    if (round === 'standing') await readStanding(parts, account)
    else await sweepOrders(parts, account, round)
    await parts.storage.transaction((tx) => setWatch(tx, account.id, what))
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    await without(parts, account, what, error)
  }
}

async function without(parts: DrainParts, account: StoredAccount, what: Watched, error: OutsideError): Promise<void> {
  parts.logger.warn(
    { account: account.id, what, code: error.code, error: error.message },
    'could not look after an account',
  )
  if (error.trouble === 'forbidden')
    await parts.storage.transaction((tx) => setWatch(tx, account.id, what, error.message))
  else if (what === 'standing') await unrated(parts, account, error.message)
}

/** Said once, when it could not be read for a day. */
async function unrated({ storage, engine }: DrainParts, account: StoredAccount, why: string): Promise<void> {
  await storage.transaction(async (tx) => {
    const now = instant(tx.clock.now())
    const { ranAt, off } = await beginWatch(tx, account.id, 'standing', later(now, -day))
    if (off !== undefined || ranAt > later(now, -2 * day)) return
    await setWatch(tx, account.id, 'standing', why)
    await announce(engine, tx, {
      tenant: account.tenant,
      account: account.id,
      notice: { kind: 'unrated', since: later(ranAt, day), why },
    })
  })
}

async function sweepOrders(parts: DrainParts, account: StoredAccount, round: 'recent' | 'month'): Promise<void> {
  const now = instant(parts.storage.reads.clock.now())
  const { back, calls } = reach[round]
  const within: Stretch = { from: later(now, -back), to: now, calls }
  const disputed = parts.platforms.get(account.platform)?.disputed?.({ account }, within) ?? []
  for await (const dispute of disputed) await suspect(parts, account, dispute)
}

/** An order in dispute of which we know nothing: looked at again in a while, then said. */
async function suspect({ storage, engine }: DrainParts, account: StoredAccount, dispute: Disputed): Promise<void> {
  const of = { tenant: account.tenant, account: account.id, dispute }
  if (await complaintAboutOrder(storage.reads, { ...of, keys: disputeKeys(dispute) })) return
  await storage.transaction(async (tx) => {
    const alarm = await insertAlarm(tx, of)
    if (alarm) await engine.send(tx, queues.alarm, alarm, later(instant(tx.clock.now()), grace))
  })
}

/** Said once, if still no complaint about that order has come. */
export async function raiseAlarm({ storage, engine }: DrainParts, id: AlarmId): Promise<void> {
  await storage.transaction(async (tx) => {
    const alarm = await lockAlarm(tx, id)
    if (!alarm || alarm.raisedAt || alarm.closedAt) return
    const { tenant, account, dispute } = alarm
    const keys = disputeKeys(dispute)
    const complaint = await complaintAboutOrder(tx, { tenant, account, keys })
    if (complaint) return closeAlarms(tx, { account, complaint, keys })
    await setRaised(tx, id)
    await announce(engine, tx, { tenant, account, notice: { kind: 'unheard', dispute } })
  })
}

/** Reads the rating and keeps it; what is new in it is told, and judged complaints of which we never heard are fetched. @throws OutsideError */
export async function readStanding(parts: DrainParts, account: StoredAccount): Promise<Standing | undefined> {
  const { storage, engine, platforms } = parts
  const standing = await platforms.get(account.platform)?.standing?.({ account })
  if (!standing) return undefined
  const since = later(instant(storage.reads.clock.now()), -judgedWithin)
  await storage.transaction(async (tx) => {
    const before = await lockStanding(tx, account.id)
    await saveStanding(tx, account, standing)
    const news = before && rerating(before.standing, standing, since)
    if (news)
      await announce(engine, tx, {
        tenant: account.tenant,
        account: account.id,
        notice: { kind: 'rerated', ...news },
      })
    for (const number of new Set(standing.penalties.flatMap((penalty) => judged(penalty, since)))) {
      const { tenant, platform, outsideId } = account
      if (await isKnown(tx, { tenant, platform, scopes: [outsideId, ''], number })) continue
      await want(engine, tx, { tenant, account: account.id, number })
    }
  })
  return standing
}

function judged({ complaint, at, changedAt }: Penalty, since: string): readonly string[] {
  const when = changedAt ?? at
  return complaint !== undefined && (when === undefined || when >= since) ? [complaint] : []
}
