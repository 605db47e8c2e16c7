import type { Clock } from '../../src/core/clock.ts'
import { type App, digits, type Merchant, type Random } from './app.ts'
import { type Problem, refuse } from './errors.ts'
import type { Consent, Grant } from './grant.ts'
import type { Ledger } from './ledger.ts'
import { apiNames } from './misbehave.ts'
import type { Rules } from './rules.ts'

export interface Grants {
  /** The merchant agrees; its former token is replaced. */
  consent(app: App, merchant: Merchant, state?: string): Consent & { readonly grant: Grant }
  exchange(app: App, code: string): Grant | Problem
  refresh(app: App, refreshToken: string): Grant | Problem
  revoke(app: App, pid: string): Grant
  /** The grant behind a token that still works for this app. */
  working(app: App, token: string): Grant | undefined
  /** Whatever became of it. */
  byToken(token: string): Grant | undefined
  works(grant: Grant): boolean
  /** The PIDs that this app may speak for. */
  pidsOf(app: App): readonly string[]
  /** The apps that may speak for this PID by a consent. */
  appsOf(pid: string): readonly string[]
  all(): readonly Grant[]
}

interface Code {
  readonly token: string
  readonly isvAppId: string
  readonly expires: number
  used: boolean
}

export function createGrants(options: {
  readonly clock: Clock
  readonly random: Random
  readonly rules: Rules
  readonly ledger: Ledger
}): Grants {
  const { clock, random, rules, ledger } = options
  const byToken = new Map<string, Grant>()
  const byRefresh = new Map<string, string>()
  const codes = new Map<string, Code>()
  const put = (grant: Grant): Grant => {
    byToken.set(grant.token, grant)
    byRefresh.set(grant.refreshToken, grant.token)
    return grant
  }

  const present = (isvAppId: string, pid: string) =>
    [...byToken.values()].find((one) => one.isvAppId === isvAppId && one.pid === pid && one.state === 'valid')

  function works(grant: Grant): boolean {
    if (grant.state === 'valid') return true
    return grant.state === 'replaced' && clock.now() < (grant.worksUntil ?? 0)
  }

  // Alipay docs: 201x… and a letter, forty characters at most.
  const mint = () =>
    `${new Date(clock.now()).toISOString().slice(0, 7).replace('-', '')}BB${random(15).toString('hex')}`

  function issue(base: Pick<Grant, 'isvAppId' | 'authAppId' | 'pid' | 'methods'>): Grant {
    const before = present(base.isvAppId, base.pid)
    if (before) put({ ...before, state: 'replaced', worksUntil: clock.now() + rules.oldTokenMs })
    return put({ ...base, token: mint(), refreshToken: mint(), since: clock.now(), state: 'valid' })
  }

  function consent(app: App, merchant: Merchant, state?: string) {
    const { appId: isvAppId } = app
    const { pid, appId: authAppId } = merchant
    const grant = issue({ isvAppId, authAppId, pid, methods: app.methods ?? apiNames })
    const code = `P${digits(random, 31)}`
    codes.set(code, { token: grant.token, isvAppId, expires: clock.now() + rules.codeMs, used: false })
    ledger.add({ pid, by: 'merchant', what: 'consent', told: isvAppId })
    const redirect = new URL(app.redirectUri ?? 'http://127.0.0.1/no-redirect')
    redirect.searchParams.set('app_id', isvAppId)
    redirect.searchParams.set('source', 'alipay_app_auth')
    redirect.searchParams.set('app_auth_code', code)
    if (state !== undefined) redirect.searchParams.set('state', state)
    return { code, redirect: redirect.href, grant }
  }

  function exchange(app: App, code: string): Grant | Problem {
    const known = codes.get(code)
    if (!known) return refuse('AUTH_CODE_NOT_EXIST')
    if (known.isvAppId !== app.appId) return refuse('APP_ID_NOT_CONSISTENT')
    const grant = byToken.get(known.token)
    if (known.used || clock.now() >= known.expires || !grant || !works(grant)) return refuse('AUTH_CODE_NOT_VALID')
    known.used = true
    ledger.add({ pid: grant.pid, by: 'merchant', what: 'token', told: app.appId })
    return grant
  }

  function refresh(app: App, refreshToken: string): Grant | Problem {
    const before = byToken.get(byRefresh.get(refreshToken) ?? '')
    if (!before) return refuse('REFRESH_TOKEN_NOT_EXIST')
    if (before.isvAppId !== app.appId) return refuse('APP_ID_NOT_CONSISTENT')
    if (before.state !== 'valid') return refuse('REFRESH_TOKEN_NOT_VALID')
    if (clock.now() >= before.since + rules.refreshTokenMs) return refuse('REFRESH_TOKEN_TIME_OUT')
    const { isvAppId, authAppId, pid, methods } = before
    ledger.add({ pid, by: 'merchant', what: 'refreshed', told: app.appId })
    return issue({ isvAppId, authAppId, pid, methods })
  }

  function revoke(app: App, pid: string): Grant {
    const before = present(app.appId, pid)
    if (!before) throw new Error(`no consent of ${pid} to ${app.appId}`)
    for (const one of byToken.values()) {
      if (one.isvAppId === app.appId && one.pid === pid) put({ ...one, state: 'cancelled' })
    }
    ledger.add({ pid, by: 'merchant', what: 'cancelled', told: app.appId })
    return { ...before, state: 'cancelled' }
  }

  return {
    consent,
    exchange,
    refresh,
    revoke,
    works,
    working(app, token) {
      const found = byToken.get(token)
      return found && found.isvAppId === app.appId && works(found) ? found : undefined
    },
    byToken: (token) => byToken.get(token),
    pidsOf: ({ appId }) =>
      [...byToken.values()].filter((one) => one.isvAppId === appId && one.state === 'valid').map(({ pid }) => pid),
    appsOf: (pid) =>
      [...byToken.values()].filter((one) => one.pid === pid && one.state === 'valid').map(({ isvAppId }) => isvAppId),
    all: () => [...byToken.values()],
  }
}
