import type { Account, Seat } from '../platform.ts'
import type { Client } from './client.ts'
import { detail } from './complaints.ts'
import { both, PayError } from './errors.ts'

/** 服务商: speaks for the businesses under it. */
export const isProvider = ({ settings }: Pick<Account, 'settings'>): boolean =>
  settings.provider === true || settings.subMchid !== undefined

/** The sub-merchant that is named: by the seat, or by the account's setting. */
export function subMchidOf({ account, merchant }: Seat): string | undefined {
  if (merchant) return merchant.outsideId
  return typeof account.settings.subMchid === 'string' ? account.settings.subMchid : undefined
}

/** 被诉商户号: ourselves, or the sub-merchant; one that nobody has named yet stands in the complaint itself. */
export async function merchantOf(client: Client, seat: Seat, number: string): Promise<string> {
  if (!isProvider(seat.account)) return seat.account.outsideId
  const merchant = subMchidOf(seat) ?? (await detail(client, seat.account, number)).merchant
  if (merchant !== undefined) return merchant
  throw new PayError('refused', both('微信支付没有给出被诉商户号', 'WeChat Pay did not name the sub-merchant'))
}
