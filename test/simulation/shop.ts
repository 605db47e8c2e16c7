import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrations } from '../../migrations/index.ts'
import type { Actor } from '../../src/actions/refund-gate.ts'
import type { Clock } from '../../src/core/clock.ts'
import { createSealer } from '../../src/core/seal.ts'
import { type ComplaintId, fen, type Random } from '../../src/core/words.ts'
import { record } from '../../src/inbox/record.ts'
import { createMember } from '../../src/storage/members.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { type Database, openSqlite } from '../../src/storage/open.ts'
import type { StoredSeat } from '../../src/storage/seats.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { createTenant, type Tenant } from '../../src/storage/tenants.ts'
import { ask, startLife } from './life.ts'
import type { Outside, Side } from './side.ts'

/** Whoever may wish for money: people of every role and cap, the API's key, a rule. */
export interface Asker {
  readonly name: string
  readonly via: 'chat' | 'api' | 'rule'
  readonly member: Actor
}

export interface Shop {
  readonly tenant: Tenant
  /** What the platforms call the accounts. */
  readonly outsideIds: ReadonlyMap<string, string>
  readonly askers: readonly Asker[]
  /** In the order of `complained`. */
  readonly complaints: readonly ComplaintId[]
  /** A fresh copy of the shop as it is at noon. @returns its file */
  copy(to: string): string
}

export const caps = { secondPersonFrom: fen(1500), refundDay: fen(6000) }
const people = [
  { name: 'chen', role: 'admin' },
  { name: 'wang', role: 'refunder', refundEach: fen(1200), refundDay: fen(2500) },
  { name: 'zhao', role: 'refunder' },
  { name: 'li', role: 'agent' },
] as const

export const openShop = (file: string, clock: Clock, random: Random): Database =>
  openSqlite({ file, clock, random, sealer: createSealer(Buffer.alloc(32, 7), random), synchronous: 'off' })

const made = new Map<string, Promise<Shop>>()
/** Made once, then copied for each schedule. */
export function shop(side: Side): Promise<Shop> {
  const known = made.get(side.name) ?? make(side)
  made.set(side.name, known)
  return known
}

let folder: string | undefined
/** Nothing more is copied of the shops that were made; whoever asks afterwards gets new ones. */
export function forgetShop(): void {
  if (folder) rmSync(folder, { recursive: true, force: true })
  folder = undefined
  made.clear()
}
export function fileIn(name: string): string {
  folder ??= mkdtempSync(join(tmpdir(), 'redress-simulation-'))
  return join(folder, name)
}

async function make(side: Side): Promise<Shop> {
  const outside = await side.create({ seed: 1, settleMs: 3_000, hear: () => Promise.reject(new Error('nobody')) })
  const file = fileIn(`${side.name}.db`)
  const database = openShop(file, outside.clock, outside.chance.bytes)
  await migrate(database, migrations)
  const { tenant, seats, askers } = await database.transaction((tx) => staff(tx, outside))
  const life = await startLife({
    database,
    ...outside,
    planted: { storage: (same) => same, engine: (same) => same, platform: (same) => same },
    carry: (request) => ask(outside, request),
  })
  const complaints: ComplaintId[] = []
  for (const [at, seat] of seats.entries()) complaints.push(await read(life.parts, seat, outside.numbers[at] ?? ''))
  life.kill()
  await database.transaction((tx) => tx.db.deleteFrom('job').execute())
  await database.close()
  return {
    tenant,
    outsideIds: new Map(seats.map(({ account }) => [account.id, account.outsideId])),
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
  seat: Omit<StoredSeat, 'payer'>,
  number: string,
): Promise<ComplaintId> {
  const said = await platforms.get(seat.account.platform)?.fetch(seat, number)
  if (!said) throw new Error('no such platform')
  return (await record({ storage, engine }, { seat, said })).id
}

async function staff(tx: Tx, outside: Outside) {
  const wish = { handle: 'shop', name: '小店', zone: 'Asia/Shanghai', language: 'zh-CN', ...caps } as const
  const tenant = await createTenant(tx, wish)
  if (!tenant) throw new Error('no tenant')
  const seats = await outside.join(tx, tenant.id)
  const askers: Asker[] = []
  for (const { name, ...rest } of people) {
    const member = await createMember(tx, { tenant: tenant.id, handle: name, name, enabled: true, ...rest })
    if (!member) throw new Error('no member')
    askers.push({ name, via: 'chat', member })
  }
  askers.push({ name: 'API', via: 'api', member: { role: 'admin' } })
  askers.push({ name: 'rule', via: 'rule', member: { role: 'refunder' } })
  return { tenant, seats, askers }
}
