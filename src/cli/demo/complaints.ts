import type { Wechat } from '../../../sandbox/wechat/index.ts'
import type { PlayedAlipay } from './alipay.ts'
import type { PlayedPay } from './pay.ts'
import { must } from './people.ts'

export interface Customers {
  readonly wechat: Wechat
  readonly pay: PlayedPay
  readonly alipay: PlayedAlipay
}

/** What has come in before anybody looks: some at each platform; of the mini programs, one that asks for evidence and one that is new. */
export async function firstComplaints({ wechat, pay, alipay }: Customers): Promise<void> {
  const [tea, snacks] = wechat.programs
  const older = await atProgram(wechat, must(snacks).appid, 2)
  await wechat.set(older.id, { status: 106, push: true })
  await wechat.idle()
  await atPay(pay)
  await atProgram(wechat, must(tea).appid, 0)
  await atAlipay(alipay)
}

async function atProgram(wechat: Wechat, appid: string, index: number) {
  const { samples } = await import('../../../sandbox/wechat/samples.ts')
  const { photos, ...sample } = must(samples[index])
  return wechat.complain({ appid, ...sample, photos: await pictures(photos, index) })
}

async function atPay({ wechatPay, account }: PlayedPay): Promise<void> {
  const { samples } = await import('../../../sandbox/wechat-pay/samples.ts')
  const { photos, ...sample } = must(samples[4])
  await wechatPay.complain({ mchid: account.outsideId, ...sample, photos: await pictures(photos, 10) })
  await wechatPay.idle()
}

/** One of which a message tells, and one that is found by asking, about two payments. */
async function atAlipay({ alipay, grant: { pid } }: PlayedAlipay): Promise<void> {
  const { samples } = await import('../../../sandbox/alipay/samples.ts')
  const { subject, amount, text, photos } = must(samples[1])
  await alipay.complainTrade({ pid, subject, amount, text, photos: await pictures(photos, 20) })
  await alipay.idle()
  const paid = { subject: '洗车次卡 10 次', total: 9900 }
  await alipay.complainRisk({
    pid,
    text: '扫码时页面卡住，又扫了一次，同一张卡付了两个 99 元，只认一笔。',
    trades: [paid, paid],
  })
}

async function pictures(count: number, first: number): Promise<Buffer[]> {
  const { parcelPhoto } = await import('../../../sandbox/parcel.ts')
  return Array.from({ length: count }, (_, n) => parcelPhoto(first + n))
}
