import type { Clock } from '../core/clock.ts'
import { type AccountId, type Instant, instant } from '../core/words.ts'

/**
 * Of each account what was truly the platform's, by its signature, and could not be opened by our key: only a key that differs from
 * the one in its console does that. Nothing that a stranger sends is counted here. Over with the first that opens; forgotten with the process.
 */
export interface Unopened {
  heard(account: AccountId, opened: boolean): void
  of(account: AccountId): { readonly last: Instant; readonly times: number } | undefined
}

export function createUnopened(clock: Clock): Unopened {
  const known = new Map<AccountId, { readonly last: Instant; readonly times: number }>()
  return {
    heard(account, opened) {
      if (opened) known.delete(account)
      else known.set(account, { last: instant(clock.now()), times: (known.get(account)?.times ?? 0) + 1 })
    },
    of: (account) => known.get(account),
  }
}
