import { createHash, createSign, createVerify, generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type Alipay,
  type AlipayOptions,
  type App,
  createAlipay,
  type Merchant,
  mintApp,
  serveAlipay,
} from '../../sandbox/alipay/index.ts'
import { deliverByHttp } from '../../sandbox/deliver.ts'
import { type ManualClock, manualClock } from '../../src/core/clock.ts'

export const start = Date.UTC(2026, 10, 21, 2, 0, 0)
/** The smallest thing that starts like a PNG. */
export const tinyPng = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

const numbered = () => {
  let count = 0
  return (size: number) => {
    const blocks = Array.from({ length: Math.ceil(size / 32) }, () =>
      createHash('sha256').update(`alipay ${count++}`).digest(),
    )
    return Buffer.concat(blocks).subarray(0, size)
  }
}

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
const minted = (name: string) => mintApp({ name, now: start, privateKey: pem.toString(), random: numbered() })
export const identity = minted('2021000000000001')
export const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

export const isv = '2021000000000001'
export const certIsv = '2021000000000002'
export const otherIsv = '2021000000000003'
export const ownApp = '2021000000000004'

export const cafe: Merchant = { pid: '2088000000000011', name: '街角咖啡', appId: '2021900000000011' }
export const bookshop: Merchant = { pid: '2088000000000022', name: '半页书店', appId: '2021900000000022' }

export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Ask {
  readonly biz?: unknown
  readonly flat?: Readonly<Record<string, string>>
  readonly token?: string
  readonly as?: string
  /** Replace public parameters; undefined takes one away. */
  readonly params?: Readonly<Record<string, string | undefined>>
  readonly sign?: string
  readonly key?: string
  readonly file?: { readonly part: string; readonly name: string; readonly bytes: Buffer }
}

export interface Asked {
  readonly status: number
  readonly type: string
  readonly text: string
  /** The inner member, whatever its name. */
  readonly inner: Record<string, unknown>
  /** The name of that member. */
  readonly name: string
  readonly outer: Record<string, unknown>
  /** The signature is Alipay's own over the raw text of the member. */
  readonly genuine: boolean
}

export interface AskedV3 {
  readonly status: number
  readonly json: Record<string, unknown>
  readonly headers: Headers
  readonly genuine: boolean
}

