import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, readConfig } from '../../config/config.ts'
import type { Env } from '../../config/env.ts'
import { shipped } from '../../config/load.ts'
import type { Telegram } from '../../sandbox/telegram/index.ts'
import type { Wechat } from '../../sandbox/wechat/index.ts'
import type { MerchantIdentity, WechatPay } from '../../sandbox/wechat-pay/index.ts'
import type { Wecom } from '../../sandbox/wecom/index.ts'
import type { Role } from '../complaints/member.ts'
import { systemClock } from '../core/clock.ts'
import { type BotId, fen, type TenantId } from '../core/words.ts'
import { type Running, startRedress } from '../main.ts'
import { createAccount, type NewAccount } from '../storage/accounts.ts'
import { createBot, type StoredBot } from '../storage/bots.ts'
import { bindIdentity, createMember } from '../storage/members.ts'
import { createRoom } from '../storage/rooms.ts'
import type { Tx } from '../storage/storage.ts'
import { addStarters } from '../storage/templates.ts'
import { createTenant, type Language } from '../storage/tenants.ts'

interface Acted {
  readonly id: string
  readonly name: readonly [zh: string, en: string]
  readonly note: readonly [zh: string, en: string]
  readonly role?: Role
}

const people: readonly Acted[] = [
  { id: 'li', name: ['小李', 'Li'], note: ['客服，可退款', 'agent, refunds'], role: 'refunder' },
  { id: 'chen', name: ['阿陈', 'Chen'], note: ['管理员', 'admin'], role: 'admin' },
  { id: 'wang', name: ['小王', 'Wang'], note: ['只看', 'viewer'], role: 'viewer' },
  { id: 'guest', name: ['路人', 'Stranger'], note: ['未绑定', 'not bound'] },
]

export interface DemoOptions {
  readonly language: Language
  /** Port of the chat page; 0 = any free one. */
  readonly port: number
  /** The same complaints in a played Telegram group too. */
  readonly telegram?: boolean
  /** And in a played WeCom group. */
  readonly wecom?: boolean
}

export interface Demo {
  /** What to open. */
  readonly address: string
  readonly wechat: Wechat
  readonly wechatPay: WechatPay
  readonly telegram?: Telegram
  readonly wecom?: Wecom
  stop(): Promise<void>
}

/** A shop with WeChat played around it, on this machine, gone when it stops: no account, no key, no settings. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { createWechat, serveWechat } = await import('../../sandbox/wechat/index.ts')
  const { deliverByHttp } = await import('../../sandbox/deliver.ts')
  const folder = mkdtempSync(join(tmpdir(), 'redress-demo-'))
  const hooks = new Map<string, string>()
  const programs = [program('云杉茶具', 'wx5eed0000000000a1', hooks), program('小满零食', 'wx5eed0000000000b2', hooks)]
  const pay = await playPay(hooks)
  const wechat = createWechat({
    clock: systemClock,
    random: randomBytes,
    programs,
    deliver: deliverByHttp,
    // One purse for the whole business: what is bought in its mini programs is paid there.
    async paid({ transactionId, outTradeNo, product, amount: total, paidAt }) {
      const mchid = pay.account.outsideId
      await pay.wechatPay.order({ mchid, transactionId, outTradeNo, product, total, paidAt: paidAt * 1000 })
    },
  })
  const outside = await serveWechat(wechat)
  const telegram = options.telegram ? await playTelegram(options.language) : undefined
  const wecom = options.wecom ? await playWecom(options.language) : undefined
  const chats = [telegram, wecom].filter((one) => one !== undefined)
  const running = await startRedress(configFor(folder, { wechat: outside.url, pay: pay.url, chats }))
  const bot = await setUp(running, { ...options, programs, hooks, outside: outside.url, pay, chats })
  await running.app.bots.refresh()
  wecom?.greet()
  await firstComplaints(wechat, pay)
  return {
    address: must(running.app.bots.address(bot)),
    wechat,
    wechatPay: pay.wechatPay,
    ...(telegram && { telegram: telegram.server }),
    ...(wecom && { wecom: wecom.server }),
    async stop() {
      await running.stop()
      await outside.close()
      await pay.close()
      for (const { close } of chats) await close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const said = {
  'zh-CN': (address: string) =>
    `\n  Redress 演示已就绪，请在浏览器打开：\n\n    ${address}\n\n  群里已有投诉；右侧可以让更多顾客来投诉。一切都在本机，按 Ctrl+C 结束后全部消失。\n\n`,
  en: (address: string) =>
    `\n  The Redress demo is ready. Open in a browser:\n\n    ${address}\n\n  Complaints are in the chat; let more customers complain on the right. All of it is on this machine and gone after Ctrl+C.\n\n`,
} as const

/** Until Ctrl+C. @returns the exit code */
export async function runDemo(config: Config, given: Pick<DemoOptions, 'telegram' | 'wecom'>): Promise<number> {
  const { language } = config
  const ended = new Promise<void>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve())
  })
  const demo = await startDemo({ language, port: config.browser.port, ...given })
  process.stdout.write(said[language](demo.address))
  await ended
  await demo.stop()
  return 0
}

