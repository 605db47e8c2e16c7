import type { Clock } from '../../core/clock.ts'
import { OutsideError } from '../../core/errors.ts'
import type { Logger } from '../../core/logger.ts'
import type { Incoming, Transport } from '../../core/transport.ts'
import type { Random } from '../../core/words.ts'
import { both, PayError } from './errors.ts'
import type { Credentials } from './keys.ts'
import type { Limiter, Operation } from './limits.ts'
import { authorization } from './signature.ts'

export interface Wire {
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly limiter: Limiter
  /** Without a slash at the end. */
  readonly baseUrl: string
  /** The same API elsewhere, for what may be asked twice. */
  readonly backupUrl?: string
}

/** Bytes to send, and the text that is signed for them. */
export interface Body {
  readonly bytes: string | Buffer
  readonly type: string
  readonly signs: string
}

export interface Ask {
  readonly operation: Operation
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Path and query, encoded: sent and signed as it stands here. */
  readonly target: string
  readonly body?: Body
  readonly accept?: string
  readonly timeout?: number
  readonly limit?: number
  /** It changes something there: what is not clearly answered may have happened. */
  readonly act: boolean
}

export const json = (value: object): Body => {
  const bytes = JSON.stringify(value)
  return { bytes, type: 'application/json', signs: bytes }
}

/** `/path?a=b`, encoded once: what stands there is signed and sent. */
export function target(path: string, query: Readonly<Record<string, string | number | undefined>> = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}

/** Signs and sends, once. @throws PayError: for an act `unknown` unless nothing can have arrived. */
export async function exchange(wire: Wire, credentials: Credentials, ask: Ask, base = wire.baseUrl): Promise<Incoming> {
  const { clock, transport, limiter, logger } = wire
  await limiter.turn(credentials.mchid, ask.operation)
  const began = clock.now()
  try {
    const answer = await transport.send({
      method: ask.method,
      url: `${base}${ask.target}`,
      headers: headersOf(wire, credentials, ask),
      ...(ask.body === undefined ? {} : { body: ask.body.bytes }),
      ...(ask.timeout === undefined ? {} : { timeout: ask.timeout }),
      ...(ask.limit === undefined ? {} : { limit: ask.limit }),
    })
    const { status, headers } = answer
    logger.debug(
      { operation: ask.operation, status, ms: clock.now() - began, requestId: headers['request-id'] },
      'asked WeChat Pay',
    )
    if (status === 429) limiter.pause(credentials.mchid, ask.operation, 2_000)
    return answer
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    const trouble = error.trouble === 'unknown' && !ask.act ? 'unreachable' : error.trouble
    const why = error.code || error.trouble
    const message = both(`微信支付没有回答（${why}）`, `no answer from WeChat Pay (${why})`)
    throw new PayError(trouble, message, { code: 'network', cause: error })
  }
}

function headersOf({ clock, random }: Wire, credentials: Credentials, ask: Ask): Record<string, string> {
  const signing = {
    method: ask.method,
    target: ask.target,
    timestamp: String(Math.floor(clock.now() / 1000)),
    nonce: random(16).toString('hex').toUpperCase(),
    body: ask.body?.signs ?? '',
  }
  return {
    authorization: authorization(credentials, signing),
    accept: ask.accept ?? 'application/json',
    'accept-language': 'zh-CN',
    'user-agent': 'redress',
    ...(ask.body === undefined ? {} : { 'content-type': ask.body.type }),
    // Only then do they sign their answer with the public key; else with some platform certificate.
    ...(credentials.publicKeyId === undefined ? {} : { 'wechatpay-serial': credentials.publicKeyId }),
  }
}
