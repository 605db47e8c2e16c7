import { backoff } from '../../core/backoff.ts'
import { type Clock, sleep } from '../../core/clock.ts'
import { OutsideError } from '../../core/errors.ts'
import type { Logger } from '../../core/logger.ts'
import type { Picture } from '../../core/picture.ts'
import type { Secret } from '../../core/seal.ts'
import type { Incoming, Outgoing, Transport } from '../../core/transport.ts'
import type { Random } from '../../core/words.ts'
import type { Account } from '../platform.ts'
import { answerIn, isGenuine, objectIn } from './answer.ts'
import { both, failure, settled } from './errors.ts'
import type { Fields } from './fields.ts'
import type { Credentials } from './keys.ts'
import { form, multipart } from './request-body.ts'
import { signedRequest } from './sdk.ts'

/** For whom a call is made: the app itself, or a merchant that has authorised it. */
export interface Caller {
  readonly account: Account
  /** app_auth_token */
  readonly token?: Secret
}

export interface Call {
  /** Such as `alipay.trade.query`. */
  readonly method: string
  /** biz_content */
  readonly content?: object
  /** Parameters that stand beside biz_content. */
  readonly flat?: Readonly<Record<string, string>>
  /** Whole call, milliseconds. */
  readonly timeout?: number
  /** How often a call that may be made again is made, where nothing answers; 3 where nothing is said. */
  readonly tries?: number
}

/** The v2 gateway. Every answer is verified and a success before it is given back: the inner object, in wire names. */
export interface Gateway {
  /** A read, or a call that does no harm when made twice. @throws OutsideError, never `unknown` */
  read(caller: Caller, call: Call): Promise<Fields>
  /** Changes something there; made once. @throws OutsideError `unknown` when it may have happened */
  act(caller: Caller, call: Call): Promise<Fields>
  /** A picture; does no harm when made twice. @throws OutsideError */
  upload(caller: Caller, call: Call, part: { readonly name: string; readonly picture: Picture }): Promise<Fields>
}

export interface GatewayParts {
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** `https://openapi.alipay.com/gateway.do`, or where somebody plays it. */
  readonly url: string
  credentials(account: Account): Credentials
}

type Body = Pick<Outgoing, 'url' | 'body' | 'headers'>

const tries = 3
const readTime = 10_000
const actTime = 15_000
const uploadTime = 30_000

export function createGateway(parts: GatewayParts): Gateway {
  const { clock, random } = parts

  async function once(caller: Caller, call: Call, how: How): Promise<Fields> {
    const credentials = parts.credentials(caller.account)
    const signed = await signedRequest(credentials, {
      method: call.method,
      now: clock.now(),
      ...(caller.token === undefined ? {} : { token: caller.token.reveal() }),
      ...(call.content === undefined ? {} : { content: call.content }),
      ...(call.flat === undefined ? {} : { flat: call.flat }),
    })
    const answer = await send(parts, call, how.act, { ...how.body(signed), timeout: call.timeout ?? how.time })
    return judged(answer, { credentials, method: call.method, act: how.act })
  }

  async function again(caller: Caller, call: Call, how: How): Promise<Fields> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(caller, call, how)
      } catch (error) {
        if (attempt >= (call.tries ?? tries) || !mayPass(error)) throw error
        await sleep(clock, backoff(attempt, random, 300))
      }
    }
  }

  const plain = (signed: URLSearchParams) => form(parts.url, signed)
  return {
    read: (caller, call) => again(caller, call, { act: false, time: readTime, body: plain }),
    act: (caller, call) => once(caller, call, { act: true, time: actTime, body: plain }),
    upload: (caller, call, { name, picture }) => {
      const boundary = `redress${random(16).toString('hex')}`
      const body = (signed: URLSearchParams) => multipart(parts.url, signed, { name, picture, boundary })
      return again(caller, call, { act: false, time: uploadTime, body })
    },
  }
}

interface How {
  readonly act: boolean
  readonly time: number
  body(signed: URLSearchParams): Body
}

const mayPass = (error: unknown): boolean => error instanceof OutsideError && error.trouble === 'unreachable'

async function send(
  { transport, clock, logger }: GatewayParts,
  { method }: Call,
  act: boolean,
  body: Body & Pick<Outgoing, 'timeout'>,
): Promise<Incoming> {
  const began = clock.now()
  try {
    const answer = await transport.send({ method: 'POST', ...body })
    logger.debug({ method, status: answer.status, ms: clock.now() - began }, 'asked Alipay')
    return answer
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    const why = error.code || error.trouble
    throw new OutsideError(
      settled(error.trouble, act),
      both(`支付宝没有回答（${why}）`, `no answer from Alipay (${why})`),
      { code: 'network', cause: error },
    )
  }
}

interface Expected {
  readonly credentials: Credentials
  readonly method: string
  readonly act: boolean
}

/** Believed only when signed. What is not, and says no, may still tell a reader what is wrong with the keys; of an act it says nothing. */
function judged({ status, body }: Incoming, { credentials, method, act }: Expected): Fields {
  if (status !== 200) throw unsure(act, `http-${status}`)
  const answer = answerIn(body.toString('utf8'), method)
  const told = answer && objectIn(answer.signed)
  if (!answer || !told) throw unsure(act, 'unreadable')
  const genuine = isGenuine(answer, credentials.alipayKey)
  const fine = told.code === '10000'
  if (genuine && fine) return told
  if (genuine) throw failure(told, act)
  if (answer.sign === undefined && !fine && !act) throw failure(told, act)
  const { serials } = credentials
  if (serials && answer.certificate !== undefined && answer.certificate !== serials.alipay) throw renewed(act)
  throw unsure(act, answer.sign === undefined ? 'unsigned' : 'signature')
}

/** An answer that cannot be believed is none: whatever it was about may have happened. */
const unsure = (act: boolean, why: string): OutsideError =>
  new OutsideError(
    settled('unknown', act),
    both(`支付宝的应答无法确认（${why}）`, `the answer cannot be shown to be from Alipay (${why})`),
    { code: `unverified:${why}` },
  )

const renewed = (act: boolean): OutsideError =>
  new OutsideError(
    act ? 'unknown' : 'forbidden',
    both(
      '支付宝公钥证书已更换：请下载新的 alipayCertPublicKey_RSA2.crt 并更新此账号',
      'Alipay signs with a new certificate: download alipayCertPublicKey_RSA2.crt again and update this account',
    ),
    { code: 'unverified:certificate' },
  )
