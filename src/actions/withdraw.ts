import type { By } from '../complaints/fact.ts'
import { failpoint } from '../core/failpoint.ts'
import { tell } from '../engine/tell.ts'
import { moveAction, type StoredAction } from '../storage/actions.ts'
import { lockComplaint, raiseVersion } from '../storage/complaints.ts'
import { moveRefund } from '../storage/refunds.ts'
import type { RequestParts } from './request.ts'

/** Takes back what has not gone out: nothing of it was ever called, so a refund's number is free again. @returns false when it is too late. */
export async function withdrawAction(
  { storage, engine }: Pick<RequestParts, 'storage' | 'engine'>,
  action: StoredAction,
  by: By,
): Promise<boolean> {
  const withdrawn = await storage.transaction(async (tx) => {
    const complaint = await lockComplaint(tx, action.tenant, action.complaint)
    const moved = complaint && (await moveAction(tx, action.id, { state: 'withdrawn' }))
    if (!moved) return false
    if (action.action.kind === 'refund') await moveRefund(tx, action.id, { state: 'failed' })
    await raiseVersion(tx, complaint.id)
    const { id, action: act } = action
    await tell(engine, tx, complaint, [{ kind: 'acted', action: id, act: act.kind, by, state: 'withdrawn' }])
    failpoint('withdraw.before-commit')
    return true
  })
  failpoint('withdraw.committed')
  return withdrawn
}
