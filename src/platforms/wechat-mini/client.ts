import { backoff } from '../../core/backoff.ts'
import { sleep } from '../../core/clock.ts'
import { OutsideError } from '../../core/errors.ts'
import type { Random } from '../../core/words.ts'
import type { Account } from '../platform.ts'
import { both, failure, isStaleToken, ridIn } from './errors.ts'
import { type Exchange, exchange, type Wire } from './exchange.ts'
import { type Fields, text, whole } from './fields.ts'
import type { TokenSource } from './tokens.ts'
import { digits, readDetail, type Told } from './wire.ts'

export interface Client {
  detail(account: Account, number: string): Promise<Told>
  /** A read, or a call that does no harm when made twice. @throws OutsideError */
  read(account: Account, ask: Ask): Promise<Fields>
  /** Changes something there. @returns their id of the request, if they gave one. @throws OutsideError `unknown` when it may have happened */
  act(account: Account, path: string, body: string): Promise<string | undefined>
}

export type Ask = Omit<Exchange, 'act'>

const tries = 3

export function createClient(wire: Wire & { readonly random: Random; readonly token: TokenSource }): Client {
  const { clock, random, token } = wire

  /** With a token; when that is stale, once more with a new one: a call refused for its token has done nothing. */
  async function call(account: Account, ask: Exchange): Promise<Fields> {
    const first = await token.get(account)
    const answer = await checked(ask, first).catch((error: unknown) => stale(error))
    if (answer !== 'stale') return answer
    return checked(ask, await token.renew(account, first))
  }

  async function checked(ask: Exchange, access: string): Promise<Fields> {
    const answer = await exchange(wire, { ...ask, query: { access_token: access, ...ask.query } })
    const code = whole(answer, 'errcode')
    if (code !== undefined && code !== 0) throw said(ask, failure(code, text(answer, 'errmsg') ?? ''))
    // Reads may leave errcode out; an act that does not say 0 has not said yes.
    if (ask.act && code !== 0)
      throw new OutsideError('unknown', both('微信没有说明是否成功', 'WeChat did not say whether it worked'))
    return answer
  }

  async function read(account: Account, ask: Ask): Promise<Fields> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call(account, { ...ask, act: false })
      } catch (error) {
        if (attempt === tries || !isBusy(error)) throw error
        await sleep(clock, backoff(attempt, random, 300))
      }
    }
  }

  return {
    read,
    async detail(account, number) {
      const query = { complaintOrderId: String(digits(number)) }
      return readDetail(
        await read(account, { method: 'GET', path: '/wxaapi/minishop/complaintOrderDetail', query }),
        number,
      )
    },
    async act(account, path, body) {
      const answer = await call(account, { method: 'POST', path, body, timeout: 15_000, act: true })
      return ridIn(text(answer, 'errmsg') ?? '')
    },
  }
}

function stale(error: unknown): 'stale' {
  if (error instanceof OutsideError && isStaleToken(error.code)) return 'stale'
  throw error
}

/** "System busy" is no clear no: an act may have been done. */
const said = (ask: Exchange, error: OutsideError): OutsideError =>
  ask.act && isBusy(error) ? new OutsideError('unknown', error.message, { code: error.code }) : error

const isBusy = (error: unknown): error is OutsideError => error instanceof OutsideError && error.code === '-1'
