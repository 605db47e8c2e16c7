import { isObject } from '../wire.ts'
import { aboutRoom, eventBody, frames } from './callbacks.ts'
import type { Core } from './core.ts'
import { Refusal, tooOften } from './errors.ts'
import { isCut, isLost, lateness } from './misbehave.ts'
import { hex } from './random.ts'
import type { Bot, Link } from './state.ts'
import type { Connection, Json, Line } from './wecom.ts'

export interface Frame {
  readonly cmd: string
  readonly reqId: string
  readonly body: Json
}

/** Does what a frame of a subscribed bot asks; gives the body of the answer. */
export type Act = (bot: Bot, frame: Frame) => Json | undefined

export interface Links {
  connect(line: Line): Connection
  /** Drops the silent. */
  advance(now: number): void
}

interface Answer {
  readonly errcode: number
  readonly errmsg: string
  readonly body?: Json
}

export function createLinks(core: Core, act: Act): Links {
  const open = new Map<Link, { heard: number; drop: () => void }>()

  function connect(line: Line): Connection {
    let bot: Bot | undefined
    const link: Link = {
      write: (frame) => open.has(link) && line.send(JSON.stringify(frame)),
      cut: () => hangUp(true),
      kick() {
        if (!bot) return
        const body = eventBody(aboutRoom(core, bot, undefined), { eventtype: 'disconnected_event' })
        link.write({ cmd: frames.event, headers: { req_id: hex(core.random, 32) }, body })
        hangUp(false)
      },
    }
    const gone = () => {
      open.delete(link)
      if (bot?.link === link) bot.link = undefined
    }
    const hangUp = (hard: boolean) => {
      if (!open.has(link)) return
      gone()
      line.close(hard)
    }
    open.set(link, { heard: core.clock.now(), drop: () => hangUp(false) })

    function answer(frame: Frame): Answer {
      try {
        const body = frame.cmd === 'aibot_subscribe' ? subscribe(frame.body) : run(frame)
        return { errcode: 0, errmsg: 'ok', ...(body ? { body } : {}) }
      } catch (error) {
        if (error instanceof Refusal) return { errcode: error.errcode, errmsg: error.message }
        throw error
      }
    }

    function run(frame: Frame): Json | undefined {
      if (!bot) throw new Refusal(846609, 'aibot websocket not subscribed')
      return frame.cmd === 'ping' ? undefined : act(bot, frame)
    }

    function subscribe({ bot_id, secret }: Json): undefined {
      const found = core.bots.get(String(bot_id))
      if (found?.secret !== secret || !found) throw new Refusal(853000, 'invalid bot_id or secret')
      // Documented as protected against being repeated; the code is a guess.
      if (bot) throw tooOften()
      const before = found.link
      bot = found
      found.link = link
      before?.kick()
    }

    function take(frame: Frame): void {
      const how = core.troubles.take(frame.cmd)
      if (isCut(how, 'before')) hangUp(true)
      if (isLost(how, 'request') || isCut(how, 'before')) return
      const made: Answer =
        how && 'errcode' in how ? { errcode: how.errcode, errmsg: how.errmsg ?? 'system error' } : answer(frame)
      core.calls.add(bot?.botId ?? '', frame.cmd, frame.body, made.errcode)
      const { errcode, errmsg } = made
      if (errcode !== 0) core.logger.debug({ cmd: frame.cmd, errcode, errmsg }, 'sandbox: frame refused')
      if (isCut(how, 'after')) hangUp(true)
      if (isLost(how, 'answer')) return
      const send = () => link.write({ headers: { req_id: frame.reqId }, ...made })
      if (lateness(how) > 0) core.clock.after(lateness(how), send)
      else send()
    }

    const broken = core.troubles.take('connect')
    if (broken) hangUp(true)
    return {
      receive(text) {
        const entry = open.get(link)
        if (!entry) return
        entry.heard = core.clock.now()
        const frame = readFrame(text)
        if (frame) take(frame)
        else link.write({ headers: { req_id: '' }, errcode: 47001, errmsg: 'data format error' })
      },
      closed: gone,
    }
  }

  return {
    connect,
    advance(now) {
      for (const { heard, drop } of [...open.values()]) if (now - heard >= core.rules().pingMs) drop()
    },
  }
}

function readFrame(text: string): Frame | undefined {
  try {
    const frame: unknown = JSON.parse(text)
    if (!isObject(frame) || typeof frame.cmd !== 'string' || !isObject(frame.headers)) return undefined
    const { req_id } = frame.headers
    if (typeof req_id !== 'string' || req_id === '') return undefined
    return { cmd: frame.cmd, reqId: req_id, body: isObject(frame.body) ? frame.body : {} }
  } catch {
    return undefined
  }
}
