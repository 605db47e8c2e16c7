import { sleep } from '../../src/core/clock.ts'
import { addressOf, isObject, jsonReply, lost, reply, type SandboxReply, type SandboxRequest } from '../wire.ts'
import type { CallEntry, Calls } from './calls.ts'
import type { Bot, Core } from './core.ts'
import { conflict, conflicts, Refusal, tooMany } from './errors.ts'
import { methodOf } from './methods/index.ts'
import type { CallMisbehaviour, TakenCall, Troubles } from './misbehave.ts'
import { type Params, paramsOf, readParams } from './params.ts'
import type { Json } from './shapes.ts'

export interface Gateway {
  handle(request: SandboxRequest): Promise<SandboxReply>
  /** A call that came as a webhook's answer: nobody sees what becomes of it. */
  act(bot: Bot, call: Json): Promise<void>
}

interface Want {
  readonly bot: Bot
  readonly on: string
  readonly params: Params
  run(): unknown
}

type Answer = { readonly result: unknown } | Refusal | SandboxReply

export function createGateway(core: Core, troubles: Troubles, calls: Calls): Gateway {
  async function handle(request: SandboxRequest): Promise<SandboxReply> {
    const want = readWant(core, request)
    if (want instanceof Refusal) return refused(request, want)
    const { bot, on, params } = want
    const taken = troubles.takeCall(on, { bot: String(bot.user.username), chat: params.number('chat_id') })
    return taken ? spoil(want, taken) : answered(want, await run(want))
  }

  function refused(request: SandboxRequest, answer: Refusal): SandboxReply {
    const method = addressOf(request).pathname.split('/').at(-1) ?? ''
    const nothing = { bot: undefined, chat: undefined, said: {}, messages: [], how: undefined }
    calls.add({ ...nothing, method, outcome: 'answered', ran: 'no', code: answer.code, description: answer.message })
    return replyOf(answer)
  }

  function note({ bot, on, params }: Want, more: Partial<CallEntry> & Pick<CallEntry, 'outcome' | 'ran'>) {
    const empty = { code: undefined, description: undefined, messages: [], how: undefined }
    const chat = params.number('chat_id')
    calls.add({ bot: bot.user.username, method: on, chat, said: params.said, ...empty, ...more })
  }

  function answered(want: Want, answer: Answer, how?: string, ran: 'yes' | 'no' = 'yes'): SandboxReply {
    note(want, { outcome: 'answered', ran: answer instanceof Refusal && !how ? 'no' : ran, how, ...tellOf(answer) })
    return replyOf(answer)
  }

  async function spoil(want: Want, { script, hang }: TakenCall): Promise<SandboxReply> {
    const { how } = script
    switch (how) {
      case 'lost-answer':
        note(want, { outcome: 'lost', ran: 'yes', how, ...tellOf(await run(want)) })
        throw lost('the answer got lost')
      case 'lost-request':
        note(want, { outcome: 'lost', ran: 'no', how })
        throw lost('the request got lost')
      case 'hang': {
        const ready = script.effect ? await run(want) : undefined
        await hang()
        return answered(want, ready ?? (await run(want)), how)
      }
      case 'slow':
        await sleep(core.clock, script.ms)
        return answered(want, await run(want), how)
      case 'malformed': {
        const whole = answered(want, await run(want), how)
        return { ...whole, body: whole.body.subarray(0, Math.ceil(whole.body.length * 0.6)) }
      }
      default: {
        const effect = 'effect' in script && script.effect === true
        if (effect) await run(want)
        return answered(want, insteadOf(script), how, effect ? 'yes' : 'no')
      }
    }
  }

  async function act(bot: Bot, { method, ...said }: Json) {
    const known = methodOf(String(method))
    if (!known) return
    const params = paramsOf(said)
    const want = { bot, on: known.name, params, run: () => known.method({ core, bot, params }) }
    answered(want, await run(want), 'webhook-answer')
  }

  return { handle, act }
}

async function run(want: Want): Promise<Answer> {
  try {
    const result = await want.run()
    return isReply(result) ? result : { result }
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

function readWant(core: Core, request: SandboxRequest): Want | Refusal {
  const { pathname } = addressOf(request)
  const [, isFile, token = '', rest = ''] = /^\/(file\/)?bot([^/]+)\/(.+)$/.exec(pathname) ?? []
  const decoded = decodeURIComponent(token)
  if (!/^\d+:[\w-]+$/.test(decoded)) return new Refusal(404, 'Not Found')
  const bot = core.bots.find((one) => one.token === decoded)
  if (!bot) return new Refusal(401, 'Unauthorized')
  if (isFile) return { bot, on: 'file', params: paramsOf({ path: rest }), run: () => fileReply(core, bot, rest) }
  const known = methodOf(rest)
  if (!known) return new Refusal(404, 'Not Found: method not found')
  try {
    const params = readParams(request)
    return { bot, on: known.name, params, run: () => known.method({ core, bot, params }) }
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

function fileReply(core: Core, bot: Bot, path: string): SandboxReply {
  const { bytes, mime, folder } = core.files.read(bot.user.id, decodeURIComponent(path))
  return reply(200, folder === 'photos' ? mime : 'application/octet-stream', bytes)
}

function insteadOf(
  script: Extract<CallMisbehaviour, { how: 'flood' | 'conflict' | 'unauthorized' | 'http' | 'refuse' }>,
): Answer {
  switch (script.how) {
    case 'flood':
      return tooMany(script.retryAfter)
    case 'conflict':
      return conflict(conflicts.poll)
    case 'unauthorized':
      return new Refusal(401, 'Unauthorized')
    case 'refuse':
      return new Refusal(script.code, script.description, script.parameters)
    case 'http':
      return script.html
        ? reply(script.status, 'text/html', `<html><head><title>${script.status}</title></head></html>`)
        : new Refusal(script.status, script.status === 502 ? 'Bad Gateway' : 'Internal Server Error')
  }
}

const isReply = (value: unknown): value is SandboxReply =>
  isObject(value) && typeof value.status === 'number' && Buffer.isBuffer(value.body)

function tellOf(answer: Answer): Partial<CallEntry> {
  if (answer instanceof Refusal) return { code: answer.code, description: answer.message }
  if (isReply(answer)) return { code: answer.status }
  const made = [answer.result].flat().flatMap((one) => (isObject(one) ? [Number(one.message_id)] : []))
  return { code: 200, messages: made.filter((id) => id > 0) }
}

function replyOf(answer: Answer): SandboxReply {
  if (isReply(answer)) return answer
  if (!(answer instanceof Refusal)) return jsonReply({ ok: true, result: answer.result })
  const { code, message, parameters } = answer
  return jsonReply({ ok: false, error_code: code, description: message, ...(parameters ? { parameters } : {}) }, code)
}
