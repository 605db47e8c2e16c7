import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import type { Action, ActionKind, ActionOf } from '../../../src/complaints/action.ts'
import type { Complaint } from '../../../src/complaints/complaint.ts'
import { manualClock } from '../../../src/core/clock.ts'
import type { RawRequest } from '../../../src/core/http.ts'
import { silent } from '../../../src/core/logger.ts'
import type { Picture } from '../../../src/core/picture.ts'
import { Secret } from '../../../src/core/seal.ts'
import type { Incoming, Outgoing, Transport } from '../../../src/core/transport.ts'
import { asId, asPictureHash, type Instant, instant, type PictureHash } from '../../../src/core/words.ts'
import { type AlipayParts, createAlipay } from '../../../src/platforms/alipay/index.ts'
import type { Account, Job, Merchant, Uploaded } from '../../../src/platforms/platform.ts'
import { certificateFor } from '../wechat-pay/certificate.ts'

// Everything that Alipay signs is written here a second time on purpose: our own code must read what our own code did not write.

export const appId = '2021000000000001'
export const start = Date.parse('2026-11-21T08:00:00.000Z')
const year = 365 * 86_400_000

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
export const keys = { app: pair(), alipay: pair(), stranger: pair() }

const dates = { from: start - year, to: start + year }
const certified = (who: keyof typeof keys, serial: string, more: Partial<typeof dates> = {}) =>
  certificateFor({ key: keys[who].privateKey, publicKey: keys[who].publicKey, serial, ...dates, ...more })
export const certificates = {
  app: certified('app', '5F1C72E2A8931B72A2E13AF8DEE92471EB397115'),
  alipay: certified('alipay', '440024045C4A427599D09BB4E3DE0279F2E813FD'),
  ending: certified('alipay', '440024045C4A427599D09BB4E3DE0279F2E813FD', { to: start + 86_400_000 }),
  root: certified('stranger', '0A0024045C4A427599D09BB4E3DE0279F2E81300'),
}

export const pem = (key: KeyObject): string =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString()

export const secretsOf = (texts: Record<string, string>) =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, new Secret(text)]))

export const keySecrets = { privateKey: pem(keys.app.privateKey), alipayPublicKey: pem(keys.alipay.publicKey) }
export const certificateSecrets = {
  privateKey: pem(keys.app.privateKey),
  appCertificate: certificates.app,
  alipayCertificate: certificates.alipay,
  rootCertificate: certificates.root,
}

export function account(over: Partial<Account> = {}): Account {
  return {
    id: asId<'account'>('acc_1'),
    tenant: asId<'tenant'>('ten_1'),
    platform: 'alipay',
    name: 'shop',
    outsideId: appId,
    enabled: true,
    secrets: secretsOf(keySecrets),
    settings: {},
    ...over,
  }
}
export const certificateAccount = (over: Partial<Account> = {}): Account =>
  account({ secrets: secretsOf(certificateSecrets), settings: { mode: 'certificate' }, ...over })

export const merchant: Merchant = { id: asId<'merchant'>('mer_1'), outsideId: '2088000000000001', name: 'sub' }

export interface Asked {
  readonly url: URL
  readonly method: string
  readonly query: URLSearchParams
  /** What stands in the body: a form, or the fields of a multipart body. */
  readonly form: URLSearchParams
  readonly body: Buffer
  readonly timeout: number | undefined
  /** biz_content */
  readonly content: unknown
}

/** An object is the inner object of an answer as it should be; `raw(…)` another answer. */
export type Answer = object | Error | Raw
export class Raw {
  readonly body: string
  readonly status: number
  constructor(body: string, status = 200) {
    this.body = body
    this.status = status
  }
}

export const ok = (more: object = {}) => ({ code: '10000', msg: 'Success', ...more })
export const no = (sub_code: string, more: object = {}) => ({
  code: '40004',
  msg: 'Business Failed',
  sub_code,
  sub_msg: '说明',
  ...more,
})

export interface Signing {
  readonly key?: KeyObject
  readonly name?: string
  readonly serial?: string
}

