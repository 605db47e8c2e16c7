import {
  constants,
  createCipheriv,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
  sign,
  verify,
} from 'node:crypto'
import { expect } from 'vitest'
import type { Action, ActionKind, ActionOf } from '../../../src/complaints/action.ts'
import type { Complaint } from '../../../src/complaints/complaint.ts'
import { manualClock } from '../../../src/core/clock.ts'
import type { RawRequest } from '../../../src/core/http.ts'
import { silent } from '../../../src/core/logger.ts'
import type { Picture } from '../../../src/core/picture.ts'
import { Secret } from '../../../src/core/seal.ts'
import type { Incoming, Outgoing, Transport } from '../../../src/core/transport.ts'
import { asId, asPictureHash, type Instant, instant, type PictureHash } from '../../../src/core/words.ts'
import type { Account, Job, Merchant, Uploaded } from '../../../src/platforms/platform.ts'
import { createWechatPay, type WechatPayParts } from '../../../src/platforms/wechat-pay/index.ts'
import { certificateFor } from './certificate.ts'

// Everything that WeChat Pay signs and seals is written here a second time on purpose: our own code must read what our own code did not write.

export const mchid = '1900007291'
export const apiV3Key = 'a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb'
export const publicKeyId = 'PUB_KEY_ID_0119000072912026112100111000000001'
export const start = Date.parse('2026-11-21T08:00:00.000Z')
const year = 365 * 86_400_000

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
export const keys = { merchant: pair(), public: pair(), platform: pair(), next: pair(), stranger: pair() }

const dates = { from: start - year, to: start + 4 * year }
const madeOf = (who: keyof typeof keys, serial: string, more: Partial<typeof dates> = {}) =>
  certificateFor({ key: keys[who].privateKey, publicKey: keys[who].publicKey, serial, ...dates, ...more })
export const serials = {
  merchant: '5F1C72E2A8931B72A2E13AF8DEE92471EB397115',
  platform: '440024045C4A427599D09BB4E3DE0279F2E813FD',
  next: '0A0024045C4A427599D09BB4E3DE0279F2E81300',
}
export const certificates = {
  merchant: madeOf('merchant', serials.merchant),
  platform: madeOf('platform', serials.platform),
  next: madeOf('next', serials.next),
  ending: madeOf('next', serials.next, { to: start + 3_600_000 }),
  expired: madeOf('next', serials.next, { to: start - 1000 }),
}

export const pem = (key: KeyObject): string =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString()

const secretsOf = (texts: Record<string, string>) =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, new Secret(text)]))

export const plainSecrets = {
  apiV3Key,
  privateKey: pem(keys.merchant.privateKey),
  certificate: certificates.merchant,
  publicKey: pem(keys.public.publicKey),
}

/** In public-key mode, with a platform certificate beside it as during a change. */
export function account(over: Partial<Account> = {}): Account {
  return {
    id: asId<'account'>('acc_1'),
    tenant: asId<'tenant'>('ten_1'),
    platform: 'wechat-pay',
    name: 'shop',
    outsideId: mchid,
    enabled: true,
    secrets: secretsOf({ ...plainSecrets, platformCertificates: certificates.platform }),
    settings: { publicKeyId },
    ...over,
  }
}

/** With nothing of theirs: platform certificates are fetched. */
export const certificateAccount = (over: Partial<Account> = {}): Account => {
  const { publicKey: _, ...secrets } = plainSecrets
  return account({ secrets: secretsOf(secrets), settings: {}, ...over })
}

export const provider = (settings: object = { provider: true }): Account =>
  account({ settings: { publicKeyId, ...settings } })

export const merchant: Merchant = { id: asId<'merchant'>('mer_1'), outsideId: '1600000001', name: 'sub' }

export interface Signature {
  readonly at?: number
  readonly serial?: string
  readonly key?: KeyObject
  readonly nonce?: string
  readonly drop?: string
  readonly headers?: Record<string, string>
}

/** The headers that WeChat Pay puts on what it says. */
export function signature(body: Buffer | string, how: Signature = {}): Record<string, string> {
  const {
    at = start,
    serial = publicKeyId,
    key = keys.public.privateKey,
    nonce = 'c5ac7061fccab6bf3e254dcf98995b8c',
  } = how
  const timestamp = String(Math.floor(at / 1000))
  const message = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), Buffer.from(body), Buffer.from('\n')])
  const headers: Record<string, string> = {
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-serial': serial,
    'wechatpay-signature': sign('RSA-SHA256', message, key).toString('base64'),
    'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
    'request-id': '08F78BB8C70610D50218C2A1C1A20228F0D201-268578434',
    ...how.headers,
  }
  if (how.drop !== undefined) delete headers[how.drop]
  return headers
}

