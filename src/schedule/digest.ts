import { DateTime } from 'luxon'
import { digestsOf } from '../complaints/digest.ts'
import { instant, later } from '../core/words.ts'
import { announce } from '../engine/announce.ts'
import type { Engine } from '../engine/engine.ts'
import { isDigestMade, lately, openNow, takeDigest } from '../storage/digests.ts'
import { findReminding } from '../storage/reminding.ts'
import type { Storage } from '../storage/storage.ts'
import { listTenants, type Tenant } from '../storage/tenants.ts'

interface DigestParts {
  readonly storage: Storage
  readonly engine: Engine
}

const day = 24 * 3_600_000
/** Later than so many hours after its time a morning's digest is no news. */
const worth = 6

/** Once on each day of each business's zone: what is owed, what is at stake, what rules did. A day with nothing to tell has none. */
export async function makeDigests(parts: DigestParts): Promise<void> {
  for (const tenant of await listTenants(parts.storage.reads)) await digest(parts, tenant)
}

async function digest({ storage, engine }: DigestParts, { id: tenant, zone }: Tenant): Promise<void> {
  const { reads } = storage
  const { digest: hour } = await findReminding(reads, tenant)
  const here = DateTime.fromMillis(reads.clock.now(), { zone })
  if (hour === null || here.hour < hour || here.hour >= hour + worth) return
  const today = here.toFormat('yyyy-MM-dd')
  if (await isDigestMade(reads, tenant, today)) return
  const now = instant(reads.clock.now())
  const accounts = digestsOf(await openNow(reads, tenant), await lately(reads, tenant, later(now, -day)), now)
  await storage.transaction(async (tx) => {
    if (!(await takeDigest(tx, tenant, today)) || accounts.length === 0) return
    await announce(engine, tx, { tenant, notice: { kind: 'digest', accounts } })
  })
}
