import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { wecomWebhookKind } from '../../bots/wecom-webhook/index.ts'
import { systemClock } from '../../src/core/clock.ts'
import { silent } from '../../src/core/logger.ts'
import { createTransport } from '../../src/core/transport.ts'
import { asId, instant } from '../../src/core/words.ts'
import { createBackups } from '../../src/storage/backup.ts'
import { findKey, revokeKey } from '../../src/storage/keys.ts'
import { adminKey } from './admin-api.ts'
import { type Caller, createCaller, type Told, textAt, type Wish } from './api-caller.ts'
import { type Described, type Document, readDocument } from './api-document.ts'
import { type ChannelWorld, given, playChannels } from './channels.ts'
import { type AlipayWorld, type PayWorld, world } from './world.ts'

/** Stands in every secret that is given here, and in everything of the other business. */
export const canary = 'CANARY'
export const marker = 'MARKERB'

/** With one key in a minute of the clock, which stands still. */
export const perMinute = 24

export interface Lab {
  readonly w: PayWorld & AlipayWorld & Pick<ChannelWorld, 'outside'>
  readonly document: Document
  readonly caller: Caller
  operation(id: string): Described
  /** By a key that may do everything; counted and judged like all else. @throws Error unless it was done */
  ask(id: string, wish?: Wish): Promise<Told>
  /** What was made so. @returns its id */
  make(id: string, params: Params, body?: unknown): Promise<string>
  /** Keys that may do less, or nothing. */
  readonly keys: {
    readonly reader: string
    readonly expired: string
    readonly revoked: string
    /** Of this business alone. */
    of(tenant: string, access: 'read' | 'write'): Promise<string>
    /** One that nobody has used. */
    fresh(): Promise<string>
  }
  /** A business with nothing in it. @returns its handle */
  tenant(): Promise<string>
  /** Never the same twice. */
  next(): number
  /** Another business, with one of everything; by the names of parameters. */
  readonly other: Params
  /** Whoever was too fast may go on. */
  minute(): Promise<void>
}

export type Params = Readonly<Record<string, string>>

/** A whole Redress with all platforms, channels and kinds of chats around it, and a caller of its admin API. */
export async function lab(): Promise<Lab> {
  const outside = await playChannels()
  const folder = mkdtempSync(join(tmpdir(), 'redress-fuzz-'))
  const transport = createTransport({ clock: systemClock })
  const pushing = wecomWebhookKind({ transport, clock: systemClock, logger: silent, baseUrl: 'http://127.0.0.1:9' })
  const w = (await world({
    pay: ['青禾优选', '服务商'],
    alipay: {},
    channelKinds: outside.kindsOn,
    more: (database) => {
      const backups = createBackups(database, folder)
      return { botKinds: [pushing], requestsPerMinute: perMinute, ...(backups ? { backups } : {}) }
    },
  })) as PayWorld & AlipayWorld
  onTestFinished(async () => {
    await transport.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const ring = await Promise.all(Array.from({ length: 80 }, () => adminKey(w.storage)))
  let turn = 0
  const document = await readDocument(w.url)
  const kinds = Object.values(given({ served: outside.served })).flatMap(({ secrets }) => Object.values(secrets))
  const hidden = { secrets: [...secretsOf(w), ...kinds, canary, ...ring], elsewhere: marker, whose: ['other'] }
  const caller = createCaller(w.url, document, hidden, () => ring[turn++ % ring.length] ?? '')
  onTestFinished(caller.close)
  const byId = new Map(document.operations.map((one) => [one.id, one]))
  let count = 0

  const operation = (id: string): Described => {
    const found = byId.get(id)
    if (!found) throw new Error(`there is no operation ${id}`)
    return found
  }
  const ask: Lab['ask'] = async (id, wish = {}) => {
    const one = operation(id)
    const headers = one.method === 'patch' ? { 'if-match': '*', ...wish.headers } : wish.headers
    const told = await caller.send(one, { ...wish, ...(headers ? { headers } : {}) }, 'what others need')
    if (told.status >= 300) throw new Error(`${id}: ${told.status} ${told.text} ← ${JSON.stringify(wish)}`)
    return told
  }
  const made: Lab = {
    w: Object.assign(Object.create(w), { outside }),
    document,
    caller,
    operation,
    ask,
    make: async (id, params, body) => textAt(await ask(id, { params, ...(body === undefined ? {} : { body }) }), 'id'),
    keys: {
      reader: await adminKey(w.storage, { access: 'read' }),
      expired: await adminKey(w.storage, { expiresAt: instant(w.clock.now()) }),
      revoked: await revokedKey(w),
      of: async (tenant, access) => {
        const { id } = (await ask('getTenant', { params: { tenant } })).json
        return adminKey(w.storage, { tenant: asId(id), access })
      },
      fresh: () => adminKey(w.storage),
    },
    async tenant() {
      const handle = `t-${++count}`
      await ask('createTenant', { body: { handle, name: `店 ${count}` } })
      return handle
    },
    next: () => ++count,
    other: {},
    async minute() {
      const { clock } = w
      clock.advance(60_000 - (clock.now() % 60_000))
      await w.settle()
    },
  }
  const other = await furnish(made)
  hidden.whose.push(...Object.values(other))
  await made.minute()
  return { ...made, other }
}

async function revokedKey({ storage }: Pick<PayWorld, 'storage'>): Promise<string> {
  const text = await adminKey(storage)
  await storage.transaction(async (tx) => {
    const key = await findKey(storage.reads, text)
    if (key) await revokeKey(tx, key.id)
  })
  return text
}

/** Whatever must stay inside of the accounts that came with the world. */
function secretsOf(w: PayWorld): readonly string[] {
  const given = w.pay.merchants.flatMap(({ account }) => Object.values(account.secrets).map((each) => each.reveal()))
  // Of what is long, some of its middle: the first line of a key is everybody's.
  return [w.program.secret, w.program.token, w.program.aesKey, ...given].map((text) =>
    text.length > 200 ? text.slice(100, 140).replace(/\n.*/s, '') : text,
  )
}

export const png = (): string =>
  Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), randomBytes(24)]).toString('base64')

