import type { SendMsgBody, TemplateCard, WSClient } from '@wecom/aibot-node-sdk'
import type { Cancel, Clock } from '../../src/core/clock.ts'
import { OutsideError } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/logger.ts'
import { type Called, counted } from '../../src/core/outside-call.ts'
import { placeOf, type Reach } from '../../src/core/reach.ts'
import type { Settings } from './settings.ts'
import { badCredentials, troubleOf } from './trouble.ts'
import type { Head } from './wire.ts'

export interface LinkParts {
  readonly settings: Settings
  readonly clock: Clock
  readonly logger: Logger
  readonly called?: Called | undefined
  readonly reach: Reach
  message(frame: unknown): void
  event(frame: unknown): void
  /** Another process has connected with this bot id. */
  taken(): void
}

export type State = 'up' | 'down' | 'taken' | 'refused'

/** The long connection. Where it breaks it comes back by itself; what is asked of it meanwhile fails. */
export interface Link {
  readonly state: State
  /** Resolves when it stands, when that takes long, or when nobody waits any more. @throws OutsideError when WeCom does not know the bot. */
  first(signal: AbortSignal): Promise<void>
  /** @throws OutsideError */
  send(body: SendMsgBody & { readonly chatid: string; readonly chat_type: number }): Promise<void>
  /** @throws OutsideError */
  reply(to: Head, body: SendMsgBody): Promise<void>
  /** @param userids who alone sees it; everybody when empty. @throws OutsideError */
  update(to: Head, card: TemplateCard, userids: readonly string[]): Promise<void>
  /** @returns the media id. @throws OutsideError `unreachable` where nothing can be known: an upload is seen by nobody. */
  upload(bytes: Buffer, as: { readonly type: 'image' | 'file'; readonly filename: string }): Promise<string>
  close(): void
}

/** How long a start waits for the first word of WeCom, and a connection for its subscription. */
const firstPatience = 5_000
const subscribePatience = 10_000
const handshakeTimeout = 10_000
/** The SDK tries so often, up to half a minute apart, and then we: soon where it is WeCom's trouble, late where WeCom does not know us. */
const subscribeTries = 5
const troublePause = 60_000
const deniedPause = 10 * 60_000
const frameMost = 8 * 1024 * 1024

