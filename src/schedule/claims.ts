import type { Complaint } from '../complaints/complaint.ts'
import { isOn } from '../complaints/merchant.ts'
import { type Instant, instant, later } from '../core/words.ts'
import type { Engine } from '../engine/engine.ts'
import { tell } from '../engine/tell.ts'
import { claimedBefore, lockComplaint, setClaim } from '../storage/complaints.ts'
import { lastActOf } from '../storage/facts.ts'
import { findMember } from '../storage/members.ts'
import { readerOf } from '../storage/seats.ts'
import type { Storage, Tx } from '../storage/storage.ts'

const patience = 2 * 3_600_000
const perTick = 1_000

/** Whoever takes a complaint and does nothing about it for two hours gives it back. */
export async function returnClaims({
  storage,
  engine,
}: {
  readonly storage: Storage
  readonly engine: Engine
}): Promise<void> {
  const since = later(instant(storage.reads.clock.now()), -patience)
  for (const { tenant, id } of await claimedBefore(storage.reads, since, perTick))
    await storage.transaction(async (tx) => {
      const complaint = await lockComplaint(tx, tenant, id)
      const seat = complaint && (await readerOf(tx, complaint))
      if (complaint?.claim && complaint.claim.at <= since && seat && isOn(seat))
        await takeBack(tx, engine, { complaint, since })
    })
}

/** From whoever holds it and has done nothing since then. @returns the complaint as it is now */
export async function takeBack(
  tx: Tx,
  engine: Engine,
  { complaint, since }: { readonly complaint: Complaint; readonly since: Instant },
): Promise<Complaint> {
  const { claim } = complaint
  if (!claim) return complaint
  const last = await lastActOf(tx, complaint.id, claim.member)
  if (last !== undefined && last > since) return complaint
  const member = await findMember(tx, complaint.tenant, claim.member)
  const after = await setClaim(tx, complaint, undefined)
  // Not the act of a person, so that nobody takes it back as their own.
  const by = { name: member?.name ?? '', via: 'rule' } as const
  await tell(engine, tx, after, [{ kind: 'released', by }])
  return after
}
