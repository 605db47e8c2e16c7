import { backoff } from '../../src/core/backoff.ts'
import { type Clock, sleep } from '../../src/core/clock.ts'
import { OutsideError, told } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { Random } from '../../src/core/words.ts'
import type { Api } from './api.ts'
import { TelegramTrouble } from './trouble.ts'
import { reads } from './wire.ts'

/** What we want to hear of; everything else Telegram keeps to itself. */
export const wanted = ['message', 'callback_query', 'my_chat_member'] as const

export interface Update {
  readonly update_id: number
}

export interface LoopParts {
  readonly api: Pick<Api, 'call'>
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly signal: AbortSignal
  /** Everything before the first question: who we are, the menu. Done anew after each failure. */
  prepare(): Promise<void>
}

/** Runs `round` again and again until the signal; after a failure later and later. */
export async function keepOn(parts: LoopParts, round: (well: () => void) => Promise<void>): Promise<void> {
  const { clock, random, logger, signal } = parts
  let failures = 0
  const well = () => {
    failures = 0
  }
  while (!signal.aborted) {
    try {
      await parts.prepare()
      await round(well)
    } catch (error) {
      if (signal.aborted) return
      failures++
      const wait = waitAfter(error, failures, random)
      logger[failures === 1 || failures % 10 === 0 ? 'error' : 'warn'](
        { error: told(error), failures, wait },
        reason(error),
      )
      await sleep(clock, wait, signal).catch(() => undefined)
    }
  }
}

function waitAfter(error: unknown, failures: number, random: Random): number {
  if (error instanceof OutsideError && error.wait !== undefined) return error.wait
  // Nobody mends a token within seconds.
  if (error instanceof OutsideError && error.trouble === 'forbidden') return backoff(failures, random, 30_000, 300_000)
  return backoff(failures, random, 1_000, 60_000)
}

function reason(error: unknown): string {
  const status = error instanceof TelegramTrouble ? error.status : 0
  if (status === 401 || status === 404) return 'Telegram does not know this token; make a new one with BotFather'
  if (status === 409) return 'somebody else asks Telegram with this token; one bot, one process'
  return 'the connection to Telegram is broken; it is tried again'
}

const longPoll = 50
/** An empty answer that comes faster than this did not wait; then we do. */
const tooFast = 500

/**
 * telegraf's own polling, done by hand: its `launch` begins at 0 after each failure (so that updates come twice), waits on timers that no `stop`
 * ends, and ends for good at 409 and 401. An update is confirmed by the question after it, when it has been handled.
 */
export async function poll(parts: LoopParts, handle: (update: Update) => Promise<void>): Promise<void> {
  const { api, clock, signal } = parts
  let offset: number | undefined
  let confirmed = true

  await keepOn(parts, async (well) => {
    // Questions and a webhook exclude each other; what waits is not dropped.
    await api.call('deleteWebhook', { drop_pending_updates: false }, { signal })
    while (!signal.aborted) {
      const asked = clock.now()
      const question = { timeout: longPoll, allowed_updates: wanted, ...(offset === undefined ? {} : { offset }) }
      const updates = reads.updates.parse(
        await api.call('getUpdates', question, { timeout: (longPoll + 15) * 1000, signal }),
      )
      confirmed = true
      well()
      await Promise.all(updates.map(handle))
      const last = updates.at(-1)
      if (last) {
        offset = last.update_id + 1
        confirmed = false
      } else if (clock.now() - asked < tooFast) await sleep(clock, tooFast, signal).catch(() => undefined)
    }
  })

  if (offset === undefined || confirmed) return
  // What was handled is not to come again to who asks next.
  await api.call('getUpdates', { offset, limit: 1, timeout: 0 }, { timeout: 5_000 }).catch((error: unknown) => {
    parts.logger.warn({ error: told(error) }, 'the last Telegram updates could not be confirmed; they may come again')
  })
}
