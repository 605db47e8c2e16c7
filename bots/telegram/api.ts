import { Agent } from 'node:https'
import type { Telegraf } from 'telegraf'
import type { Clock } from '../../src/core/clock.ts'
import { download } from './download.ts'
import type { Settings } from './settings.ts'
import { troubleOf } from './trouble.ts'

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

/** The connection; telegraf and the proxy are loaded only here, by who has a Telegram bot. */
export async function connect(settings: Settings, clock: Clock): Promise<Api> {
  const { Telegraf } = await import('telegraf')
  const agent = await agentFor(settings)
  const { token, apiRoot } = settings
  // webhookReply would answer through the webhook's response, where errors are lost and the update is confirmed too early.
  const telegram = { apiRoot, webhookReply: false, ...(agent && { agent }) }
  const telegraf = new Telegraf(token, { handlerTimeout, telegram })

  async function call(method: Method, payload: object = {}, options: CallOptions = {}): Promise<unknown> {
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
      throw troubleOf(error, method, late)
    } finally {
      cancel()
      options.signal?.removeEventListener('abort', abort)
    }
  }

  return {
    telegraf,
    call,
    download: (path, limit) =>
      download({ url: new URL(`./file/bot${token}/${encodeURI(path)}`, apiRoot), agent, limit, clock, patience }),
    close: () => agent?.destroy(),
  }
}

/** With an http:// root telegraf drops the agent; settings.ts lets no proxy stand beside one. */
async function agentFor({ apiRoot, proxy }: Settings): Promise<Agent | undefined> {
  if (!apiRoot.startsWith('https:')) return undefined
  if (!proxy) return new Agent({ keepAlive: true })
  const { HttpsProxyAgent } = await import('https-proxy-agent')
  return new HttpsProxyAgent(proxy, { keepAlive: true }) as unknown as Agent
}
