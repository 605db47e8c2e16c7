import { type AccountId, asId } from '../core/words.ts'
import { findAccount, type StoredAccount } from './accounts.ts'
import type { Reads } from './storage.ts'

/** An account, and the one that would pay where money may go back. */
export interface StoredSeat {
  readonly account: StoredAccount
  readonly payer?: StoredAccount
}

/** Money goes only where the account's setting `refunds` says true: a WeChat Pay account's own, or that of the `payer` (an mchid) which a mini program names. */
export async function seatOf(reads: Reads, account: StoredAccount): Promise<StoredSeat> {
  if (account.settings.refunds !== true) return { account }
  if (account.platform === 'wechat-pay') return { account, payer: account }
  const { payer: named } = account.settings
  if (typeof named !== 'string') return { account }
  const row = await reads.db
    .selectFrom('account')
    .select('id')
    .where('tenant', '=', account.tenant)
    .where('platform', '=', 'wechat-pay')
    .where('outside_id', '=', named)
    .where('enabled', '=', 1)
    .executeTakeFirst()
  const payer = row && (await findAccount(reads, asId(row.id)))
  return payer ? { account, payer } : { account }
}

/** The seat of a refund that was asked for: whoever was to pay then, switched off or not. */
export async function seatPaidBy(reads: Reads, account: StoredAccount, payer: AccountId): Promise<StoredSeat> {
  const found = await findAccount(reads, payer)
  return found ? { account, payer: found } : { account }
}
