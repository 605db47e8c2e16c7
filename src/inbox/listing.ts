import { OutsideError } from '../core/errors.ts'
import { asId, type ComplaintId, type Instant, instant, later } from '../core/words.ts'
import { queues } from '../engine/queues.ts'
import type { Listed } from '../platforms/platform.ts'
import { enabledAccounts, findAccount, type StoredAccount } from '../storage/accounts.ts'
import { type KnownAs, knownAmong } from '../storage/complaints.ts'
import { findWanted, wantedKey } from '../storage/wanted.ts'
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

/** One job per account whose platform can list. */
export async function readLists({ storage, engine, platforms }: DrainParts, span: Span): Promise<void> {
  const accounts = await enabledAccounts(storage.reads)
  const able = accounts.filter(({ platform }) => platforms.get(platform)?.listed)
  if (able.length === 0) return
  await storage.transaction(async (tx) => {
    for (const { id } of able) await engine.send(tx, queues.listing, `${span}:${id}`)
  })
}

/** `recent:acc_…`. What fails is tried again by the next round, not before. */
export async function readList(parts: DrainParts, key: string): Promise<void> {
  const span = (['recent', 'month'] as const).find((each) => key.startsWith(`${each}:`))
  const account = await findAccount(parts.storage.reads, asId(key.slice(key.indexOf(':') + 1)))
  if (!span || !account?.enabled) return
  try {
    await sweepList(parts, account, span)
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    const { code, message } = error
    parts.logger.warn({ account: account.id, span, code, error: message }, 'complaints could not be listed')
  }
}

async function sweepList(parts: DrainParts, account: StoredAccount, span: Span): Promise<void> {
  const { storage, platforms } = parts
  const now = instant(storage.reads.clock.now())
  const listed = platforms.get(account.platform)?.listed?.({ account }, later(now, -reach[span].back), now) ?? []
  const found = new Map<string, Listed>()
  for await (const one of listed) found.set(one.number, one)
  const known = await knownOf(parts, account, [...found.keys()])
  const { unknown, changed } = toRead([...found.values()], known, now)
  let left: number = reach[span].reads
  for (const number of unknown) {
    if (left === 0) break
    if (await wantListed(parts, account, number)) left -= 1
  }
  await reread(parts, changed.slice(0, left))
}

async function knownOf({ storage }: DrainParts, account: StoredAccount, numbers: readonly string[]) {
  const { tenant, platform, outsideId } = account
  const known = new Map<string, KnownAs>()
  for (let at = 0; at < numbers.length; at += lookedUpAtOnce) {
    const some = numbers.slice(at, at + lookedUpAtOnce)
    const there = await knownAmong(storage.reads, { tenant, platform, scopes: [outsideId, ''], numbers: some })
    for (const [number, one] of there) known.set(number, one)
  }
  return known
}

/** What must be read: open ones that we do not know, and complaints of which we know less than the list, the longest unread first. Pure. */
export function toRead(
  listed: readonly Listed[],
  known: ReadonlyMap<string, KnownAs>,
  now: Instant,
): { readonly unknown: readonly string[]; readonly changed: readonly ComplaintId[] } {
  const since = later(now, -every)
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

/** @returns whether it will be read for this. */
async function wantListed({ storage, engine }: DrainParts, account: StoredAccount, number: string): Promise<boolean> {
  const wanted = { tenant: account.tenant, account: account.id, number }
  const before = await findWanted(storage.reads, wantedKey(wanted))
  const soon = before && instant(storage.reads.clock.now()) < later(before.askedAt, pause)
  return !soon && storage.transaction((tx) => want(engine, tx, wanted))
}

async function reread({ storage, engine }: DrainParts, complaints: readonly ComplaintId[]): Promise<void> {
  if (complaints.length === 0) return
  await storage.transaction(async (tx) => {
    for (const id of complaints) await engine.send(tx, queues.reread, id)
  })
}
