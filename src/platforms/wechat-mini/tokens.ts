import { OutsideError, told } from '../../core/errors.ts'
import { Secret } from '../../core/seal.ts'
import { instant, millis, type Random } from '../../core/words.ts'
import type { Account, Token, Tokens } from '../platform.ts'
import { both, failure } from './errors.ts'
import { exchange, type Wire } from './exchange.ts'
import { text, whole } from './fields.ts'

const second = 1000
const early = 300 * second
const day = 86_400 * second
// Their limits for force_refresh, which kills the token that other systems of the merchant may hold.
const forceGap = 30 * second
const forcesADay = 20

interface Held {
  readonly value: string
  readonly until: number
  /** From then on a newer one is asked for. */
  readonly renewAt: number
}

export interface TokenSource {
  /** A token that should be good. @throws OutsideError, never `unknown`: the call it is for has not been made. */
  get(account: Account): Promise<string>
  /** Another one than `bad`, which was just refused. @throws OutsideError as `get` */
  renew(account: Account, bad: string): Promise<string>
}

/** stable_token in normal mode, which disturbs nobody; kept in memory per appid and in the store for the other processes. */
export function tokenSource(wire: Wire & { readonly random: Random; readonly tokens: Tokens }): TokenSource {
  const { clock, random, tokens, logger } = wire
  const held = new Map<string, Held>()
  const flights = new Map<string, Promise<string>>()
  const forces = new Map<string, readonly number[]>()

  async function get(account: Account): Promise<string> {
    const known = held.get(account.outsideId)
    if (known && clock.now() < known.renewAt) return known.value
    return flight(account, undefined)
  }

  async function renew(account: Account, bad: string): Promise<string> {
    await flights.get(account.outsideId)
    const known = held.get(account.outsideId)
    return known && known.value !== bad ? known.value : flight(account, bad)
  }

  /** One at a time per appid; who comes meanwhile shares its end, good or bad. */
  function flight(account: Account, bad: string | undefined): Promise<string> {
    const running = flights.get(account.outsideId)
    if (running) return running
    const started = fresh(account, bad).finally(() => flights.delete(account.outsideId))
    flights.set(account.outsideId, started)
    return started
  }

  async function fresh(account: Account, bad: string | undefined): Promise<string> {
    const stored = await tokens.read(account.id)
    if (stored && stored.value.reveal() !== bad) {
      const known = keep(account, stored, -Infinity)
      if (clock.now() < known.renewAt) return known.value
    }
    try {
      return await replace(account, bad, stored?.fence ?? 0)
    } catch (error) {
      const known = held.get(account.outsideId)
      if (!known || known.value === bad || clock.now() > known.until - 30 * second) throw error
      logger.warn({ appid: account.outsideId, why: told(error) }, 'token not renewed, the present one still lives')
      return known.value
    }
  }

  async function replace(account: Account, bad: string | undefined, fence: number): Promise<string> {
    let got = await ask(account, false)
    if (got.value === bad) {
      // Normal mode insists on a token that was just refused: only force_refresh gives another.
      countForce(account)
      got = await ask(account, true)
    }
    const stands = await tokens.write(account.id, { value: new Secret(got.value), until: instant(got.until) }, fence)
    const theirs = stands.value.reveal()
    // Another process was faster; both tokens are good, the one that stands is everybody's.
    if (theirs !== bad && millis(stands.until) > clock.now()) return keep(account, stands, clock.now()).value
    held.set(account.outsideId, { ...got, renewAt: renewAt(got.until, clock.now()) })
    return got.value
  }

  async function ask(account: Account, force: boolean): Promise<{ value: string; until: number }> {
    const secret = account.secrets.secret?.reveal()
    if (!secret)
      throw new OutsideError('forbidden', both('此小程序没有设置 AppSecret', 'this account has no AppSecret'))
    const began = clock.now()
    const answer = await exchange(wire, {
      method: 'POST',
      path: '/cgi-bin/stable_token',
      body: JSON.stringify({
        grant_type: 'client_credential',
        appid: account.outsideId,
        secret,
        ...(force ? { force_refresh: true } : {}),
      }),
      // A lost answer does no harm: the next one brings the same token.
      act: false,
    })
    const code = whole(answer, 'errcode') ?? 0
    const [value, lives] = [text(answer, 'access_token'), whole(answer, 'expires_in')]
    if (code !== 0) throw failure(code, text(answer, 'errmsg') ?? '', 'token')
    if (!value || !lives || lives <= 0)
      throw new OutsideError('unreachable', both('微信没有返回 access_token', 'WeChat returned no access_token'))
    return { value, until: began + lives * second }
  }

  function countForce(account: Account): void {
    const now = clock.now()
    const recent = (forces.get(account.outsideId) ?? []).filter((at) => at > now - day)
    const wait = Math.max(
      (recent.at(-1) ?? -Infinity) + forceGap - now,
      recent.length < forcesADay ? 0 : (recent[0] ?? now) + day - now,
    )
    if (wait > 0) {
      const message = both(
        'access_token 被拒绝，强制刷新已到限制，稍后重试',
        'the access_token is refused and force_refresh has reached its limit: try later',
      )
      throw new OutsideError('busy', message, { code: '40001', wait })
    }
    forces.set(account.outsideId, [...recent, now])
    logger.warn({ appid: account.outsideId }, 'WeChat refuses the token it gives: force_refresh')
  }

  function keep(account: Account, token: Pick<Token, 'value' | 'until'>, got: number): Held {
    const until = millis(token.until)
    const known = { value: token.value.reveal(), until, renewAt: renewAt(until, got) }
    held.set(account.outsideId, known)
    return known
  }

  // Many processes do not ask in the same second. A token that was just given with little life left is not asked for again at once.
  function renewAt(until: number, got: number): number {
    const jitter = (random(1).readUInt8(0) / 255) * 60 * second
    return Math.min(Math.max(until - early - jitter, got + 30 * second), until - 10 * second)
  }

  return { get, renew }
}
