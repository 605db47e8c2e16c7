import type { BotId, TenantId } from '../../src/core/words.ts'
import { asId } from '../../src/core/words.ts'
import { type Api, apiAt } from '../support/admin-api.ts'
import { given, type KindName } from '../support/channels.ts'
import { alone, type Person, type TestChat } from '../support/chat.ts'
import { fill } from './filled.ts'
import type { Shop } from './outside.ts'
import type { Bare } from './world.ts'

/** In both businesses: an agent and an admin. */
export const both = {
  li: { id: '1001', name: '小李' },
  chen: { id: '1002', name: '阿陈' },
} as const satisfies Record<string, Person>

/** In one only. */
export const only = {
  a: { id: '2001', name: '甲家老赵' },
  b: { id: '2002', name: '乙家老钱' },
} as const satisfies Record<'a' | 'b', Person>

/** The group, by the same id in the chat: both bots sit in it. */
export const group = 'ops'
export const otherGroup = 'ops-2'

/** The same in both: who paid, and which order. */
export const sharedOrder = '4200000000000000000000000001'
export const sharedPhone = '13800138000'

export interface Side {
  readonly at: 'a' | 'b'
  /** Stands in every name and every text of this business, and nowhere else. */
  readonly mark: string
  readonly tenant: TenantId
  readonly handle: string
  readonly bot: BotId
  readonly chat: TestChat
  readonly shop: Shop
  readonly keys: { readonly write: string; readonly read: string }
  /** Below the tenant, with its own key. */
  readonly api: Api
  /** Everything that can be named in a request. */
  readonly ids: Ids
}

export type Ids = Readonly<Record<IdName, string>>

export const idNames = [
  ...['tenant', 'account', 'pay', 'alipay', 'merchant', 'bot', 'pushBot', 'spareBot', 'room', 'spareRoom'],
  ...['member', 'spareMember', 'handle', 'channel', 'official', 'spareChannel', 'recipient', 'spareRecipient'],
  ...['deadLetter', 'otherLetter', 'template', 'spareTemplate', 'rule', 'spareRule', 'picture', 'running', 'action'],
  ...[
    'waitingAction',
    'order',
    'paidOrder',
    'key',
    'rotated',
    'revoked',
    'callback',
    'code',
    'outsideId',
    'number',
    'phone',
  ],
  ...['complaintsCursor', 'factsCursor', 'lettersCursor', 'auditCursor', 'link', 'appid', 'mchid'],
] as const
export type IdName = (typeof idNames)[number]

interface Wanted {
  readonly at: 'a' | 'b'
  readonly chat: TestChat
  readonly shop: Shop
}

/** What a business is before there is anything in it. */
export type Empty = Omit<Side, 'ids'>

/** Makes a business that has everything, as people would: by the API, in the chat, at the platforms. */
export async function dress(w: Bare, { at, chat, shop }: Wanted): Promise<Side> {
  const mark = at === 'a' ? '甲家' : '乙家'
  const handle = at === 'a' ? 'jia' : 'yi'
  const make = making(w.api)
  const tenant = (await make('GET', `/tenants/${handle}`)).id
  const below = `/tenants/${tenant}`
  const write = await make('POST', `${below}/keys`, { name: `${mark}程序`, access: 'write' })
  const read = await make('POST', `${below}/keys`, { name: `${mark}看板`, access: 'read' })
  const bots = await botsOf(make, { at, mark, below })
  const empty: Empty = {
    ...{ at, mark, tenant: asId(tenant), handle, bot: asId(bots.bot), chat, shop },
    keys: { write: write.key, read: read.key },
    api: apiAt(w.url, write.key),
  }
  const people = await peopleOf(make, empty, below)
  const accounts = await accountsOf(w, make, empty)
  const channels = await channelsOf(w, make, empty)
  const ids = { tenant, ...bots, ...people, ...accounts, ...channels }
  return { ...empty, ids: { ...ids, ...(await fill(w, make, { ...empty, known: ids })) } as Ids }
}

/** The body of an answer that must be good. */
// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, of which a test takes ids.
export type Make = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<any>

