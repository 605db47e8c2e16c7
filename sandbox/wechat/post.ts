import { createHash } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import type { Deliver, Push, SandboxReply } from '../wire.ts'
import type { Complaint } from './complaint.ts'
import { seal, sealCheck } from './envelope.ts'
import type { Ledger } from './ledger.ts'
import { complaintMessage, type Message, otherMessage } from './message.ts'
import type { PushMisbehaviour, Troubles } from './misbehave.ts'
import type { MiniProgram, Random } from './program.ts'
import type { Rules } from './rules.ts'

interface Letter {
  readonly program: MiniProgram
  readonly complaint: Complaint
  readonly message: Message
  readonly spoiled: PushMisbehaviour | undefined
  /** A replay is the very same request again. */
  readonly bytes?: Push
  due: number
  tries: number
}

export interface Post {
  /** Tells the merchant's server about a complaint; the answer is awaited in the background, see `idle`. */
  send(program: MiniProgram, complaint: Complaint, option: string): void
  /** What the console does when the push settings are saved. */
  verifyUrl(program: MiniProgram): Promise<boolean>
  /** Sends what is due: retries, replays, slow ones. */
  advance(now: number): void
  /** Resolves when no push is under way. */
  idle(): Promise<void>
}

export function createPost(options: {
  readonly clock: Clock
  readonly random: Random
  readonly rules: Rules
  readonly deliver: Deliver
  readonly ledger: Ledger
  readonly troubles: Troubles
  readonly show: (sha256: string) => string
}): Post {
  const { clock, random, rules, ledger } = options
  const queue: Letter[] = []
  const held: Letter[] = []
  const underWay = new Set<Promise<void>>()

  function send(program: MiniProgram, complaint: Complaint, option: string) {
    const spoiled = options.troubles.takePush({ appid: program.appid, complaint: complaint.id })
    const at = Math.floor(clock.now() / 1000)
    const { appid } = program
    const told = complaintMessage({ complaint, ghId: ghIdOf(appid), appid, option, at, show: options.show })
    const message = spoiled?.how === 'other-event' ? otherMessage(told) : told
    const letter: Letter = { program, complaint, message, spoiled, due: clock.now(), tries: 0 }
    if (spoiled?.how === 'withheld') return note(letter, 'push-withheld', {})
    if (spoiled?.how === 'reorder') return void held.push(letter)
    if (spoiled?.how === 'slow') return void queue.push({ ...letter, due: clock.now() + spoiled.ms })
    run(withFollowers(letter))
    if (spoiled?.how === 'duplicate') run(attempt({ ...letter }))
  }

  /** A held one goes out only when this one has had its answer. */
  async function withFollowers(letter: Letter) {
    const followers = held.filter((one) => one.complaint.id === letter.complaint.id)
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
    const { program, message, spoiled } = letter
    const push = letter.bytes ?? seal({ program, message, now: clock.now(), random, spoiled })
    if (spoiled?.how === 'replay' && !letter.bytes && letter.tries === 1) {
      queue.push({ ...letter, bytes: push, due: clock.now() + spoiled.ms, tries: 0 })
    }
    const answer = await ask(push)
    note(letter, 'push', { attempt: letter.tries, answer: answer.said })
    if (answer.accepted) return
    if (letter.tries >= rules.pushTries) return note(letter, 'push-given-up', { attempt: letter.tries })
    letter.due = clock.now() + rules.pushRetryMs
    queue.push(letter)
  }

  async function ask(push: Push): Promise<{ accepted: boolean; said: string }> {
    const giveUp = new AbortController()
    const cancel = clock.after(rules.pushWaitMs, () => giveUp.abort(new Error('no answer in time')))
    try {
      const answer = await Promise.race([options.deliver(push, giveUp.signal), aborted(giveUp.signal)])
      return judge(answer)
    } catch (error) {
      return { accepted: false, said: error instanceof Error ? error.message : String(error) }
    } finally {
      cancel()
    }
  }

  function note(letter: Letter, what: string, more: { attempt?: number; answer?: string }) {
    const { program, complaint, spoiled, bytes } = letter
    const how = bytes ? 'replayed' : spoiled?.how
    const said = { ...more, ...(how ? { how } : {}) }
    ledger.add({ appid: program.appid, complaint: complaint.id, by: 'push', what, status: complaint.status, ...said })
  }

  async function verifyUrl(program: MiniProgram): Promise<boolean> {
    const echostr = String(random(8).readBigUInt64BE())
    const answer = await ask(sealCheck({ program, now: clock.now(), random }, echostr))
    return answer.said === `200 ${echostr}`
  }

  function advance(now: number) {
    const due = queue.filter((letter) => letter.due <= now)
    for (const letter of due) queue.splice(queue.indexOf(letter), 1)
    for (const letter of due) run(attempt(letter))
  }

  async function idle() {
    while (underWay.size > 0) await Promise.all(underWay)
  }

  return { send, verifyUrl, advance, idle }
}

// WeChat docs, message push: 200 with `success` or an empty body is the whole answer; anything else is sent again.
function judge(answer: SandboxReply): { accepted: boolean; said: string } {
  const text = answer.body.toString('utf8').slice(0, 200)
  const accepted = answer.status === 200 && (text === '' || text === 'success')
  return { accepted, said: `${answer.status} ${text}`.trim() }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))

/** The original id of the account, which the push calls ToUserName. */
export const ghIdOf = (appid: string): string => `gh_${createHash('sha1').update(appid).digest('hex').slice(0, 12)}`