/** What is good enough for one of each. */
export const bodies = {
  account: (nth: number) => ({
    platform: 'wechat-mini',
    outsideId: `wx${String(nth).padStart(16, '0')}`,
    name: `小程序 ${nth}`,
    enabled: false,
    secrets: { secret: `${canary}0123456789`, token: `${canary}token`, aesKey: canary.padEnd(43, 'a') },
  }),
  bot: (nth: number) => ({ kind: 'browser', name: `bot ${nth}`, secrets: { token: `${canary}bot` } }),
  pusher: (nth: number) => ({
    kind: 'wecom-webhook',
    name: `push ${nth}`,
    enabled: false,
    secrets: { key: '693a91f6-7000-4bc4-97a0-0ec200fa5aaa' },
  }),
  member: (nth: number) => ({ handle: `m${nth}`, name: `人 ${nth}`, role: 'agent' }),
  template: (nth: number) => ({ name: `模板 ${nth}`, text: '抱歉，马上处理' }),
  rule: (nth: number) => ({ name: `规则 ${nth}`, act: { kind: 'note', text: '看一看' } }),
  recipient: (nth: number) => ({ address: `139${String(nth).padStart(8, '0')}`, label: `收件人 ${nth}` }),
  sms: ({ w }: Pick<Lab, 'w'>, nth: number) => ({ kind: 'sms', name: `短信 ${nth}`, ...given(w.outside).sms }),
  official: ({ w }: Pick<Lab, 'w'>, nth: number) => ({
    kind: 'official-account',
    name: `公众号 ${nth}`,
    ...given(w.outside)['official-account'],
  }),
  key: (nth: number) => ({ name: `key ${nth}` }),
}

/** The other business: one of everything, and its mark on each. */
async function furnish(to: Lab): Promise<Params> {
  const tenant = 'other'
  const name = marker
  const { id } = (await to.ask('createTenant', { body: { handle: tenant, name } })).json
  const at = { tenant }
  const one = (operation: string, body: object, under: Params = {}) => to.make(operation, { ...at, ...under }, body)
  const account = await one('createAccount', { ...bodies.account(9_000_000), name })
  const bot = await one('createBot', { ...bodies.bot(0), name })
  const pusher = await one('createBot', { ...bodies.pusher(0), name: `${name} 2` })
  const member = await one('createMember', { ...bodies.member(0), name })
  const room = await one('createRoom', { bot: pusher, title: name })
  const channel = await one('createChannel', { ...bodies.sms(to, 0), name })
  const recipient = await one('createChannelRecipient', { ...bodies.recipient(0), label: name }, { channel })
  const template = await one('createTemplate', { ...bodies.template(0), name })
  const rule = await one('createRule', { ...bodies.rule(0), name })
  const key = await one('createTenantKey', { name })
  const ids = { account, bot, member, room, channel, recipient, template, rule, key }
  return { ...ids, tenant: id }
}
