import type { Part } from '../multipart.ts'
import type { Api, House, Outcome } from './api.ts'
import type { App } from './app.ts'
import { isProblem, type Problem, refuse } from './errors.ts'
import type { Body } from './fields.ts'
import type { Quirks } from './rules.ts'

/** One call that has passed the door: what it is about, and its operation, which runs at most once. */
export interface Call {
  readonly api: Api
  readonly app: App
  readonly pid: string | undefined
  readonly complaint: string | undefined
  readonly tradeNo: string | undefined
  readonly refund: string | undefined
  readonly body: Body
  run(quirks?: Partial<Quirks>): Outcome
}

export interface Knock {
  readonly api: Api
  readonly app: App
  readonly token: string | undefined
  readonly body: Body
  readonly file: Part | undefined
}

/** Whom the call speaks for, and what it is about. */
export function admit(house: House, { api, app, token, body, file }: Knock): Call | Problem {
  const pids = speaksFor(house, api, app, token)
  if ('subCode' in pids) return pids
  return {
    api,
    app,
    pid: pids.length === 1 ? pids[0] : undefined,
    ...aboutIn(body),
    body,
    run: (quirks) => api.run({ house, app, pids, body, file, quirks: { ...house.quirks(), ...quirks } }),
  }
}

function speaksFor(house: House, api: Api, app: App, token: string | undefined): readonly string[] | Problem {
  const may = (methods: readonly string[] | undefined) => methods === undefined || methods.includes(api.name)
  if (api.speaksFor === 'app') return token === undefined ? [app.pid] : refuse('not-support-app-auth')
  const noToken = refuse('invalid-app-auth-token', undefined, { subCode: house.rules.tokenSubCode })
  if (app.kind === 'own') {
    if (token !== undefined) return noToken
    return may(app.methods) ? [app.pid] : refuse('insufficient-isv-permissions')
  }
  if (token === undefined) return house.rules.withoutToken === 'all' ? house.grants.pidsOf(app) : noToken
  const grant = house.grants.working(app, token)
  if (!grant) return noToken
  return may(grant.methods) ? [grant.pid] : refuse('insufficient-isv-permissions')
}

function aboutIn(body: Body): Pick<Call, 'complaint' | 'tradeNo' | 'refund'> {
  const said = (...names: readonly string[]) => {
    const found = names
      .map((name) => body[name])
      .find((value) => typeof value === 'string' || typeof value === 'number')
    return found === undefined ? undefined : String(found)
  }
  const ids = Array.isArray(body.id_list) ? body.id_list : []
  return {
    complaint: said('complain_event_id', 'complain_id', 'complaint_id', 'record_id') ?? ids.map(String)[0],
    tradeNo: said('trade_no'),
    refund: said('out_request_no'),
  }
}

/** A refusal at the door, and as much of the caller as was known by then. */
export interface Turned {
  readonly problem: Problem
  readonly api?: Api | undefined
  readonly app?: App | undefined
}

export const turnedAt = (at: Omit<Turned, 'problem'>, problem: Problem): Turned => ({ ...at, problem })

/** The call, or why not. */
export function through(house: House, knock: Knock): Call | Turned {
  const call = admit(house, knock)
  return isProblem(call) ? { problem: call, api: knock.api, app: knock.app } : call
}
