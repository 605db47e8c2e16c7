import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { type BrowserBot, type BrowserKind, browserKind } from '../../bots/browser/index.ts'
import { deliverByHttp } from '../../sandbox/deliver.ts'
import {
  type Complain,
  type Complaint,
  createWechat,
  type MiniProgram,
  serveWechat,
  type Wechat,
} from '../../sandbox/wechat/index.ts'
import type { App, AppParts } from '../../src/app.ts'
import type { Abilities } from '../../src/chat/chat.ts'
import type { Role } from '../../src/complaints/member.ts'
import type { ManualClock } from '../../src/core/clock.ts'
import { type Logger, silent } from '../../src/core/logger.ts'
import type { Metrics } from '../../src/core/metrics.ts'
import { type AccountId, fen } from '../../src/core/words.ts'
import type { EmbeddedEngine } from '../../src/engine/embedded.ts'
import type { ChannelKind } from '../../src/notify/kind.ts'
import type { Platforms } from '../../src/platforms/registry.ts'
import { createAccount } from '../../src/storage/accounts.ts'
import { createBot, type StoredBot } from '../../src/storage/bots.ts'
import { bindIdentity, createMember } from '../../src/storage/members.ts'
import type { Database } from '../../src/storage/open.ts'
import { createRoom } from '../../src/storage/rooms.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { createTenant, type Tenant } from '../../src/storage/tenants.ts'
import { type Alipaying, type AlipayWish, playAlipay } from './alipay.ts'
import { build } from './build.ts'
import { type Person, type TestChat, testChat } from './chat.ts'
import { type DatabaseKind, sqlite } from './databases.ts'
import { firstMchid, type Paying, type PlayedPay, playPay } from './pay.ts'
import { publicUrl } from './public-url.ts'
import { botToken, type Played, playTelegram } from './telegram.ts'
import { type PlayedWecom, playWecom, wecomBot } from './wecom.ts'

export const people = {
  li: { id: 'u-li', name: '小李' },
  chen: { id: 'u-chen', name: '阿陈' },
  wang: { id: 'u-wang', name: '小王' },
  stranger: { id: 'u-x', name: '路人' },
} as const satisfies Record<string, Person>

const roles: readonly (readonly [Person, 'li' | 'chen' | 'wang', Role])[] = [
  [people.li, 'li', 'agent'],
  [people.chen, 'chen', 'admin'],
  [people.wang, 'wang', 'viewer'],
]

export const group = 'ops'

export interface WorldOptions {
  readonly kind?: DatabaseKind
  readonly mode?: MiniProgram['mode']
  readonly format?: MiniProgram['format']
  readonly logger?: Logger
  readonly language?: 'zh-CN' | 'en'
  readonly enabled?: boolean
  /** The mini program stands under 发货信息管理: its orders can be listed. */
  readonly orderShipping?: true
  /** The group chat on a page instead of the one inside the test. */
  readonly page?: true
  /** The group chat in a played Telegram instead; `unbound`: nobody there is known yet, the group neither; `webhook`: it calls us. */
  readonly telegram?: true | 'unbound' | 'webhook'
  /** The group chat in a played WeCom instead; `unbound`: nobody there is known yet, the group neither. */
  readonly wecom?: true | 'unbound'
  /** What kind of group that is. */
  readonly chatKind?: 'group' | 'supergroup' | 'forum'
  /** What the chat inside the test can do, where that is less. */
  readonly can?: Partial<Abilities>
  /** More mini programs, by their names. */
  readonly others?: readonly string[]
  /** WeChat Pay merchants beside them, by their names; each calls back here. */
  readonly pay?: readonly string[]
  /** Apps of Alipay beside them, and merchants that have authorised the first; each hears here. */
  readonly alipay?: true | AlipayWish
  /** The world reaches us by a name, as it does wherever WeChat Pay or Alipay are. */
  readonly publicUrl?: true
  /** Ways to people beside the chat, on the database as it is opened each time. */
  readonly channelKinds?: (database: Database) => readonly ChannelKind[]
  /** Of the app, on the database as it is opened each time. */
  readonly more?: (database: Database) => Partial<AppParts>
}

