import type { Clock } from '../../src/core/clock.ts'
import type { Deliver, Push, SandboxReply } from '../wire.ts'
import { enclose, type Notice } from './envelope.ts'
import type { Keys } from './keys.ts'
import type { Ledger, LedgerEntry } from './ledger.ts'
import type { Merchant, Random } from './merchant.ts'
import { faultOf, type PushMisbehaviour } from './misbehave.ts'
import type { Rules } from './rules.ts'
import { signatureHeaders } from './signed.ts'
import type { Troubles } from './troubles.ts'

/** One notice to one address. */
export interface Errand extends Notice {
  readonly merchant: Merchant
  readonly url: string
  /** What a reordered one waits for: the complaint, or the order. */
  readonly thread: string
  readonly about: Pick<LedgerEntry, 'mchid' | 'told'> & Partial<LedgerEntry>
}

interface Letter extends Errand {
  readonly spoiled: PushMisbehaviour | undefined
  readonly body: Buffer
  /** A replay is the very same request again. */
  readonly bytes?: Push
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
  readonly keys: Keys
  readonly deliver: Deliver
  readonly ledger: Ledger
  readonly troubles: Troubles
}): Post {
  const { clock, random, rules } = options
  const queue: Letter[] = []
  const held: Letter[] = []
  const underWay = new Set<Promise<void>>()

  function send(errand: Errand) {
    const { merchant, kind, about } = errand
    const concern = { mchid: merchant.mchid, complaint: about.complaint, refund: about.outRefundNo }
    const spoiled = options.troubles.takePush(`${kind}-push`, concern)
    const body = enclose({ merchant, notice: errand, now: clock.now(), random, spoiled })
    const letter: Letter = { ...errand, spoiled, body, due: clock.now(), tries: 0 }
    if (spoiled?.how === 'withheld') return note(letter, 'push-withheld', {})
    if (spoiled?.how === 'reorder') return void held.push(letter)
    if (spoiled?.how === 'slow') return void queue.push({ ...letter, due: clock.now() + spoiled.ms })
    run(withFollowers(letter))
    if (spoiled?.how === 'duplicate') run(attempt({ ...letter }))
  }

  /** A held one goes out only when this one has had its answer. */
  async function withFollowers(letter: Letter) {
    const followers = held.filter((one) => one.thread === letter.thread)
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
    const { spoiled, tries } = letter
    const push = letter.bytes ?? request(letter)
    if (spoiled?.how === 'replay' && !letter.bytes && tries === 1) {
      queue.push({ ...letter, bytes: push, due: clock.now() + spoiled.ms, tries: 0 })
    }
    const answer = await ask(push)
    note(letter, 'push', { attempt: tries, answer: answer.said })
    if (answer.accepted) return
    const pauses = letter.kind === 'complaint' ? rules.complaintRetries : rules.refundRetries
    const pause = pauses[tries - 1]
    if (pause === undefined) return note(letter, 'push-given-up', { attempt: tries })
    letter.due = clock.now() + pause
    queue.push(letter)
  }

  // WeChat Pay docs, notices: each try is signed anew; a retry is never a probe.
  function request({ merchant, url, body, spoiled, tries }: Letter): Push {
    const by = options.keys.forPush(merchant)
    const fault = tries === 1 ? faultOf(spoiled) : undefined
    const headers = {
      'content-type': 'application/json',
      accept: '*/*',
      'user-agent': 'Mozilla/4.0',
      'request-id': `08${random(12).toString('hex').toUpperCase()}-0`,
      ...signatureHeaders({ by, body, now: clock.now(), random, fault }),
    }
    return { url, method: 'POST', headers, body }
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
    const how = letter.bytes ? 'replayed' : letter.spoiled?.how
    options.ledger.add({ ...letter.about, by: 'push', what, ...more, ...(how ? { how } : {}) })
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

// WeChat Pay docs, notices: 200 or 204 is the whole answer; anything else is sent again.
function judge(answer: SandboxReply): { accepted: boolean; said: string } {
  const text = answer.body.toString('utf8').slice(0, 200)
  return { accepted: answer.status === 200 || answer.status === 204, said: `${answer.status} ${text}`.trim() }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
