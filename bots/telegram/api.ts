import { Agent } from 'node:https'
import type { Telegraf } from 'telegraf'
import { type CallMeter, counted, outcomeOfTrouble, statusClass } from '../../src/core/outside-call.ts'
import { nameOf, placeOf, type Reach } from '../../src/core/reach.ts'
import { download } from './download.ts'
import type { Settings } from './settings.ts'
import { TelegramTrouble, troubleOf } from './trouble.ts'

/** What is called of the Bot API. */
export type Method =
  | 'getMe'
  | 'getUpdates'
  | 'getFile'
  | 'getChat'
  | 'getChatMember'
  | 'getWebhookInfo'
  | 'setWebhook'
  | 'deleteWebhook'
  | 'setMyCommands'
  | 'sendMessage'
  | 'sendPhoto'
  | 'sendDocument'
  | 'sendMediaGroup'
  | 'editMessageText'
  | 'answerCallbackQuery'

interface CallOptions {
  readonly timeout?: number
  readonly signal?: AbortSignal
}

export interface Api {
  readonly telegraf: Telegraf
  /** @throws OutsideError */
  call(method: Method, payload?: object, options?: CallOptions): Promise<unknown>
  /** @param path as getFile gave it @throws OutsideError */
  download(path: string, limit: number): Promise<Buffer>
  close(): void
}

const patience = 20_000
const handlerTimeout = 60_000

/**
 * The connection; telegraf and the proxy are loaded only here, by who has a Telegram bot.
 * `secrets`: what is told to Telegram besides the token, and is not passed on where Telegram repeats it.
 */
export async function connect(
  settings: Settings,
  {
    clock,
    called,
    reach,
    secrets = [],
  }: Omit<CallMeter, 'host'> & { readonly reach: Reach; readonly secrets?: readonly string[] },
): Promise<Api> {
  const { Telegraf } = await import('telegraf')
  const agent = await agentFor(settings, reach)
  const { token, apiRoot } = settings
  const hidden = [token, ...secrets]
  // webhookReply would answer through the webhook's response, where errors are lost and the update is confirmed too early.
  const telegram = { apiRoot, webhookReply: false, ...(agent && { agent }) }
  const telegraf = new Telegraf(token, { handlerTimeout, telegram })

  async function ask(method: Method, payload: object, options: CallOptions): Promise<unknown> {
    const stop = new AbortController()
    const abort = () => stop.abort()
    let late = false
    const cancel = clock.after(options.timeout ?? patience, () => {
      late = true
      abort()
    })
    options.signal?.addEventListener('abort', abort, { once: true })
    if (options.signal?.aborted) abort()
    try {
      // Its types end at Bot API 7.1; what it does not know it passes on as it is.
      return await telegraf.telegram.callApi(method, payload as never, { signal: stop.signal as never })
    } catch (error) {
      throw troubleOf(error, method, { late, hidden })
    } finally {
      cancel()
      options.signal?.removeEventListener('abort', abort)
    }
  }

  const meter = { clock, called }
  return {
    telegraf,
    call(method, payload = {}, options = {}) {
      const outcomeOf = (error: unknown) => (options.signal?.aborted ? undefined : outcome(error))
      const host = method === 'getUpdates' ? 'telegram-updates' : 'telegram'
      return counted({ ...meter, host }, () => ask(method, payload, options), outcomeOf)
    },
    download: (path, limit) =>
      counted({ ...meter, host: 'telegram' }, () =>
        download({ url: new URL(`./file/bot${token}/${encodeURI(path)}`, apiRoot), agent, limit, clock, patience }),
      ),
    close: () => agent?.destroy(),
  }
}

/** Their codes are those of HTTP; 0 is no answer. */
const outcome = (error: unknown): string =>
  error instanceof TelegramTrouble && error.status > 0 ? statusClass(error.status) : outcomeOfTrouble(error)

/** With an http:// root telegraf drops the agent; settings.ts takes one on this machine only, without a proxy, and `checkReach` only where it is named. */
export async function agentFor({ apiRoot, proxy }: Settings, reach: Reach): Promise<Agent | undefined> {
  if (!apiRoot.startsWith('https:')) return undefined
  const how = { keepAlive: true, lookup: reach.lookupFor(placeOf(proxy ?? apiRoot)) }
  if (!proxy) return guarded(new Agent(how), reach)
  const { HttpsProxyAgent } = await import('https-proxy-agent')
  return new HttpsProxyAgent(proxy, how) as unknown as Agent
}

/** telegraf follows redirects, and a plain IP address is never looked up. */
function guarded(agent: Agent, reach: Reach): Agent {
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (options, done) => {
    const place = { host: options.host ?? '', port: Number(options.port) || 443 }
    if (!reach.isInside(place)) return connect(options, done)
    done?.(new Error(`${nameOf(place)} leads inside`), undefined as never)
    return undefined
  }
  return agent
}
