import { OutsideError } from '../core/errors.ts'
import { asId, type ComplaintId, type Instant, instant, later } from '../core/words.ts'
import { queues } from '../engine/queues.ts'
import type { Listed } from '../platforms/platform.ts'
import { enabledAccounts, findAccount, type StoredAccount } from '../storage/accounts.ts'
import { type KnownAs, knownAmong } from '../storage/complaints.ts'
import { accountsWithMerchants } from '../storage/polling.ts'
import type { Reads } from '../storage/storage.ts'
import { findWanted, type Wanted, wantedKey } from '../storage/wanted.ts'
import { findWatch, setWatch } from '../storage/watch.ts'
import type { DrainParts } from './drain.ts'
import { want } from './import.ts'

const minute = 60_000
const day = 86_400_000

/** The days of a round, today among them, overlap on purpose: lists go by the day a complaint was opened, not by what is new. */
export type Span = 'recent' | 'month'

/** So many complaints are read for one round at most: the platform's quota serves the pushes first. */
const reach = { recent: { back: 2 * day, reads: 100 }, month: { back: 29 * day, reads: 300 } } as const
/** What waits for us is read again unless it was since the last round. */
const every = 5 * minute
/** What the list names and cannot be read is not asked for in every round. */
const pause = 60 * minute
const lookedUpAtOnce = 500

/** One job per account whose platform can list. Where merchants speak through an account, they are asked one by one: see `poll`. */
export async function readLists({ storage, engine, platforms }: DrainParts, span: Span): Promise<void> {
  const accounts = await enabledAccounts(storage.reads)
  const able = accounts.filter(({ platform }) => platforms.get(platform)?.listed)
  const lent = able.filter(({ platform }) => platforms.get(platform)?.authorising).map(({ id }) => id)
  const others = await accountsWithMerchants(storage.reads, lent)
  const own = able.filter(({ id }) => !others.has(id))
  if (own.length === 0) return
  await storage.transaction(async (tx) => {
    for (const { id } of own) await engine.send(tx, queues.listing, `${span}:${id}`)
  })
}

/** `recent:acc_…`. What fails is tried again by the next round, not before. */
export async function readList(parts: DrainParts, key: string): Promise<void> {
  const span = (['recent', 'month'] as const).find((each) => key.startsWith(`${each}:`))
  const account = await findAccount(parts.storage.reads, asId(key.slice(key.indexOf(':') + 1)))
  if (!span || !account?.enabled) return
  try {
    await sweepList(parts, account, span)
    await isOldNews(parts, account)
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    const { code, message } = error
    const level = (await isOldNews(parts, account, error)) ? 'debug' : 'warn'
    parts.logger[level]({ account: account.id, span, code, error: message }, 'complaints could not be listed')
  }
}

/** An app through which merchants speak may never ask for itself: one that none has authorised yet is refused in every round. @returns whether that was the last answer too */
async function isOldNews({ storage, platforms }: DrainParts, account: StoredAccount, error?: OutsideError) {
  if (!platforms.get(account.platform)?.authorising) return false
  const off = error?.trouble === 'forbidden' ? error.code : undefined
  if ((await findWatch(storage.reads, account.id, 'lists'))?.off === off) return off !== undefined
  await storage.transaction((tx) => setWatch(tx, account.id, 'lists', off))
  return false
}

async function sweepList(parts: DrainParts, account: StoredAccount, span: Span): Promise<void> {
  const { storage, platforms } = parts
  const now = instant(storage.reads.clock.now())
  const listed = platforms.get(account.platform)?.listed?.({ account }, later(now, -reach[span].back), now) ?? []
  const found = new Map<string, Listed>()
  for await (const one of listed) found.set(one.number, one)
  const { unknown, changed } = await compared(parts, account, { listed: [...found.values()], now })
  let left: number = reach[span].reads
  for (const number of unknown) {
    if (left === 0) break
    const wanted = { tenant: account.tenant, account: account.id, number }
    if (
      (await worthTrying(storage.reads, wanted)) &&
      (await storage.transaction((tx) => want(parts.engine, tx, wanted)))
    )
      left -= 1
  }
  await reread(parts, changed.slice(0, left))
}

/** What a list and our own rows say together. `stale`: how long what waits for us may stay unread, milliseconds. */
export async function compared(
  parts: Pick<DrainParts, 'storage'>,
  account: StoredAccount,
  {
    listed,
    now,
    stale = every,
  }: { readonly listed: readonly Listed[]; readonly now: Instant; readonly stale?: number },
): Promise<ToRead> {
  const numbers = listed.map(({ number }) => number)
  return toRead(listed, await knownOf(parts, account, numbers), { now, stale })
}

async function knownOf({ storage }: Pick<DrainParts, 'storage'>, account: StoredAccount, numbers: readonly string[]) {
  const { tenant, platform, outsideId } = account
  const known = new Map<string, KnownAs>()
  for (let at = 0; at < numbers.length; at += lookedUpAtOnce) {
    const some = numbers.slice(at, at + lookedUpAtOnce)
    const there = await knownAmong(storage.reads, { tenant, platform, scopes: [outsideId, ''], numbers: some })
    for (const [number, one] of there) known.set(number, one)
  }
  return known
}

export interface ToRead {
  /** Numbers of open ones that we do not know. */
  readonly unknown: readonly string[]
  /** Complaints of which we know less than the list, the longest unread first. */
  readonly changed: readonly ComplaintId[]
}

/** What must be read. Pure. */
export function toRead(
  listed: readonly Listed[],
  known: ReadonlyMap<string, KnownAs>,
  { now, stale }: { readonly now: Instant; readonly stale: number },
): ToRead {
  const since = later(now, -stale)
  const behind = listed.flatMap(({ number, code, waiting }) => {
    const ours = known.get(number)
    return ours && (ours.code !== code || (waiting && ours.asOf < since)) ? [ours] : []
  })
  return {
    // What was over before we heard of it is history: nobody can do anything about it.
    unknown: listed.flatMap(({ number, over }) => (known.has(number) || over ? [] : [number])),
    changed: [...behind].sort((a, b) => (a.asOf < b.asOf ? -1 : 1)).map(({ id }) => id),
  }
}

/** Not so soon after the last time. */
export async function worthTrying(reads: Reads, wanted: Pick<Wanted, 'account' | 'number'>): Promise<boolean> {
  const before = await findWanted(reads, wantedKey(wanted))
  return !before || instant(reads.clock.now()) >= later(before.askedAt, pause)
}

async function reread({ storage, engine }: DrainParts, complaints: readonly ComplaintId[]): Promise<void> {
  if (complaints.length === 0) return
  await storage.transaction(async (tx) => {
    for (const id of complaints) await engine.send(tx, queues.reread, id)
  })
}
