import { asId, type Fen, fen, instant, newId, type TenantId } from '../core/words.ts'
import { giveKey } from './data-keys.ts'
import type { Reads, Tx } from './storage.ts'
import type { TenantRow } from './tables.ts'

export type Language = 'zh-CN' | 'en'

/** One business: everything else belongs to one. */
export interface Tenant {
  readonly id: TenantId
  readonly handle: string
  readonly name: string
  readonly zone: string
  readonly language: Language
  /** Refunds from this amount on need a second person. */
  readonly secondPersonFrom: Fen
  /** Most for one refund, and for all of a day of its zone; undefined = no cap but the members' own. */
  readonly refundEach?: Fen
  readonly refundDay?: Fen
  /** The same for each refunder of whom nothing else is said. */
  readonly refunderEach?: Fen
  readonly refunderDay?: Fen
}

export type NewTenant = Omit<Tenant, 'id'>

/** @returns undefined when the handle is taken. */
export async function createTenant(tx: Tx, tenant: NewTenant): Promise<Tenant | undefined> {
  const row = await tx.db
    .insertInto('tenant')
    .values({
      id: newId('tenant', tx.random, tx.clock.now()),
      handle: tenant.handle,
      name: tenant.name,
      zone: tenant.zone,
      language: tenant.language,
      second_person_from: tenant.secondPersonFrom,
      refund_each: tenant.refundEach ?? null,
      refund_day: tenant.refundDay ?? null,
      refunder_each: tenant.refunderEach ?? null,
      refunder_day: tenant.refunderDay ?? null,
      last_running: 0,
      created_at: instant(tx.clock.now()),
    })
    .onConflict((on) => on.doNothing())
    .returningAll()
    .executeTakeFirst()
  if (row) await giveKey(tx, row.id)
  return row && tenantOf(row)
}

export async function findTenant(reads: Reads, idOrHandle: string): Promise<Tenant | undefined> {
  const row = await reads.db
    .selectFrom('tenant')
    .selectAll()
    .where((is) => is.or([is('id', '=', idOrHandle), is('handle', '=', idOrHandle)]))
    .executeTakeFirst()
  return row && tenantOf(row)
}

export async function listTenants(reads: Reads): Promise<readonly Tenant[]> {
  return (await reads.db.selectFrom('tenant').selectAll().orderBy('handle').execute()).map(tenantOf)
}

export interface CapsChange {
  readonly secondPersonFrom?: Fen
  readonly refundEach?: Fen | null
  readonly refundDay?: Fen | null
  readonly refunderEach?: Fen | null
  readonly refunderDay?: Fen | null
}

/** What may be given away, changed; null takes a cap away, undefined leaves it. */
export async function setCaps(tx: Tx, tenant: TenantId, caps: CapsChange): Promise<Tenant | undefined> {
  const row = await tx.db
    .updateTable('tenant')
    .set((old) => ({
      second_person_from: caps.secondPersonFrom ?? old.ref('second_person_from'),
      ...(caps.refundEach === undefined ? {} : { refund_each: caps.refundEach }),
      ...(caps.refundDay === undefined ? {} : { refund_day: caps.refundDay }),
      ...(caps.refunderEach === undefined ? {} : { refunder_each: caps.refunderEach }),
      ...(caps.refunderDay === undefined ? {} : { refunder_day: caps.refunderDay }),
    }))
    .where('id', '=', tenant)
    .returningAll()
    .executeTakeFirst()
  return row && tenantOf(row)
}

/** The next public number of a complaint. The row's lock makes it gapless within committed work. */
export async function nextRunning(tx: Tx, tenant: TenantId): Promise<number> {
  const row = await tx.db
    .updateTable('tenant')
    .set((old) => ({ last_running: old('last_running', '+', 1) }))
    .where('id', '=', tenant)
    .returning('last_running')
    .executeTakeFirstOrThrow()
  return row.last_running
}

const tenantOf = (row: TenantRow): Tenant => ({
  id: asId(row.id),
  handle: row.handle,
  name: row.name,
  zone: row.zone,
  language: row.language as Language,
  secondPersonFrom: fen(row.second_person_from),
  ...(row.refund_each === null ? {} : { refundEach: fen(row.refund_each) }),
  ...(row.refund_day === null ? {} : { refundDay: fen(row.refund_day) }),
  ...(row.refunder_each === null ? {} : { refunderEach: fen(row.refunder_each) }),
  ...(row.refunder_day === null ? {} : { refunderDay: fen(row.refunder_day) }),
})