/** A whole Redress with the outside around it: real HTTP, real SQL, real signatures; one clock that only we move. */
export interface World {
  readonly app: App
  readonly url: string
  readonly storage: Database
  readonly engine: EmbeddedEngine
  readonly metrics: Metrics
  readonly platforms: Platforms
  readonly clock: ManualClock
  readonly wechat: Wechat
  readonly chat: TestChat
  readonly tenant: Tenant
  readonly bot: StoredBot
  readonly account: AccountId
  /** Where the page is, with `page: true`. */
  address(): string
  readonly program: MiniProgram
  /** The further mini programs. */
  readonly others: readonly { readonly program: MiniProgram; readonly account: AccountId }[]
  /** Redress ends and begins again on the same database; the world outside goes on meanwhile. */
  restart(meanwhile?: () => Promise<void>): Promise<void>
  /** Everything that is due now has been done, here and outside. */
  settle(): Promise<void>
  /** Time passes, in steps, and what falls due is done. */
  pass(ms: number, step?: number): Promise<void>
  complain(more?: Partial<Complain>): Promise<Complaint>
  /** What really happened on the platform by us. */
  effects(): readonly string[]
}

/** A world whose group chat is in Telegram. */
export interface TelegramWorld extends World {
  readonly played: Played
}

/** A world whose group chat is in WeCom. */
export interface WecomWorld extends World {
  readonly wecom: PlayedWecom
}

/** A world with WeChat Pay merchants in it. */
export interface PayWorld extends World {
  readonly pay: Paying
}

/** A world with an app of Alipay in it. */
export interface AlipayWorld extends World {
  readonly alipay: Alipaying
}

