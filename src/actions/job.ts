import type { ActionKind } from '../complaints/action.ts'
import type { Complaint } from '../complaints/complaint.ts'
import { failpoint } from '../core/failpoint.ts'
import { instant } from '../core/words.ts'
import type { Deed, Job } from '../platforms/platform.ts'
import type { StoredAccount } from '../storage/accounts.ts'
import type { StoredAction } from '../storage/actions.ts'
import { findPicture, findUpload, forgetUpload, keepUpload } from '../storage/pictures.ts'
import type { StoredRefund } from '../storage/refunds.ts'
import type { Storage } from '../storage/storage.ts'

/** An action with everything that its deed needs. */
export interface Work {
  readonly action: StoredAction
  readonly complaint: Complaint
  readonly account: StoredAccount
  /** That pays, for a refund. */
  readonly payer?: StoredAccount
  readonly refund?: StoredRefund
  readonly deed: Deed<ActionKind>
}

/** The wish as its deed gets it: pictures from our own store, upload ids from the cache while they live. */
export function jobFor(storage: Storage, { action, complaint, account, payer, refund }: Work): Job<ActionKind> {
  const picture: Job<ActionKind>['picture'] = async (hash) => {
    const found = await findPicture(storage.reads, hash)
    if (!found) throw new Error(`picture ${hash} is gone`)
    return found
  }
  return {
    seat: { account, ...(payer ? { payer } : {}) },
    complaint,
    action: action.action,
    ...(refund ? { refund: { number: refund.number } } : {}),
    since: action.sentAt ?? instant(storage.reads.clock.now()),
    picture,
    async uploaded(hash, upload) {
      const known = await findUpload(storage.reads, account.id, hash)
      if (known !== undefined) return known
      const made = await upload(await picture(hash))
      failpoint('upload.made')
      await storage.transaction((tx) => keepUpload(tx, account.id, hash, made))
      return made.id
    },
    forgetUpload: (hash) => storage.transaction((tx) => forgetUpload(tx, account.id, hash)),
  }
}
