import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deliverByHttp } from '../../sandbox/deliver.ts'
import {
  createOfficial,
  type Official,
  type OfficialAccount,
  type Rules,
  serveOfficial,
} from '../../sandbox/official/index.ts'
import { type ManualClock, manualClock } from '../../src/core/clock.ts'

export const appid = 'wx0123456789abcdef'
export const secret = 'c0ffee00c0ffee00c0ffee00c0ffee00'
export const token = 'AAAAA'
export const aesKey = 'A'.repeat(43)
export const start = Date.UTC(2026, 10, 22, 2, 0, 0)
/** A template with a line of several kinds. */
export const templateId = 'TMPL_complaint_of_category_thing1_time2_abc'
export const oldTemplateId = 'TMPL_old_keyword_abcdefghijklmnopqrstuvwxyz'

export const account = (more: Partial<OfficialAccount> = {}): OfficialAccount => ({
  name: '青禾优选服务号',
  appid,
  secret,
  token,
  aesKey,
  mode: 'plain',
  format: 'xml',
  pushUrl: '',
  templates: [
    {
      id: templateId,
      title: '投诉处理提醒',
      content:
        '投诉单号：{{character_string1.DATA}}\n截止时间：{{time2.DATA}}\n投诉原因：{{thing3.DATA}}\n处理状态：{{const4.DATA}}',
      constants: { const4: ['待处理', '处理中'] },
    },
    { id: oldTemplateId, title: '旧模板', content: '{{first.DATA}}\n内容：{{keyword1.DATA}}\n{{remark.DATA}}' },
  ],
  library: [
    {
      shortId: '47123',
      title: '工单提醒',
      keywords: [
        { name: '工单编号', key: 'character_string1' },
        { name: '提交时间', key: 'time2' },
        { name: '问题描述', key: 'thing3' },
      ],
    },
  ],
  linked: ['wxba5fad812f8e6fb9'],
  ...more,
})

export interface Received {
  readonly method: string
  readonly query: URLSearchParams
  readonly body: string
}

type Answer = Record<string, unknown>

export interface World {
  readonly clock: ManualClock
  readonly official: Official
  readonly url: string
  readonly received: Received[]
  answering: (one: Received) => { status: number; body: string } | 'silence'
  /** A valid token, by a literal call. */
  token(): Promise<string>
  /** A call with a valid token; its text. */
  raw(path: string, body?: object): Promise<string>
  ask(path: string, body?: object): Promise<Answer>
  /** A good template message to somebody who follows. */
  send(openid: string, more?: Answer): Promise<Answer>
  /** A code with this scene; its ticket. */
  code(scene?: string): Promise<string>
  /** Somebody who follows. */
  follower(name?: string): Promise<string>
  pass(ms: number): Promise<void>
  get(path: string): Promise<Response>
  post(path: string, body: object): Promise<Answer>
  close(): Promise<void>
}

export const good = {
  character_string1: { value: 'C-2026-0007' },
  time2: { value: '2026年11月22日 18:30' },
  thing3: { value: '商品破损' },
  const4: { value: '待处理' },
}

export async function openWorld(more: Partial<OfficialAccount> = {}, rules: Partial<Rules> = {}): Promise<World> {
  const clock = manualClock(start)
  const received: Received[] = []
  const merchant = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const { searchParams: query } = new URL(incoming.url ?? '/', 'http://merchant.test')
    const one = { method: incoming.method ?? '', query, body: Buffer.concat(chunks).toString() }
    received.push(one)
    const answer = world.answering(one)
    if (answer !== 'silence') response.writeHead(answer.status).end(answer.body)
  })
  await new Promise<void>((resolve) => merchant.listen(0, '127.0.0.1', resolve))
  const pushUrl = `http://127.0.0.1:${(merchant.address() as AddressInfo).port}/callbacks/official/one`
  let count = 0
  const random = (size: number) => createHash('shake256', { outputLength: size }).update(`random ${count++}`).digest()
  const official = createOfficial({
    clock,
    random,
    deliver: deliverByHttp,
    rules,
    accounts: [account({ pushUrl, ...more }), account({ appid: 'wxotherotherother', name: '别家' })],
  })
  const served = await serveOfficial(official, { tickMs: 0 })
  const json = { 'content-type': 'application/json' }
  const world: World = {
    clock,
    official,
    url: served.url,
    received,
    answering: () => ({ status: 200, body: 'success' }),
    async token() {
      const wish = { grant_type: 'client_credential', appid, secret }
      return String((await world.post('/cgi-bin/stable_token', wish)).access_token)
    },
    async raw(path, body) {
      const glue = path.includes('?') ? '&' : '?'
      const how = body ? { method: 'POST', headers: json, body: JSON.stringify(body) } : {}
      return (await fetch(`${served.url}${path}${glue}access_token=${await world.token()}`, how)).text()
    },
    ask: async (path, body) => JSON.parse(await world.raw(path, body)),
    send: (openid, changed = {}) =>
      world.ask('/cgi-bin/message/template/send', { touser: openid, template_id: templateId, data: good, ...changed }),
    async code(scene = 'b_token') {
      const wish = { expire_seconds: 600, action_name: 'QR_STR_SCENE', action_info: { scene: { scene_str: scene } } }
      return String((await world.ask('/cgi-bin/qrcode/create', wish)).ticket)
    },
    async follower(name = '老板') {
      const { openid } = official.person(appid, name)
      official.follow(openid)
      await official.idle()
      received.length = 0
      return openid
    },
    async pass(ms) {
      clock.advance(ms)
      await official.advance()
      await official.idle()
    },
    get: (path) => fetch(served.url + path),
    async post(path, body) {
      const answer = await fetch(served.url + path, { method: 'POST', headers: json, body: JSON.stringify(body) })
      return (await answer.json()) as Answer
    },
    async close() {
      await served.close()
      merchant.closeAllConnections()
      await new Promise((resolve) => merchant.close(resolve))
    },
  }
  return world
}
