import { isOn } from '../complaints/merchant.ts'
import { OutsideError } from '../core/errors.ts'
import { failpoint } from '../core/failpoint.ts'
import type { Metrics } from '../core/metrics.ts'
import { type ComplaintId, type Instant, instant } from '../core/words.ts'
import { queues } from '../engine/queues.ts'
import type { Listed, Platform } from '../platforms/platform.ts'
import type { StoredAccount } from '../storage/accounts.ts'
import { type DuePoll, openOfMerchant, type Polled, savePoll } from '../storage/polling.ts'
import { doubt } from './detail.ts'
import type { DrainParts } from './drain.ts'
import { want } from './import.ts'
import { compared, worthTrying } from './listing.ts'
import type { PaceTimes } from './poll-pace.ts'
import { dueAfter, isBusy, type PollEvery, sweeps, windowOf } from './poll-times.ts'
import { readEveryOf } from './record.ts'

export interface PollParts extends DrainParts {
  readonly metrics: Metrics
  readonly pollEvery: PollEvery
  /** As in life when left out. */
  readonly pollPace?: PaceTimes
}

/** An account whose merchants are asked for their complaints. */
export interface Polling {
  readonly account: StoredAccount
  readonly platform: Platform
}

/** What one merchant said, set against what we know. */
export interface Answer {
  readonly asked: DuePoll
  readonly at: Instant
  /** All that is open was listed. */
  readonly swept: boolean
  readonly unknown: readonly string[]
  readonly changed: readonly ComplaintId[]
  /** Why the whole of it could not be had; what was said before stands. */
  readonly error?: unknown
}

/** Asks one merchant. Writes nothing; never throws. */
export async function askMerchant(parts: PollParts, polling: Polling, asked: DuePoll): Promise<Answer> {
  const at = instant(parts.storage.reads.clock.now())
  try {
    const told = await listMerchant(parts, polling, { asked, at })
    return { ...told, asked, at }
  } catch (error) {
    return { asked, at, swept: false, unknown: [], changed: [], error }
  }
}

async function listMerchant(
  parts: PollParts,
  { account, platform }: Polling,
  { asked, at }: Pick<Answer, 'asked' | 'at'>,
): Promise<Omit<Answer, 'asked' | 'at'>> {
  const { storage, platforms } = parts
  const { merchant } = asked
  const seat = { account, merchant }
  const { openOf } = platform
  const lines = openOf !== undefined && sweeps(asked, at) ? platform.open?.(seat) : undefined
  const open = await rowsOf(lines)
  // One that does not answer is not asked on.
  const { from, to } = windowOf(asked, at)
  const window = mayGoOn(open.error) ? await rowsOf(platform.listed?.(seat, from, to)) : nothing
  const error = open.error ?? window.error
  const listed = new Map([...window.rows, ...open.rows])
  const stale = readEveryOf(platforms, account)
  const { unknown, changed } = await compared(parts, account, { listed: [...listed.values()], now: at, stale })
  const swept = lines !== undefined && open.error === undefined
  const held =
    swept && openOf ? await openOfMerchant(storage.reads, { merchant: merchant.id, source: openOf, until: at }) : []
  const gone = held.filter(({ number }) => !open.rows.has(number)).map(({ id }) => id)
  const worth: string[] = []
  for (const number of unknown)
    if (await worthTrying(storage.reads, { account: account.id, number })) worth.push(number)
  return { swept, unknown: worth, changed: [...changed, ...gone], ...(error === undefined ? {} : { error }) }
}

interface Rows {
  readonly rows: ReadonlyMap<string, Listed>
  readonly error?: OutsideError
}

const nothing: Rows = { rows: new Map() }

/** What came before a failure is kept. */
async function rowsOf(list: AsyncIterable<Listed> | undefined): Promise<Rows> {
  const rows = new Map<string, Listed>()
  try {
    for await (const one of list ?? []) rows.set(one.number, one)
    return { rows }
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    return { rows, error }
  }
}

const mayGoOn = (error: OutsideError | undefined): boolean =>
  error === undefined || error.trouble === 'forbidden' || error.trouble === 'refused'

/** Most complaints that one transaction wants. */
const wantedAtOnce = 200

/** Many answers in one transaction. What was found is wanted before, or with, the row that says that it was looked for. */
export async function keepAnswers(
  parts: PollParts,
  polling: Polling,
  { answers, gap }: { readonly answers: readonly Answer[]; readonly gap: number },
): Promise<void> {
  const { storage, engine } = parts
  const { account } = polling
  const wanted = answers.flatMap(({ asked: { merchant }, unknown }) =>
    unknown.map((number) => ({ tenant: account.tenant, account: account.id, number, merchant: merchant.id })),
  )
  for (; wanted.length > wantedAtOnce; ) {
    const some = wanted.splice(0, wantedAtOnce)
    await storage.transaction(async (tx) => {
      for (const one of some) await want(engine, tx, one)
    })
  }
  failpoint('poll.listed')
  await storage.transaction(async (tx) => {
    for (const one of wanted) await want(engine, tx, one)
    for (const id of new Set(answers.flatMap(({ changed }) => changed))) await engine.send(tx, queues.reread, id)
    const now = instant(tx.clock.now())
    for (const answer of answers) await savePoll(tx, outcomeOf(parts, polling, { answer, now, gap }))
  })
  for (const { asked, error } of answers) {
    parts.metrics.polled(account.platform, outcomeName(polling, error))
    await doubt(parts, polling.platform, { error, merchant: asked.merchant })
  }
}

function outcomeOf(
  { pollEvery }: PollParts,
  { account }: Polling,
  { answer, now, gap }: { readonly answer: Answer; readonly now: Instant; readonly gap: number },
): Polled {
  const { asked, at, swept, unknown, error } = answer
  const on = isOn({ account, merchant: asked.merchant })
  return {
    asked,
    due: dueAfter(pollEvery, { asked, now, on, news: unknown.length > 0, error, gap }),
    ...(error === undefined ? { polledAt: at } : {}),
    ...(swept ? { sweptAt: at } : {}),
  }
}

/** For counting. */
export function outcomeName({ platform }: Polling, error: unknown): 'done' | 'busy' | 'ended' | 'failed' {
  if (error === undefined) return 'done'
  if (isBusy(error)) return 'busy'
  return error instanceof OutsideError && platform.authorising?.ended(error) ? 'ended' : 'failed'
}
