import type { Clock } from '../../src/core/clock.ts'
import type { Deliver, Push, SandboxReply } from '../wire.ts'
import { readJson } from '../wire.ts'
import type { Entry, Feed } from './feed.ts'
import type { Rules } from './rules.ts'
import { compact, type Json } from './shapes.ts'

export interface HookSettings {
  readonly url: string
  readonly secret: string | undefined
  readonly connections: number
}

export interface Hook {
  readonly settings: HookSettings | undefined
  set(settings: HookSettings): void
  remove(): void
  info(): Json
  /** Sends what is due: one at a time for each chat, the chats side by side. */
  wake(): void
  /** Resolves when no delivery is under way. */
  idle(): Promise<void>
}

export interface HookOptions {
  readonly clock: Clock
  readonly rules: () => Rules
  readonly feed: () => Feed
  readonly deliver: Deliver
  /** A call that stands in the answer. */
  readonly act: (call: Json) => Promise<void>
}

export function createHook({ clock, rules, feed, deliver, act }: HookOptions): Hook {
  const underWay = new Set<Promise<void>>()
  let settings: HookSettings | undefined
  let failed: { at: number; why: string } | undefined

  function wake() {
    if (!settings) return
    const now = clock.now()
    const seen = new Set<number>()
    for (const entry of [...feed().entries]) {
      const first = !seen.has(entry.chat)
      seen.add(entry.chat)
      if (!first || entry.busy || entry.due > now || underWay.size >= settings.connections) continue
      run(send(entry, settings))
    }
  }

  function run(work: Promise<void>) {
    const tracked = work.finally(() => {
      underWay.delete(tracked)
      wake()
    })
    underWay.add(tracked)
  }

  async function send(entry: Entry, { url, secret }: HookSettings) {
    entry.busy = true
    const why = await attempt(url, secret, entry)
    entry.busy = false
    if (why === undefined) return feed().drop(entry)
    failed = { at: clock.now(), why }
    entry.tries++
    entry.due = clock.now() + Math.min(rules().webhookRetryMaxMs, 1000 * 2 ** (entry.tries - 1))
  }

  /** Undefined when it was taken; else what getWebhookInfo will say. */
  async function attempt(url: string, secret: string | undefined, entry: Entry): Promise<string | undefined> {
    const headers = {
      'content-type': 'application/json',
      ...(secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret }),
    }
    const answer = await carry({ url, method: 'POST', headers, body: Buffer.from(JSON.stringify(entry.update)) })
    if (typeof answer === 'string') return answer
    if (answer.status < 200 || answer.status >= 300) return `Wrong response from the webhook: ${answer.status}`
    const call = readJson(answer.body)
    if (typeof call?.method === 'string') await act(call)
    return undefined
  }

  async function carry(push: Push): Promise<SandboxReply | string> {
    const give = new AbortController()
    const cancel = clock.after(rules().webhookTimeoutMs, () => give.abort())
    try {
      return await deliver(push, give.signal)
    } catch {
      return give.signal.aborted ? 'Read timeout expired' : 'Connection refused'
    } finally {
      cancel()
    }
  }

  return {
    get settings() {
      return settings
    },
    set(wish) {
      settings = wish
      failed = undefined
      feed().webhook(true)
      wake()
    },
    remove() {
      settings = undefined
      failed = undefined
      feed().webhook(false)
    },
    info: () => ({
      url: settings?.url ?? '',
      has_custom_certificate: false,
      pending_update_count: feed().entries.length,
      ...compact({
        max_connections: settings?.connections,
        allowed_updates: feed().allowed,
        last_error_date: failed && Math.floor(failed.at / 1000),
        last_error_message: failed?.why,
      }),
    }),
    wake,
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
