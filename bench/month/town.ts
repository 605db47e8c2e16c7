import { randomBytes } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrations } from '../../migrations/index.ts'
import { createWechat, type MiniProgram, serveWechat, type Wechat } from '../../sandbox/wechat/index.ts'
import { defaultCaps } from '../../src/complaints/rule.ts'
import { type ManualClock, manualClock } from '../../src/core/clock.ts'
import { createSealer } from '../../src/core/seal.ts'
import { fen, type MemberId } from '../../src/core/words.ts'
import { createAccount } from '../../src/storage/accounts.ts'
import { createBot } from '../../src/storage/bots.ts'
import { bindIdentity, createMember } from '../../src/storage/members.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { type Database, openSqlite } from '../../src/storage/open.ts'
import { createRoom } from '../../src/storage/rooms.ts'
import { createRule, type NewRule } from '../../src/storage/rules.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { createTenant, type Tenant } from '../../src/storage/tenants.ts'
import { type Alipaying, playAlipay } from '../../test/support/alipay.ts'
import { type Built, build } from '../../test/support/build.ts'
import { type Person, type TestChat, testChat } from '../../test/support/chat.ts'
import { firstMchid, type PlayedPay, playPay } from '../../test/support/pay.ts'
import { behindPublicUrl, publicUrl } from '../../test/support/public-url.ts'

export const group = 'ops'
export const zone = 'Asia/Shanghai'
/** Sunday 2026-03-01, eight in the morning in Shanghai. */
export const begin = Date.UTC(2026, 2, 1)

export interface Colleague extends Person {
  readonly handle: string
  readonly member: MemberId
}

/** One business with two mini programs, two merchant numbers and an app of Alipay, on a clock that only we move. */
export interface Town {
  readonly clock: ManualClock
  readonly chat: TestChat
  readonly wechat: Wechat
  readonly programs: readonly MiniProgram[]
  readonly pay: PlayedPay['sandbox']
  readonly mchids: readonly string[]
  readonly alipay: Alipaying['sandbox']
  readonly pids: readonly string[]
  readonly tenant: Tenant
  readonly people: Readonly<Record<'li' | 'wang' | 'chen', Colleague>>
  readonly built: Built
  readonly storage: Database
  /** All that is due by now is done, here and outside. */
  settle(): Promise<void>
  /** Time passes until then, at once. */
  until(time: number): Promise<void>
  /** Redress is away while `ms` pass, and comes back with its clock off by `jump`. */
  restart(ms: number, jump: number): Promise<void>
  close(): Promise<void>
}