type Program = Wechat['programs'][number]

const program = (name: string, appid: string, hooks: ReadonlyMap<string, string>): Program => ({
  name,
  appid,
  secret: randomBytes(16).toString('hex'),
  token: randomBytes(12).toString('hex'),
  aesKey: randomBytes(32).toString('base64').slice(0, 43),
  mode: 'safe',
  format: 'json',
  orderShipping: true,
  get pushUrl() {
    return hooks.get(appid) ?? ''
  },
})

interface Outside {
  readonly wechat: string
  readonly pay: string
  readonly chats: readonly Played[]
}

function configFor(folder: string, { wechat, pay, chats }: Outside) {
  const platforms = { REDRESS_WECHAT_BASE_URL: wechat, REDRESS_WECHAT_PAY_BASE_URL: pay }
  const env: Env = Object.assign({ REDRESS_DATA: folder, ...platforms }, ...chats.map((chat) => chat.env))
  const read = readConfig({ files: [shipped('demo')], env })
  if (read.faults) throw new Error(read.faults.map(({ field, fix }) => `${field}: ${fix}`).join('; '))
  return read.config
}

interface SetUp extends DemoOptions {
  readonly programs: readonly Program[]
  readonly hooks: Map<string, string>
  readonly outside: string
  readonly pay: PlayedPay
  readonly chats: readonly Played[]
}

async function setUp({ url, parts }: Running, given: SetUp): Promise<BotId> {
  return parts.storage.transaction(async (tx) => {
    const { language } = given
    const name = language === 'en' ? 'Demo shop' : '演示商家'
    const zone = 'Asia/Shanghai'
    const tenant = must(await createTenant(tx, { handle: 'demo', name, zone, language, secondPersonFrom: fen(20_000) }))
    await addStarters(tx, tenant)
    for (const { appid, name, mode, secret, token, aesKey } of given.programs) {
      const account = must(
        await createAccount(tx, {
          tenant: tenant.id,
          platform: 'wechat-mini',
          outsideId: appid,
          name,
          enabled: true,
          settings: { mode, payer: given.pay.account.outsideId, refunds: true },
          secrets: { secret, token, aesKey },
        }),
      )
      given.hooks.set(appid, `${url}/hooks/${account.id}`)
    }
    const account = must(await createAccount(tx, { tenant: tenant.id, ...given.pay.account }))
    given.hooks.set(payAddress, `${url}/hooks/${account.id}`)
    return chat(tx, tenant.id, given)
  })
}