/** The SDK is loaded only here, by who has a WeCom bot. */
export async function connect(parts: LinkParts): Promise<Link> {
  const { settings, clock, logger } = parts
  const { WSClient, WSAuthFailureError } = await import('@wecom/aibot-node-sdk')
  const timers = new Set<Cancel>()
  let state: State = 'down'
  let closed = false
  let met = false
  /** The last subscription was refused for its credentials. */
  let denied = false
  let meet = () => {}
  let refuse: (error: OutsideError) => void = () => {}
  const meeting = new Promise<void>((resolve, reject) => {
    meet = resolve
    refuse = reject
  })
  meeting.catch(() => undefined)
  // Passed on to the socket, of which its types know nothing.
  const guarded = { lookup: parts.reach.lookupFor(placeOf(settings.url)) }
  let client = open()

  function open(): WSClient {
    const made = new WSClient({
      botId: settings.botId,
      secret: settings.secret,
      wsUrl: settings.url,
      wsOptions: { handshakeTimeout, maxPayload: frameMost, perMessageDeflate: false, ...guarded },
      maxReconnectAttempts: -1,
      maxAuthFailureAttempts: subscribeTries,
      logger: quiet(logger),
    })
    let waiting: Cancel | undefined
    made.on('connected', () => {
      // The SDK itself would wait for ever.
      waiting = later(subscribePatience, () => renew('no answer to the subscription'))
    })
    made.on('authenticated', () => {
      waiting?.()
      state = 'up'
      met = true
      denied = false
      meet()
      logger.info({}, 'connected to WeCom')
    })
    made.on('disconnected', () => {
      waiting?.()
      if (state === 'up') logger.warn({}, 'the connection to WeCom broke; it is tried again')
      if (state !== 'taken') state = denied ? 'refused' : 'down'
    })
    made.on('reconnecting', (attempt) => {
      if (attempt % 20 === 0) logger.warn({ attempt }, 'WeCom is still not reached')
    })
    made.on('error', (error) => {
      if (error instanceof WSAuthFailureError) return gaveUp()
      const code = Number(/\(code: (-?\d+)\)/.exec(error.message)?.[1])
      if (Number.isNaN(code)) return logger.debug({ error: codeOf(error) }, 'WeCom is not reached')
      notTaken(code)
    })
    made.on('event.disconnected_event', () => {
      state = 'taken'
      logger.error(
        {},
        'another process has connected with this WeCom bot: stop one of the two, then switch this bot off and on',
      )
      parts.taken()
    })
    made.on('message', (frame) => parts.message(frame))
    made.on('event', (frame) => parts.event(frame))
    made.connect()
    return made
  }

  /** The subscription was refused. */
  function notTaken(code: number): void {
    const known = code !== badCredentials
    logger[known ? 'warn' : 'error']({ code }, 'WeCom did not take the subscription of the bot')
    if (known) return
    denied = true
    state = 'refused'
    // At the start the person is told at once; later it may be WeCom that is wrong for a moment.
    if (met) return
    closeClient()
    refuse(troubleOf({ errcode: code }, 'subscribe', settings))
  }

  function gaveUp(): void {
    const ms = denied ? deniedPause : troublePause
    logger.error({ ms }, 'WeCom did not take the subscription several times; it is tried again after a pause')
    later(ms, () => renew('the pause is over'))
  }

  /** Another client: the SDK's own would stumble over the end of its old connection. */
  function renew(why: string): void {
    if (closed || state === 'taken') return
    logger.warn({ why }, 'the connection to WeCom is made anew')
    closeClient()
    client = open()
  }

  function closeClient(): void {
    client.removeAllListeners()
    client.on('error', () => undefined)
    client.disconnect()
  }

  function later(ms: number, run: () => void): Cancel {
    const cancel = clock.after(ms, () => {
      timers.delete(cancel)
      run()
    })
    timers.add(cancel)
    return cancel
  }

  async function call<Result>(what: string, run: () => Promise<Result>): Promise<Result> {
    const now: State = closed ? 'down' : state
    if (now !== 'up') throw notUp(now, what)
    return counted({ clock, called: parts.called, host: 'wecom' }, () =>
      run().catch((error: unknown) => {
        throw troubleOf(error, what, settings)
      }),
    )
  }

  return {
    get state() {
      return state
    },
    async first(signal) {
      const cancel = later(firstPatience, meet)
      signal.addEventListener('abort', meet, { once: true })
      if (signal.aborted) meet()
      await meeting.finally(cancel)
    },
    async send({ chatid, ...body }) {
      // Its types do not know chat_type; it is sent on as it is.
      await call('send', () => client.sendMessage(chatid, body as SendMsgBody))
    },
    async reply(to, body) {
      await call('respond', () => client.reply(to, body))
    },
    async update(to, card, userids) {
      await call('update', () => client.updateTemplateCard(to, card, [...userids]))
    },
    async upload(bytes, as) {
      try {
        return (await call('upload', () => client.uploadMedia(bytes, as))).media_id
      } catch (error) {
        if (error instanceof OutsideError && error.trouble === 'unknown')
          throw new OutsideError('unreachable', error.message, { code: error.code })
        throw error
      }
    },
    close() {
      closed = true
      for (const cancel of timers) cancel()
      timers.clear()
      meet()
      closeClient()
      if (state === 'up') state = 'down'
    },
  }
}

function notUp(state: Exclude<State, 'up'>, what: string): OutsideError {
  switch (state) {
    case 'down':
      return new OutsideError('unreachable', `${what}: not connected to WeCom`, { code: 'not-connected' })
    case 'taken':
      return new OutsideError(
        'forbidden',
        'another process has connected with this WeCom bot: stop one of the two, then switch this bot off and on',
        { code: 'taken' },
      )
    case 'refused':
      return troubleOf({ errcode: badCredentials }, what, { pause: 0, secret: '' })
  }
}

/** The SDK tells whole messages, keys and addresses in its arguments and behind `body=`. */
const quiet = (logger: Logger) => {
  const say = (message: string) => logger.debug({}, `SDK: ${message.replace(/,? (?:body|url|error)[=:][\s\S]*$/, '')}`)
  return { debug: say, info: say, warn: say, error: say }
}

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : error.name)
