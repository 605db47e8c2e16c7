import type { Clock } from '../../src/core/clock.ts'
import { type Refusal, refuse } from './errors.ts'
import type { MiniProgram, Random } from './program.ts'
import type { Rules } from './rules.ts'

interface Token {
  readonly text: string
  readonly appid: string
  readonly expiresAt: number
  /** From when on it is not taken any more, and with which code. */
  deadAt: number
  code: number
  /** Dead, but normal mode goes on handing it out until a forced refresh. */
  sticky?: boolean
}

interface Forced {
  day: number
  count: number
  last: number
}

export interface TokenWish {
  readonly grantType: unknown
  readonly appid: unknown
  readonly secret: unknown
  readonly force?: boolean
}

export type Issued = { readonly access_token: string; readonly expires_in: number } | Refusal

export interface Tokens {
  /** GET /cgi-bin/token: each call a new one, the one before lives 5 min on. */
  plain(wish: TokenWish): Issued
  /** POST /cgi-bin/stable_token: the same one until 5 min before its end. */
  stable(wish: TokenWish): Issued
  /** Whose token this is. */
  check(token: string | null): { readonly appid: string } | Refusal
  /** The platform takes a token back. */
  kill(token: string, code: number, sticky?: boolean): void
}

export function createTokens(options: {
  readonly clock: Clock
  readonly random: Random
  readonly rules: Rules
  readonly programs: readonly MiniProgram[]
}): Tokens {
  const { clock, rules } = options
  const all = new Map<string, Token>()
  const latestPlain = new Map<string, Token>()
  const latestStable = new Map<string, Token>()
  const forced = new Map<string, Forced>()

  function issue(appid: string): Token {
    const now = clock.now()
    // Real ones look like 81_… and run to about 150 characters; the docs ask for room for 512.
    const text = `81_${options.random(108).toString('base64url')}`
    const token = { text, appid, expiresAt: now + rules.tokenMs, deadAt: now + rules.tokenMs, code: 42001 }
    all.set(text, token)
    return token
  }

  const answer = (token: Token): Issued => ({
    access_token: token.text,
    expires_in: Math.floor((token.expiresAt - clock.now()) / 1000),
  })

  function plain(wish: TokenWish): Issued {
    const program = whose(options.programs, wish)
    if ('errcode' in program) return program
    const before = latestPlain.get(program.appid)
    if (before) retire(before, Math.min(before.deadAt, clock.now() + rules.tokenOverlapMs))
    const token = issue(program.appid)
    latestPlain.set(program.appid, token)
    return answer(token)
  }

  function stable(wish: TokenWish): Issued {
    const program = whose(options.programs, wish)
    if ('errcode' in program) return program
    const before = latestStable.get(program.appid)
    if (wish.force) {
      const no = tooOften(program.appid)
      if (no) return no
      if (before) retire(before, clock.now())
    } else if (before && stillGiven(before)) {
      return answer(before)
    }
    const token = issue(program.appid)
    latestStable.set(program.appid, token)
    return answer(token)
  }

  function stillGiven(token: Token): boolean {
    const alive = token.deadAt > clock.now() || token.sticky === true
    return alive && token.expiresAt - clock.now() >= rules.tokenOverlapMs
  }

  function tooOften(appid: string): Refusal | undefined {
    const now = clock.now()
    const day = Math.floor((now + 8 * 3_600_000) / 86_400_000)
    const seen = forced.get(appid) ?? { day, count: 0, last: Number.NEGATIVE_INFINITY }
    const count = seen.day === day ? seen.count : 0
    if (count >= rules.forcedPerDay) return refuse(45009)
    if (now - seen.last < rules.forcedGapMs) return refuse(45011)
    forced.set(appid, { day, count: count + 1, last: now })
    return undefined
  }

  function check(text: string | null): { appid: string } | Refusal {
    if (!text) return refuse(41001)
    if (!/^[\w-]{100,512}$/.test(text)) return refuse(40014)
    const token = all.get(text)
    if (!token) return refuse(40001)
    return clock.now() < token.deadAt ? { appid: token.appid } : refuse(token.code)
  }

  function kill(text: string, code: number, sticky = false) {
    const token = all.get(text)
    if (token) Object.assign(token, { deadAt: clock.now(), code, sticky })
  }

  return { plain, stable, check, kill }
}

function retire(token: Token, at: number) {
  if (at >= token.expiresAt) return
  token.deadAt = at
  token.code = 40001
}

function whose(programs: readonly MiniProgram[], wish: TokenWish): MiniProgram | Refusal {
  if (wish.grantType !== 'client_credential') return refuse(40002)
  if (!wish.appid) return refuse(41002)
  if (!wish.secret) return refuse(41004)
  const program = programs.find((one) => one.appid === wish.appid)
  if (!program) return refuse(40013)
  return program.secret === wish.secret ? program : refuse(40125)
}