export const byPlatform: Signature = { serial: serials.platform, key: keys.platform.privateKey }
export const byNext: Signature = { serial: serials.next, key: keys.next.privateKey }

export function seal(plain: string | Buffer, more: { key?: string; nonce?: string; data?: string } = {}) {
  const { key = apiV3Key, nonce = 'fdasflkja484', data = 'complaint' } = more
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key), Buffer.from(nonce)).setAAD(Buffer.from(data))
  const bytes = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  return {
    algorithm: 'AEAD_AES_256_GCM',
    original_type: 'complaint',
    associated_data: data,
    nonce,
    ciphertext: bytes.toString('base64'),
  }
}

export const notice = (resource: object = {}, over: object = {}) =>
  JSON.stringify({
    id: 'EV-2018022511223320873',
    create_time: '2026-11-21T15:59:58+08:00',
    resource_type: 'encrypt-resource',
    event_type: 'COMPLAINT.CREATE',
    summary: '产生新投诉',
    resource: seal(
      JSON.stringify({ complaint_id: '200201820200101080076610000', action_type: 'CREATE_COMPLAINT', ...resource }),
    ),
    ...over,
  })

export const callback = (body: string | Buffer, how: Signature = {}): RawRequest => ({
  method: 'POST',
  path: '/hooks/acc_1',
  query: '',
  headers: signature(body, how),
  body: Buffer.from(body),
})

export const phoneSealed = (phone: string, key: KeyObject = keys.merchant.publicKey): string =>
  publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, Buffer.from(phone)).toString(
    'base64',
  )

export interface Asked {
  readonly method: string
  readonly host: string
  readonly path: string
  /** Path and query as sent. */
  readonly target: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  json(): unknown
}

export interface Said {
  readonly status?: number
  readonly json?: unknown
  readonly body?: string | Buffer
  readonly how?: Signature
}
/** An object is an answer as it should be; `said(…)` another one. */
export type Answer = object | Error | Reply
export class Reply {
  readonly said: Said
  constructor(said: Said) {
    this.said = said
  }
}
export const said = (given: Said): Reply => new Reply(given)
export const refuse = (status: number, code: string, message = '说明', detail?: object): Reply =>
  said({ status, json: { code, message, ...(detail ? { detail } : {}) } })
export const done = said({ status: 204, body: '' })

export type Script = (asked: Asked) => Answer | undefined | Promise<Answer | undefined>

/** The outside by script: checks every signature as the documents say it, signs every answer. */
export function scripted(
  script: Script,
  now: () => number,
): Transport & { readonly asked: Asked[]; targets(): string[] } {
  const asked: Asked[] = []
  return {
    asked,
    targets: () => asked.map((one) => `${one.method} ${one.target}`),
    async send(outgoing: Outgoing): Promise<Incoming> {
      const one = read(outgoing)
      asked.push(one)
      if (one.headers.authorization !== undefined) checkSignature(one)
      const answer = await script(one)
      if (answer === undefined) throw new Error(`no script for ${one.method} ${one.target}`)
      if (answer instanceof Error) throw answer
      const {
        status = 200,
        json,
        body = JSON.stringify(json),
        how = {},
      } = answer instanceof Reply ? answer.said : { json: answer }
      const bytes = Buffer.from(body)
      return { status, headers: signature(bytes, { at: now(), ...how }), body: bytes }
    },
  }
}

function read(outgoing: Outgoing): Asked {
  const url = new URL(outgoing.url)
  const body = Buffer.from(outgoing.body ?? '')
  return {
    method: outgoing.method,
    host: url.host,
    path: url.pathname,
    target: outgoing.url.slice(url.origin.length),
    query: url.searchParams,
    headers: outgoing.headers ?? {},
    body,
    json: () => JSON.parse(body.toString()),
  }
}

export const authorizationOf = (asked: Pick<Asked, 'headers'>): Record<string, string> => {
  const given = asked.headers.authorization ?? ''
  expect(given).toMatch(/^WECHATPAY2-SHA256-RSA2048 (\w+="[^"]+",?)+$/)
  return Object.fromEntries([...given.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1] ?? '', match[2] ?? '']))
}

