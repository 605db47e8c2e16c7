import type { Secret } from '../../core/seal.ts'
import type { Seat } from '../platform.ts'
import type { Caller } from './gateway.ts'

/** 第三方应用授权: what merchants have let the app do. Implemented further right. */
export interface Grants {
  /** app_auth_token; undefined where the app speaks for itself. @throws OutsideError `forbidden` when the merchant has taken it back */
  token(seat: Seat): Promise<Secret | undefined>
}

/** An app that speaks for itself alone. */
export const ownGrants: Grants = { token: async () => undefined }

export async function callerOf(grants: Grants, seat: Seat): Promise<Caller> {
  const token = await grants.token(seat)
  return { account: seat.account, ...(token === undefined ? {} : { token }) }
}
