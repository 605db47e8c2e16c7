import { createHash, createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deliverByHttp } from '../../sandbox/deliver.ts'
import { type App, createSms, type Rules, type Sms, serveSms } from '../../sandbox/sms/index.ts'
import { type ManualClock, manualClock } from '../../src/core/clock.ts'

export const key = { secretId: 'AKIDEXAMPLE', secretKey: 'secretkey-example' }
// Ten in the morning in Beijing.
export const start = Date.UTC(2026, 10, 22, 2, 0, 0)
export const sdkAppId = '1400006666'
export const phone = '+8613800000000'

export const app = (more: Partial<App> = {}): App => ({
  sdkAppId,
  secretId: key.secretId,
  signs: [
    { id: 1, text: '青禾优选' },
    { id: 2, text: '待审签名', state: 1 },
    { id: 3, text: '被拒签名', state: -1, reply: '未完成报备' },
  ],
  templates: [
    { id: 1110, content: '您有{1}笔新投诉（{2}，尾号{3}），最早截止{4}，请登录处理。' },
    { id: 1111, content: '验证码{1}', kind: 'code' },
    { id: 1112, content: '新品{1}上架，拒收请回复R', kind: 'marketing' },
    { id: 1113, content: '审核中{1}', state: 1 },
    { id: 1114, content: '{1} new complaints', international: true },
    { id: 1115, content: `${'长'.repeat(480)}{1}{2}{3}` },
  ],
  ...more,
})

export interface World {
  readonly clock: ManualClock
  readonly sms: Sms
  readonly url: string
  readonly port: number
  /** Statuses that reached the merchant's server, a request each. */
  readonly received: { readonly path: string; readonly body: readonly Record<string, unknown>[] }[]
  answering: () => { status: number; body: string } | 'silence'
  /** A signed request; the answer without its outer shell. */
  ask(action: string, body: object | string, how?: Signing): Promise<Answer>
  /** SendSms with template 1110, its parameters new each time. */
  send(more?: Record<string, unknown>, how?: Signing): Promise<Answer>
  /** The code of the only number. */
  code(more?: Record<string, unknown>): Promise<unknown>
  pass(ms: number): Promise<void>
  get(path: string): Promise<Response>
  post(path: string, body: object): Promise<Record<string, unknown>>
  close(): Promise<void>
}

export interface Answer {
  readonly status: number
  readonly error?: { readonly Code: string; readonly Message: string }
  readonly RequestId?: string
  readonly statuses: readonly Record<string, unknown>[]
  readonly body: Record<string, unknown>
}

export interface Signing {
  readonly secretId?: string
  readonly secretKey?: string
  readonly timestamp?: number
  readonly service?: string
  /** Headers as they are sent; those of the signature come from the rest. */
  readonly headers?: Record<string, string | undefined>
  /** As signed, when it is not as sent. */
  readonly signedBody?: string
}

/** The headers of a TC3-HMAC-SHA256 request (notifications.md §1.2). */
export function signed(action: string, body: string, now: number, how: Signing = {}): Record<string, string> {
  const { secretId = key.secretId, secretKey = key.secretKey, service = 'sms' } = how
  const timestamp = how.timestamp ?? Math.floor(now / 1000)
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10)
  const sha = (text: string) => createHash('sha256').update(text).digest('hex')
  const mac = (secret: string | Buffer, text: string) => createHmac('sha256', secret).update(text).digest()
  const head = 'content-type:application/json\nhost:127.0.0.1\n'
  const request = `POST\n/\n\n${head}\ncontent-type;host\n${sha(how.signedBody ?? body)}`
  const words = `TC3-HMAC-SHA256\n${timestamp}\n${date}/${service}/tc3_request\n${sha(request)}`
  const signing = mac(mac(mac(`TC3${secretKey}`, date), service), 'tc3_request')
  const signature = mac(signing, words).toString('hex')
  const headers: Record<string, string | undefined> = {
    'content-type': 'application/json',
    'x-tc-action': action,
    'x-tc-version': '2021-01-11',
    'x-tc-timestamp': String(timestamp),
    'x-tc-region': 'ap-guangzhou',
    authorization: `TC3-HMAC-SHA256 Credential=${secretId}/${date}/${service}/tc3_request, SignedHeaders=content-type;host, Signature=${signature}`,
    ...how.headers,
  }
  return Object.fromEntries(Object.entries(headers).filter((one): one is [string, string] => one[1] !== undefined))
}

export async function openWorld(rules: Partial<Rules> = {}, more: Partial<App> = {}): Promise<World> {
  const clock = manualClock(start)
  const received: { path: string; body: Record<string, unknown>[] }[] = []
  const merchant = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    received.push({ path: incoming.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) })
    const answer = world.answering()
    if (answer !== 'silence') response.writeHead(answer.status).end(answer.body)
  })
  await new Promise<void>((resolve) => merchant.listen(0, '127.0.0.1', resolve))
  const statusUrl = `http://127.0.0.1:${(merchant.address() as AddressInfo).port}/sms/unguessable`
  let count = 0
  const random = (size: number) => createHash('shake256', { outputLength: size }).update(`random ${count++}`).digest()
  const sms = createSms({
    clock,
    random,
    deliver: deliverByHttp,
    rules,
    keys: [key, { secretId: 'AKIDOTHER', secretKey: 'other' }],
    apps: [app({ statusUrl, ...more }), app({ sdkAppId: '1400007777', secretId: 'AKIDOTHER' })],
  })
  const served = await serveSms(sms, { tickMs: 0 })
  let sent = 0
  const world: World = {
    clock,
    sms,
    url: served.url,
    port: served.port,
    received,
    answering: () => ({ status: 200, body: '{"result":0,"errmsg":"OK"}' }),
    async ask(action, wish, how) {
      const body = typeof wish === 'string' ? wish : JSON.stringify(wish)
      const headers = signed(action, body, clock.now(), how)
      const answer = await fetch(`${served.url}/`, { method: 'POST', headers, body })
      const { Response: told } = JSON.parse(await answer.text())
      return {
        status: answer.status,
        error: told.Error,
        RequestId: told.RequestId,
        statuses: told.SendStatusSet ?? [],
        body: told,
      }
    },
    send: (changed = {}, how) =>
      world.ask(
        'SendSms',
        {
          PhoneNumberSet: [phone],
          SmsSdkAppId: sdkAppId,
          TemplateId: '1110',
          SignName: '青禾优选',
          TemplateParamSet: ['3', '微信支付', String(++sent), '18:30'],
          ...changed,
        },
        how,
      ),
    async code(changed) {
      const { error, statuses } = await world.send(changed)
      return error?.Code ?? statuses[0]?.Code
    },
    async pass(ms) {
      clock.advance(ms)
      await sms.advance()
      await sms.idle()
    },
    get: (path) => fetch(served.url + path),
    async post(path, body) {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(served.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
      return (await answer.json()) as Record<string, unknown>
    },
    async close() {
      await served.close()
      merchant.closeAllConnections()
      await new Promise((resolve) => merchant.close(resolve))
    },
  }
  return world
}
