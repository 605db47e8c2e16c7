import { createBook } from '../book.ts'
import type { Body } from '../desk.ts'
import { createLate, isCallTrouble, type Ran, spoil } from '../spoil.ts'
import { jsonReply, readJson, type SandboxReply, type SandboxRequest } from '../wire.ts'
import { type Action, createActions } from './actions.ts'
import type { Core } from './core.ts'
import { isRefusal, type Refusal, refuse } from './errors.ts'
import { wrongBody } from './fields.ts'
import { isOfCall } from './misbehave.ts'
import { signer } from './signature.ts'
import type { CallEntry, Key } from './sms.ts'

export interface Gateway {
  handle(request: SandboxRequest): Promise<SandboxReply>
  /** Runs the operations whose time has come. */
  advance(now: number): void
  calls(): readonly CallEntry[]
}

interface Call {
  readonly action: Action
  readonly secretId: string
  readonly region: string
  readonly body: Body
}

export function createGateway(core: Core, keys: readonly Key[]): Gateway {
  const { clock } = core
  const calls = createBook<CallEntry>(clock)
  const late = createLate(clock)
  const actions = createActions()
  const second = { number: 0, count: 0 }

  function tooMany(): boolean {
    const number = Math.floor(clock.now() / 1000)
    if (second.number !== number) Object.assign(second, { number, count: 0 })
    return ++second.count > core.rules().requestsPerSecond
  }

  async function handle(request: SandboxRequest): Promise<SandboxReply> {
    const call = readCall(core, keys, actions, request)
    if (isRefusal(call)) {
      calls.add({ on: 'door', code: call.Code, outcome: 'answered', ran: 'no' })
      return answerOf(call)
    }
    if (tooMany()) return noted(call, refuse('RequestLimitExceeded'), 'no')
    const taken = core.troubles.take(isOfCall(call.action.on))
    if (!taken) return noted(call, run(call), 'yes')
    const { script } = taken
    if (!isCallTrouble(script)) {
      if (script.effect) run(call)
      const answer = { Code: script.code, Message: script.message ?? refuse(script.code).Message }
      return noted(call, answer, script.effect ? 'yes' : 'no', script.how)
    }
    let code: string | undefined
    const operate = () => {
      const answer = run(call)
      code = isRefusal(answer) ? answer.Code : undefined
      return answerOf(answer)
    }
    const note = (ran: Ran, answer?: SandboxReply) =>
      enter(call, { ...(code ? { code } : {}), outcome: answer ? 'answered' : 'lost', ran, how: script.how })
    return spoil({ clock, taken: { script, hang: taken.hang }, late, run: operate, note })
  }

  type Answer = Refusal | Readonly<Record<string, unknown>>
  const run = ({ action, secretId, body }: Call): Answer => action.run(core, secretId, body)

  function noted(call: Call, answer: Answer, ran: Ran, how?: string): SandboxReply {
    const code = isRefusal(answer) ? { code: answer.Code } : {}
    enter(call, { ...code, outcome: 'answered', ran, ...(how ? { how } : {}) })
    return answerOf(answer)
  }

  const enter = ({ action, secretId, region, body }: Call, more: Pick<CallEntry, 'outcome' | 'ran' | 'code' | 'how'>) =>
    calls.add({ on: action.on, secretId, region, body, ...more })

  // Errors too come with HTTP 200.
  function answerOf(answer: Answer): SandboxReply {
    const RequestId = uuid(core.random(16))
    return jsonReply({ Response: isRefusal(answer) ? { Error: answer, RequestId } : { ...answer, RequestId } })
  }

  return { handle, advance: late.advance, calls: calls.entries }
}

const uuid = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

/** Who asks for what, once the request has passed the door. */
function readCall(
  core: Core,
  keys: readonly Key[],
  actions: Readonly<Record<string, Action>>,
  request: SandboxRequest,
): Call | Refusal {
  const { headers } = request
  if (request.method !== 'POST' || request.url !== '/') return refuse('InvalidParameter', 'POST / is what is served.')
  const key = signer(request, { keys, rules: core.rules(), now: core.clock.now() })
  if (isRefusal(key)) return key
  const { 'x-tc-action': name, 'x-tc-version': version, 'x-tc-region': region } = headers
  if (!name || !version) return refuse('MissingParameter', `X-TC-${name ? 'Version' : 'Action'}`)
  if (version !== '2021-01-11') return refuse('NoSuchVersion')
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (!action) return refuse('InvalidAction')
  if (!region) return refuse('MissingParameter', 'X-TC-Region')
  if (!core.rules().regions.includes(region)) return refuse('UnsupportedOperation.UnsuportedRegion')
  const body = readJson(request.body)
  if (!body) return refuse('InvalidParameter', 'The body is no JSON object.')
  return wrongBody(body, action.fields) ?? { action, secretId: key.secretId, region, body }
}
