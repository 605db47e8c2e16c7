import type { PlatformName, Snapshot } from '../complaints/complaint.ts'
import { OutsideError } from '../core/errors.ts'
import type { MerchantId } from '../core/words.ts'
import type { Engine } from '../engine/engine.ts'
import { queues } from '../engine/queues.ts'
import type { Platform } from '../platforms/platform.ts'
import type { StoredAccount } from '../storage/accounts.ts'
import { knownAmong } from '../storage/complaints.ts'
import { likelyMerchants, merchantCalled, type StoredMerchant } from '../storage/merchants.ts'
import { readerOf, type StoredSeat } from '../storage/seats.ts'
import type { Storage } from '../storage/storage.ts'

export interface DetailParts {
  readonly storage: Storage
  readonly engine: Engine
}

export interface Detail {
  readonly seat: Omit<StoredSeat, 'payer'>
  readonly said: Snapshot
}

export interface About {
  readonly account: StoredAccount
  readonly number: string
  /** In whose name it was listed, or is known. */
  readonly merchant?: MerchantId
}

/** A message may name no merchant: then so many are tried, whoever had a complaint last first. Their lists find what is left. */
const tried = 20

/** Asks the platform for one complaint, in the name of whomever it is about. @throws OutsideError */
export async function readDetail(parts: DetailParts, platform: Platform, about: About): Promise<Detail> {
  const { account, number } = about
  if (!platform.authorising) return { seat: { account }, said: await platform.fetch({ account }, number) }
  const merchant = about.merchant ?? (await knownMerchant(parts, about, platform.name))
  const seat = merchant && (await readerOf(parts.storage.reads, { account: account.id, merchant }))
  return seat?.merchant ? inTheNameOf(parts, platform, { ...seat, number }) : search(parts, platform, about)
}

async function knownMerchant({ storage }: DetailParts, { account, number }: About, platform: PlatformName) {
  const are = { tenant: account.tenant, platform, scopes: [account.outsideId, ''], numbers: [number] }
  return (await knownAmong(storage.reads, are)).get(number)?.merchant
}

async function inTheNameOf(
  parts: DetailParts,
  platform: Platform,
  { number, ...seat }: Detail['seat'] & { readonly number: string },
): Promise<Detail> {
  try {
    return { seat, said: await platform.fetch(seat, number) }
  } catch (error) {
    await doubt(parts, platform, { error, merchant: seat.merchant })
    throw error
  }
}

/** Its word may have been taken back: asked about, before anybody is told. */
export async function doubt(
  { storage, engine }: DetailParts,
  platform: Platform,
  { error, merchant }: { readonly error: unknown; readonly merchant: StoredMerchant | undefined },
): Promise<void> {
  if (!merchant || !(error instanceof OutsideError) || !platform.authorising?.ended(error)) return
  await storage.transaction((tx) => engine.send(tx, queues.grant, merchant.id))
}

/** The account itself may see it; else those who stand under it are asked one by one. */
async function search(parts: DetailParts, platform: Platform, { account, number }: About): Promise<Detail> {
  const { reads } = parts.storage
  const likely = await likelyMerchants(reads, account, tried)
  const own = await platform.fetch({ account }, number).catch((error: unknown) => {
    if (likely.length > 0 && isNo(error)) return undefined
    throw error
  })
  if (own) {
    const merchant = own.against && (await merchantCalled(reads, account.id, own.against))
    return { seat: { account, ...(merchant ? { merchant } : {}) }, said: own }
  }
  for (const merchant of likely) {
    const said = await platform.fetch({ account, merchant }, number).catch((error: unknown) => {
      if (isNo(error)) return undefined
      throw error
    })
    if (said) return { seat: { account, merchant }, said }
  }
  throw new OutsideError('refused', nobodys)
}

const nobodys =
  '没有已授权的商家能看到这张投诉单：请核对单号，或请商家重新授权 | no merchant that has authorised this account can see this complaint: check its number, or let the merchant authorise again'

/** "Not yours", in whichever words; not "I cannot say now". */
const isNo = (error: unknown): boolean =>
  error instanceof OutsideError && (error.trouble === 'forbidden' || error.trouble === 'refused')
