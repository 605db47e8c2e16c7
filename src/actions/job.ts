import type { ActionKind } from '../complaints/action.ts'
import type { Complaint } from '../complaints/complaint.ts'
import { failpoint } from '../core/failpoint.ts'
import { instant } from '../core/words.ts'
import type { Deed, Job } from '../platforms/platform.ts'
import type { StoredAction } from '../storage/actions.ts'
import { findPicture, findUpload, forgetUpload, keepUpload } from '../storage/pictures.ts'
import type { StoredRefund } from '../storage/refunds.ts'
import type { StoredSeat } from '../storage/seats.ts'
import type { Storage } from '../storage/storage.ts'

/** An action with everything that its deed needs. */
export interface Work {
  readonly action: StoredAction
  readonly complaint: Complaint
  /** With who pays, for a refund. */
  readonly seat: StoredSeat
  readonly refund?: StoredRefund
  readonly deed: Deed<ActionKind>
}

/** The wish as its deed gets it: pictures from our own store, upload ids from the cache while they live. */
export function jobFor(storage: Storage, { action, complaint, seat, refund }: Work): Job<ActionKind> {
  const uploadedFor = seat.merchant?.id ?? seat.account.id
  const picture: Job<ActionKind>['picture'] = async (hash) => {
    const found = await findPicture(storage.reads, hash)
    if (!found) throw new Error(`picture ${hash} is gone`)
    return found
  }
  return {
    seat,
    complaint,
    action: action.action,
    ...(refund ? { refund: { number: refund.number } } : {}),
    since: action.sentAt ?? instant(storage.reads.clock.now()),
    picture,
    async uploaded(hash, upload) {
      const known = await findUpload(storage.reads, uploadedFor, hash)
      if (known !== undefined) return known
      const made = await upload(await picture(hash))
      failpoint('upload.made')
      await storage.transaction((tx) => keepUpload(tx, uploadedFor, hash, made))
      return made.id
    },
    forgetUpload: (hash) => storage.transaction((tx) => forgetUpload(tx, uploadedFor, hash)),
  }
}