export const making =
  (api: Api): Make =>
  async (method, path, body, headers) => {
    const answer = await api(method, path, body, headers)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.json)}`)
    return answer.json
  }

async function botsOf(make: Make, { at, mark, below }: { at: 'a' | 'b'; mark: string; below: string }) {
  const add = async (kind: string, name: string, settings = {}) =>
    (await make('POST', `${below}/bots`, { kind, name: mark + name, settings, secrets: { token: `${at}-token` } })).id
  return {
    bot: await add('telegram', '机器人', { side: at }),
    pushBot: await add('wecom-webhook', '推送'),
    spareBot: await add('wecom-webhook', '备用'),
  }
}

async function peopleOf(make: Make, { at, mark, chat }: Empty, below: string) {
  const add = async (handle: string, { name }: Person, role: string) =>
    (await make('POST', `${below}/members`, { handle, name, role })).id as string
  const ids = {
    li: await add('li', both.li, 'agent'),
    chen: await add('chen', both.chen, 'admin'),
    own: await add(at === 'a' ? 'zhao' : 'qian', only[at], 'admin'),
    spare: await add('spare', { id: '', name: `${mark}小孙` }, 'agent'),
  }
  for (const [member, who] of [
    [ids.li, both.li],
    [ids.chen, both.chen],
    [ids.own, only[at]],
  ] as const) {
    const { code } = await make('POST', `${below}/members/${member}/bind-code`)
    await chat.say(who, alone(who), `/bind ${code}`)
    // The first words make a room of the chat with the bot.
    await chat.say(who, alone(who), '/list')
  }
  for (const where of [group, otherGroup]) {
    const { code } = await make('POST', `${below}/room-codes`, { language: 'zh-CN' })
    await chat.say(both.chen, where, `/bind ${code}`)
  }
  const { items } = await make('GET', `${below}/rooms`)
  const [room, spareRoom] = items.filter(({ alone }: { alone: boolean }) => !alone)
  await make('PATCH', `${below}/duty`, { duties: [{ member: ids.li, hours: '09:00-21:00' }] }, { 'if-match': '*' })
  return {
    ...{ member: ids.own, spareMember: ids.spare, handle: at === 'a' ? 'zhao' : 'qian' },
    ...{ room: room.id, spareRoom: spareRoom.id },
  }
}

async function accountsOf(w: Bare, make: Make, { tenant, mark, shop }: Empty) {
  const below = `/tenants/${tenant}/accounts`
  const { program, mchid, paying } = shop
  const { appid, secret, token, aesKey } = program
  const mini = await make('POST', below, {
    ...{ platform: 'wechat-mini', outsideId: appid, name: `${mark}小程序` },
    settings: { mode: 'safe', payer: mchid, refunds: true },
    secrets: { secret, token, aesKey },
  })
  w.tellAt(appid, `${w.url}/hooks/${mini.id}`)
  const pay = await make('POST', below, { platform: 'wechat-pay', outsideId: mchid, name: `${mark}收款`, ...paying })
  const { items } = await make('GET', below)
  const { id: alipay } = items.find(({ platform }: { platform: string }) => platform === 'alipay')
  await make('PATCH', `${below}/${alipay}`, { name: `${mark}支付宝` })
  const merchants = await make('GET', `${below}/${alipay}/merchants`)
  const merchant = merchants.items[0].id
  await make('PATCH', `${below}/${alipay}/merchants/${merchant}`, { name: `${mark}咖啡` })
  return { account: mini.id, pay: pay.id, alipay, merchant, appid, mchid }
}

async function channelsOf(w: Bare, make: Make, { tenant, mark }: Empty) {
  const below = `/tenants/${tenant}/channels`
  const add = async (kind: KindName, name: string) =>
    (await make('POST', below, { kind, name: mark + name, ...given(w.channels)[kind] })).id as string
  const to = async (channel: string, address: string, label: string) =>
    (await make('POST', `${below}/${channel}/recipients`, { address, label: mark + label })).id as string
  const channel = await add('email', '邮箱')
  const official = await add('official-account', '服务号')
  return {
    ...{ channel, official, spareChannel: await add('email', '备用邮箱') },
    recipient: await to(channel, 'boss@example.com', '老板'),
    spareRecipient: await to(channel, 'boss2@example.com', '掌柜'),
  }
}