export async function openTown(): Promise<Town> {
  const folder = mkdtempSync(join(tmpdir(), 'redress-bench-'))
  const clock = manualClock(begin)
  const flow = flowing(clock)
  const parts = { clock, random: randomBytes, sealer: createSealer(randomBytes(32), randomBytes) }
  const open = () => openSqlite({ ...parts, file: join(folder, 'redress.db'), synchronous: 'off' })
  const hooks = new Map<string, string>()
  const programs = ['小店', '分店'].map((name, at) => program(name, at + 1, hooks))
  let url = ''
  const deliver = behindPublicUrl(() => url)
  const wechat = createWechat({ clock, random: randomBytes, programs, deliver })
  const outside = await serveWechat(wechat, { tickMs: 0 })
  const pay = await playPay({ clock, names: ['收款', '青禾优选'], where: () => url })
  const wish = { merchants: ['街角咖啡', '山野书店'], settings: { refunds: true, autoRefund: true } }
  const alipay = await playAlipay({ clock, wish, where: () => url })
  const chat = testChat()
  let storage = open()
  await migrate(storage, migrations)
  const addresses = { wechat: outside.url, pay: pay.url, alipay: alipay.url, publicUrl, botKind: chat.kind }
  let built = build({ ...addresses, database: storage })
  const { tenant, people, hooked } = await storage.transaction((tx) => setUp(tx, programs))
  for (const [appid, account] of hooked) hooks.set(appid, `${publicUrl}/hooks/${account}`)
  const merchants = await pay.join(storage, tenant)
  await storage.transaction((tx) => allowRefunds(tx))
  await storage.transaction(async (tx) => {
    for (const rule of rules) await createRule(tx, { tenant: tenant.id, mode: 'on', accounts: [], ...rule })
  })
  url = (await built.app.listen()).url
  for (const { account, address } of merchants) await built.pay.notifyUrl.keep(account, { url: address, replace: true })

  async function settle() {
    for (let quiet = 0; quiet < 2; quiet++) {
      await wechat.idle()
      await pay.sandbox.idle()
      await alipay.sandbox.idle()
      await built.engine.settle()
    }
  }
  const joined = await alipay.join({ storage, tenant, settle })

  return {
    clock,
    chat,
    wechat,
    programs,
    pay: pay.sandbox,
    mchids: merchants.map(({ mchid }) => mchid),
    alipay: alipay.sandbox,
    pids: joined.merchants.map(({ pid }) => pid),
    tenant,
    people,
    get built() {
      return built
    },
    get storage() {
      return storage
    },
    settle,
    async until(time) {
      clock.advance(Math.max(1, time - clock.now()))
      await wechat.advance()
      await pay.sandbox.advance()
      await alipay.sandbox.advance()
      await settle()
    },
    async restart(ms, jump) {
      await settle()
      await built.close()
      clock.step(ms + jump)
      storage = open()
      built = build({ ...addresses, database: storage })
      url = (await built.app.listen()).url
    },
    async close() {
      await built.close()
      flow.stop()
      for (const one of [outside, pay, alipay]) await one.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * Whoever waits for its turn at a platform, or before it tries again, waits by the clock while everybody else is busy: it goes slowly while a call is
 * under way, so that none runs out of time, and leaps where nothing else happens.
 */
function flowing(clock: ManualClock): { stop(): void } {
  let calls = 0
  const more = () => {
    calls += 1
  }
  const less = () => {
    calls -= 1
  }
  const heard = [
    ['undici:request:create', more],
    ['undici:request:trailers', less],
    ['undici:request:error', less],
  ] as const
  for (const [name, hear] of heard) subscribe(name, hear)
  let before = performance.eventLoopUtilization()
  const timer = setInterval(() => {
    const { utilization } = performance.eventLoopUtilization(before)
    before = performance.eventLoopUtilization()
    clock.advance(calls <= 0 && utilization < 0.3 ? 1_000 : 10)
  }, 5)
  return {
    stop() {
      clearInterval(timer)
      for (const [name, hear] of heard) unsubscribe(name, hear)
    },
  }
}

const program = (name: string, at: number, hooks: ReadonlyMap<string, string>): MiniProgram => ({
  name,
  appid: `wx${String(at).repeat(16)}`,
  secret: String(at).repeat(32),
  token: `RedressToken${at}`,
  aesKey: randomBytes(32).toString('base64').slice(0, 43),
  mode: 'safe',
  format: 'json',
  get pushUrl() {
    return hooks.get(this.appid) ?? ''
  },
})

async function setUp(tx: Tx, programs: readonly MiniProgram[]) {
  const about = { handle: 'shop', name: '小店', zone, language: 'zh-CN', secondPersonFrom: fen(20_000) } as const
  const tenant = await createTenant(tx, about)
  if (!tenant) throw new Error('no tenant')
  const of = { tenant: tenant.id, enabled: true }
  const bot = await createBot(tx, { ...of, kind: 'browser', name: 'Redress', settings: {}, secrets: {} })
  if (!bot) throw new Error('no bot')
  const colleague = async (handle: string, name: string, role: 'agent' | 'refunder' | 'admin'): Promise<Colleague> => {
    const member = await createMember(tx, { ...of, handle, name, role })
    if (!member) throw new Error('no member')
    await bindIdentity(tx, member, { realm: `browser:${bot.id}`, user: `u-${handle}` })
    return { id: `u-${handle}`, name, handle, member: member.id }
  }
  const people = {
    li: await colleague('li', '小李', 'agent'),
    wang: await colleague('wang', '小王', 'refunder'),
    chen: await colleague('chen', '阿陈', 'admin'),
  }
  const room = { chat: group, topic: '', alone: false, title: '客服群', language: 'zh-CN' } as const
  await createRoom(tx, { tenant: tenant.id, bot: bot.id, ...room })
  const hooked: (readonly [appid: string, account: string])[] = []
  for (const { appid, name, secret, token, aesKey, mode } of programs) {
    const settings = { mode, refunds: true, payer: String(firstMchid) }
    const one = { ...of, platform: 'wechat-mini', outsideId: appid, name, settings } as const
    const account = await createAccount(tx, { ...one, secrets: { secret, token, aesKey } })
    if (account) hooked.push([appid, account.id])
  }
  return { tenant, people, hooked }
}

/** Rules may refund, in the name of every account there is. */
async function allowRefunds({ db }: Tx): Promise<void> {
  for (const { id, settings } of await db.selectFrom('account').select(['id', 'settings']).execute()) {
    const changed = JSON.stringify({ ...JSON.parse(settings), autoRefund: true })
    await db.updateTable('account').set({ settings: changed }).where('id', '=', id).execute()
  }
}

/** What the customers write decides which of these fits. */
export const texts = {
  refund: '东西坏了，请退款',
  lost: '没有收到货',
  law: '再不处理就找律师',
  thanks: '已经解决，谢谢',
  other: '客服态度不好',
} as const

/** A rule of every kind; money with a cap of each sort. */
const rules: readonly Pick<NewRule, 'name' | 'when' | 'act' | 'caps' | 'delay'>[] = [
  { name: '律师', when: { has: ['律师'] }, act: { kind: 'note', text: '提到律师：#{编号}' }, delay: 0 },
  {
    name: '小额',
    when: { has: ['退款'], paid: { to: 2_500 } },
    act: { kind: 'refund', orders: 'only', reason: '商品问题' },
    caps: { ...defaultCaps, day: fen(80_000) },
    delay: 60,
  },
  {
    name: '没收到',
    when: { has: ['没有收到货'] },
    act: { kind: 'respond', stance: 'agree', text: '抱歉，马上补发' },
    delay: 120,
  },
  {
    name: '解决了',
    when: { has: ['谢谢'], sources: ['wechat-pay'] },
    act: { kind: 'finish', text: '感谢理解' },
    delay: 30,
  },
  {
    name: '夜里',
    when: { hours: { from: 22, to: 8 }, sources: ['wechat-mini'] },
    act: { kind: 'respond', stance: 'talk', text: '已收到，早上回复您' },
    delay: 60,
  },
]
