import { createDecipheriv, createHash, generateKeyPairSync, sign, verify, X509Certificate } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deliverByHttp } from '../../sandbox/deliver.ts'
import {
  createWechatPay,
  type Merchant,
  mintMerchant,
  serveWechatPay,
  type WechatPay,
  type WechatPayOptions,
} from '../../sandbox/wechat-pay/index.ts'
import { type ManualClock, manualClock } from '../../src/core/clock.ts'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Asked {
  readonly status: number
  readonly json: Record<string, unknown>
  readonly text: string
  readonly headers: Headers
}

export interface Ask {
  readonly as?: Identity
  readonly headers?: Readonly<Record<string, string>>
  /** Signed instead of the body. */
  readonly signedBody?: string
  readonly signedUrl?: string
  /** Seconds away from the sandbox's clock. */
  readonly off?: number
  readonly authorization?: string
}

export interface World {
  readonly clock: ManualClock
  readonly pay: WechatPay
  readonly url: string
  /** Where the merchant hears. */
  readonly hears: string
  readonly received: Received[]
  answering: (received: Received) => { status: number; body: string } | 'silence'
  ask(method: string, path: string, body?: unknown, options?: Ask): Promise<Asked>
  /** The time passes, what is due happens, notices are answered. */
  pass(ms: number): Promise<void>
  /** Whether the platform's own key signed these bytes. */
  genuine(headers: Headers | IncomingHttpHeaders, body: string): boolean
  close(): Promise<void>
}

export const start = Date.UTC(2026, 10, 21, 2, 0, 0)
export const apiV3Key = 'a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb'
/** The smallest thing that starts like a PNG. */
export const tinyPng = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

export interface Identity {
  readonly mchid: string
  readonly privateKey: string
  readonly certificate: string
  readonly serial: string
}

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
export const identity = (mchid: string): Identity => ({
  mchid,
  ...mintMerchant({
    mchid,
    now: start,
    privateKey: pem.toString(),
    random: (size) => createHash('sha256').update(mchid).digest().subarray(0, size),
  }),
})
export const shop = identity('1900007291')
export const other = identity('1900000109')
export const provider = identity('1500001111')

const merchant = (who: Identity, name: string, more: Partial<Merchant> = {}): Merchant => ({
  mchid: who.mchid,
  name,
  apiV3Key,
  certificateSerial: who.serial,
  publicKey: who.certificate,
  ...more,
})

export async function openWorld(
  options: Partial<Omit<WechatPayOptions, 'merchants'>> & { shop?: Partial<Merchant> } = {},
): Promise<World> {
  const clock = manualClock(start)
  const received: Received[] = []
  const listener = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const one = { path: incoming.url ?? '', headers: incoming.headers, body: Buffer.concat(chunks).toString() }
      received.push(one)
      const answer = world.answering(one)
      if (answer !== 'silence') response.writeHead(answer.status).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const hears = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
  const { shop: shopMore, ...others } = options
  const pay = createWechatPay({
    clock,
    random: numbered(),
    deliver: deliverByHttp,
    merchants: [
      merchant(shop, '青禾优选', { notifyUrl: `${hears}/complaints/shop`, ...shopMore }),
      merchant(other, '山行书店', { notifyUrl: `${hears}/complaints/other`, verification: 'certificates' }),
      merchant(provider, '云上服务商', {
        notifyUrl: `${hears}/complaints/provider`,
        subMerchants: [
          { mchid: '1600000001', name: '一店' },
          { mchid: '1600000002', name: '二店', refundsAuthorised: false },
        ],
      }),
    ],
    ...others,
  })
  const served = await serveWechatPay(pay, { tickMs: 0 })
  const world: World = {
    clock,
    pay,
    url: served.url,
    hears,
    received,
    answering: () => ({ status: 204, body: '' }),
    async ask(method, path, body, { as = shop, headers = {}, ...how } = {}) {
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
      const authorization =
        how.authorization ?? authorize(world, method, how.signedUrl ?? path, how.signedBody ?? text, as, how.off)
      const answer = await fetch(served.url + path, {
        method,
        headers: {
          accept: 'application/json',
          'user-agent': 'test',
          ...(text ? { 'content-type': 'application/json' } : {}),
          authorization,
          ...headers,
        },
        ...(text ? { body: text } : {}),
      })
      const told = await answer.text()
      const json = told.startsWith('{') ? safeJson(told) : {}
      return { status: answer.status, json, text: told, headers: answer.headers }
    },
    async pass(ms) {
      clock.advance(ms)
      await pay.advance()
      await pay.idle()
    },
    genuine: (headers, body) => genuine(pay, headers, body),
    async close() {
      await served.close()
      listener.closeAllConnections()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
  return world
}

function safeJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** Facts, 3.1 Request signing: five lines, RSA PKCS#1 v1.5 with SHA-256. */
export function authorize(
  { clock }: Pick<World, 'clock'>,
  method: string,
  url: string,
  body: string,
  as: Identity,
  off = 0,
) {
  const timestamp = String(Math.floor(clock.now() / 1000) + off)
  const nonce = '593BEC0C930BF1AFEB40B4A08C8FB242'
  const message = `${method}\n${url}\n${timestamp}\n${nonce}\n${body}\n`
  const signature = sign('sha256', Buffer.from(message), as.privateKey).toString('base64')
  const fields = { mchid: as.mchid, nonce_str: nonce, signature, timestamp, serial_no: as.serial }
  const pairs = Object.entries(fields).map(([name, value]) => `${name}="${value}"`)
  return `WECHATPAY2-SHA256-RSA2048 ${pairs.join(',')}`
}

/** Facts, 3.2 Verifying responses and callbacks. */
function genuine(pay: WechatPay, headers: Headers | IncomingHttpHeaders, body: string): boolean {
  const read = (name: string) => String(headers instanceof Headers ? headers.get(name) : headers[name])
  const serial = read('wechatpay-serial')
  const byId = pay.merchants.map(({ mchid }) => pay.publicKey(mchid)).find(({ id }) => id === serial)
  const certificate = pay.certificates().find((one) => one.serial === serial)
  const key = byId?.pem ?? (certificate && new X509Certificate(certificate.pem).publicKey)
  if (!key) return false
  const message = `${read('wechatpay-timestamp')}\n${read('wechatpay-nonce')}\n${body}\n`
  return verify('sha256', Buffer.from(message), key, Buffer.from(read('wechatpay-signature'), 'base64'))
}

/** Facts, 3.3 Resource decryption. */
export function opened(resource: unknown): Record<string, unknown> {
  return JSON.parse(decrypted(resource)) as Record<string, unknown>
}

export function decrypted(resource: unknown): string {
  const { ciphertext, nonce, associated_data: associated = '' } = resource as Record<string, string>
  const bytes = Buffer.from(ciphertext ?? '', 'base64')
  const decipher = createDecipheriv('aes-256-gcm', apiV3Key, nonce ?? '')
  decipher.setAAD(Buffer.from(associated))
  decipher.setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString()
}

/** Randomness that is the same in every run. */
function numbered(): (size: number) => Buffer {
  let count = 0
  return (size) => {
    const blocks = Array.from({ length: Math.ceil(size / 32) }, () =>
      createHash('sha256').update(`random ${count++}`).digest(),
    )
    return Buffer.concat(blocks).subarray(0, size)
  }
}
