import type { Deliver, Push, SandboxReply } from '../wire.ts'
import { hear } from './answer.ts'
import type { Core, Event } from './core.ts'
import { seal, sealCheck } from './envelope.ts'
import { isOfPush, type PushMisbehaviour } from './misbehave.ts'
import type { LedgerEntry, OfficialAccount } from './official.ts'

export interface Post {
  /** Tells the account's server; the answer is awaited in the background, see `idle`. */
  tell(account: OfficialAccount, event: Event): void
  verifyUrl(account: OfficialAccount): Promise<boolean>
  /** Sends what is due: retries, replays, slow ones. */
  advance(now: number): void
  /** Resolves when no push is under way. */
  idle(): Promise<void>
}

interface Letter {
  readonly account: OfficialAccount
  readonly event: Event
  readonly spoiled: PushMisbehaviour | undefined
  /** When it happened: each try says the same. */
  readonly at: number
  /** A replay is the very same request again. */
  readonly bytes?: Push
  due: number
  tries: number
}

export function createPost(core: Omit<Core, 'tell'>, deliver: Deliver): Post {
  const { clock, random, rules, ledger } = core
  const queue: Letter[] = []
  const underWay = new Set<Promise<void>>()

  function tell(account: OfficialAccount, event: Event) {
    const spoiled = core.troubles.take(isOfPush(account.appid, event.event))?.script
    const letter: Letter = { account, event, spoiled, at: clock.now(), due: clock.now(), tries: 0 }
    if (spoiled?.how === 'withheld') return note(letter, 'push-withheld', {})
    if (spoiled?.how === 'slow') return void queue.push({ ...letter, due: clock.now() + spoiled.ms })
    run(attempt(letter))
    if (spoiled?.how === 'duplicate') run(attempt({ ...letter }))
  }

  function run(work: Promise<void>) {
    const tracked = work.finally(() => underWay.delete(tracked))
    underWay.add(tracked)
  }

  async function attempt(letter: Letter) {
    letter.tries++
    const { account, event, spoiled, at } = letter
    const push = letter.bytes ?? seal({ account, event, at, now: clock.now(), random, spoiled })
    if (spoiled?.how === 'replay' && !letter.bytes && letter.tries === 1)
      queue.push({ ...letter, bytes: push, due: clock.now() + spoiled.ms, tries: 0 })
    const { said, answer } = await ask(push)
    note(letter, 'push', { attempt: letter.tries, answer: said })
    if (answer && heard(letter, answer)) return
    if (letter.tries >= rules.pushTries) return note(letter, 'push-given-up', { attempt: letter.tries })
    letter.due = clock.now() + rules.pushRetryMs
    queue.push(letter)
  }

  /** Shows the person what came back; false: it is sent again. */
  function heard({ account, event }: Letter, answer: SandboxReply): boolean {
    const said = hear(answer, account, event.openid)
    const { openid } = event
    const at = clock.now()
    if (said.kind === 'text') {
      core.shown.push({ at, openid, kind: 'reply', title: account.name, lines: [['', said.text]] })
      ledger.add({ appid: account.appid, what: 'reply', openid })
    }
    if (said.kind === 'fault') {
      const sorry = '该公众号提供的服务出现故障，请稍后再试'
      core.shown.push({ at, openid, kind: 'fault', title: account.name, lines: [['', sorry]] })
      ledger.add({ appid: account.appid, what: 'fault', openid })
    }
    return said.kind !== 'silence'
  }

  async function ask(push: Push): Promise<{ said: string; answer?: SandboxReply }> {
    const giveUp = new AbortController()
    const cancel = clock.after(rules.pushWaitMs, () => giveUp.abort(new Error('no answer in time')))
    try {
      const answer = await Promise.race([deliver(push, giveUp.signal), aborted(giveUp.signal)])
      return { said: `${answer.status} ${answer.body.toString('utf8').slice(0, 200)}`.trim(), answer }
    } catch (error) {
      return { said: error instanceof Error ? error.message : String(error) }
    } finally {
      cancel()
    }
  }

  function note(letter: Letter, what: LedgerEntry['what'], more: { attempt?: number; answer?: string }) {
    const { account, event, spoiled, bytes } = letter
    const how = bytes ? 'replayed' : spoiled?.how
    const about = { appid: account.appid, openid: event.openid, event: event.event }
    ledger.add({ ...about, what, ...more, ...(how ? { how } : {}) })
  }

  async function verifyUrl(account: OfficialAccount): Promise<boolean> {
    const echostr = String(random(8).readBigUInt64BE())
    const { said } = await ask(sealCheck({ account, now: clock.now(), random, spoiled: undefined }, echostr))
    return said === `200 ${echostr}`
  }

  function advance(now: number) {
    const due = queue.filter((letter) => letter.due <= now)
    for (const letter of due) queue.splice(queue.indexOf(letter), 1)
    for (const letter of due) run(attempt(letter))
  }

  async function idle() {
    while (underWay.size > 0) await Promise.all(underWay)
  }

  return { tell, verifyUrl, advance, idle }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
