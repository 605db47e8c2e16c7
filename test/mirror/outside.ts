import { randomBytes } from 'node:crypto'
import { deliverByHttp } from '../../sandbox/deliver.ts'
import { createWechat, type MiniProgram, serveWechat } from '../../sandbox/wechat/index.ts'
import { createWechatPay, mintMerchant, serveWechatPay } from '../../sandbox/wechat-pay/index.ts'
import type { ManualClock } from '../../src/core/clock.ts'
import { playAlipay } from '../support/alipay.ts'
import { behindPublicUrl } from '../support/public-url.ts'

/** A mini program and the merchant number that is paid for it. */
export interface Shop {
  readonly program: MiniProgram
  readonly mchid: string
  /** As the console shows them. */
  readonly paying: {
    readonly settings: Readonly<Record<string, string | boolean>>
    readonly secrets: Readonly<Record<string, string>>
  }
}

// To make a key takes a tenth of a second.
let privateKey: string | undefined

/** WeChat, WeChat Pay and Alipay, each with two of everything. */
export async function playOutside(given: {
  readonly clock: ManualClock
  readonly names: readonly [string, string]
  /** Where we are, and where an appid is told. */
  where(): string
  hookOf(appid: string): string
}) {
  const { clock, names, where, hookOf } = given
  const programs = names.map(
    (name, at): MiniProgram => ({
      ...{ name, appid: `wx${String(at + 1).repeat(16)}`, secret: String(at + 1).repeat(32) },
      ...{ token: `MirrorToken${at + 1}`, aesKey: randomBytes(32).toString('base64').slice(0, 43) },
      ...{ mode: 'safe', format: 'json', orderShipping: false },
      get pushUrl() {
        return hookOf(this.appid)
      },
    }),
  )
  const wechat = createWechat({ clock, random: randomBytes, programs, deliver: deliverByHttp })
  const minted = names.map((name, at) => {
    const mchid = String(1_900_007_291 + at)
    const own = privateKey ? { privateKey } : {}
    const identity = mintMerchant({ mchid, random: randomBytes, now: clock.now(), ...own })
    privateKey = identity.privateKey
    return { name, mchid, identity, apiV3Key: randomBytes(16).toString('hex') }
  })
  const pay = createWechatPay({
    ...{ clock, random: randomBytes, deliver: behindPublicUrl(where) },
    merchants: minted.map(({ name, mchid, apiV3Key, identity: { serial, certificate } }) => ({
      ...{ name, mchid, apiV3Key, certificateSerial: serial, publicKey: certificate },
    })),
  })
  const alipay = await playAlipay({ clock, wish: { merchants: ['街角咖啡'] }, where })
  const served = [await serveWechat(wechat, { tickMs: 0 }), await serveWechatPay(pay, { tickMs: 0 })] as const
  const shopAt = (at: 0 | 1): Shop => {
    const [program, one] = [programs[at], minted[at]]
    if (!program || !one) throw new Error('no such shop')
    const { id, pem } = pay.publicKey(one.mchid)
    const { privateKey: key, certificate } = one.identity
    return {
      ...{ program, mchid: one.mchid },
      paying: {
        settings: { publicKeyId: id, refunds: true },
        secrets: { apiV3Key: one.apiV3Key, privateKey: key, certificate, publicKey: pem },
      },
    }
  }
  return {
    ...{ wechat, pay, alipay },
    urls: { wechat: served[0].url, pay: served[1].url, alipay: alipay.url },
    shops: [shopAt(0), shopAt(1)] as const,
    async idle() {
      await wechat.idle()
      await pay.idle()
      await alipay.sandbox.idle()
    },
    async advance() {
      await wechat.advance()
      await pay.advance()
      await alipay.sandbox.advance()
    },
    async close() {
      for (const one of [...served, alipay]) await one.close()
    },
  }
}

export type Outside = Awaited<ReturnType<typeof playOutside>>
