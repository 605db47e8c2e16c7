import { createHash } from 'node:crypto'
import { failpoint } from '../core/failpoint.ts'
import { millis } from '../core/words.ts'
import { type Begun, beginOnce, forgetOnce, onceAnswered, onceWrote } from '../storage/repeats.ts'
import type { Storage, Tx } from '../storage/storage.ts'
import type { Reply } from './operation.ts'
import { invalid, later, Refusal } from './problem.ts'

/** A wish with its name: whoever sends it again under that name gets the answer that it had. */
export interface Named {
  /** What its sender calls it: the header Idempotency-Key. */
  readonly name: string
  /** Whose name for it that is. */
  readonly key: string
  readonly path: string
  readonly body: unknown
  /** What it wrote itself knows it again under its name, for good: whatever a crash has left of it, it is simply asked for again. */
  readonly known?: boolean
}

export interface Repeats {
  /** @returns the answer, or the one that was given before */
  once(wish: Named, work: (wrote: (tx: Tx) => Promise<void>) => Promise<Reply | Refusal>): Promise<Answered | Refusal>
}

export interface Answered extends Reply {
  /** Given before, and now again. */
  readonly again?: true
}

type Kept = { readonly reply: Reply } | { readonly refusal: Pick<Refusal, 'status' | 'title' | 'detail' | 'problems'> }

/** Longer than any request runs. */
const patience = 120_000

export function createRepeats(storage: Storage): Repeats {
  const { clock, random, dialect } = storage.reads
  const runner = random(8).toString('hex')
  /** Begun here and not ended. */
  const running = new Set<string>()

  /** Where another process may still be at it, it is given time. */
  const isRunning = ({ id, runner: by, startedAt }: Begun): boolean =>
    by === runner ? running.has(id) : dialect === 'postgres' && clock.now() - millis(startedAt) < patience

  const isCutOff = (begun: Begun, body: string): boolean =>
    begun.body === body && begun.answer === undefined && !isRunning(begun)

  function answerOf(begun: Begun, body: string): Answered | Refusal {
    if (begun.body !== body) return otherBody
    if (begun.answer !== undefined) return unpacked(begun.answer as Kept)
    if (isRunning(begun)) return stillRunning
    return begun.wrote ? cutOffAfter : cutOffBefore
  }

  return {
    async once({ name, key, path, body: sent, known = false }, work) {
      if (!/^[\x21-\x7e]{1,255}$/.test(name)) return badName
      // Keyed: of a body with little in it, such as a phone number, a plain hash could be guessed at.
      const body = storage.reads.sealer.sign('repeated body', JSON.stringify(sent ?? {}))
      const id = hash([key, path, name])
      const before = await storage.transaction(async (tx) => {
        const begun = await beginOnce(tx, { id, body, runner })
        const anew = begun && known && isCutOff(begun, body)
        if (anew) await forgetOnce(tx, id)
        const other = anew ? await beginOnce(tx, { id, body, runner }) : begun
        // Before anybody else can look.
        if (!other) running.add(id)
        return other
      })
      if (before) return answerOf(before, body)
      let wrote = false
      try {
        const reply = await work(async (tx) => {
          await onceWrote(tx, id)
          wrote = true
        })
        // A wish that was refused may be mended and sent under the same name.
        if (reply instanceof Refusal && !wrote) await storage.transaction((tx) => forgetOnce(tx, id))
        else await storage.transaction((tx) => onceAnswered(tx, id, packed(reply)))
        failpoint('api.answered')
        return reply
      } catch (error) {
        if (error instanceof Refusal && !wrote) await storage.transaction((tx) => forgetOnce(tx, id))
        throw error
      } finally {
        running.delete(id)
      }
    },
  }
}

const hash = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex')

const packed = (reply: Reply | Refusal): Kept => {
  if (!(reply instanceof Refusal)) return { reply }
  const { status, title, detail, problems } = reply
  return { refusal: { status, title, detail, problems } }
}

const unpacked = (kept: Kept): Answered | Refusal =>
  'reply' in kept ? { ...kept.reply, again: true } : new Refusal(kept.refusal.status, kept.refusal)

const header = 'Idempotency-Key'
const badName = invalid([{ field: header, fix: '1 to 255 letters, digits and signs, such as a UUID' }])
const otherBody = invalid([
  { field: header, fix: 'it was used within 24 hours for another body: give each wish a key of its own' },
])
const stillRunning = later(409, 1, {
  title: 'Still running',
  detail: 'The first request with this Idempotency-Key has not ended yet: ask again in a moment.',
})
const cutOff = (said: string) => new Refusal(409, { title: 'Cut off', detail: said })
const cutOffAfter = cutOff(
  'The first request with this Idempotency-Key has had its effect, but its answer was lost. Look at what is there now; do not send it again under another key.',
)
const cutOffBefore = cutOff(
  'The first request with this Idempotency-Key was cut off before it wrote anything here; what it may have done outside is not known. Look first, then send it under a new key.',
)
