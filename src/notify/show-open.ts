import type { AccountId } from '../core/words.ts'
import type { Engine } from '../engine/engine.ts'
import { tell } from '../engine/tell.ts'
import { lockComplaint, openOfAccount } from '../storage/complaints.ts'
import type { Tx } from '../storage/storage.ts'

/** What came in before anybody could see it was stored and not shown: now its cards are posted where there are none. */
export async function showOpen(engine: Engine, tx: Tx, account: AccountId): Promise<void> {
  for (const { tenant, id } of await openOfAccount(tx, account)) {
    const complaint = await lockComplaint(tx, tenant, id)
    if (complaint && complaint.phase !== 'closed') await tell(engine, tx, complaint, [{ kind: 'shown' }])
  }
}
