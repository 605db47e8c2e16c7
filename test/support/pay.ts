import { randomBytes } from 'node:crypto'
import {
  type Complain,
  type Complaint,
  createWechatPay,
  type LedgerEntry,
  type MerchantIdentity,
  mintMerchant,
  type WechatPay as Sandbox,
  serveWechatPay,
} from '../../sandbox/wechat-pay/index.ts'
import type { Clock } from '../../src/core/clock.ts'
import type { WechatPay } from '../../src/platforms/wechat-pay/index.ts'
import { createAccount, type StoredAccount } from '../../src/storage/accounts.ts'
import type { Database } from '../../src/storage/open.ts'
import type { Tenant } from '../../src/storage/tenants.ts'
import { behindPublicUrl, publicUrl } from './public-url.ts'

export { publicUrl }

/** Of the first merchant: who pays for the mini program, too. */
export const firstMchid = 1_900_007_291

export interface Paying {
  readonly sandbox: Sandbox
  readonly merchants: readonly PayMerchant[]
  /** Our side of it, in its present life. */
  platform(): WechatPay
  /** To the first merchant, unless another is named. */
  complain(more?: Partial<Complain>): Promise<Complaint>
  /** What really happened there, by this name. */
  did(what: string): readonly LedgerEntry[]
}

export interface PayMerchant {
  readonly mchid: string
  readonly account: StoredAccount
  /** Where its complaints should be told. */
  readonly address: string
}

/** Merchant numbers as the console hands them out, with the world at `where` behind our public name. */
export interface PlayedPay {
  readonly sandbox: Sandbox
  readonly url: string
  /** Adds the merchants' accounts to the tenant. */
  join(storage: Database, tenant: Tenant): Promise<readonly PayMerchant[]>
  close(): Promise<void>
}

// To make a key takes a tenth of a second.
let privateKey: string | undefined

export async function playPay(given: {
  readonly clock: Clock
  readonly names: readonly string[]
  where(): string
}): Promise<PlayedPay> {
  const { clock, names, where } = given
  const minted = names.map((name, at) => {
    const mchid = String(firstMchid + at)
    const identity = mintMerchant({
      mchid,
      random: randomBytes,
      now: clock.now(),
      ...(privateKey ? { privateKey } : {}),
    })
    privateKey = identity.privateKey
    return { name, mchid, identity, apiV3Key: randomBytes(16).toString('hex') }
  })
  const sandbox = createWechatPay({
    clock,
    random: randomBytes,
    merchants: minted.map(({ name, mchid, identity: { serial, certificate }, apiV3Key }) => ({
      ...{ name, mchid, apiV3Key, certificateSerial: serial, publicKey: certificate },
    })),
    deliver: behindPublicUrl(where),
  })
  const { url, close } = await serveWechatPay(sandbox, { tickMs: 0 })
  return {
    sandbox,
    url,
    join: async (storage, tenant) =>
      storage.transaction(async (tx) => {
        const joined = []
        for (const one of minted) {
          const account = await createAccount(tx, { tenant: tenant.id, ...accountOf(sandbox, one) })
          if (!account) throw new Error('no account')
          joined.push({ mchid: one.mchid, account, address: `${publicUrl}/hooks/${account.id}` })
        }
        return joined
      }),
    close,
  }
}

interface Minted {
  readonly name: string
  readonly mchid: string
  readonly apiV3Key: string
  readonly identity: MerchantIdentity
}

function accountOf(sandbox: Sandbox, { name, mchid, apiV3Key, identity: { privateKey, certificate } }: Minted) {
  const { id, pem } = sandbox.publicKey(mchid)
  return {
    platform: 'wechat-pay',
    outsideId: mchid,
    name,
    enabled: true,
    settings: { publicKeyId: id, refunds: true },
    secrets: { apiV3Key, privateKey, certificate, publicKey: pem },
  } as const
}