/** The answer of the gateway to a call; the signature covers the inner object as it is written. */
export function answered(method: string, inner: object | string, how: Signing = {}): string {
  const written = typeof inner === 'string' ? inner : JSON.stringify(inner)
  const { key = keys.alipay.privateKey, name = `${method.replaceAll('.', '_')}_response`, serial } = how
  const signature = sign('RSA-SHA256', Buffer.from(written), key).toString('base64')
  return `{"${name}":${written}${serial === undefined ? '' : `,"alipay_cert_sn":"${serial}"`},"sign":"${signature}"}`
}

export type Script = (asked: Asked) => Answer | undefined | Promise<Answer | undefined>

/** The outside by script: checks every signature as the documents say it, signs every answer. */
export function scripted(script: Script): Transport & { readonly asked: Asked[]; methods(): string[] } {
  const asked: Asked[] = []
  return {
    asked,
    methods: () => asked.map((one) => one.method),
    async send(outgoing: Outgoing): Promise<Incoming> {
      const one = read(outgoing)
      asked.push(one)
      checkSignature(one)
      const answer = await script(one)
      if (answer === undefined) throw new Error(`no script for ${one.method}`)
      if (answer instanceof Error) throw answer
      const { status, body } = answer instanceof Raw ? answer : { status: 200, body: answered(one.method, answer) }
      return { status, headers: {}, body: Buffer.from(body) }
    },
  }
}

function read(outgoing: Outgoing): Asked {
  const url = new URL(outgoing.url)
  const body = Buffer.from(outgoing.body ?? '')
  const multipart = outgoing.headers?.['content-type']?.startsWith('multipart/') === true
  const form = multipart
    ? new URLSearchParams(
        [...body.toString('latin1').matchAll(/name="(\w+)"\r\n\r\n([^\r]*)\r\n/g)].map((match): [string, string] => [
          match[1] ?? '',
          Buffer.from(match[2] ?? '', 'latin1').toString(),
        ]),
      )
    : new URLSearchParams(body.toString())
  const content = form.get('biz_content')
  return {
    url,
    method: url.searchParams.get('method') ?? '',
    query: url.searchParams,
    form,
    body,
    timeout: outgoing.timeout,
    content: content === null ? undefined : JSON.parse(content),
  }
}

function checkSignature({ query, form, method }: Asked): void {
  const all = new Map([...query, ...form])
  const given = all.get('sign') ?? ''
  all.delete('sign')
  const content = [...all]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  const fine = verify('RSA-SHA256', Buffer.from(content), keys.app.publicKey, Buffer.from(given, 'base64'))
  if (!fine || all.get('app_id') !== appId || all.get('sign_type') !== 'RSA2')
    throw new Error(`badly signed: ${method}`)
}

