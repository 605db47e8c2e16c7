import { sleep } from '../../src/core/clock.ts'
import { addressOf, lost, reply, type SandboxReply, type SandboxRequest } from '../wire.ts'
import { type Answering, answerOf } from './answer.ts'
import type { House, Outcome } from './api.ts'
import type { Call, Turned } from './call.ts'
import { readV2 } from './door-v2.ts'
import { readV3 } from './door-v3.ts'
import { isProblem, type Problem, refuse } from './errors.ts'
import type { Body } from './fields.ts'
import type { CallEntry } from './ledger.ts'
import type { CallMisbehaviour } from './misbehave.ts'
import type { Taken, Troubles } from './troubles.ts'

export interface Gateway {
  handle(request: SandboxRequest): Promise<SandboxReply>
  /** Runs the operations whose time has come. */
  advance(now: number): void
  calls(): readonly CallEntry[]
}

type Seen = Omit<CallEntry, 'seq' | 'at' | 'status' | 'outcome' | 'ran'>
type Happened = Pick<CallEntry, 'outcome' | 'ran' | 'how'>

export function createGateway(house: House, troubles: Troubles): Gateway {
  const { clock } = house
  const calls: CallEntry[] = []
  const late: { due: number; run(): void }[] = []

  async function handle(request: SandboxRequest): Promise<SandboxReply> {
    const { pathname } = addressOf(request)
    if (pathname === '/gateway.do') {
      const { result, charset, method } = readV2(house, request)
      return answerTo(result, { protocol: 'v2', app: result.app, method, charset })
    }
    const result = readV3(house, request)
    return answerTo(result, { protocol: 'v3', app: result.app, method: result.api?.name, charset: 'utf-8' })
  }

  async function answerTo(result: Call | Turned, to: Answering): Promise<SandboxReply> {
    const seen = seenIn(result, to.protocol)
    if ('problem' in result) return answer(to, result.problem, seen, { outcome: 'answered', ran: 'no' })
    const { api, app, pid, complaint, tradeNo } = result
    const no = house.limits.take(api.name, app.appId)
    if (no) return answer(to, no, seen, { outcome: 'answered', ran: 'no', how: 'limit' })
    const taken = troubles.takeCall(api.name, { appId: app.appId, pid, complaint, tradeNo })
    if (taken) return spoil(result, to, taken)
    return answer(to, result.run(), seen, { outcome: 'answered', ran: 'yes' })
  }

  async function spoil(call: Call, to: Answering, taken: Taken): Promise<SandboxReply> {
    const { script } = taken
    const { how } = script
    const seen = seenIn(call, to.protocol)
    const answered = (outcome: Outcome, ran: 'yes' | 'no', more: Partial<Answering> = {}) =>
      answer({ ...to, ...more }, outcome, seen, { outcome: 'answered', ran, how })
    switch (script.how) {
      case 'lost-answer':
        record(seen, { outcome: 'lost', ran: 'yes', how }, call.run())
        throw lost('the answer got lost')
      case 'lost-request':
        record(seen, { outcome: 'lost', ran: 'no', how })
        throw lost('the request got lost')
      case 'late-effect':
        record(seen, { outcome: 'lost', ran: 'later', how })
        late.push({
          due: clock.now() + script.ms,
          run: () => record(seen, { outcome: 'lost', ran: 'yes', how: 'late' }, call.run()),
        })
        throw lost('the answer got lost, the effect comes later')
      case 'html':
        if (script.effect) call.run()
        record(seen, { outcome: 'answered', ran: script.effect ? 'yes' : 'no', how }, undefined, script.status)
        return page(script.status)
      case 'refused':
      case 'unknown-error':
      case 'call-limited': {
        const effect = 'effect' in script && script.effect === true
        if (effect) call.run()
        return answered(problemOf(script), effect ? 'yes' : 'no')
      }
      case 'error-response': {
        if (script.effect) call.run()
        const problem = refuse(script.subCode ?? 'unknow-error')
        return answered(problem, script.effect ? 'yes' : 'no', { key: 'error_response' })
      }
      case 'hang': {
        const ready = script.effect ? call.run() : undefined
        await taken.hang()
        return answered(ready ?? call.run(), 'yes')
      }
      case 'slow':
        await sleep(clock, script.ms)
        return answered(call.run(), 'yes')
      case 'unverifiable':
        return answered(call.run(), 'yes', { fault: script.fault ?? 'signature' })
      case 'tampered':
        return answered(call.run(), 'yes', { tampered: true })
      case 'malformed':
        return answered(call.run(), 'yes', { cut: true })
      case 'wrong-key':
        return answered(call.run(), 'yes', { key: 'alipay_system_oauth_token_response' })
      case 'shape':
        return answered(call.run(script.quirks), 'yes', { quirks: script.quirks })
    }
  }

  function answer(to: Answering, outcome: Outcome, seen: Seen, happened: Happened): SandboxReply {
    const made = answerOf(house, to, outcome)
    const traceId = made.headers.trace_id ?? made.headers['alipay-trace-id']
    record({ ...seen, ...(traceId === undefined ? {} : { traceId }) }, happened, outcome, made.status)
    return made
  }

  function record(seen: Seen, happened: Happened, outcome?: Outcome, status = 0) {
    const codes = outcome === undefined ? {} : codesOf(outcome)
    calls.push({ seq: calls.length + 1, at: clock.now(), ...seen, status, ...codes, ...happened })
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

function seenIn(result: Call | Turned, protocol: 'v2' | 'v3'): Seen {
  const app = result.app === undefined ? {} : { appId: result.app.appId }
  if ('problem' in result) return { on: 'door', protocol, ...app }
  const { api, pid, complaint, tradeNo, refund, body } = result
  const about = { pid, complaint, tradeNo, refund }
  const known = Object.fromEntries(Object.entries(about).filter(([, value]) => value !== undefined))
  return { on: api.name, protocol, ...app, ...known, body: quiet(body) }
}

const secret = ['app_auth_token', 'auth_token', 'refresh_token', 'code']
const quiet = (body: Body): Body => Object.fromEntries(Object.entries(body).filter(([name]) => !secret.includes(name)))

function problemOf(script: CallMisbehaviour): Problem {
  if (script.how === 'call-limited') return refuse('app-call-limited')
  if (script.how !== 'refused') return refuse('unknow-error')
  return refuse(script.subCode, script.message, script.code === undefined ? {} : { code: script.code })
}

const page = (status: number): SandboxReply =>
  reply(status, 'text/html', `<html><head><title>${status}</title></head><body><center>Tengine</center></body></html>`)

function codesOf(outcome: Outcome): Pick<CallEntry, 'code' | 'subCode'> {
  return isProblem(outcome) ? { code: outcome.code, subCode: outcome.subCode } : { code: '10000' }
}
