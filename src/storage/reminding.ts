import type { Hours } from '../complaints/hours.ts'
import type { Reminding } from '../complaints/stage.ts'
import type { TenantId } from '../core/words.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import { findTenant } from './tenants.ts'

/** How a business wants to be told of what is owed; the zone is its own. */
export interface RemindingSettings extends Pick<Reminding, 'shares' | 'hours'> {
  /** null = people may be told at any hour. */
  readonly quiet: Hours | null
  /** The full hour of the daily digest; null = none. */
  readonly digest: number | null
}

export const usualReminding: RemindingSettings = {
  shares: [0.5, 0.8, 0.95],
  hours: [2],
  quiet: { from: 22 * 60, to: 8 * 60 },
  digest: 10,
}

export async function findReminding(reads: Reads, tenant: TenantId): Promise<RemindingSettings> {
  const row = await reads.db.selectFrom('reminding').select('settings').where('tenant', '=', tenant).executeTakeFirst()
  return row ? { ...usualReminding, ...ours<Partial<RemindingSettings>>(row.settings) } : usualReminding
}

/** What is not named stays. @returns as it is now */
export async function changeReminding(
  tx: Tx,
  tenant: TenantId,
  change: Partial<RemindingSettings>,
): Promise<RemindingSettings> {
  const settings = { ...(await findReminding(tx, tenant)), ...change }
  const row = { settings: JSON.stringify(settings) }
  await tx.db
    .insertInto('reminding')
    .values({ tenant, ...row })
    .onConflict((on) => on.column('tenant').doUpdateSet(row))
    .execute()
  return settings
}

/** As the stages are reckoned by. */
export async function remindingOf(reads: Reads, tenant: TenantId): Promise<Reminding> {
  const { zone } = (await findTenant(reads, tenant)) ?? { zone: 'Asia/Shanghai' }
  const { shares, hours, quiet } = await findReminding(reads, tenant)
  return { shares, hours, zone, ...(quiet ? { quiet } : {}) }
}