export interface World {
  readonly clock: ManualClock
  readonly alipay: Alipay
  readonly url: string
  readonly hears: string
  readonly received: Received[]
  answering: (received: Received) => { status: number; body: string } | 'silence'
  exec(method: string, ask?: Ask): Promise<Asked>
  v3(method: string, path: string, ask?: Ask & { readonly off?: number }): Promise<AskedV3>
  /** The time passes, what is due happens, messages are answered. */
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

export async function openWorld(
  options: Partial<Omit<AlipayOptions, 'merchants' | 'apps'>> & { isv?: Partial<App> } = {},
): Promise<World> {
  const clock = manualClock(start)
  const received: Received[] = []
  const listener = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming
      const one = { method, url, headers, body: Buffer.concat(chunks).toString('latin1') }
      received.push(one)
      const answer = world.answering(one)
      if (answer !== 'silence') response.writeHead(answer.status).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const hears = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
  const { isv: isvMore, ...others } = options
  const gatewayUrl = `${hears}/alipay`
  const redirectUri = 'https://redress.example/alipay/callback'
  const base = { publicKey: identity.publicKey, pid: '2088000000000099', redirectUri }
  const apps: App[] = [
    { ...base, appId: isv, name: '投诉管家', kind: 'isv', gatewayUrl, ...isvMore },
    { ...base, appId: certIsv, name: '投诉管家证书版', kind: 'isv', certificate: identity.certificate },
    { ...base, appId: otherIsv, name: '别人的应用', kind: 'isv' },
    { ...base, appId: ownApp, name: '街角咖啡自己的应用', kind: 'own', pid: cafe.pid },
  ]
  const alipay = createAlipay({
    clock,
    random: numbered(),
    apps,
    merchants: [cafe, bookshop],
    deliver: deliverByHttp,
    ...others,
  })
  const served = await serveAlipay(alipay, { tickMs: 0 })
  const world: World = {
    clock,
    alipay,
    url: served.url,
    hears,
    received,
    answering: () => ({ status: 200, body: 'success' }),
    exec: (method, ask = {}) => exec(world, method, ask),
    v3: (method, path, ask = {}) => v3(world, method, path, ask),
    async pass(ms) {
      clock.advance(ms)
      await alipay.advance()
      await alipay.idle()
    },
    async close() {
      await served.close()
      await new Promise((resolve) => {
        listener.close(resolve)
        listener.closeAllConnections()
      })
    },
  }
  return world
}

export const beijing = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')

function certParams({ alipay }: World, appId: string): Record<string, string> {
  const { appCertSn, rootCertSn } = alipay.credentials(appId)
  return appCertSn ? { app_cert_sn: appCertSn, alipay_root_cert_sn: rootCertSn } : {}
}

export const rsa2 = (text: string | Buffer, key = identity.privateKey) =>
  createSign('RSA-SHA256').update(text).sign(key, 'base64')

async function exec(world: World, method: string, ask: Ask): Promise<Asked> {
  const { as = isv, token, biz, flat = {}, file } = ask
  const said: Record<string, string | undefined> = {
    app_id: as,
    method,
    format: 'JSON',
    charset: 'utf-8',
    sign_type: 'RSA2',
    timestamp: beijing(world.clock.now()),
    version: '1.0',
    ...(token === undefined ? {} : { app_auth_token: token }),
    ...certParams(world, as),
    ...(biz === undefined ? {} : { biz_content: typeof biz === 'string' ? biz : JSON.stringify(biz) }),
    ...flat,
    ...ask.params,
  }
  const pairs = Object.entries(said).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const text = [...pairs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  pairs.push(['sign', ask.sign ?? rsa2(text, ask.key)])
  const query = new URLSearchParams(pairs.filter(([name]) => name !== 'biz_content' && flat[name] === undefined))
  const inBody = pairs.filter(([name]) => name === 'biz_content' || flat[name] !== undefined)
  let body: URLSearchParams | FormData = new URLSearchParams(inBody)
  if (file) {
    body = new FormData()
    for (const [name, value] of inBody) body.append(name, value)
    body.append(file.part, new Blob([new Uint8Array(file.bytes)], { type: 'image/png' }), file.name)
  }
  const answer = await fetch(`${world.url}/gateway.do?${query}`, { method: 'POST', body })
  const raw = await answer.text()
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', ...readAnswer(world, as, raw) }
}

/** Reads an answer as the documents say: the member's raw text is what is signed. */
function readAnswer(world: World, as: string, text: string): Omit<Asked, 'status' | 'type'> {
  const outer = readObject(text)
  const name = Object.keys(outer).find((key) => key.endsWith('_response')) ?? ''
  const match = /^\{"[a-z_]+":(.*?)(,"alipay_cert_sn":"[0-9a-f]+")?(,"sign":"[^"]*")?\}$/s.exec(text)
  const sign = typeof outer.sign === 'string' ? outer.sign : ''
  const genuine = sign !== '' && verify(world, as, match?.[1] ?? '', sign)
  return { text, outer, name, inner: (outer[name] ?? {}) as Record<string, unknown>, genuine }
}

function readObject(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** By the key that this app trusts: in certificate mode the first certificate of the file. */
export function verify({ alipay }: World, as: string, bytes: string | Buffer, sign: string): boolean {
  const { alipayPublicKey, alipayCertificate, appCertSn } = alipay.credentials(as)
  const key = appCertSn
    ? alipayCertificate
    : `-----BEGIN PUBLIC KEY-----\n${alipayPublicKey.match(/.{1,64}/g)?.join('\n')}\n-----END PUBLIC KEY-----`
  return createVerify('RSA-SHA256').update(bytes).verify(key, sign, 'base64')
}

async function v3(world: World, method: string, path: string, ask: Ask & { off?: number }): Promise<AskedV3> {
  const { as = isv, token, biz, file, off = 0 } = ask
  const { app_cert_sn: sn, alipay_root_cert_sn: root } = certParams(world, as)
  const auth = [
    `app_id=${as}`,
    ...(sn ? [`app_cert_sn=${sn}`] : []),
    'nonce=0b1d2c3e-1111',
    `timestamp=${world.clock.now() + off}`,
  ].join(',')
  const json = biz === undefined ? '' : JSON.stringify(biz)
  const text = `${auth}\n${method}\n${path}\n${json}\n${token === undefined ? '' : `${token}\n`}`
  const headers: Record<string, string> = {
    authorization: `ALIPAY-SHA256withRSA ${auth},sign=${ask.sign ?? rsa2(text, ask.key)}`,
    ...(root ? { 'alipay-root-cert-sn': root } : {}),
    ...(token === undefined ? {} : { 'alipay-app-auth-token': token }),
    ...(json && !file ? { 'content-type': 'application/json' } : {}),
  }
  let body: string | FormData | undefined = json || undefined
  if (file) {
    body = new FormData()
    body.append('data', new Blob([json], { type: 'application/json' }))
    body.append(file.part, new Blob([new Uint8Array(file.bytes)], { type: 'image/png' }), file.name)
  }
  const answer = await fetch(`${world.url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
  const raw = await answer.text()
  const said = (name: string) => answer.headers.get(name) ?? ''
  const proof = `${said('alipay-timestamp')}\n${said('alipay-nonce')}\n${raw}\n`
  const sign = said('alipay-signature')
  const genuine = sign !== '' && verify(world, as, proof, sign)
  return { status: answer.status, json: readObject(raw), headers: answer.headers, genuine }
}

/** The parameters of a message as they came: values as bytes, whatever their character set. */
export function formOf(received: Received): Map<string, Buffer> {
  const text = received.method === 'GET' ? (received.url.split('?')[1] ?? '') : received.body
  const bytes = (part: string) =>
    Buffer.from(
      part
        .replaceAll('+', ' ')
        .replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    )
  return new Map(
    text.split('&').map((pair) => {
      const [name = '', value = ''] = pair.split('=')
      return [bytes(name).toString(), bytes(value)]
    }),
  )
}

/** Whether Alipay signed this message by the rule: V1 leaves sign_type out, V2 keeps it. */
export function signedBy(world: World, received: Received, rule: 'V1' | 'V2', as = isv): boolean {
  const form = formOf(received)
  const left = rule === 'V1' ? ['sign', 'sign_type'] : ['sign']
  const names = [...form.keys()].filter((name) => !left.includes(name)).sort()
  const pieces = names.map((name) => Buffer.concat([Buffer.from(`${name}=`), form.get(name) ?? Buffer.alloc(0)]))
  const joined = pieces.flatMap((piece, index) => (index === 0 ? [piece] : [Buffer.from('&'), piece]))
  return verify(world, as, Buffer.concat(joined), form.get('sign')?.toString() ?? '')
}
