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
import type { App } from '../../src/app.ts'
import type { Role } from '../../src/complaints/member.ts'
import type { ManualClock } from '../../src/core/clock.ts'
import { type Logger, silent } from '../../src/core/logger.ts'
import type { Metrics } from '../../src/core/metrics.ts'
import { type AccountId, fen } from '../../src/core/words.ts'
import type { EmbeddedEngine } from '../../src/engine/embedded.ts'
import { createAccount } from '../../src/storage/accounts.ts'
import { createBot, type StoredBot } from '../../src/storage/bots.ts'
import { bindIdentity, createMember } from '../../src/storage/members.ts'
import type { Database } from '../../src/storage/open.ts'
import { createRoom } from '../../src/storage/rooms.ts'
import { createTenant, type Tenant } from '../../src/storage/tenants.ts'
import { build } from './build.ts'
import { type Person, type TestChat, testChat } from './chat.ts'
import { type DatabaseKind, sqlite } from './databases.ts'

export const people = {
  li: { id: 'u-li', name: '小李' },
  chen: { id: 'u-chen', name: '阿陈' },
  wang: { id: 'u-wang', name: '小王' },
  stranger: { id: 'u-x', name: '路人' },
} as const satisfies Record<string, Person>

const roles: readonly (readonly [Person, string, Role])[] = [
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
}

/** A whole Redress with the outside around it: real HTTP, real SQL, real signatures; one clock that only we move. */
export interface World {
  readonly app: App
  readonly url: string
  readonly storage: Database
  readonly engine: EmbeddedEngine
  readonly metrics: Metrics
  readonly clock: ManualClock
  readonly wechat: Wechat
  readonly chat: TestChat
  readonly tenant: Tenant
  readonly bot: StoredBot
  readonly account: AccountId
  /** Where the page is, with `page: true`. */
  address(): string
  readonly program: MiniProgram
  /** Everything that is due now has been done, here and outside. */
  settle(): Promise<void>
  /** Time passes, in steps, and what falls due is done. */
  pass(ms: number, step?: number): Promise<void>
  complain(more?: Partial<Complain>): Promise<Complaint>
  /** What really happened on the platform by us. */
  effects(): readonly string[]
}

export async function world(options: WorldOptions = {}): Promise<World> {
  const { database, clock } = await (options.kind ?? sqlite).open()
  const logger = options.logger ?? silent
  let hook = ''
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
      return hook
    },
  }
  const wechat = createWechat({ clock, random: randomBytes, programs: [program], deliver: deliverByHttp })
  const outside = await serveWechat(wechat, { tickMs: 0 })
  const chat = testChat()
  const page = watched(browserKind({ clock, random: randomBytes, logger }))
  const botKind = options.page ? page.kind : chat.kind
  const { app, engine, metrics, close } = build({ database, wechat: outside.url, botKind, logger })
  const set = await setUp(database, program, options, outside.url)
  const { url } = await app.listen()
  hook = `${url}/hooks/${set.account}`
  onTestFinished(async () => {
    await close()
    await outside.close()
  })

  async function settle() {
    // What is done may cause pushes, and pushes cause work.
    for (let quiet = 0; quiet < 2; quiet++) {
      // Time never stands still outside of tests.
      clock.advance(1)
      await wechat.idle()
      await engine.settle()
    }
  }

  return {
    app,
    url,
    storage: database,
    engine,
    metrics,
    clock,
    wechat,
    chat,
    program,
    ...set,
    address: page.address,
    settle,
    async pass(ms, step = 15_000) {
      for (let left = ms; left > 0; left -= step) {
        clock.advance(Math.min(step, left))
        await wechat.advance()
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

/** A shop with one mini program, a group, and people in it. */
export async function setUp(storage: Database, program: MiniProgram, options: WorldOptions, outside: string) {
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
    const account = await createAccount(tx, {
      tenant: tenant.id,
      platform: 'wechat-mini',
      outsideId: program.appid,
      name: program.name,
      enabled: options.enabled ?? true,
      settings: { mode: program.mode },
      secrets: { secret: program.secret, token: program.token, aesKey: program.aesKey },
    })
    const bot = await createBot(tx, {
      tenant: tenant.id,
      kind: 'browser',
      name: 'Redress',
      enabled: true,
      settings: options.page ? pageSettings(language, outside) : {},
      secrets: {},
    })
    if (!account || !bot) throw new Error('no account or bot')
    for (const [person, handle, role] of roles) {
      const member = await createMember(tx, { tenant: tenant.id, handle, name: person.name, role, enabled: true })
      if (member) await bindIdentity(tx, member, { realm: `browser:${bot.id}`, user: person.id })
    }
    await createRoom(tx, {
      tenant: tenant.id,
      bot: bot.id,
      chat: group,
      topic: '',
      alone: false,
      title: '客服群',
      language,
    })
    return { tenant, account: account.id, bot }
  })
}
