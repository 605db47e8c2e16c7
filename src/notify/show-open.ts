import type { Complaint } from '../complaints/complaint.ts'
import type { AccountId, MerchantId } from '../core/words.ts'
import type { Engine } from '../engine/engine.ts'
import { tell } from '../engine/tell.ts'
import { lockComplaint, openOfAccount, openOfMerchant } from '../storage/complaints.ts'
import type { Tx } from '../storage/storage.ts'

/** What came in before anybody could see it was stored and not shown: now its cards are posted where there are none. */
export const showOpen = async (engine: Engine, tx: Tx, account: AccountId): Promise<void> =>
  show(engine, tx, await openOfAccount(tx, account))

/** The same for one that stands under an account. */
export const showOpenOfMerchant = async (engine: Engine, tx: Tx, merchant: MerchantId): Promise<void> =>
  show(engine, tx, await openOfMerchant(tx, merchant))

async function show(engine: Engine, tx: Tx, open: readonly Pick<Complaint, 'tenant' | 'id'>[]): Promise<void> {
  for (const { tenant, id } of open) {
    const complaint = await lockComplaint(tx, tenant, id)
    if (complaint && complaint.phase !== 'closed') await tell(engine, tx, complaint, [{ kind: 'shown' }])
  }
}
