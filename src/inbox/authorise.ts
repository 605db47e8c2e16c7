import { OutsideError, told } from '../core/errors.ts'
import { failpoint } from '../core/failpoint.ts'
import type { Logger } from '../core/logger.ts'
import type { Instant } from '../core/words.ts'
import type { Authorising, Grant } from '../platforms/platform.ts'
import type { StoredAccount } from '../storage/accounts.ts'
import { isAuthState, useAuthState } from '../storage/authorizations.ts'
import { merchantCalled } from '../storage/merchants.ts'
import type { Tx } from '../storage/storage.ts'
import { type AdmitParts, admit, putAside } from './admit.ts'

/** Of one merchant that has come back from the platform's page. */
export type Welcomed =
  | { readonly name: string; readonly how: 'new' | 'renewed' }
  /** Whoever is told the code says whose it is. */
  | { readonly name: string; readonly how: 'waiting'; readonly code: string; readonly until: Instant }

export type Returned =
  | { readonly outcome: 'authorised'; readonly merchants: readonly Welcomed[] }
  /** None of what the platform sends, or not for this account. */
  | { readonly outcome: 'malformed' }
  /** The link is unknown, used, or too old: nobody was asked anything. */
  | { readonly outcome: 'stale' }
  /** Tried too often just now. */
  | { readonly outcome: 'crowded' }
  /** The platform takes the code no more. */
  | { readonly outcome: 'refused' }
  /** The platform does not answer: nothing is used up. */
  | { readonly outcome: 'away' }
  /** It may have gone through, or not. */
  | { readonly outcome: 'unconfirmed' }
  /** The account itself is not let in there: its admin must mend it. */
  | { readonly outcome: 'broken' }

export interface AuthoriseParts extends AdmitParts {
  readonly logger: Logger
  /** Uses a try up. A state cannot be guessed, so whoever has one is not kept waiting by those who have none. */
  readonly mayTry: { withState(state: string): boolean; withoutState(account: string): boolean }
}

export interface CameBack {
  readonly account: StoredAccount
  readonly authorising: Authorising
  readonly query: URLSearchParams
}

/** A browser comes back from the platform's page. It is not signed: all that is believed is what the platform gives for the code. */
export async function comeBack(parts: AuthoriseParts, { account, authorising, query }: CameBack): Promise<Returned> {
  const brought = authorising.returned(account, query)
  if (!brought) return { outcome: 'malformed' }
  const { code, state } = brought
  if (state !== undefined && !(await isAuthState(parts.storage.reads, account.id, state))) return { outcome: 'stale' }
  const may = state === undefined ? parts.mayTry.withoutState(account.id) : parts.mayTry.withState(state)
  if (!may) return { outcome: 'crowded' }
  try {
    const grants = await authorising.exchange(account, code)
    failpoint('authorise.exchanged')
    const merchants = await parts.storage.transaction((tx) => take(parts, tx, { account, grants, state }))
    return { outcome: 'authorised', merchants }
  } catch (error) {
    const outcome = outcomeOf(error)
    const level = outcome === 'broken' || !(error instanceof OutsideError) ? 'error' : 'warn'
    parts.logger[level]({ account: account.id, error: told(error), outcome }, 'an authorisation did not come through')
    return { outcome }
  }
}

const outcomes = {
  unreachable: 'away',
  busy: 'away',
  unknown: 'unconfirmed',
  moved: 'refused',
  refused: 'refused',
  forbidden: 'broken',
} as const

/** What fails on our side fails after the exchange: the platform's message brings the token once more. */
const outcomeOf = (error: unknown) => (error instanceof OutsideError ? outcomes[error.trouble] : 'unconfirmed')

interface Taken {
  readonly account: StoredAccount
  readonly grants: readonly Grant[]
  readonly state: string | undefined
}

/** Whoever was invited is ours, and whoever was ours before. Every other one waits: also when its link was used by somebody faster. */
async function take(parts: AuthoriseParts, tx: Tx, { account, grants, state }: Taken): Promise<readonly Welcomed[]> {
  const invited = state !== undefined && (await useAuthState(tx, account.id, state)) !== undefined
  const welcomed: Welcomed[] = []
  for (const grant of grants) {
    const { outsideId } = grant
    if (invited || (await merchantCalled(tx, account.id, { outsideId }))) {
      const { outcome, merchant } = await admit(parts, tx, account, grant)
      const elsewhere = outcome === 'elsewhere'
      welcomed.push({ name: elsewhere ? outsideId : merchant.name, how: elsewhere ? 'renewed' : outcome })
    } else {
      const { code, expiresAt } = await putAside(parts, tx, account, grant)
      welcomed.push({ name: outsideId, how: 'waiting', code, until: expiresAt })
    }
  }
  return welcomed
}
