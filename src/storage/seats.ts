import { type AccountId, asId, type MerchantId } from '../core/words.ts'
import { findAccount, type StoredAccount } from './accounts.ts'
import { findMerchant, type StoredMerchant } from './merchants.ts'
import type { Reads } from './storage.ts'

/** An account, for whom it speaks where several stand under it, and the one that would pay where money may go back. */
export interface StoredSeat {
  readonly account: StoredAccount
  readonly merchant?: StoredMerchant
  readonly payer?: StoredAccount
}

/** As a complaint names them. */
export interface Of {
  readonly account: AccountId
  readonly merchant?: MerchantId
}

/** In whose name a complaint is read. */
export async function readerOf(reads: Reads, of: Of): Promise<Omit<StoredSeat, 'payer'> | undefined> {
  const account = await findAccount(reads, of.account)
  const merchant = account && of.merchant !== undefined && (await findMerchant(reads, of.merchant))
  return account && { account, ...(merchant ? { merchant } : {}) }
}

/** Money goes only where the account's setting `refunds` says true: its own, or that of the `payer` (an mchid) which a mini program names. */
export async function seatOf(reads: Reads, of: Of): Promise<StoredSeat | undefined> {
  const seat = await readerOf(reads, of)
  const payer = seat && (await payerOf(reads, seat.account))
  return seat && { ...seat, ...(payer ? { payer } : {}) }
}

/** Who pays for the complaints of this account. */
export async function payerOf(reads: Reads, account: StoredAccount): Promise<StoredAccount | undefined> {
  if (account.settings.refunds !== true) return undefined
  if (account.platform !== 'wechat-mini') return account
  const { payer: named } = account.settings
  if (typeof named !== 'string') return undefined
  const row = await reads.db
    .selectFrom('account')
    .select('id')
    .where('tenant', '=', account.tenant)
    .where('platform', '=', 'wechat-pay')
    .where('outside_id', '=', named)
    .where('enabled', '=', 1)
    .executeTakeFirst()
  return row && findAccount(reads, asId(row.id))
}

/** The seat of a refund that was asked for: whoever was to pay then, switched off or not. */
export async function seatPaidBy(reads: Reads, of: Of, payer: AccountId): Promise<StoredSeat | undefined> {
  const seat = await readerOf(reads, of)
  const found = await findAccount(reads, payer)
  return seat && { ...seat, ...(found ? { payer: found } : {}) }
}
