import type { Wechat } from '../../../sandbox/wechat/index.ts'
import { defaultDelay } from '../../complaints/rule.ts'
import { type BotId, fen, type TenantId } from '../../core/words.ts'
import type { Running } from '../../main.ts'
import { createAccount, type StoredAccount } from '../../storage/accounts.ts'
import { createBot } from '../../storage/bots.ts'
import type { StoredChannel } from '../../storage/channels.ts'
import { bindIdentity, createMember } from '../../storage/members.ts'
import { createRoom } from '../../storage/rooms.ts'
import { createRule } from '../../storage/rules.ts'
import type { Tx } from '../../storage/storage.ts'
import { addStarters } from '../../storage/templates.ts'
import { createTenant, type Language } from '../../storage/tenants.ts'
import { type Into, type PlayedAlipay, setUpAlipay } from './alipay.ts'
import { type PlayedChannels, setUpChannels } from './channels.ts'
import type { Played } from './chats.ts'
import { type PlayedPay, payAddress } from './pay.ts'
import { must, people, title, wordsIn } from './people.ts'

export interface SetUp {
  readonly language: Language
  /** Of the chat page. */
  readonly port: number
  readonly programs: Wechat['programs']
  /** Where pushes go, by appid or by the address that the platform was told. */
  readonly hooks: Map<string, string>
  readonly outside: string
  readonly pay: PlayedPay
  readonly alipay: PlayedAlipay
  readonly channels: PlayedChannels
  readonly chats: readonly Played[]
}

/** What is asked for again when all is there. */
export interface Standing {
  readonly bot: BotId
  readonly official: StoredChannel
}

/** One business with all its accounts, its people, their chats and the ways to them. */
export async function setUp({ url, parts }: Running, given: SetUp): Promise<Standing> {
  return parts.storage.transaction(async (tx) => {
    const { language } = given
    const name = language === 'en' ? 'Spruce support team' : '云杉客服团队'
    const zone = 'Asia/Shanghai'
    const tenant = must(await createTenant(tx, { handle: 'demo', name, zone, language, secondPersonFrom: fen(20_000) }))
    await addStarters(tx, tenant)
    await accounts(tx, given, { tenant: tenant.id, url, engine: parts.engine })
    const official = await setUpChannels(tx, given.channels, { tenant: tenant.id, url, language })
    return { bot: await chat(tx, tenant.id, given), official }
  })
}

async function accounts(tx: Tx, given: SetUp, to: Into): Promise<void> {
  const { programs, pay, alipay, hooks } = given
  const { tenant, url } = to
  for (const { appid, name, mode, secret, token, aesKey } of programs) {
    const account = must(
      await createAccount(tx, {
        tenant,
        platform: 'wechat-mini',
        outsideId: appid,
        name,
        enabled: true,
        settings: { mode, payer: pay.account.outsideId, refunds: true },
        secrets: { secret, token, aesKey },
      }),
    )
    hooks.set(appid, `${url}/hooks/${account.id}`)
  }
  const account = must(await createAccount(tx, { tenant, ...pay.account }))
  hooks.set(payAddress, `${url}/hooks/${account.id}`)
  await smallRefunds(tx, given, account)
  await setUpAlipay(tx, alipay, to)
}

/** What is done by itself, with a minute to stop it; nobody complains of so little before somebody looks. */
async function smallRefunds(tx: Tx, { language }: SetUp, { tenant, id }: StoredAccount): Promise<void> {
  const words = wordsIn(language)
  const most = fen(2_000)
  await createRule(tx, {
    tenant,
    name: words(['小额自动退款', 'Small refunds']),
    mode: 'on',
    accounts: [id],
    when: { paid: { to: most } },
    act: { kind: 'refund', orders: 'only', reason: words(['小额快速退款', 'a small amount, given back at once']) },
    delay: defaultDelay,
    caps: { each: most, day: fen(20_000), payerDay: most },
  })
}

async function chat(tx: Tx, tenant: TenantId, given: SetUp): Promise<BotId> {
  const { language, port, outside, pay, alipay, channels, chats } = given
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
      { title: words(['支付宝（扮演）', 'Alipay (played)']), url: page(alipay.url) },
      ...[...channels.all, ...chats].map(({ pane, url }) => ({ title: words(pane), url: page(url) })),
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
