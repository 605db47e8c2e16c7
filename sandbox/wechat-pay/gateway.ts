import { sleep } from '../../src/core/clock.ts'
import { addressOf, lost, reply, type SandboxReply, type SandboxRequest } from '../wire.ts'
import { type Answering, answerOf } from './answer.ts'
import type { Call, House, Outcome } from './call.ts'
import { readCall } from './door.ts'
import { isProblem, refuse } from './errors.ts'
import type { CallEntry } from './ledger.ts'
import { type CallMisbehaviour, faultOf } from './misbehave.ts'
import type { Taken, Troubles } from './troubles.ts'

export interface Gateway {
  handle(request: SandboxRequest): Promise<SandboxReply>
  /** Runs the operations whose time has come. */
  advance(now: number): void
  calls(): readonly CallEntry[]
}

type Seen = Pick<CallEntry, 'on' | 'complaint' | 'refund' | 'body' | 'mchid'>
type Happened = Pick<CallEntry, 'outcome' | 'ran' | 'how'>

export function createGateway(house: House, troubles: Troubles): Gateway {
  const { clock } = house
  const calls: CallEntry[] = []
  const late: { due: number; run(): void }[] = []

  async function handle(request: SandboxRequest): Promise<SandboxReply> {
    const call = readCall(house, request)
    if ('problem' in call) {
      const { problem, merchant } = call
      const seen = { on: 'door', ...(merchant ? { mchid: merchant.mchid } : {}) }
      return answer({ request, merchant }, problem, seen, { outcome: 'answered', ran: 'no' })
    }
    const { merchant } = call
    const no = house.limits.take(call.on, merchant.mchid)
    if (no) return answer({ request, merchant }, no, seenIn(call), { outcome: 'answered', ran: 'no', how: 'limit' })
    const about = { mchid: merchant.mchid, complaint: call.complaint, refund: call.refund }
    const taken = troubles.takeCall(call.on, about)
    if (taken) return spoil(request, call, taken)
    return answer({ request, merchant }, call.run(), seenIn(call), { outcome: 'answered', ran: 'yes' })
  }

  async function spoil(request: SandboxRequest, call: Call, taken: Taken): Promise<SandboxReply> {
    const { script } = taken
    const { how } = script
    const to = { request, merchant: call.merchant, fault: faultOf(script) }
    const answered = (outcome: Outcome, ran: 'yes' | 'no', more: Partial<Answering> = {}) =>
      answer({ ...to, ...more }, outcome, seenIn(call), { outcome: 'answered', ran, how })
    switch (script.how) {
      case 'lost-answer':
        record(request, seenIn(call), { outcome: 'lost', ran: 'yes', how }, call.run())
        throw lost('the answer got lost')
      case 'lost-request':
        record(request, seenIn(call), { outcome: 'lost', ran: 'no', how })
        throw lost('the request got lost')
      case 'late-effect':
        record(request, seenIn(call), { outcome: 'lost', ran: 'later', how })
        late.push({
          due: clock.now() + script.ms,
          run: () => record(request, seenIn(call), { outcome: 'lost', ran: 'yes', how: 'late' }, call.run()),
        })
        throw lost('the answer got lost, the effect comes later')
      case 'http':
      case 'frequency-limited':
        if (script.effect) call.run()
        return answered(failure(script), script.effect ? 'yes' : 'no')
      case 'hang': {
        const ready = script.effect ? call.run() : undefined
        await taken.hang()
        return answered(ready ?? call.run(), 'yes')
      }
      case 'slow':
        await sleep(clock, script.ms)
        return answered(call.run(), 'yes')
      case 'malformed':
        return answered(call.run(), 'yes', { cut: true })
      case 'wrong-mchid':
        return answered(call.run(), 'yes', { stranger: true })
      case 'bad-tag':
        return answered(call.run({ brokenTag: true }), 'yes')
      case 'shape':
        return answered(call.run({ quirks: script.quirks }), 'yes')
      case 'unverifiable':
      case 'probe':
      case 'stale-timestamp':
        return answered(call.run(), 'yes')
    }
  }

  function answer(to: Answering, outcome: Outcome, seen: Seen, happened: Happened): SandboxReply {
    const made = answerOf(house, to, outcome)
    record(to.request, seen, happened, outcome, made.headers['request-id'])
    return made
  }

  function record(request: SandboxRequest, seen: Seen, happened: Happened, outcome?: Outcome, requestId?: string) {
    calls.push({
      seq: calls.length + 1,
      at: clock.now(),
      method: request.method,
      path: addressOf(request).pathname,
      ...seen,
      ...(outcome === undefined ? {} : codeOf(outcome)),
      ...(requestId === undefined ? {} : { requestId }),
      ...happened,
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

function seenIn({ on, merchant, complaint, refund, body }: Call): Seen {
  const ids = { ...(complaint === undefined ? {} : { complaint }), ...(refund === undefined ? {} : { refund }) }
  return { on, mchid: merchant.mchid, ...ids, ...(body === undefined ? {} : { body }) }
}

/** With a code the documented JSON; without one the front server's own page. */
function failure(script: CallMisbehaviour): Outcome {
  if (script.how !== 'http') return refuse('FREQUENCY_LIMITED')
  const { status, code, message } = script
  if (code !== undefined) return { ...refuse(code, message), status }
  const page = `<html><head><title>${status}</title></head><body><center>nginx</center></body></html>`
  return { picture: reply(status, 'text/html', page) }
}

function codeOf(outcome: Outcome): { status: number; code?: string } {
  if (outcome === 'done') return { status: 204 }
  if (isProblem(outcome)) return { status: outcome.status, code: outcome.code }
  return { status: 'picture' in outcome ? outcome.picture.status : 200 }
}
