import { inTime } from '../core/clock.ts'
import { OutsideError, told } from '../core/errors.ts'
import { instant, type MerchantId } from '../core/words.ts'
import type { Handled } from '../engine/engine.ts'
import { findAccount } from '../storage/accounts.ts'
import { type DuePoll, duePolls, nextPoll } from '../storage/polling.ts'
import { type Answer, askMerchant, keepAnswers, outcomeName, type Polling, type PollParts } from './poll-merchant.ts'
import type { PollPace } from './poll-pace.ts'

/** So many merchants of an account are asked at once: one that hangs holds one of these places. */
const places = 8
const second = 1_000
/** What ends within this time is written together. */
const together = 250
const mostTogether = 200
/** Looked up ahead. */
const ahead = 50

export interface PollRound {
  run(): Promise<Handled>
  /** Ends at once: what is under way is asked again by the next round. */
  stop(): void
}

/** Asks those who are due, longest due first, until nobody is left. Rows are the truth: what this holds may be lost. */
export function createPollRound(parts: PollParts, given: Polling, pace: PollPace): PollRound {
  const { storage, logger } = parts
  const { reads } = storage
  const { clock } = reads
  const { id } = given.account
  let polling = given
  const counts = new Map<string, number>()
  /** Asked, or answered and not yet written. */
  const held = new Set<MerchantId>()
  let line: readonly DuePoll[] = []
  let asking = 0
  let answers: Answer[] = []
  let writeAt = 0
  let lookAt = Number.NEGATIVE_INFINITY
  let writing: Promise<void> | undefined
  let failure: { readonly error: unknown } | undefined
  let stopped = false
  let ring = () => {}

  async function run(): Promise<Handled> {
    while (!stopped && !failure) {
      await look()
      const next = asking < places && pace.wait(clock.now()) === 0 ? line[0] : undefined
      if (next) begin(next)
      else if (idle()) break
      else await somethingNew()
    }
    line = []
    while (!stopped && !failure && !idle()) await somethingNew()
    await rest()
    return again()
  }

  async function look(): Promise<void> {
    const now = clock.now()
    if (line.length > 0 || asking === places || now < lookAt) return
    // Whatever was changed about the account meanwhile counts for the next ones.
    const account = await findAccount(reads, id)
    if (account) polling = { ...polling, account }
    const due = account ? await duePolls(reads, id, instant(now), ahead + held.size) : []
    line = due.filter(({ merchant }) => !held.has(merchant.id))
    if (line.length === 0) lookAt = now + second
  }

  function begin(asked: DuePoll): void {
    line = line.slice(1)
    held.add(asked.merchant.id)
    asking += 1
    const start = clock.now()
    pace.began(start)
    void askMerchant(parts, polling, asked).then((answer) => {
      asking -= 1
      const now = clock.now()
      pace.ended(start, now, answer.error)
      if (answers.length === 0) writeAt = now + together
      answers.push(answer)
      ring()
    })
  }

  const idle = () => asking === 0 && line.length === 0 && answers.length === 0 && !writing

  /** Writes if it is time, and waits for whatever comes first. */
  async function somethingNew(): Promise<void> {
    const now = clock.now()
    const alone = asking === 0 && line.length === 0
    if (!writing && answers.length > 0 && (alone || now >= writeAt || answers.length >= mostTogether)) write()
    const waits = [second]
    if (answers.length > 0 && !writing) waits.push(Math.max(1, writeAt - now))
    if (line.length > 0 && asking < places) waits.push(pace.wait(now))
    await inTime(
      clock,
      Math.min(...waits),
      new Promise<void>((resolve) => {
        ring = resolve
      }),
    )
  }

  function write(): void {
    const some = answers
    answers = []
    writing = keepAnswers(parts, polling, { answers: some, gap: pace.gap })
      .then(
        () => {
          for (const answer of some) count(answer)
        },
        (error: unknown) => {
          failure = { error }
        },
      )
      .finally(() => {
        writing = undefined
        ring()
      })
  }

  function count({ asked, error }: Answer): void {
    held.delete(asked.merchant.id)
    const outcome = outcomeName(polling, error)
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
    if (error === undefined) return
    if (!(error instanceof OutsideError)) {
      logger.error({ merchant: asked.merchant.id, error: told(error) }, 'the complaints of a merchant make no sense')
    } else {
      const { code, message } = error
      logger.debug({ merchant: asked.merchant.id, code, error: message }, 'a merchant could not be asked')
    }
  }

  /** What has been answered is written, however the round ends. */
  async function rest(): Promise<void> {
    await writing
    if (!failure && answers.length > 0) {
      write()
      await writing
    }
    if (failure) throw failure.error
    const { done = 0, ...others } = Object.fromEntries(counts)
    if (Object.keys(others).length > 0)
      logger.warn({ account: id, done, ...others, gap: pace.gap }, 'some merchants could not be asked')
  }

  async function again(): Promise<Handled> {
    const now = instant(clock.now())
    if (stopped) return { again: now }
    const next = await nextPoll(reads, id)
    if (next === undefined) return
    return { again: next === 'now' || next < now ? now : next }
  }

  return {
    run,
    stop() {
      stopped = true
      ring()
    },
  }
}
