import type { Complaint } from './complaint.ts'
import { digits, type Random } from './program.ts'
import type { Rules } from './rules.ts'

/** What a customer says; everything but the appid has a plausible default. */
export interface Complain {
  readonly appid: string
  readonly type?: number
  readonly text?: string
  /** Fen. */
  readonly amount?: number
  readonly photos?: readonly Buffer[]
  readonly product?: string
  readonly openid?: string
  readonly phone?: string
  readonly nickname?: string
  /** 28 digits, without the prefix. */
  readonly transactionId?: string
  readonly outTradeNo?: string
  /** Unix seconds. */
  readonly paidAt?: number
}

/** A new complaint: status 201, one node, 48 h. */
export function openComplaint(about: {
  readonly id: number
  readonly at: number
  readonly said: Complain
  readonly photos: readonly string[]
  readonly random: Random
  readonly rules: Rules
}): Complaint {
  const { id, at, said, photos, random, rules } = about
  const text = said.text ?? '收到的商品有破损，联系客服没有回复，要求退款。'
  const phone = said.phone ?? `138${digits(random, 8)}`
  return {
    id,
    appid: said.appid,
    createdAt: at,
    status: 201,
    type: said.type ?? 642,
    openid: said.openid ?? `o${random(20).toString('base64url')}`,
    nickname: said.nickname ?? '微信用户',
    avatar: 'https://thirdwx.qlogo.cn/mmopen/vi_32/sandbox/132',
    phone,
    text,
    photos,
    transactionId: said.transactionId ?? `4200${digits(random, 24)}`,
    outTradeNo: said.outTradeNo ?? `M${at}${digits(random, 6)}`,
    product: said.product ?? '山东红富士苹果 5 斤装',
    paidAt: said.paidAt ?? at - 3 * 86_400,
    amount: said.amount ?? 1990,
    expiresAt: at + Math.floor(rules.respondMs / 1000),
    appealState: 0,
    items: [{ type: 1, time: at, content: text, photos, phoneNumber: phone, nickName: said.nickname ?? '微信用户' }],
    liable: false,
  }
}
