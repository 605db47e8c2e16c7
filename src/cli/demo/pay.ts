import { randomBytes } from 'node:crypto'
import type { MerchantIdentity, WechatPay } from '../../../sandbox/wechat-pay/index.ts'
import { systemClock } from '../../core/clock.ts'
import type { NewAccount } from '../../storage/accounts.ts'

export interface PlayedPay {
  readonly wechatPay: WechatPay
  readonly url: string
  /** What its console would give for the account. */
  readonly account: Omit<NewAccount, 'tenant'>
  close(): Promise<void>
}

/** What stands in its console; it takes nothing but https, and there is none on this machine. */
export const payAddress = 'https://redress.example/hooks/demo'

export async function playPay(hooks: ReadonlyMap<string, string>): Promise<PlayedPay> {
  const { createWechatPay, mintMerchant, serveWechatPay } = await import('../../../sandbox/wechat-pay/index.ts')
  const { deliverByHttp } = await import('../../../sandbox/deliver.ts')
  const [mchid, name, apiV3Key] = ['1900007291', '青禾优选', randomBytes(16).toString('hex')]
  const identity = mintMerchant({ mchid, random: randomBytes, now: systemClock.now() })
  const wechatPay = createWechatPay({
    clock: systemClock,
    random: randomBytes,
    merchants: [merchant({ mchid, name, apiV3Key, identity })],
    deliver: (push, signal) => deliverByHttp({ ...push, url: hooks.get(push.url) ?? push.url }, signal),
  })
  const { url, close } = await serveWechatPay(wechatPay)
  const { id: publicKeyId, pem: publicKey } = wechatPay.publicKey(mchid)
  const { privateKey, certificate } = identity
  const secrets = { apiV3Key, privateKey, certificate, publicKey }
  const account = {
    platform: 'wechat-pay' as const,
    outsideId: mchid,
    name,
    enabled: true,
    settings: { publicKeyId, refunds: true, autoRefund: true },
    secrets,
  }
  return { wechatPay, url, account, close }
}

const merchant = (of: { mchid: string; name: string; apiV3Key: string; identity: MerchantIdentity }) => ({
  mchid: of.mchid,
  name: of.name,
  apiV3Key: of.apiV3Key,
  certificateSerial: of.identity.serial,
  publicKey: of.identity.certificate,
  notifyUrl: payAddress,
})
