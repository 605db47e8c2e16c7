import { OutsideError } from '../core/errors.ts'
import type { Secret } from '../core/seal.ts'
import type { MerchantId } from '../core/words.ts'
import { openToken } from './merchants.ts'
import type { Storage } from './storage.ts'

interface Spoken {
  readonly merchant?: { readonly id: MerchantId }
}

/** Tokens as merchants gave them, opened at each call: one that was taken back is never used again. */
export const grantStore = ({ reads }: Storage) => ({
  /** @throws OutsideError `forbidden` where the merchant has given none, or has taken it back */
  async token({ merchant }: Spoken): Promise<Secret | undefined> {
    if (!merchant) return undefined
    const given = await openToken(reads, merchant.id)
    if (given) return given.token
    throw new OutsideError(
      'forbidden',
      '商家的授权已失效：请商家重新授权 | the authorisation of this merchant has ended: let the merchant authorise the app again',
      { code: 'no-grant' },
    )
  },
})