async function chat(tx: Tx, tenant: TenantId, { language, port, outside, pay, chats }: SetUp): Promise<BotId> {
  const words = wordsIn(language)
  const page = (url: string) => `${url}/sandbox/${language === 'en' ? '?lang=en' : ''}`
  const settings = {
    port,
    language,
    rooms: [{ chat: 'complaints', title: words(title) }],
    people: people.map(({ id, name, note }) => ({ id, name: words(name), note: words(note) })),
    panes: [
      { title: words(['微信（扮演）', 'WeChat (played)']), url: page(outside) },
      { title: words(['微信支付（扮演）', 'WeChat Pay (played)']), url: page(pay.url) },
      ...chats.map(({ pane, url }) => ({ title: words(pane), url: page(url) })),
    ],
  }
  const bot = must(
    await createBot(tx, { tenant, kind: 'browser', name: 'Redress', enabled: true, settings, secrets: {} }),
  )
  for (const person of people) {
    if (!person.role) continue
    const wish = { tenant, handle: person.id, name: words(person.name), role: person.role, enabled: true }
    const member = must(await createMember(tx, wish))
    await bindIdentity(tx, member, { realm: `browser:${bot.id}`, user: person.id })
    for (const { realm, users } of chats) await bindIdentity(tx, member, { realm, user: must(users.get(person.id)) })
  }
  const room = { tenant, topic: '', alone: false, title: words(title), language }
  await createRoom(tx, { ...room, bot: bot.id, chat: 'complaints' })
  for (const played of chats) {
    const beside = must(await createBot(tx, { tenant, enabled: true, ...played.bot }))
    await createRoom(tx, { ...room, bot: beside.id, chat: played.chat })
  }
  return bot.id
}

const title = ['投诉处理群', 'Complaints'] as const

const wordsIn = (language: Language) => (both: readonly [zh: string, en: string]) => both[language === 'en' ? 1 : 0]

interface PlayedPay {
  readonly wechatPay: WechatPay
  readonly url: string
  /** What its console would give for the account. */
  readonly account: Omit<NewAccount, 'tenant'>
  close(): Promise<void>
}

/** What stands in its console; it takes nothing but https, and there is none on this machine. */
const payAddress = 'https://redress.example/hooks/demo'

async function playPay(hooks: ReadonlyMap<string, string>): Promise<PlayedPay> {
  const { createWechatPay, mintMerchant, serveWechatPay } = await import('../../sandbox/wechat-pay/index.ts')
  const { deliverByHttp } = await import('../../sandbox/deliver.ts')
  const [mchid, name, apiV3Key] = ['1900007291', '青禾优选', randomBytes(16).toString('hex')]
  const identity = mintMerchant({ mchid, random: randomBytes, now: systemClock.now() })
  const wechatPay = createWechatPay({
    clock: systemClock,
    random: randomBytes,
    merchants: [merchant({ mchid, name, apiV3Key, identity })],
    deliver: (push, signal) => deliverByHttp({ ...push, url: hooks.get(push.url) ?? push.url }, signal),
  })
  const { url, close } = await serveWechatPay(wechatPay)
  const { id: publicKeyId, pem: publicKey } = wechatPay.publicKey(mchid)
  const { privateKey, certificate } = identity
  const secrets = { apiV3Key, privateKey, certificate, publicKey }
  const account = {
    platform: 'wechat-pay' as const,
    outsideId: mchid,
    name,
    enabled: true,
    settings: { publicKeyId, refunds: true },
    secrets,
  }
  return { wechatPay, url, account, close }
}

const merchant = (of: { mchid: string; name: string; apiV3Key: string; identity: MerchantIdentity }) => ({
  mchid: of.mchid,
  name: of.name,
  apiV3Key: of.apiV3Key,
  certificateSerial: of.identity.serial,
  publicKey: of.identity.certificate,
  notifyUrl: payAddress,
})

/** A chat beside the page, with the same people and a group of its own. */
interface Played<Server = unknown> {
  readonly server: Server
  readonly url: string
  readonly pane: readonly [zh: string, en: string]
  /** The settings that lead there. */
  readonly env: Env
  readonly bot: Pick<StoredBot, 'kind' | 'name' | 'settings' | 'secrets'>
  readonly realm: string
  readonly chat: string
  /** The people's ids there, by ours. */
  readonly users: ReadonlyMap<string, string>
  close(): Promise<void>
}

