import type { PlatformName } from '../complaints/complaint.ts'
import type { Template, WordedAct } from '../complaints/template.ts'
import { starters } from '../complaints/template-starters.ts'
import { asId, instant, newId, type TemplateId, type TenantId } from '../core/words.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import type { TemplateRow } from './tables.ts'
import type { Tenant } from './tenants.ts'

/** Stands last. @returns undefined when the tenant has that name. */
export async function createTemplate(
  tx: Tx,
  template: Omit<Template, 'id' | 'position'>,
): Promise<Template | undefined> {
  const row = await tx.db
    .insertInto('template')
    .values((is) => ({
      id: newId('template', tx.random, tx.clock.now()),
      tenant: template.tenant,
      name: template.name,
      text: template.text,
      for: JSON.stringify(template.for),
      reasons: JSON.stringify(template.reasons),
      platforms: JSON.stringify(template.platforms),
      position: is
        .selectFrom('template')
        .select(({ fn, lit }) => is(fn.coalesce(fn.max('position'), lit(0)), '+', lit(1)).as('next'))
        .where('tenant', '=', template.tenant),
      created_at: instant(tx.clock.now()),
    }))
    .onConflict((on) => on.doNothing())
    .returningAll()
    .executeTakeFirst()
  return row && templateOf(row)
}

/** What a new business begins with. */
export async function addStarters(tx: Tx, { id, language }: Pick<Tenant, 'id' | 'language'>): Promise<void> {
  for (const starter of starters[language])
    await createTemplate(tx, { ...starter, tenant: id, reasons: [], platforms: [] })
}

export async function listTemplates(reads: Reads, tenant: TenantId): Promise<readonly Template[]> {
  const rows = await reads.db
    .selectFrom('template')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('position')
    .orderBy('name')
    .execute()
  return rows.map(templateOf)
}

export type TemplateChange = Partial<Omit<Template, 'id' | 'tenant'>>

/** `position`: there, 1 = first, and the others make room. @returns undefined when there is none, 'taken' when another has the name. */
export async function changeTemplate(
  tx: Tx,
  tenant: TenantId,
  id: TemplateId,
  change: TemplateChange,
): Promise<Template | 'taken' | undefined> {
  if (change.name !== undefined && (await nameTaken(tx, tenant, id, change.name))) return 'taken'
  const row = await tx.db
    .updateTable('template')
    .set({
      id,
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.text === undefined ? {} : { text: change.text }),
      ...(change.for === undefined ? {} : { for: JSON.stringify(change.for) }),
      ...(change.reasons === undefined ? {} : { reasons: JSON.stringify(change.reasons) }),
      ...(change.platforms === undefined ? {} : { platforms: JSON.stringify(change.platforms) }),
    })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (!row) return undefined
  if (change.position !== undefined) await place(tx, templateOf(row), change.position)
  return (await listTemplates(tx, tenant)).find((template) => template.id === id)
}

async function nameTaken(tx: Tx, tenant: TenantId, id: TemplateId, name: string): Promise<boolean> {
  const other = await tx.db
    .selectFrom('template')
    .select('id')
    .where('tenant', '=', tenant)
    .where('name', '=', name)
    .where('id', '<>', id)
    .executeTakeFirst()
  return other !== undefined
}

async function place(tx: Tx, { id, tenant }: Template, position: number): Promise<void> {
  const all = await listTemplates(tx, tenant)
  const before = new Map(all.map((template) => [template.id, template.position]))
  const order = all.map((template) => template.id).filter((each) => each !== id)
  order.splice(position - 1, 0, id)
  for (const [index, each] of order.entries()) {
    if (before.get(each) === index + 1) continue
    await tx.db
      .updateTable('template')
      .set({ position: index + 1 })
      .where('tenant', '=', tenant)
      .where('id', '=', each)
      .execute()
  }
}

export async function removeTemplate(tx: Tx, tenant: TenantId, id: TemplateId): Promise<boolean> {
  const gone = await tx.db
    .deleteFrom('template')
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .returning('id')
    .execute()
  return gone.length > 0
}

const templateOf = (row: TemplateRow): Template => ({
  id: asId(row.id),
  tenant: asId(row.tenant),
  name: row.name,
  text: row.text,
  for: ours<WordedAct[]>(row.for),
  reasons: ours<string[]>(row.reasons),
  platforms: ours<PlatformName[]>(row.platforms),
  position: row.position,
})
