import type { By } from '../complaints/fact.ts'
import type { Instant } from '../core/words.ts'
import type { Authorising } from '../platforms/platform.ts'
import type { Platforms } from '../platforms/registry.ts'
import type { StoredAccount } from '../storage/accounts.ts'
import { createAuthState } from '../storage/authorizations.ts'
import type { Storage } from '../storage/storage.ts'

export interface InviteParts {
  readonly storage: Storage
  readonly platforms: Platforms
  /** Where browsers reach us, without a slash at the end; undefined while nobody has said. */
  readonly reachedAt?: () => string | undefined
}

export type Invited =
  | { readonly outcome: 'invited'; readonly links: ReturnType<Authorising['links']>; readonly expiresAt: Instant }
  /** No merchant authorises an account of this platform. */
  | { readonly outcome: 'not-here' }
  /** The merchant's browser would not find its way back. */
  | { readonly outcome: 'no-address' }

/** Links by which one merchant authorises the account: used once, for 15 minutes. */
export async function invite(
  { storage, platforms, reachedAt }: InviteParts,
  account: StoredAccount,
  by: By,
): Promise<Invited> {
  const authorising = platforms.get(account.platform)?.authorising
  if (!authorising) return { outcome: 'not-here' }
  const address = reachedAt?.()
  if (address === undefined) return { outcome: 'no-address' }
  const { tenant, id, platform } = account
  const { state, expiresAt } = await storage.transaction((tx) => createAuthState(tx, { tenant, account: id, by }))
  const links = authorising.links(account, { redirectUrl: `${address}/oauth/${platform}/${id}`, state })
  return { outcome: 'invited', links, expiresAt }
}
