import type { Deliver } from '../wire.ts'
import type { Core } from './core.ts'
import { statusOf } from './lists.ts'
import { isOfStatus } from './misbehave.ts'
import type { App, Message } from './sms.ts'

export interface Post {
  /** Messages arrive, or do not; whoever is to know is told. */
  advance(now: number): void
  /** Resolves when no push is under way. */
  idle(): Promise<void>
}

interface Letter {
  readonly app: App
  readonly messages: readonly Message[]
  readonly sids: readonly string[]
  readonly how: string | undefined
  tries: number
}

/** The carriers, and the pushes of delivery statuses (notifications.md §1.6). */
export function createPost(core: Core, deliver: Deliver): Post {
  const { clock, ledger } = core
  const underWay = new Set<Promise<void>>()
  let again: Letter[] = []

  function arrive(message: Message, now: number): Message {
    const { phone, sdkAppId, serialNo } = message
    const failed = core.troubles.take(isOfStatus(phone, ['failed']))?.script
    const off = core.phones.get(phone) === 'off'
    const word = failed?.how === 'failed' ? failed.word : off ? 'MN:0001' : 'DELIVRD'
    const state = word === 'DELIVRD' ? 'delivered' : 'failed'
    ledger.add({ what: state, sdkAppId, phone, serialNo, ...(failed ? { how: failed.how } : {}) })
    return core.store.settle(serialNo, { state, settledAt: now, word })
  }

  function advance(now: number) {
    const due = core.store.all().filter(({ state, at }) => state === 'sending' && at + core.rules().deliveryMs <= now)
    const settled = due.map((message) => arrive(message, now))
    const letters = [...again, ...[...core.apps.values()].flatMap((app) => lettersOf(app, settled))]
    again = []
    for (const letter of letters) run(attempt(letter))
  }

  /** Several statuses in one request; what goes wrong with one goes in a request of its own. */
  function lettersOf(app: App, settled: readonly Message[]): readonly Letter[] {
    if (app.statusUrl === undefined) return []
    const own = settled.filter(({ sdkAppId }) => sdkAppId === app.sdkAppId)
    const good: Message[] = []
    const spoiled: Letter[] = []
    for (const message of own) {
      const how = core.troubles.take(isOfStatus(message.phone, ['withheld', 'duplicate', 'unknown-sid']))?.script.how
      const alone = { app, messages: [message], sids: [message.serialNo], how, tries: 0 }
      if (how === undefined) good.push(message)
      if (how === 'duplicate') spoiled.push(alone, { ...alone })
      if (how === 'unknown-sid') spoiled.push({ ...alone, sids: [`9999:${message.serialNo.slice(5)}`] })
      if (how === 'withheld') note(alone, 'status-lost', 'withheld')
    }
    const sids = good.map(({ serialNo }) => serialNo)
    return good.length === 0 ? spoiled : [{ app, messages: good, sids, how: undefined, tries: 0 }, ...spoiled]
  }

  function run(work: Promise<void>) {
    const tracked = work.finally(() => underWay.delete(tracked))
    underWay.add(tracked)
  }

  async function attempt(letter: Letter) {
    letter.tries++
    const answer = await ask(letter)
    const good = /"result"\s*:\s*0/.test(answer)
    note(letter, good ? 'status' : 'status-lost', answer)
    if (!good && letter.tries < core.rules().statusTries) again.push(letter)
  }

  async function ask({ app, messages, sids }: Letter): Promise<string> {
    const giveUp = new AbortController()
    const cancel = clock.after(core.rules().statusWaitMs, () => giveUp.abort(new Error('no answer in time')))
    const body = JSON.stringify(messages.map((one, index) => ({ ...statusOf(one), sid: sids[index] })))
    const headers = { 'content-type': 'application/json' }
    const push = { url: app.statusUrl ?? '', method: 'POST', headers, body: Buffer.from(body) }
    try {
      const { status, body: said } = await Promise.race([deliver(push, giveUp.signal), aborted(giveUp.signal)])
      return `${status} ${said.toString('utf8').slice(0, 200)}`
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    } finally {
      cancel()
    }
  }

  function note({ app, messages, how }: Letter, what: 'status' | 'status-lost', answer: string) {
    for (const { phone, serialNo } of messages)
      ledger.add({ what, sdkAppId: app.sdkAppId, phone, serialNo, answer, ...(how ? { how } : {}) })
  }

  async function idle() {
    while (underWay.size > 0) await Promise.all(underWay)
  }

  return { advance, idle }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