export async function world(options: WorldOptions & { readonly pay: readonly string[] }): Promise<PayWorld>
export async function world(options: WorldOptions & { readonly alipay: true | AlipayWish }): Promise<AlipayWorld>
export async function world(
  options: WorldOptions & { readonly telegram: true | 'unbound' | 'webhook' },
): Promise<TelegramWorld>
export async function world(options: WorldOptions & { readonly wecom: true | 'unbound' }): Promise<WecomWorld>
export async function world(options?: WorldOptions): Promise<World>
export async function world(options: WorldOptions = {}): Promise<World> {
  const { database: first, clock, again } = await (options.kind ?? sqlite).open()
  const logger = options.logger ?? silent
  const hooks = new Map<string, string>()
  const program: MiniProgram = {
    name: '小店',
    appid: 'wx0123456789abcdef',
    secret: '0123456789abcdef0123456789abcdef',
    token: 'RedressToken1',
    aesKey: randomBytes(32).toString('base64').slice(0, 43),
    mode: options.mode ?? 'safe',
    format: options.format ?? 'json',
    orderShipping: options.orderShipping ?? false,
    get pushUrl() {
      return hooks.get(this.appid) ?? ''
    },
  }
  const others = (options.others ?? []).map((name, at) => another(program, { name, at, hooks }))
  const programs = [program, ...others]
  const wechat = createWechat({ clock, random: randomBytes, programs, deliver: deliverByHttp })
  const outside = await serveWechat(wechat, { tickMs: 0 })
  const { language = 'zh-CN', chatKind: played } = options
  const wish = { clock, logger, language, where: () => url, ...(played ? { group: played } : {}) }
  const telegram = options.telegram && (await playTelegram(wish))
  const wecom = options.wecom && (await playWecom({ clock, logger, language }))
  const chat = testChat({ ...(options.can && { can: options.can }) })
  const page = watched(browserKind({ clock, random: randomBytes, logger }))
  const botKind = wecom ? wecom.kind : telegram ? telegram.kind : options.page ? page.kind : chat.kind
  let url = ''
  const pay = options.pay && (await playPay({ clock, names: options.pay, where: () => url }))
  const wanted = options.alipay === true ? {} : options.alipay
  const alipay = wanted && (await playAlipay({ clock, wish: wanted, where: () => url }))
  const beside = { ...(pay && { pay: pay.url }), ...(alipay && { alipay: alipay.url }) }
  const begin = (database: Database) => ({
    ...build({
      database,
      wechat: outside.url,
      botKind,
      logger,
      ...beside,
      ...((pay ?? alipay ?? options.publicUrl) && { publicUrl }),
      ...(options.channelKinds && { channelKinds: options.channelKinds(database) }),
      ...(options.more && { more: options.more(database) }),
    }),
    database,
  })
  let now = begin(first)
  const set = await setUp(
    first,
    program,
    { ...options, ...(telegram && { played: telegram }), ...(wecom && { inWecom: wecom }) },
    outside.url,
  )
  const more = await first.transaction(async (tx) => {
    const accounts = []
    for (const each of others)
      accounts.push({ program: each, account: await addProgram(tx, set.tenant, each, options) })
    return accounts
  })
  const paying = pay && (await joined(pay, { storage: first, tenant: set.tenant, platform: () => now.pay, settle }))
  async function listen() {
    url = (await now.app.listen()).url
    for (const { program: each, account } of [{ program, account: set.account }, ...more])
      hooks.set(each.appid, `${url}/hooks/${account}`)
  }
  await listen()
  onTestFinished(async () => {
    await now.close()
    await outside.close()
    await pay?.close()
    await alipay?.close()
  })
  const alipaying = alipay && (await alipay.join({ storage: first, tenant: set.tenant, settle }))

  async function settle() {
    // What is done may cause pushes, and pushes cause work.
    for (let quiet = 0; quiet < 2; quiet++) {
      // Time never stands still outside of tests.
      clock.advance(1)
      await wechat.idle()
      await pay?.sandbox.idle()
      await alipay?.sandbox.idle()
      if (telegram && now.app.bots.running(set.bot.id)) await telegram.heard()
      if (wecom && now.app.bots.running(set.bot.id)) await wecom.heard()
      await now.engine.settle()
    }
  }

  return {
    get app() {
      return now.app
    },
    get url() {
      return url
    },
    get storage() {
      return now.database
    },
    get engine() {
      return now.engine
    },
    get metrics() {
      return now.metrics
    },
    get platforms() {
      return now.platforms
    },
    clock,
    wechat,
    chat,
    program,
    others: more,
    ...set,
    ...(telegram && { played: telegram }),
    ...(wecom && { wecom }),
    ...(paying && { pay: paying }),
    ...(alipaying && { alipay: alipaying }),
    address: page.address,
    settle,
    async restart(meanwhile) {
      await now.close()
      await meanwhile?.()
      now = begin(again())
      await listen()
    },
    async pass(ms, step = 15_000) {
      for (let left = ms; left > 0; left -= step) {
        clock.advance(Math.min(step, left))
        await wechat.advance()
        await pay?.sandbox.advance()
        await alipay?.sandbox.advance()
        await telegram?.telegram.advance()
        await wecom?.wecom.advance()
        await settle()
      }
    },
    async complain(more = {}) {
      const complaint = await wechat.complain({ appid: program.appid, ...more })
      await settle()
      return complaint
    },
    effects: () =>
      wechat
        .ledger()
        .filter((entry) => entry.by === 'merchant')
        .map((entry) => [entry.what, entry.choice, entry.text].filter(Boolean).join(' ')),
  }
}

/** The merchants become accounts of the tenant, and their complaints are told to us. */
async function joined(
  { sandbox, join }: PlayedPay,
  into: {
    readonly storage: Database
    readonly tenant: Tenant
    readonly platform: Paying['platform']
    readonly settle: () => Promise<void>
  },
): Promise<Paying> {
  const merchants = await join(into.storage, into.tenant)
  for (const { account, address } of merchants)
    await into.platform().notifyUrl.keep(account, { url: address, replace: true })
  return {
    sandbox,
    merchants,
    platform: into.platform,
    async complain(more = {}) {
      const complaint = await sandbox.complain({ mchid: merchants[0]?.mchid ?? '', ...more })
      await into.settle()
      return complaint
    },
    did: (what) => sandbox.ledger().filter((entry) => entry.what === what),
  }
}

