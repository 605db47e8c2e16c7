import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import type { Action, ActionKind, ActionOf } from '../../../src/complaints/action.ts'
import type { Complaint, Return } from '../../../src/complaints/complaint.ts'
import { manualClock } from '../../../src/core/clock.ts'
import type { RawRequest } from '../../../src/core/http.ts'
import { silent } from '../../../src/core/logger.ts'
import type { Picture } from '../../../src/core/picture.ts'
import { Secret } from '../../../src/core/seal.ts'
import type { Incoming, Outgoing, Transport } from '../../../src/core/transport.ts'
import { asId, asPictureHash, type Instant, instant, type PictureHash } from '../../../src/core/words.ts'
import type { Account, Job, Token, Tokens, Uploaded } from '../../../src/platforms/platform.ts'
import { createWechatMini, type WechatMiniParts } from '../../../src/platforms/wechat-mini/index.ts'

export const appid = 'wxba5fad812f8e6fb9'
export const pushToken = 'AAAAA'
export const aesKey = 'A'.repeat(43)
/** The ciphertext of the official documentation. */
export const published =
  '+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04='

export const start = Date.parse('2026-11-21T08:00:00.000Z')
export const seconds = (iso: string) => Date.parse(iso) / 1000

export function account(over: Partial<Account> & { mode?: string } = {}): Account {
  const { mode = 'safe', ...rest } = over
  return {
    id: asId<'account'>('acc_1'),
    tenant: asId<'tenant'>('ten_1'),
    platform: 'wechat-mini',
    name: 'shop',
    outsideId: appid,
    enabled: true,
    secrets: { secret: new Secret('s3cret-of-the-app'), token: new Secret(pushToken), aesKey: new Secret(aesKey) },
    settings: { mode },
    ...rest,
  }
}

// Written here a second time on purpose: our own code must open what is not sealed by our own code.
export function seal(message: string | Buffer, id = appid, random: Buffer = randomBytes(16), key = aesKey): string {
  const bytes = Buffer.from(message)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  const plain = Buffer.concat([random, length, bytes, Buffer.from(id)])
  const pad = 32 - (plain.length % 32)
  return encryptRaw(Buffer.concat([plain, Buffer.alloc(pad, pad)]), key)
}

export function encryptRaw(padded: Buffer, key = aesKey): string {
  const bytes = Buffer.from(`${key}=`, 'base64')
  const cipher = createCipheriv('aes-256-cbc', bytes, bytes.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64')
}

export const sha1 = (...parts: string[]) =>
  createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex')

const timestamp = '1714112445'
const nonce = '415670741'

export const post = (body: string | Buffer, query: Record<string, string>): RawRequest => ({
  method: 'POST',
  path: '/callbacks/wechat-mini/acc_1',
  query: new URLSearchParams(query).toString(),
  headers: {},
  body: Buffer.from(body),
})

export const plainQuery = (token = pushToken) => ({ signature: sha1(token, timestamp, nonce), timestamp, nonce })
export const safeQuery = (encrypt: string, token = pushToken) => ({
  ...plainQuery(token),
  encrypt_type: 'aes',
  msg_signature: sha1(token, timestamp, nonce, encrypt),
})

export const xmlEnvelope = (encrypt: string) =>
  `<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`
export const jsonEnvelope = (encrypt: string) => JSON.stringify({ ToUserName: 'gh_97417a04a28d', Encrypt: encrypt })

export function safePost(message: string | Buffer, envelope: (encrypt: string) => string = jsonEnvelope): RawRequest {
  const encrypt = seal(message)
  return post(envelope(encrypt), safeQuery(encrypt))
}

/** The real JSON shape: flat, numbers as strings, one history entry as an object. */
export const jsonPush = (over: object = {}) =>
  JSON.stringify({
    ToUserName: 'gh_97417a04a28d',
    FromUserName: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
    CreateTime: 1714112445,
    MsgType: 'event',
    Event: 'complaint_callback',
    appid,
    option_type: '1',
    complaint_order_id: '2157',
    status: '201',
    create_time: '1714112400',
    expire_time: '1714285200',
    type: '643',
    order_id: 'payorder@_4200002179202404261234567890',
    out_trade_no: 'T20240426001',
    phone_number: '13800138000',
    open_id: 'oABCDEFG',
    pay_time: '1714100000',
    total_cost: '5000',
    product_name: '保温杯',
    history: { time: '1714112400', content: '收到的杯子漏水', media_id_list: ['https://cdn.example/a.jpg'] },
    ...over,
  })

/** The documented XML shape: a wrapper, repeated tags. */
export const xmlPush = (inside = '') =>
  `<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><FromUserName><![CDATA[o9AgO5]]></FromUserName><CreateTime>1714112445</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[complaint_callback]]></Event><BussiCallBackInfo><appid>${appid}</appid><option_type>1</option_type><complaint_order_id>2157</complaint_order_id><status>201</status><create_time>1714112400</create_time><expire_time>1714285200</expire_time><type>643</type><order_id>payorder@_4200002179202404261234567890</order_id><out_trade_no>T20240426001</out_trade_no><phone_number>13800138000</phone_number><open_id>oABCDEFG</open_id><total_cost>5000</total_cost><product_name><![CDATA[保温杯]]></product_name><customer_material_content><![CDATA[杯子 <漏水> & 生锈]]></customer_material_content><customer_material_media_id_list>https://cdn.example/a.jpg</customer_material_media_id_list><customer_material_media_id_list>https://cdn.example/b.jpg</customer_material_media_id_list>${inside}</BussiCallBackInfo></xml>`

export function memoryTokens(): Tokens & { held: Map<string, Token>; writes: number } {
  const held = new Map<string, Token>()
  const store = {
    held,
    writes: 0,
    async read(id: string) {
      return held.get(id)
    },
    async write(id: string, token: Omit<Token, 'fence'>, seen: number): Promise<Token> {
      const now = held.get(id)
      if (now && now.fence !== seen) return now
      store.writes++
      const written = { ...token, fence: seen + 1 }
      held.set(id, written)
      return written
    },
  }
  return store
}

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
  readonly url: string
}

