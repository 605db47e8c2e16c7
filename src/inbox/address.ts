import { OutsideError } from '../core/errors.ts'
import { type AccountId, asId } from '../core/words.ts'
import { announce } from '../engine/announce.ts'
import { queues } from '../engine/queues.ts'
import type { CallbackAddress } from '../platforms/platform.ts'
import { enabledAccounts, findAccount, type StoredAccount } from '../storage/accounts.ts'
import { findWatch, setWatch } from '../storage/watch.ts'
import type { DrainParts } from './drain.ts'

export interface AddressParts extends DrainParts {
  /** What the world calls us; without it, or when it is not https, no address is registered. */
  readonly publicUrl?: string
}

/** Where the platform is to call back for this account; undefined when we are not reached by https. */
export const addressFor = (publicUrl: string | undefined, account: AccountId): string | undefined =>
  publicUrl?.startsWith('https://') ? `${publicUrl}/hooks/${account}` : undefined

/** astray: of this host, but not what it should be now. foreign: somebody else's, or ours under another name. */
export type Registered = 'none' | 'ours' | 'astray' | 'foreign'

/** A copy of this installation under another name, or whoever served the account before, must not lose it to us silently. */
export function compared(registered: string | undefined, wanted: string): Registered {
  if (registered === undefined) return 'none'
  if (registered === wanted) return 'ours'
  const url = URL.canParse(registered) ? new URL(registered) : undefined
  return url?.hostname === new URL(wanted).hostname && hook.test(url.pathname) ? 'astray' : 'foreign'
}

const hook = /\/hooks\/[\w-]{1,64}\/?$/

/** One job per account whose platform takes its callback address by API. */
export async function keepAddresses({ storage, engine, platforms, publicUrl }: AddressParts): Promise<void> {
  const accounts = await enabledAccounts(storage.reads)
  const able = accounts.filter(({ id, platform }) => platforms.get(platform)?.address && addressFor(publicUrl, id))
  if (able.length === 0) return
  await storage.transaction(async (tx) => {
    for (const { id } of able) await engine.send(tx, queues.address, id)
  })
}

/** Sees that the platform calls back here. What fails is tried again by the next round, not before. */
export async function keepAddress(parts: AddressParts, id: AccountId): Promise<void> {
  const account = await findAccount(parts.storage.reads, asId(id))
  const address = account && parts.platforms.get(account.platform)?.address
  const url = addressFor(parts.publicUrl, id)
  if (!account?.enabled || !address || url === undefined) return
  try {
    await keep(parts, address, { account, url })
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    const { code, message } = error
    parts.logger.warn({ account: id, code, error: message }, 'the callback address could not be looked after')
  }
}

async function keep(
  parts: AddressParts,
  address: CallbackAddress,
  { account, url }: { readonly account: StoredAccount; readonly url: string },
): Promise<void> {
  const registered = await address.query(account)
  const is = compared(registered, url)
  if (is === 'foreign') return diverted(parts, account, { registered: registered ?? '', wanted: url })
  if (is !== 'ours') {
    await address.keep(account, { url, replace: is === 'astray' })
    parts.logger.info({ account: account.id, registered, url }, 'the callback address was registered')
  }
  if ((await findWatch(parts.storage.reads, account.id, 'address'))?.off !== undefined)
    await parts.storage.transaction((tx) => setWatch(tx, account.id, 'address'))
}

/** Said once for each address that stands there: it may be on purpose. */
async function diverted(
  { storage, engine, logger }: AddressParts,
  { id, tenant }: StoredAccount,
  told: { readonly registered: string; readonly wanted: string },
): Promise<void> {
  if ((await findWatch(storage.reads, id, 'address'))?.off === told.registered) return
  logger.warn({ account: id, ...told }, 'the platform calls back to somebody else')
  await storage.transaction(async (tx) => {
    await setWatch(tx, id, 'address', told.registered)
    await announce(engine, tx, { tenant, account: id, notice: { kind: 'diverted', ...told } })
  })
}

/** What a person has decided: from now on the platform calls back here. @returns what stood there. @throws OutsideError */
export async function takeAddress(
  { platforms, publicUrl }: Pick<AddressParts, 'platforms' | 'publicUrl'>,
  account: StoredAccount,
): Promise<{ readonly url: string; readonly before?: string } | undefined> {
  const address = platforms.get(account.platform)?.address
  const url = addressFor(publicUrl, account.id)
  if (!address || url === undefined) return undefined
  const before = await address.query(account)
  await address.keep(account, { url, replace: true })
  return { url, ...(before === undefined ? {} : { before }) }
}
