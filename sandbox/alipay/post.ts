import type { Clock } from '../../src/core/clock.ts'
import type { Deliver, Push, SandboxReply } from '../wire.ts'
import type { Random } from './app.ts'
import type { Authority } from './authority.ts'
import type { Ledger, LedgerEntry } from './ledger.ts'
import { type Message, notifyId, writeMessage } from './message.ts'
import type { PushMisbehaviour } from './misbehave.ts'
import type { Rules } from './rules.ts'
import type { Troubles } from './troubles.ts'

/** One message to one app. */
export interface Errand extends Message {
  readonly url: string
  readonly about: Pick<LedgerEntry, 'pid' | 'told'> & Partial<LedgerEntry>
}

interface Letter {
  readonly errand: Errand
  readonly spoiled: PushMisbehaviour | undefined
  readonly push: Push
  readonly replayed: boolean
  due: number
  tries: number
}

export interface Post {
  /** The answer is awaited in the background, see `idle`. */
  send(errand: Errand): void
  /** Sends what is due: retries, replays, slow ones. */
  advance(now: number): void
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
  /** How many wait for their next try. */
  waiting(): number
}

export function createPost(options: {
  readonly clock: Clock
  readonly random: Random
  readonly rules: Rules
  readonly authority: Authority
  readonly deliver: Deliver
  readonly ledger: Ledger
  readonly troubles: Troubles
}): Post {
  const { clock, rules } = options
  const queue: Letter[] = []
  const held: Letter[] = []
  const underWay = new Set<Promise<void>>()

  function send(errand: Errand) {
    const { app, about } = errand
    const { pid, complaint, tradeNo } = about
    const spoiled = options.troubles.takePush({ appId: app.appId, pid, complaint, tradeNo })
    const letter = seal(errand, spoiled)
    if (spoiled?.how === 'withheld') return note(letter, 'push-withheld', {})
    if (spoiled?.how === 'reorder') return void held.push(letter)
    if (spoiled?.how === 'slow') return void queue.push({ ...letter, due: clock.now() + spoiled.ms })
    run(withFollowers(letter))
    if (spoiled?.how === 'duplicate') run(attempt({ ...letter }))
    if (spoiled?.how === 'twin') run(attempt(seal(twinOf(errand), spoiled)))
  }

  const twinOf = (errand: Errand): Errand => ({
    ...errand,
    params: { ...errand.params, notify_id: notifyId(options.random) },
  })

  // A message is the same bytes at every try, its notify_id too.
  function seal(errand: Errand, spoiled: PushMisbehaviour | undefined): Letter {
    const form = writeMessage(errand, { authority: options.authority, rules, spoiled })
    return { errand, spoiled, push: requestOf(errand.url, form), replayed: false, due: clock.now(), tries: 0 }
  }

  function requestOf(url: string, form: string): Push {
    if (rules.pushBy === 'GET') {
      return { url: `${url}${url.includes('?') ? '&' : '?'}${form}`, method: 'GET', headers: {}, body: Buffer.alloc(0) }
    }
    const headers = { 'content-type': `application/x-www-form-urlencoded; charset=${rules.pushCharset}` }
    return { url, method: 'POST', headers, body: Buffer.from(form) }
  }

  /** A held one goes out only when this one has had its answer. */
  async function withFollowers(letter: Letter) {
    const followers = held.filter((one) => one.errand.app.appId === letter.errand.app.appId)
    for (const follower of followers) held.splice(held.indexOf(follower), 1)
    await attempt(letter)
    for (const follower of followers) await attempt(follower)
  }

  function run(work: Promise<void>) {
    const tracked = work.finally(() => underWay.delete(tracked))
    underWay.add(tracked)
  }

  async function attempt(letter: Letter) {
    letter.tries++
    const { spoiled, tries, push } = letter
    if (spoiled?.how === 'replay' && !letter.replayed && tries === 1) {
      queue.push({ ...letter, replayed: true, due: clock.now() + spoiled.ms, tries: 0 })
    }
    const answer = await ask(push)
    note(letter, 'push', { attempt: tries, answer: answer.said })
    if (answer.accepted || letter.replayed) return
    const pause = rules.pushRetries[tries - 1]
    if (pause === undefined) return note(letter, 'push-given-up', { attempt: tries })
    letter.due = clock.now() + pause
    queue.push(letter)
  }

  async function ask(push: Push): Promise<{ accepted: boolean; said: string }> {
    const giveUp = new AbortController()
    const cancel = clock.after(rules.pushWaitMs, () => giveUp.abort(new Error('no answer in time')))
    try {
      return judge(await Promise.race([options.deliver(push, giveUp.signal), aborted(giveUp.signal)]))
    } catch (error) {
      return { accepted: false, said: error instanceof Error ? error.message : String(error) }
    } finally {
      cancel()
    }
  }

  function note(letter: Letter, what: string, more: { attempt?: number; answer?: string }) {
    const how = letter.replayed ? 'replayed' : letter.spoiled?.how
    const { about, params } = letter.errand
    const id = params.notify_id === undefined ? {} : { notifyId: params.notify_id }
    options.ledger.add({ ...about, by: 'push', what, ...id, ...more, ...(how ? { how } : {}) })
  }

  return {
    send,
    advance(now) {
      const due = queue.filter((letter) => letter.due <= now).sort((a, b) => a.due - b.due)
      for (const letter of due) queue.splice(queue.indexOf(letter), 1)
      for (const letter of due) run(attempt(letter))
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    waiting: () => queue.length,
  }
}

// Alipay's rule: HTTP 200 and the word, in whatever case; anything else is told again.
function judge(answer: SandboxReply): { accepted: boolean; said: string } {
  const text = answer.body.toString('utf8').slice(0, 200)
  const accepted = answer.status === 200 && text.trim().toLowerCase() === 'success'
  return { accepted, said: `${answer.status} ${text}`.trim() }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