async function playTelegram(language: Language): Promise<Played<Telegram>> {
  const { createTelegram, serveTelegram } = await import('../../sandbox/telegram/index.ts')
  const words = wordsIn(language)
  const token = `42:${randomBytes(32).toString('base64url').slice(0, 35)}`
  const bots = [{ token, username: 'RedressBot', name: 'Redress' }]
  const server = createTelegram({ clock: systemClock, random: randomBytes, bots })
  const { url, close } = await serveTelegram(server)
  const there = people.map(({ id, name }) => ({ id, person: server.person({ name: words(name) }) }))
  const persons = there.map(({ person }) => person)
  const group = server.group({ title: words(title), people: persons, bots: ['RedressBot'] })
  return {
    ...{ server, url, close },
    pane: ['Telegram（扮演）', 'Telegram (played)'],
    env: { REDRESS_TELEGRAM_API_ROOT: url },
    bot: { kind: 'telegram', name: 'Telegram', settings: {}, secrets: { token } },
    realm: 'telegram',
    chat: String(group.chat),
    users: new Map(there.map(({ id, person }) => [id, String(person.user.id)])),
  }
}

interface PlayedWecom extends Played<Wecom> {
  /** Somebody speaks to the bot: before that it may not post in the group. */
  greet(): void
}

async function playWecom(language: Language): Promise<PlayedWecom> {
  const { createWecom, serveWecom } = await import('../../sandbox/wecom/index.ts')
  const words = wordsIn(language)
  const secrets = { botId: `aib${randomBytes(12).toString('hex')}`, secret: randomBytes(24).toString('base64url') }
  const name = 'Redress'
  const server = createWecom({ clock: systemClock, random: randomBytes, bots: [{ ...secrets, name }] })
  const { url, close } = await serveWecom(server)
  const persons = people.map((one) => server.person({ userid: one.id, name: words(one.name) }))
  const group = server.group({ name: words(title), people: persons, bots: [secrets.botId] })
  return {
    ...{ server, url, close },
    pane: ['企业微信（扮演）', 'WeCom (played)'],
    env: { REDRESS_WECOM_URL: server.wsUrl, REDRESS_WECOM_WEBHOOK_URL: server.baseUrl },
    bot: { kind: 'wecom', name: 'WeCom', settings: { name }, secrets },
    realm: `wecom:${secrets.botId}`,
    chat: group.chatid,
    users: new Map(people.map(({ id }) => [id, id])),
    greet: () => void persons[0]?.say(group, '/help', { to: secrets.botId }),
  }
}

/** One that asks for evidence, and two that have just come in. */
async function firstComplaints(wechat: Wechat, { wechatPay, account }: PlayedPay): Promise<void> {
  const { samples } = await import('../../sandbox/wechat/samples.ts')
  const { samples: paySamples } = await import('../../sandbox/wechat-pay/samples.ts')
  const { parcelPhoto } = await import('../../sandbox/parcel.ts')
  const [tea, snacks] = wechat.programs
  const say = ({ appid }: Program, index: number) => {
    const { photos, ...sample } = must(samples[index])
    return wechat.complain({
      appid,
      ...sample,
      photos: Array.from({ length: photos }, (_, n) => parcelPhoto(index + n)),
    })
  }
  const older = await say(must(snacks), 2)
  await wechat.set(older.id, { status: 106, push: true })
  await wechat.idle()
  const { photos, ...paid } = must(paySamples[4])
  const pictures = Array.from({ length: photos }, (_, n) => parcelPhoto(10 + n))
  await wechatPay.complain({ mchid: account.outsideId, ...paid, photos: pictures })
  await wechatPay.idle()
  await say(must(tea), 0)
}

function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the demo could not be set up')
  return value
}