export function platformOn(script: Script, more: Partial<AlipayParts> = {}) {
  const clock = manualClock(start)
  const transport = scripted(script)
  const platform = createAlipay({
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

export const riskId = '158237746'
export const tradeNo = '2026112122001446881000041395'
export const risk = (over: object = {}) => ({
  id: 158237746,
  task_id: '10243351927',
  opposite_pid: '2088000000000001',
  opposite_name: '某商家',
  complain_amount: '39.80',
  complain_content: '付款后没有收到货',
  contact: '13800138000',
  gmt_complain: '2026-11-21 10:00:00',
  gmt_process: '',
  gmt_overdue: '2026-11-22 10:00:00',
  gmt_risk_finish_time: '2026-11-21 10:05:00',
  trade_no: tradeNo,
  status: 'WAIT_PROCESS',
  status_description: '待处理',
  complaint_trade_info_list: [
    {
      id: 1,
      complaint_record_id: 158237746,
      trade_no: tradeNo,
      out_no: '20190906154617947762231',
      gmt_trade: '2026-11-20 12:00:00',
      status: 'WAIT_PROCESS',
      status_description: '待处理',
      amount: '39.80',
    },
  ],
  ...over,
})

export const eventId = '2026112100102000000001459758'
export const trade = (over: object = {}) => ({
  complain_event_id: eventId,
  status: 'MERCHANT_PROCESSING',
  trade_no: tradeNo,
  merchant_order_no: '20190906154617947762231',
  gmt_create: '2026-11-21 11:00:00',
  gmt_modified: '2026-11-21 11:00:00',
  leaf_category_name: '商品没有收到',
  complain_reason: '卖家不发货',
  content: '一直不发货',
  images: ['https://example.com/1.jpg'],
  phone_no: '13800138000',
  target_id: appId,
  target_type: 'APPID',
  trade_amount: '39.80',
  reply_detail_infos: [],
  ...over,
})

export const png = (size = 64, fill = 0): Picture => {
  const bytes = Buffer.alloc(size, fill)
  Buffer.from('89504e470d0a1a0a', 'hex').copy(bytes)
  return { type: 'image/png', bytes }
}
export const hashOf = (n: number): PictureHash => asPictureHash(String(n).padStart(64, '0'))

/** A job as carry-out would hand it over, with a real upload cache. */
export function jobOf<Kind extends ActionKind>(
  action: ActionOf<Kind> & Action,
  over: {
    number?: string
    since?: Instant
    cache?: Map<PictureHash, Uploaded>
    account?: Account
    merchant?: Merchant
    refund?: string
  } = {},
): Job<Kind> {
  const cache = over.cache ?? new Map<PictureHash, Uploaded>()
  const seat = { account: over.account ?? account(), ...(over.merchant ? { merchant: over.merchant } : {}) }
  return {
    seat: over.refund === undefined ? seat : { ...seat, payer: seat.account },
    ...(over.refund === undefined ? {} : { refund: { number: over.refund } }),
    // A deed reads only the number.
    complaint: { number: over.number ?? riskId } as Complaint,
    action,
    since: over.since ?? instant(start),
    picture: async () => png(),
    async uploaded(hash, upload) {
      const known = cache.get(hash)
      if (known) return known.id
      const made = await upload(png())
      cache.set(hash, made)
      return made.id
    },
    async forgetUpload(hash) {
      cache.delete(hash)
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

export interface Sending {
  readonly rule?: 'V1' | 'V2'
  readonly key?: KeyObject
  readonly by?: 'GET' | 'POST'
  /** Not part of what is signed. */
  readonly extra?: Record<string, string>
  /** Bytes instead of UTF-8. */
  readonly bytes?: Record<string, Buffer>
}

/** A message of 蚂蚁消息 as it reaches the app gateway. */
export function message(params: Record<string, string>, how: Sending = {}): RawRequest {
  const { rule = 'V1', key = keys.alipay.privateKey, by = 'POST', extra = {}, bytes = {} } = how
  const all = new Map<string, Buffer>([
    ...Object.entries(params).map(([name, value]) => [name, Buffer.from(value)] as const),
    ...Object.entries(bytes),
  ])
  const signed = [...all]
    .filter(([name]) => rule === 'V2' || name !== 'sign_type')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => Buffer.concat([Buffer.from(`${name}=`), value]))
  const content = Buffer.concat(signed.flatMap((part, index) => (index === 0 ? [part] : [Buffer.from('&'), part])))
  all.set('sign', Buffer.from(sign('RSA-SHA256', content, key).toString('base64')))
  for (const [name, value] of Object.entries(extra)) all.set(name, Buffer.from(value))
  const escaped = (value: Buffer) => value.toString('hex').replace(/../g, (hex) => `%${hex}`)
  const written = [...all].map(([name, value]) => `${name}=${escaped(value)}`).join('&')
  return {
    method: by,
    path: '/hooks/acc_1',
    query: by === 'GET' ? written : '',
    headers: {},
    body: Buffer.from(by === 'POST' ? written : ''),
  }
}

export const changed = (over: Record<string, string> = {}): Record<string, string> => ({
  notify_id: 'd275fec564e62af6bedbcee73f3f05fi5x',
  utc_timestamp: '1763712000000',
  msg_method: 'alipay.merchant.tradecomplain.changed',
  app_id: appId,
  version: '1.1',
  charset: 'GBK',
  sign_type: 'RSA2',
  biz_content: JSON.stringify({ complain_event_id: eventId }),
  ...over,
})
