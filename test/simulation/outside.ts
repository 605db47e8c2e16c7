import { createWechat, type MiniProgram, type Wechat as MiniSandbox } from '../../sandbox/wechat/index.ts'
import {
  createWechatPay,
  type MerchantIdentity,
  mintMerchant,
  type WechatPay as PaySandbox,
} from '../../sandbox/wechat-pay/index.ts'
import type { Deliver } from '../../sandbox/wire.ts'
import { type ManualClock, manualClock } from '../../src/core/clock.ts'
import { type Chance, chance } from './chance.ts'

/** Sunday 2026-03-01, noon in UTC. */
export const noon = Date.UTC(2026, 2, 1, 12)
export const mchid = '1900007291'
const apiV3Key = '0123456789abcdef0123456789abcdef'

const program = (name: string, at: number): MiniProgram => ({
  name,
  appid: `wx${String(at).repeat(16)}`,
  secret: String(at).repeat(32),
  token: `RedressToken${at}`,
  aesKey: String(at).repeat(43),
  mode: 'safe',
  format: 'json',
  // Nothing is told of these complaints: they are read when something was done.
  pushUrl: '',
})
export const programs = [program('小店', 1), program('分店', 2)] as const

/** The orders that are complained about: a cheap one twice, by customers of both mini programs; a dear one in WeChat Pay too. */
export const orders = [
  { transactionId: '4200000000000000000000000001', outTradeNo: 'T1', total: 1990 },
  { transactionId: '4200000000000000000000000002', outTradeNo: 'T2', total: 3000 },
] as const

// To make a key takes a tenth of a second.
let minted: MerchantIdentity | undefined
export function identity(): MerchantIdentity {
  minted ??= mintMerchant({ mchid, random: chance(1).bytes, now: noon })
  return minted
}

export interface Outside {
  readonly clock: ManualClock
  readonly chance: Chance
  readonly pay: PaySandbox
  readonly mini: MiniSandbox
  /** Of the complaints, in the order in which they were made. */
  readonly numbers: readonly string[]
}

/** Both platforms at noon with the same complaints as ever; `seed` decides what chance brings from here on. */
export async function createOutside(given: {
  readonly seed: number
  readonly settleMs: number
  readonly deliver: Deliver
}): Promise<Outside> {
  const clock = manualClock(noon)
  const random = chance(0)
  const { serial, certificate } = identity()
  const merchant = { name: '收款', mchid, apiV3Key, certificateSerial: serial, publicKey: certificate }
  const shared = { clock, random: random.bytes, deliver: given.deliver }
  const pay = createWechatPay({ ...shared, merchants: [merchant], rules: { settleMs: given.settleMs } })
  const mini = createWechat({ ...shared, programs })
  const [cheap, dear] = orders
  for (const order of orders) await pay.order({ mchid, ...order, paidAt: noon - 3_600_000 })
  const numbers: string[] = []
  for (const [{ appid }, { transactionId, outTradeNo, total: amount }] of [
    [programs[0], cheap],
    [programs[1], cheap],
    [programs[0], dear],
  ] as const)
    numbers.push(String((await mini.complain({ appid, transactionId, outTradeNo, amount })).id))
  numbers.push((await pay.complain({ mchid, transactionId: dear.transactionId, type: 'REFUND' })).id)
  random.again(given.seed)
  return { clock, chance: random, pay, mini, numbers }
}

/** As the merchant's console hands it out. */
export function payAccount(pay: PaySandbox) {
  const { id, pem } = pay.publicKey(mchid)
  const { privateKey, certificate } = identity()
  return {
    platform: 'wechat-pay',
    outsideId: mchid,
    name: '收款',
    enabled: true,
    settings: { publicKeyId: id, refunds: true },
    secrets: { apiV3Key, privateKey, certificate, publicKey: pem },
  } as const
}

export const miniAccount = ({ appid, name, secret, token, aesKey, mode }: MiniProgram) =>
  ({
    platform: 'wechat-mini',
    outsideId: appid,
    name,
    enabled: true,
    settings: { mode, refunds: true, payer: mchid },
    secrets: { secret, token, aesKey },
  }) as const
