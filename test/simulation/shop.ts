import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrations } from '../../migrations/index.ts'
import type { Actor } from '../../src/actions/refund-gate.ts'
import type { Clock } from '../../src/core/clock.ts'
import { createSealer } from '../../src/core/seal.ts'
import { type AccountId, type ComplaintId, fen, type Random } from '../../src/core/words.ts'
import { record } from '../../src/inbox/record.ts'
import { createAccount, type StoredAccount } from '../../src/storage/accounts.ts'
import { createMember } from '../../src/storage/members.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { type Database, openSqlite } from '../../src/storage/open.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { createTenant, type Tenant } from '../../src/storage/tenants.ts'
import { ask, startLife } from './life.ts'
import { createOutside, miniAccount, type Outside, orders, payAccount, programs } from './outside.ts'

/** Whoever may wish for money: people of every role and cap, the API's key, a rule. */
export interface Asker {
  readonly name: string
  readonly via: 'chat' | 'api' | 'rule'
  readonly member: Actor
}

export interface Shop {
  readonly tenant: Tenant
  readonly payer: AccountId
  readonly askers: readonly Asker[]
  /** In the order of `complained`. */
  readonly complaints: readonly ComplaintId[]
  /** A fresh copy of the shop as it is at noon. @returns its file */
  copy(to: string): string
}

/** Which order the complaints are about. */
export const complained = [orders[0], orders[0], orders[1], orders[1]] as const

export const caps = { secondPersonFrom: fen(1500), refundDay: fen(6000) }
const people = [
  { name: 'chen', role: 'admin' },
  { name: 'wang', role: 'refunder', refundEach: fen(1200), refundDay: fen(2500) },
  { name: 'zhao', role: 'refunder' },
  { name: 'li', role: 'agent' },
] as const

export const openShop = (file: string, clock: Clock, random: Random): Database =>
  openSqlite({ file, clock, random, sealer: createSealer(Buffer.alloc(32, 7), random), synchronous: 'off' })

let made: Promise<Shop> | undefined
/** Made once, then copied for each schedule. */
export function shop(): Promise<Shop> {
  made ??= make()
  return made
}

const folder = mkdtempSync(join(tmpdir(), 'redress-simulation-'))
/** Nothing more is copied from here on. */
export const forgetShop = (): void => rmSync(folder, { recursive: true, force: true })
export const fileIn = (name: string): string => join(folder, name)

async function make(): Promise<Shop> {
  const outside = await createOutside({ seed: 1, settleMs: 3_000, deliver: () => Promise.reject(new Error('nobody')) })
  const file = fileIn('template.db')
  const database = openShop(file, outside.clock, outside.chance.bytes)
  await migrate(database, migrations)
  const { tenant, accounts, payer, askers } = await database.transaction((tx) => staff(tx, outside))
  const life = await startLife({
    database,
    ...outside,
    planted: { storage: (same) => same, engine: (same) => same, paying: (same) => same },
    carry: (request) => ask(outside, request),
  })
  const complaints: ComplaintId[] = []
  for (const [at, number] of outside.numbers.entries())
    complaints.push(await read(life.parts, accounts[at] ?? payer, number))
  life.kill()
  await database.transaction((tx) => tx.db.deleteFrom('job').execute())
  await database.close()
  return {
    tenant,
    payer: payer.id,
    askers,
    complaints,
    copy(to) {
      const path = fileIn(to)
      copyFileSync(file, path)
      return path
    },
  }
}

async function read(
  { storage, engine, platforms }: Awaited<ReturnType<typeof startLife>>['parts'],
  account: StoredAccount,
  number: string,
): Promise<ComplaintId> {
  const said = await platforms.get(account.platform)?.fetch({ account }, number)
  if (!said) throw new Error('no such platform')
  return (await record({ storage, engine }, { seat: { account }, said })).id
}

async function staff(tx: Tx, { pay }: Outside) {
  const wish = { handle: 'shop', name: '小店', zone: 'Asia/Shanghai', language: 'zh-CN', ...caps } as const
  const tenant = await createTenant(tx, wish)
  if (!tenant) throw new Error('no tenant')
  const account = async (of: ReturnType<typeof payAccount> | ReturnType<typeof miniAccount>) => {
    const created = await createAccount(tx, { tenant: tenant.id, ...of })
    if (!created) throw new Error('no account')
    return created
  }
  const payer = await account(payAccount(pay))
  const [one, two] = [await account(miniAccount(programs[0])), await account(miniAccount(programs[1]))]
  const askers: Asker[] = []
  for (const { name, ...rest } of people) {
    const member = await createMember(tx, { tenant: tenant.id, handle: name, name, enabled: true, ...rest })
    if (!member) throw new Error('no member')
    askers.push({ name, via: 'chat', member })
  }
  askers.push({ name: 'API', via: 'api', member: { role: 'admin' } })
  askers.push({ name: 'rule', via: 'rule', member: { role: 'refunder' } })
  return { tenant, payer, accounts: [one, two, one, payer], askers }
}