const pageSettings = (language: 'zh-CN' | 'en', outside: string) => ({
  rooms: [{ chat: group, title: '客服群' }],
  people: Object.values(people),
  panes: [
    { title: language === 'en' ? 'Sandbox' : '沙盒', url: `${outside}/sandbox/${language === 'en' ? '?lang=en' : ''}` },
  ],
  language,
})

/** Remembers the bot that the app made, for its address. */
function watched(kind: BrowserKind) {
  let made: BrowserBot | undefined
  const make: BrowserKind['make'] = (options) => {
    made = kind.make(options)
    return made
  }
  return { kind: { ...kind, make }, address: () => made?.address ?? '' }
}

interface Another {
  readonly name: string
  readonly at: number
  readonly hooks: ReadonlyMap<string, string>
}

const another = (like: MiniProgram, { name, at, hooks }: Another): MiniProgram => ({
  name,
  appid: `wx${String(at + 2).repeat(16)}`,
  secret: String(at + 2).repeat(32),
  token: `RedressToken${at + 2}`,
  aesKey: randomBytes(32).toString('base64').slice(0, 43),
  mode: like.mode,
  format: like.format,
  orderShipping: like.orderShipping ?? false,
  get pushUrl() {
    return hooks.get(this.appid) ?? ''
  },
})

async function addProgram(tx: Tx, tenant: Tenant, program: MiniProgram, options: WorldOptions): Promise<AccountId> {
  const account = await createAccount(tx, {
    tenant: tenant.id,
    platform: 'wechat-mini',
    outsideId: program.appid,
    name: program.name,
    enabled: options.enabled ?? true,
    settings: { mode: program.mode, ...(options.pay && { payer: String(firstMchid), refunds: true }) },
    secrets: { secret: program.secret, token: program.token, aesKey: program.aesKey },
  })
  if (!account) throw new Error('no account')
  return account.id
}

/** A shop with one mini program, a group, and people in it. */
export async function setUp(
  storage: Database,
  program: MiniProgram,
  options: WorldOptions & { readonly played?: Played; readonly inWecom?: PlayedWecom },
  outside: string,
) {
  return storage.transaction(async (tx) => {
    const language = options.language ?? 'zh-CN'
    const tenant = await createTenant(tx, {
      handle: 'shop',
      name: '小店',
      zone: 'Asia/Shanghai',
      language,
      secondPersonFrom: fen(20_000),
    })
    if (!tenant) throw new Error('no tenant')
    const account = await addProgram(tx, tenant, program, options)
    const { played, inWecom } = options
    const bot = await createBot(tx, {
      tenant: tenant.id,
      kind: played ? 'telegram' : inWecom ? 'wecom' : 'browser',
      name: 'Redress',
      enabled: true,
      settings: options.page
        ? pageSettings(language, outside)
        : options.telegram === 'webhook'
          ? { mode: 'webhook', publicUrl }
          : inWecom
            ? { name: wecomBot.name }
            : {},
      secrets: played
        ? { token: botToken }
        : inWecom
          ? { botId: wecomBot.botId, secret: wecomBot.secret }
          : ({} as Record<string, string>),
    })
    if (!bot) throw new Error('no bot')
    const bound = options.telegram !== 'unbound' && options.wecom !== 'unbound'
    for (const [person, handle, role] of roles) {
      const member = await createMember(tx, { tenant: tenant.id, handle, name: person.name, role, enabled: true })
      const identity = played
        ? { realm: 'telegram', user: String(played.people[handle].user.id) }
        : inWecom
          ? { realm: `wecom:${wecomBot.botId}`, user: inWecom.people[handle].userid.toLowerCase() }
          : { realm: `browser:${bot.id}`, user: person.id }
      if (member && bound) await bindIdentity(tx, member, identity)
    }
    const chat = played ? String(played.group.chat) : (inWecom?.group.chatid ?? group)
    const room = { tenant: tenant.id, bot: bot.id, chat, topic: '', alone: false, title: '客服群', language }
    if (bound) await createRoom(tx, room)
    return { tenant, account, bot }
  })
}
