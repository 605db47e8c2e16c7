import { backoff } from '../../core/backoff.ts'
import { sleep } from '../../core/clock.ts'
import { OutsideError } from '../../core/errors.ts'
import type { Incoming } from '../../core/transport.ts'
import type { Account } from '../platform.ts'
import type { Certificates } from './certificates.ts'
import { both, failure, PayError } from './errors.ts'
import { type Ask, exchange, type Wire } from './exchange.ts'
import { type Fields, parsed } from './fields.ts'
import type { Credentials } from './keys.ts'
import { serialOf, type Unproven, unproven } from './signature.ts'

export type Question = Omit<Ask, 'act'>

export interface Said {
  readonly fields: Fields
  /** Their id of the request: for their support. */
  readonly requestId: string | undefined
}

export interface Client {
  /** A read, or a call that does no harm when made twice. @throws PayError, never `unknown` */
  read(account: Account, ask: Question): Promise<Fields>
  /** Changes something there; made once. @throws PayError `unknown` when it may have happened */
  act(account: Account, ask: Question): Promise<Said>
  /** Bytes that they do not sign: pictures. @throws PayError */
  bytes(account: Account, ask: Question): Promise<Buffer>
}

export interface ClientParts extends Wire {
  readonly certificates: Certificates
  credentials(account: Account): Credentials
}

const tries = 3

export function createClient(parts: ClientParts): Client {
  const { clock, random, certificates } = parts

  async function said(credentials: Credentials, ask: Ask, base?: string): Promise<Said> {
    await certificates.ready(credentials)
    const answer = await exchange(parts, credentials, ask, base)
    const requestId = answer.headers['request-id']
    if (answer.status < 200 || answer.status > 299 || answer.status === 202)
      throw failure({ status: answer.status, body: answer.body, requestId }, ask.act)
    const why = await doubt(credentials, answer)
    if (why) throw unsure(ask, `unverified:${why}`)
    const fields = answer.body.length === 0 ? {} : parsed(answer.body.toString('utf8'))
    if (!fields) throw unsure(ask, 'not-json')
    return { fields, requestId }
  }

  /** A key that has come since the last look is fetched; the answer waits for it. */
  async function doubt(credentials: Credentials, { headers, body }: Incoming): Promise<Unproven | undefined> {
    const keyOf = (serial: string) => certificates.key(credentials, serial)
    const why = unproven({ headers, body, now: clock.now(), keyOf })
    if (why !== 'unknown-key') return why
    await certificates.learn(credentials, serialOf(headers) ?? '')
    return unproven({ headers, body, now: clock.now(), keyOf })
  }

  return {
    async read(account, ask) {
      const credentials = parts.credentials(account)
      for (let attempt = 1, base = parts.baseUrl; ; attempt++) {
        try {
          return (await said(credentials, { ...ask, act: false }, base)).fields
        } catch (error) {
          if (attempt === tries || !mayPass(error)) throw error
          // The signature does not cover the host.
          if (parts.backupUrl !== undefined) base = base === parts.baseUrl ? parts.backupUrl : parts.baseUrl
          await sleep(clock, backoff(attempt, random, 300))
        }
      }
    },
    act: async (account, ask) => said(parts.credentials(account), { timeout: 15_000, ...ask, act: true }),
    async bytes(account, ask) {
      const answer = await exchange(parts, parts.credentials(account), { ...ask, act: false })
      if (answer.status !== 200) throw failure({ ...answer, requestId: answer.headers['request-id'] }, false)
      return answer.body
    },
  }
}

const mayPass = (error: unknown): boolean =>
  error instanceof OutsideError &&
  (error.trouble === 'unreachable' || (error.trouble === 'busy' && error.code !== 'queue'))

/** An answer that cannot be believed is none: whatever it was about may have happened. */
const unsure = (ask: Ask, code: string): PayError =>
  new PayError(
    ask.act ? 'unknown' : 'unreachable',
    both(`微信支付的应答无法验证（${code}）`, `the answer cannot be shown to be from WeChat Pay (${code})`),
    { code },
  )
