import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrations } from '../migrations/index.ts'
import { deliverByHttp } from '../sandbox/deliver.ts'
import { createWechat, type MiniProgram, serveWechat, type Wechat } from '../sandbox/wechat/index.ts'
import { systemClock } from '../src/core/clock.ts'
import { createSealer } from '../src/core/seal.ts'
import { type AccountId, fen, type TenantId } from '../src/core/words.ts'
import { createAccount } from '../src/storage/accounts.ts'
import { createBot } from '../src/storage/bots.ts'
import { bindIdentity, createMember } from '../src/storage/members.ts'
import { migrate } from '../src/storage/migrate.ts'
import { type Database, openSqlite } from '../src/storage/open.ts'
import { createRoom } from '../src/storage/rooms.ts'
import { createTenant } from '../src/storage/tenants.ts'
import { type Built, build } from '../test/support/build.ts'
import { type TestChat, testChat } from '../test/support/chat.ts'
import { type AccountWish, accountFrom, mini, programAt } from './source.ts'

/** A shop on a real file with synchronous=FULL and the system's clock; the chat takes no time. */
export interface Shop {
  readonly built: Built
  readonly wechat: Wechat
  readonly chat: TestChat
  readonly program: MiniProgram
  readonly database: Database
  readonly tenant: TenantId
  readonly account: AccountId
  close(): Promise<void>
}

export async function openShop(): Promise<Shop> {
  const { folder, database } = await openFolder()
  let hook = ''
  const program = programAt(() => hook)
  const wechat = createWechat({ clock: systemClock, random: randomBytes, programs: [program], deliver: deliverByHttp })
  const outside = await serveWechat(wechat)
  const chat = testChat()
  const built = build({ database, wechat: outside.url, botKind: chat.kind })
  const { tenant, account } = await setUp(database, accountFrom(mini))
  const { url } = await built.app.listen()
  hook = `${url}/hooks/${account}`
  return {
    built,
    wechat,
    chat,
    program,
    database,
    tenant,
    account,
    async close() {
      await built.close()
      await outside.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A new database on a real file, with all its tables. */
export async function openFolder(
  synchronous: 'full' | 'off' = 'full',
): Promise<{ readonly folder: string; readonly database: Database }> {
  const folder = mkdtempSync(join(tmpdir(), 'redress-bench-'))
  const sealer = createSealer(randomBytes(32), randomBytes)
  const parts = { sealer, clock: systemClock, random: randomBytes }
  const database = openSqlite({ ...parts, file: join(folder, 'redress.db'), synchronous })
  await migrate(database, migrations)
  return { folder, database }
}

export const presser = { id: 'u-li', name: '小李' }
export const group = 'ops'
const inBrowser = { kind: 'browser', secrets: {}, chat: group } as const

/** Where the group is, and as whom its person is known there. */
export interface ChatPlace {
  readonly kind: 'browser' | 'telegram' | 'wecom'
  readonly secrets: Readonly<Record<string, string>>
  readonly chat: string
  /** The bot's own realm when left out. */
  readonly identity?: { readonly realm: string; readonly user: string }
}

/** A tenant with one account, one chat, one person in it. */
export function setUp(database: Database, wish: AccountWish, place: ChatPlace = inBrowser) {
  return database.transaction(async (tx) => {
    const zone = 'Asia/Shanghai'
    const tenant = await createTenant(tx, {
      handle: 'shop',
      name: 'shop',
      zone,
      language: 'zh-CN',
      secondPersonFrom: fen(20_000),
    })
    if (!tenant) throw new Error('no tenant')
    const of = { tenant: tenant.id, enabled: true }
    const account = await createAccount(tx, { ...of, ...wish })
    const { kind, secrets, identity, chat } = place
    const bot = await createBot(tx, { ...of, kind, name: 'chat', settings: {}, secrets })
    if (!account || !bot) throw new Error('no account or bot')
    const member = await createMember(tx, { ...of, handle: 'li', name: presser.name, role: 'agent' })
    if (!member) throw new Error('no member')
    await bindIdentity(tx, member, identity ?? { realm: `browser:${bot.id}`, user: presser.id })
    await createRoom(tx, {
      tenant: tenant.id,
      bot: bot.id,
      chat,
      topic: '',
      alone: false,
      title: 'ops',
      language: 'zh-CN',
    })
    return { tenant: tenant.id, account: account.id }
  })
}
