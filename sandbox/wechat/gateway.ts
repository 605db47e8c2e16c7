import { type Clock, sleep } from '../../src/core/clock.ts'
import { addressOf, isObject, jsonReply, lost, reply, type SandboxReply, type SandboxRequest } from '../wire.ts'
import { type Answer, type Call, type Door, readCall } from './door.ts'
import { isRefusal, refuse } from './errors.ts'
import type { CallEntry } from './ledger.ts'
import type { Taken, Troubles } from './misbehave.ts'
import type { Random } from './program.ts'

export interface Gateway {
  handle(request: SandboxRequest): Promise<SandboxReply>
  /** Runs the operations whose time has come. */
  advance(now: number): void
  calls(): readonly CallEntry[]
}

export interface GatewayOptions extends Door {
  readonly clock: Clock
  readonly random: Random
  readonly troubles: Troubles
}

export function createGateway(options: GatewayOptions): Gateway {
  const { clock } = options
  const calls: CallEntry[] = []
  const late: { due: number; run(): void }[] = []

  async function handle(request: SandboxRequest): Promise<SandboxReply> {
    const call = readCall(options, request)
    if ('errcode' in call) {
      record(request, { on: 'door' }, { errcode: call.errcode, outcome: 'answered', ran: 'no' })
      return answerOf(call, options)
    }
    const no = call.appid === undefined ? undefined : options.limits.take(call.on, call.appid)
    if (no) {
      record(request, call, { errcode: no.errcode, outcome: 'answered', ran: 'no', how: 'limit' })
      return answerOf(no, options)
    }
    const trouble = options.troubles.takeCall(call.on, call)
    if (trouble) return spoil(request, call, trouble)
    const answer = call.run()
    record(request, call, { ...codeOf(answer), outcome: 'answered', ran: 'yes' })
    return answerOf(answer, options)
  }

  async function spoil(request: SandboxRequest, call: Call, taken: Taken): Promise<SandboxReply> {
    const { script } = taken
    const { how } = script
    const answered = (answer: Answer, ran: 'yes' | 'no'): SandboxReply => {
      record(request, call, { ...codeOf(answer), outcome: 'answered', ran, how })
      return answerOf(answer, options)
    }
    switch (script.how) {
      case 'lost-answer': {
        record(request, call, { ...codeOf(call.run()), outcome: 'lost', ran: 'yes', how })
        throw lost('the answer got lost')
      }
      case 'lost-request':
        record(request, call, { outcome: 'lost', ran: 'no', how })
        throw lost('the request got lost')
      case 'late-effect':
        record(request, call, { outcome: 'lost', ran: 'later', how })
        late.push({ due: clock.now() + script.ms, run: () => void call.run() })
        throw lost('the answer got lost, the effect comes later')
      case 'http':
        if (script.effect) call.run()
        return answered(badGateway(script.status), script.effect ? 'yes' : 'no')
      case 'errcode':
        if (script.effect) call.run()
        return answered({ ...refuse(script.errcode, script.errmsg) }, script.effect ? 'yes' : 'no')
      case 'token':
        if (call.token) options.tokens.kill(call.token, script.errcode, script.sticky)
        return answered(refuse(script.errcode), 'no')
      case 'hang': {
        const ready = script.effect ? call.run() : undefined
        await taken.hang()
        return answered(ready ?? call.run(), 'yes')
      }
      case 'slow':
        await sleep(clock, script.ms)
        return answered(call.run(), 'yes')
      case 'malformed': {
        const whole = answered(call.run(), 'yes')
        return { ...whole, body: whole.body.subarray(0, Math.ceil(whole.body.length * 0.6)) }
      }
      case 'status':
        return answered(withStatus(call.run(), script.status), 'yes')
      case 'shape':
        return answered(call.run(script.quirks), 'yes')
    }
  }

  type Outcome = Pick<CallEntry, 'errcode' | 'httpStatus' | 'outcome' | 'ran' | 'how'>
  function record(
    request: SandboxRequest,
    about: Pick<Call, 'appid' | 'complaint' | 'body'> & { on: string },
    what: Outcome,
  ) {
    const { on, appid, complaint, body } = about
    calls.push({
      seq: calls.length + 1,
      at: clock.now(),
      on,
      method: request.method,
      path: addressOf(request).pathname,
      ...(appid === undefined ? {} : { appid }),
      ...(complaint === undefined ? {} : { complaint }),
      ...(body === undefined ? {} : { body }),
      ...what,
    })
  }

  function advance(now: number) {
    const due = late.filter((one) => one.due <= now).sort((a, b) => a.due - b.due)
    for (const one of due) {
      late.splice(late.indexOf(one), 1)
      one.run()
    }
  }

  return { handle, advance, calls: () => [...calls] }
}

const isReply = (answer: Answer): answer is SandboxReply => 'body' in answer && Buffer.isBuffer(answer.body)

function answerOf(answer: Answer, options: GatewayOptions): SandboxReply {
  if (isReply(answer)) return answer
  if (!isRefusal(answer)) return jsonReply(answer)
  return jsonReply({ ...answer, errmsg: `${answer.errmsg} rid: ${rid(options)}` })
}

/** Three groups of eight hex digits, the first of them the time. */
function rid({ clock, random }: GatewayOptions): string {
  const time = Math.floor(clock.now() / 1000)
    .toString(16)
    .padStart(8, '0')
  return [time, random(4).toString('hex'), random(4).toString('hex')].join('-')
}

function codeOf(answer: Answer): { errcode?: number; httpStatus?: number } {
  if (isReply(answer)) return { httpStatus: answer.status }
  return { errcode: 'errcode' in answer ? Number(answer.errcode) : 0 }
}

const badGateway = (status: number) =>
  reply(status, 'text/html', `<html><head><title>${status}</title></head><body><center>nginx</center></body></html>`)

function withStatus(answer: Answer, status: number): Answer {
  if (!('complaintOrder' in answer) || !isObject(answer.complaintOrder)) return answer
  return { ...answer, complaintOrder: { ...answer.complaintOrder, status } }
}