/** Of an upload only the meta part is signed. */
export const metaOf = (asked: Asked): string | undefined =>
  /name="meta"\r\nContent-Type: application\/json\r\n\r\n([^\r]*)\r\n/.exec(asked.body.toString('latin1'))?.[1]

function checkSignature(asked: Asked): void {
  const { timestamp, nonce_str, signature: given, serial_no } = authorizationOf(asked)
  const signed = asked.headers['content-type']?.startsWith('multipart/') ? metaOf(asked) : asked.body.toString()
  const message = `${asked.method}\n${asked.target}\n${timestamp}\n${nonce_str}\n${signed}\n`
  const fine = verify('RSA-SHA256', Buffer.from(message), keys.merchant.publicKey, Buffer.from(given ?? '', 'base64'))
  if (!fine || serial_no !== serials.merchant) throw new Error(`badly signed: ${asked.method} ${asked.target}`)
  if (!asked.headers.accept || !asked.headers['user-agent']) throw new Error('头部信息不完整')
}

export function platformOn(script: Script, more: Partial<WechatPayParts> = {}) {
  const clock = manualClock(start)
  const transport = scripted(script, clock.now)
  const platform = createWechatPay({
    transport,
    // Waits pass at once; the time that they would have taken does pass.
    clock: {
      now: clock.now,
      after: (ms, run) => {
        queueMicrotask(() => {
          clock.step(ms)
          run()
        })
        return () => undefined
      },
    },
    random: (size) => Buffer.alloc(size, 7),
    logger: silent,
    ...more,
  })
  return { platform, transport, clock }
}

export const number = '200201820200101080076610000'
export const root = '/v3/merchant-service/complaints-v2'

export const complaint = (over: object = {}) => ({
  complaint_id: number,
  complaint_time: '2026-11-21T10:00:00.120+08:00',
  complaint_detail: '反馈一个重复扣费的问题',
  complaint_state: 'PENDING',
  complainted_mchid: mchid,
  payer_phone: phoneSealed('13800138000'),
  payer_openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  complaint_order_info: [
    { transaction_id: '4200000404201909069117582536', out_trade_no: '20190906154617947762231', amount: 1990 },
  ],
  complaint_full_refunded: false,
  incoming_user_response: true,
  user_complaint_times: 1,
  problem_description: '不满意商家服务',
  problem_type: 'OTHERS',
  ...over,
})

export const step = (operate_type: string, at: number, over: object = {}) => ({
  log_id: '300285320210322170000071077',
  operator: '投诉人',
  operate_time: new Date(at).toISOString().replace('Z', '+00:00'),
  operate_type,
  operate_details: '',
  image_list: [],
  ...over,
})

export const pageOf = (data: readonly object[], asked?: Asked) => {
  const limit = Number(asked?.query.get('limit') ?? 50)
  const offset = Number(asked?.query.get('offset') ?? 0)
  return {
    data: data.slice(offset, offset + limit),
    limit,
    offset,
    ...(offset === 0 ? { total_count: data.length } : {}),
  }
}

export const png = (size = 64, fill = 0): Picture => {
  const bytes = Buffer.alloc(size, fill)
  Buffer.from('89504e470d0a1a0a', 'hex').copy(bytes)
  return { type: 'image/png', bytes }
}

export const hashOf = (n: number): PictureHash => asPictureHash(String(n).padStart(64, '0'))

export interface JobBook {
  readonly forgotten: PictureHash[]
  readonly cache: Map<PictureHash, Uploaded>
}

/** A job as carry-out would hand it over, with a real upload cache. */
export function jobOf<Kind extends ActionKind>(
  action: ActionOf<Kind> & Action,
  over: { since?: Instant; picture?: Picture; book?: JobBook; account?: Account; merchant?: Merchant } = {},
): Job<Kind> & { book: JobBook } {
  const book: JobBook = over.book ?? { forgotten: [], cache: new Map() }
  return {
    book,
    seat: { account: over.account ?? account(), ...(over.merchant ? { merchant: over.merchant } : {}) },
    // A deed reads only the number.
    complaint: { number } as Complaint,
    action,
    since: over.since ?? instant(start),
    picture: async () => over.picture ?? png(),
    async uploaded(hash, upload) {
      const known = book.cache.get(hash)
      if (known) return known.id
      const made = await upload(over.picture ?? png())
      book.cache.set(hash, made)
      return made.id
    },
    async forgetUpload(hash) {
      book.forgotten.push(hash)
      book.cache.delete(hash)
    },
  }
}

export const failureOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}
