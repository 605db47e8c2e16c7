import { announce } from '../engine/announce.ts'
import type { Engine } from '../engine/engine.ts'
import { queues } from '../engine/queues.ts'
import type { StoredAccount } from '../storage/accounts.ts'
import {
  type Authorised,
  authorise,
  keepWaiting,
  listWaiting,
  takeWaiting,
  takeWaitingOf,
} from '../storage/authorizations.ts'
import type { Authorisation } from '../storage/merchants.ts'
import type { Storage, Tx } from '../storage/storage.ts'

export interface AdmitParts {
  readonly storage: Storage
  readonly engine: Engine
}

type Of = Pick<StoredAccount, 'id' | 'tenant'>

/** The merchant is the account's from now on, with this word of its: kept, told, and asked for what is open. */
export async function admit(
  { engine }: Pick<AdmitParts, 'engine'>,
  tx: Tx,
  { id, tenant }: Of,
  given: Authorisation,
): Promise<Authorised> {
  const done = await authorise(tx, { tenant, account: id }, given)
  await welcome(engine, tx, done)
  return done
}

async function welcome(engine: Engine, tx: Tx, { outcome, merchant }: Authorised): Promise<void> {
  if (outcome === 'elsewhere') return
  const { tenant, account } = merchant
  const notice = { kind: 'authorised', how: outcome, merchant: merchant.name } as const
  if (merchant.enabled) await announce(engine, tx, { tenant, account, notice })
  await engine.send(tx, queues.poll, account)
  await engine.send(tx, queues.grant, merchant.id)
}

/** Nobody has said whose it is: it waits to be claimed. Told once, however often the merchant comes back meanwhile. */
export async function putAside(
  { engine }: Pick<AdmitParts, 'engine'>,
  tx: Tx,
  { id, tenant }: Of,
  given: Authorisation,
) {
  const { outsideId } = given
  const before = (await listWaiting(tx, id)).some((one) => one.outsideId === outsideId)
  const kept = await keepWaiting(tx, id, given)
  if (!before) await announce(engine, tx, { tenant, account: id, notice: { kind: 'waiting', outsideId } })
  return kept
}

/** By the code that the merchant read on its page, or by what the platform calls it. */
export type Claim = { readonly code: string } | { readonly outsideId: string }

/** An admin says: this one is ours. @returns undefined when nothing such waits under the account. */
export const claim = (
  { storage, engine }: AdmitParts,
  { id, tenant }: Of,
  by: Claim,
): Promise<Authorised | undefined> =>
  storage.transaction(async (tx) => {
    const under = { tenant, account: id }
    const taken = await ('code' in by ? takeWaiting(tx, under, by.code) : takeWaitingOf(tx, under, by.outsideId))
    if (taken) await welcome(engine, tx, taken)
    return taken
  })
