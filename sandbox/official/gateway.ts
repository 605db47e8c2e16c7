import type { Clock } from '../../src/core/clock.ts'
import { createBook } from '../book.ts'
import { createLate, isCallTrouble, type Ran, spoil } from '../spoil.ts'
import { addressOf, jsonReply, reply, type SandboxReply, type SandboxRequest } from '../wire.ts'
import { type Answer, type Call, type Door, readCall } from './door.ts'
import { isRefusal, refuse } from './errors.ts'
import { isOfCall } from './misbehave.ts'
import type { CallEntry, Random } from './official.ts'

export interface Gateway {
  handle(request: SandboxRequest): Promise<SandboxReply>
  /** Runs the operations whose time has come. */
  advance(now: number): void
  calls(): readonly CallEntry[]
}

type Noted = Pick<CallEntry, 'outcome' | 'ran' | 'how' | 'errcode'>

export function createGateway(door: Door): Gateway {
  const { core } = door
  const calls = createBook<CallEntry>(core.clock)
  const late = createLate(core.clock)

  async function handle(request: SandboxRequest): Promise<SandboxReply> {
    const call = readCall(door, request)
    const enter = (what: Noted) => {
      const { on, appid, body } = 'errcode' in call ? { on: 'door' as const, appid: undefined, body: undefined } : call
      const about = { method: request.method, path: addressOf(request).pathname }
      calls.add({ on, ...about, ...(appid ? { appid } : {}), ...(body ? { body } : {}), ...what })
    }
    const answered = (answer: Answer, ran: Ran, how?: string) => {
      enter({ ...codeOf(answer), outcome: 'answered', ran, ...(how ? { how } : {}) })
      return answerOf(answer, core)
    }
    if ('errcode' in call) return answered(call, 'no')
    return spoiled(call, answered, enter)
  }

  async function spoiled(
    call: Call,
    answered: (answer: Answer, ran: Ran, how?: string) => SandboxReply,
    enter: (what: Noted) => void,
  ): Promise<SandboxReply> {
    const taken = core.troubles.take(isOfCall(call.on, call.appid))
    if (!taken) return answered(call.run(), 'yes')
    const { script, hang } = taken
    if (isCallTrouble(script)) {
      let code: { errcode?: number } = {}
      const run = () => {
        const answer = call.run()
        code = codeOf(answer)
        return answerOf(answer, core)
      }
      const note = (ran: Ran, answer?: SandboxReply) =>
        enter({ ...code, outcome: answer ? 'answered' : 'lost', ran, how: script.how })
      return spoil({ clock: core.clock, taken: { script, hang }, late, run, note })
    }
    if (script.how === 'token') {
      if (call.token) core.tokens.kill(call.token, script.errcode, script.sticky)
      return answered(refuse(script.errcode), 'no', script.how)
    }
    if (script.effect) call.run()
    return answered({ ...refuse(script.errcode, script.errmsg) }, script.effect ? 'yes' : 'no', script.how)
  }

  return { handle, advance: late.advance, calls: calls.entries }
}

const isReply = (answer: Answer): answer is SandboxReply => 'body' in answer && Buffer.isBuffer(answer.body)

function answerOf(answer: Answer, core: { clock: Clock; random: Random }): SandboxReply {
  if (isReply(answer)) return answer
  if (isRefusal(answer)) return jsonReply({ ...answer, errmsg: `${answer.errmsg} rid: ${rid(core)}` })
  if (!('msgid' in answer)) return jsonReply(answer)
  // 64 bits: more than JSON.stringify can write as a number.
  return reply(200, 'application/json; charset=utf-8', `{"errcode":0,"errmsg":"ok","msgid":${answer.msgid}}`)
}

/** Three groups of eight hex digits, the first of them the time. */
function rid({ clock, random }: { clock: Clock; random: Random }): string {
  const time = Math.floor(clock.now() / 1000)
    .toString(16)
    .padStart(8, '0')
  return [time, random(4).toString('hex'), random(4).toString('hex')].join('-')
}

const codeOf = (answer: Answer): { errcode?: number } =>
  isReply(answer) ? {} : { errcode: 'errcode' in answer ? Number(answer.errcode) : 0 }
