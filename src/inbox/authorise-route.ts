import { type RawReply, type RawRequest, textReply } from '../core/http.ts'
import type { Metrics } from '../core/metrics.ts'
import { asId } from '../core/words.ts'
import type { Platforms } from '../platforms/registry.ts'
import { findAccount, type StoredAccount } from '../storage/accounts.ts'
import { findTenant } from '../storage/tenants.ts'
import { type AuthoriseParts, comeBack } from './authorise.ts'
import { languageOf, pageHeaders, pageOf, type Shown, statusOf } from './authorised-page.ts'
import { createTries } from './tries.ts'

export interface AuthoriseRouteParts extends Omit<AuthoriseParts, 'mayTry'> {
  readonly platforms: Platforms
  readonly metrics: Metrics
}

/** Longer than any code and state together. */
const queryLimit = 2_048

export interface Returning {
  readonly platform: string
  readonly account: string
}

/** `/oauth/<platform>/<account>`: where merchants' browsers come back to. */
export function authoriseRoute(given: AuthoriseRouteParts) {
  const { clock } = given.storage.reads
  const anybody = createTries(clock, { burst: 30, every: 10_000 })
  const invited = createTries(clock, { burst: 5, every: 60_000 })
  const parts = { ...given, mayTry: { withState: invited, withoutState: anybody } }
  return async (request: RawRequest, named: Returning): Promise<RawReply> => {
    const { method } = request
    if (method !== 'GET' && method !== 'HEAD') return { ...textReply(405, 'GET'), headers: { allow: 'GET, HEAD' } }
    const account = /^[\w-]{1,64}$/.test(named.account)
      ? await findAccount(parts.storage.reads, asId(named.account))
      : undefined
    if (!account || account.platform !== named.platform) return textReply(404, 'no such address')
    const shown = await shownTo(parts, request, account)
    if (!shown) return textReply(404, 'no such address')
    parts.metrics.callback(account.platform, `authorisation-${shown.outcome}`)
    const tenant = await findTenant(parts.storage.reads, account.tenant)
    const told = { language: languageOf(request.headers['accept-language']), who: tenant?.name ?? '' }
    return { status: statusOf(shown), headers: pageHeaders, body: method === 'HEAD' ? '' : pageOf(shown, told) }
  }
}

/** @returns undefined where nobody authorises. */
async function shownTo(
  parts: AuthoriseParts & AuthoriseRouteParts,
  { method, query, headers }: RawRequest,
  account: StoredAccount,
): Promise<Shown | undefined> {
  const authorising = parts.platforms.get(account.platform)?.authorising
  if (!authorising) return undefined
  if (query.length > queryLimit) return { outcome: 'malformed' }
  if (method === 'HEAD' || isLook(headers)) return { outcome: 'looked' }
  const shown = await comeBack(parts, { account, authorising, query: new URLSearchParams(query) })
  if (shown.outcome !== 'authorised')
    parts.logger.warn({ account: account.id, outcome: shown.outcome }, 'a merchant came back in vain')
  return shown
}

/** Fetched ahead of a person, or for a picture of the link in a chat: the code is left for whoever really comes. */
const isLook = (headers: RawRequest['headers']): boolean =>
  ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].some((name) => /prefetch|preview/i.test(headers[name] ?? '')) ||
  /(?:telegram|twitter|slack|discord|google|bing|apple)bot|crawler|spider|preview|facebookexternalhit|whatsapp/i.test(
    headers['user-agent'] ?? '',
  )
