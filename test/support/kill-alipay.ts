import { randomBytes } from 'node:crypto'
import {
  type Alipay,
  createAlipay,
  type LedgerEntry,
  mintApp,
  serveAlipay,
  type Trade,
} from '../../sandbox/alipay/index.ts'
import { Secret } from '../../src/core/seal.ts'
import { createAccount } from '../../src/storage/accounts.ts'
import { keepMerchant } from '../../src/storage/merchants.ts'
import type { Database } from '../../src/storage/open.ts'
import type { Tenant } from '../../src/storage/tenants.ts'
import { type Pace, scaledClock } from './kill-clock.ts'
import { behindPublicUrl, publicUrl } from './public-url.ts'

/** An app and the merchant who has authorised it. */
export interface KillAlipay {
  readonly sandbox: Alipay
  readonly url: string
  readonly pid: string
  /** Adds it to the tenant, and tells Alipay where it hears. */
  join(storage: Database, tenant: Tenant): Promise<void>
  /** A trade that was paid; fen. */
  trade(total: number): Promise<Trade>
  /** What we did to this complaint there. */
  effects(complaint: string): readonly LedgerEntry[]
  /** How often this trade was asked to be refunded, taken or not. */
  asked(tradeNo: string): number
  /** The merchant agrees once more; its browser comes back to us, once, whoever is there. */
  comeBack(): Promise<void>
  close(): Promise<void>
}

const appId = '2021000000000001'
const shop = { pid: '2088000000000011', name: '街角咖啡', appId: '2021900000000011' }
const { pid } = shop

/** @param where where our public name leads at the moment */
export async function killAlipay({ pace, where }: { readonly pace: Pace; where(): string }): Promise<KillAlipay> {
  const clock = scaledClock(pace)
  const { privateKey, publicKey } = mintApp({ name: 'redress', random: randomBytes, now: clock.now() })
  const sandbox = createAlipay({
    clock,
    random: randomBytes,
    apps: [{ appId, name: '投诉管家', pid: '2088000000000001', kind: 'isv', publicKey }],
    merchants: [shop],
    deliver: behindPublicUrl(where),
    rules: {
      // Whoever lives by a word that was replaced must notice it soon.
      oldTokenMs: 40_000,
      // Long enough for a new life to begin between two tries.
      pushWaitMs: 10_000 * pace.factor,
      pushRetries: Array<number>(60).fill(200 * pace.factor),
    },
  })
  const { url, close } = await serveAlipay(sandbox, { tickMs: 20 })
  return {
    sandbox,
    url,
    pid,
    async join(storage, tenant) {
      const { token } = await sandbox.authorise(appId, pid)
      const { id } = await storage.transaction(async (tx) => {
        const account = await createAccount(tx, {
          tenant: tenant.id,
          platform: 'alipay',
          outsideId: appId,
          name: '支付宝',
          enabled: true,
          settings: { refunds: true },
          secrets: { privateKey, alipayPublicKey: sandbox.credentials(appId).alipayPublicKey },
        })
        if (!account) throw new Error('no account')
        const given = { outsideId: pid, authAppId: shop.appId, token: new Secret(token) }
        await keepMerchant(tx, { tenant: tenant.id, account: account.id }, given)
        return account
      })
      sandbox.setApp(appId, {
        gatewayUrl: `${publicUrl}/hooks/${id}`,
        redirectUri: `${publicUrl}/oauth/alipay/${id}`,
      })
    },
    trade: (total) => sandbox.trade({ pid, total }),
    effects: (complaint) =>
      sandbox.ledger().filter((entry) => entry.by === 'merchant' && entry.complaint === complaint),
    asked: (tradeNo) =>
      sandbox.calls().filter((call) => call.on === 'alipay.trade.refund' && call.tradeNo === tradeNo).length,
    async comeBack() {
      const { redirect } = await sandbox.consentByInvitation(appId, pid)
      // Nobody may be there to answer; a browser does not try again.
      await fetch(redirect.replace(publicUrl, where())).catch(() => {})
    },
    close,
  }
}
