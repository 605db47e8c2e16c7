import { randomBytes } from 'node:crypto'
import { deliverByHttp } from '../../sandbox/deliver.ts'
import {
  createWechatPay,
  type LedgerEntry,
  mintMerchant,
  type Order,
  type Refund,
  serveWechatPay,
  type WechatPay,
} from '../../sandbox/wechat-pay/index.ts'
import { createAccount } from '../../src/storage/accounts.ts'
import type { Database } from '../../src/storage/open.ts'
import type { Tenant } from '../../src/storage/tenants.ts'
import { type Pace, scaledClock } from './kill-clock.ts'
import { firstMchid, publicUrl } from './pay.ts'

/** The merchant number that pays for the mini program. */
export interface KillPay {
  readonly sandbox: WechatPay
  readonly url: string
  /** Adds it to the tenant. */
  join(storage: Database, tenant: Tenant): Promise<void>
  /** An order that was paid; fen. */
  order(total: number): Promise<Order>
  /** What was given back of this order, really. */
  refunds(transactionId: string): readonly Refund[]
  /** How often this order was asked to be refunded, taken or not. */
  asked(transactionId: string): number
  /** Every try to tell of the outcome of this order's refunds. */
  notices(transactionId: string): readonly LedgerEntry[]
  close(): Promise<void>
}

const mchid = String(firstMchid)

/** @param where where our public name leads at the moment */
export async function killPay({ pace, where }: { readonly pace: Pace; where(): string }): Promise<KillPay> {
  const clock = scaledClock(pace)
  const { serial, certificate, privateKey } = mintMerchant({ mchid, random: randomBytes, now: clock.now() })
  const apiV3Key = randomBytes(16).toString('hex')
  const sandbox = createWechatPay({
    clock,
    random: randomBytes,
    merchants: [{ name: '小店', mchid, apiV3Key, certificateSerial: serial, publicKey: certificate }],
    deliver: (push, signal) => deliverByHttp({ ...push, url: push.url.replace(publicUrl, where()) }, signal),
    rules: {
      // Whoever refunds twice is not stopped by having been quick.
      partialGapMs: 0,
      // Accepted is seen to be something else than arrived.
      settleMs: 20_000,
      // Long enough for a new life to begin between two tries.
      pushWaitMs: 10_000 * pace.factor,
      refundRetries: Array<number>(60).fill(200 * pace.factor),
    },
  })
  const { url, close } = await serveWechatPay(sandbox, { tickMs: 20 })
  const ofOrder = (transactionId: string) => sandbox.refunds().filter((one) => one.transactionId === transactionId)
  return {
    sandbox,
    url,
    async join(storage, tenant) {
      const { id, pem } = sandbox.publicKey(mchid)
      await storage.transaction((tx) =>
        createAccount(tx, {
          tenant: tenant.id,
          platform: 'wechat-pay',
          outsideId: mchid,
          name: '小店收款',
          enabled: true,
          settings: { publicKeyId: id, refunds: true },
          secrets: { apiV3Key, privateKey, certificate, publicKey: pem },
        }),
      )
    },
    order: (total) => sandbox.order({ mchid, total }),
    refunds: ofOrder,
    asked: (transactionId) =>
      sandbox.calls().filter(({ on, body }) => on === 'refund' && body?.transaction_id === transactionId).length,
    notices: (transactionId) =>
      sandbox.ledger().filter((entry) => entry.by === 'push' && entry.transactionId === transactionId),
    close,
  }
}
