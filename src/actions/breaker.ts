import { type Instant, instant, later, type TenantId } from '../core/words.ts'
import { announce } from '../engine/announce.ts'
import type { Engine } from '../engine/engine.ts'
import { queues } from '../engine/queues.ts'
import { type Breaker, tripBreaker } from '../storage/breakers.ts'
import { countRuleRefunds } from '../storage/rule-refunds.ts'
import { refundsWaiting } from '../storage/rulings.ts'
import type { Reads, Tx } from '../storage/storage.ts'

const hour = 3_600_000
const hoursBefore = 7 * 24 - 1
/** Automatic refunds in an hour that no business needs to think about. */
export const usual = 10
/** So many times the normal hour is not normal. */
const times = 3

/** Automatic refunds that an hour may see: what is set, or a multiple of what the seven days before it saw. */
export async function mostAnHour(reads: Reads, tenant: TenantId, breaker: Breaker, now: Instant): Promise<number> {
  const week = { from: later(now, -(hoursBefore + 1) * hour), until: later(now, -hour) }
  const normal = (await countRuleRefunds(reads, tenant, week)) / hoursBefore
  return Math.max(breaker.most ?? usual, Math.ceil(times * normal))
}

/** Lets one more refund through, or stops them all until a person says so. The caller holds the breaker. */
export async function oneMore(engine: Engine, tx: Tx, tenant: TenantId, breaker: Breaker): Promise<boolean> {
  if (breaker.tripped) return false
  const now = instant(tx.clock.now())
  const ago = later(now, -hour)
  const from = breaker.resetAt !== undefined && breaker.resetAt > ago ? breaker.resetAt : ago
  const count = await countRuleRefunds(tx, tenant, { from })
  const most = await mostAnHour(tx, tenant, breaker, now)
  if (count < most) return true
  if (await tripBreaker(tx, tenant, { count, most })) {
    await announce(engine, tx, { tenant, notice: { kind: 'tripped', count, most } })
    // Each sees for itself that it may not go, and says so.
    for (const id of await refundsWaiting(tx, tenant)) await engine.send(tx, queues.ruling, id)
  }
  return false
}