type Answer = object | string | Error | Incoming
export type Script = (asked: Asked) => Answer | undefined | Promise<Answer | undefined>

/** The outside, answering by script; a token is given unless the script says otherwise. */
export function scripted(script: Script): Transport & { readonly asked: Asked[]; paths(): string[] } {
  const asked: Asked[] = []
  return {
    asked,
    paths: () => asked.map((one) => one.path),
    async send(outgoing: Outgoing): Promise<Incoming> {
      const url = new URL(outgoing.url)
      const one: Asked = {
        method: outgoing.method,
        path: url.pathname,
        query: url.searchParams,
        body: Buffer.from(outgoing.body ?? ''),
        headers: outgoing.headers ?? {},
        url: outgoing.url,
      }
      asked.push(one)
      const answer =
        (await script(one)) ??
        (one.path === '/cgi-bin/stable_token' ? { access_token: 'TOKEN1', expires_in: 7200 } : undefined)
      if (answer === undefined) throw new Error(`no script for ${one.method} ${one.path}`)
      if (answer instanceof Error) throw answer
      if (isIncoming(answer)) return answer
      const body = typeof answer === 'string' ? answer : JSON.stringify(answer)
      return { status: 200, headers: {}, body: Buffer.from(body) }
    },
  }
}

const isIncoming = (answer: object | string): answer is Incoming =>
  typeof answer === 'object' && 'status' in answer && 'headers' in answer && 'body' in answer

export function platformOn(script: Script, more: Partial<WechatMiniParts> = {}) {
  const transport = scripted(script)
  const clock = manualClock(start)
  const tokens = memoryTokens()
  const platform = createWechatMini({
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
    tokens,
    logger: silent,
    ...more,
  })
  return { platform, transport, clock, tokens }
}

export const detail = (order: object = {}, more: object = {}) => ({
  errcode: 0,
  errmsg: 'ok rid: 6621aa00-11112222-33334444',
  complaintOrder: {
    complaintOrderId: '2157',
    openId: 'oABCDEFG',
    createTime: seconds('2026-11-20T08:00:00Z'),
    phoneNumber: '13800138000',
    type: 643,
    status: 201,
    customerMaterial: { content: '收到的杯子漏水', mediaIdList: ['https://cdn.example/a.jpg'] },
    orderId: 'payorder@_4200002179202404261234567890',
    outTradeNo: 'T20240426001',
    productName: '保温杯',
    payTime: seconds('2026-11-10T08:00:00Z'),
    totalCostStr: '¥50.00',
    expireTime: seconds('2026-11-22T08:00:00Z'),
    nickName: '张三',
    appealState: 0,
    ...order,
  },
  item: [{ itemType: 1, time: seconds('2026-11-20T08:00:00Z'), content: '收到的杯子漏水', mediaIdList: [] }],
  ...more,
})

export const png = (size = 64): Picture => {
  const bytes = Buffer.alloc(size)
  Buffer.from('89504e470d0a1a0a', 'hex').copy(bytes)
  return { type: 'image/png', bytes }
}

export const hashOf = (n: number): PictureHash => asPictureHash(String(n).padStart(64, '0'))

export interface JobBook {
  readonly uploads: PictureHash[]
  readonly forgotten: PictureHash[]
  readonly cache: Map<PictureHash, Uploaded>
}

/** A job as carry-out would hand it over, with a real upload cache. */
export function jobOf<Kind extends ActionKind>(
  action: ActionOf<Kind> & Action,
  over: {
    since?: Instant
    picture?: Picture
    book?: JobBook
    number?: string
    returned?: Return
    settings?: Account['settings']
  } = {},
): Job<Kind> & { book: JobBook } {
  const book: JobBook = over.book ?? { uploads: [], forgotten: [], cache: new Map() }
  const more = over.returned ? { returned: over.returned } : {}
  const complaint = { number: over.number ?? '2157', scope: appid, ...more } as Complaint
  return {
    book,
    seat: { account: account(over.settings ? { settings: over.settings } : {}) },
    complaint,
    action,
    since: over.since ?? instant(start),
    picture: async () => over.picture ?? png(),
    async uploaded(hash, upload) {
      const known = book.cache.get(hash)
      if (known) return known.id
      const made = await upload(over.picture ?? png())
      book.uploads.push(hash)
      book.cache.set(hash, made)
      return made.id
    },
    async forgetUpload(hash) {
      book.forgotten.push(hash)
      book.cache.delete(hash)
    },
  }
}
