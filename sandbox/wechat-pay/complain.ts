import type { Complaint, ProblemType } from './complaint.ts'
import { digits, type Random } from './merchant.ts'
import { talk } from './moves.ts'
import type { Order } from './orders.ts'
import { dayOf } from './time.ts'

/** What a customer says; everything but the mchid has a plausible default. */
export interface Complain {
  readonly mchid: string
  /** Of a known order; a new one is made when left out. */
  readonly transactionId?: string
  readonly type?: ProblemType
  readonly text?: string
  readonly problem?: string
  /** Fen, of an order that is made. */
  readonly amount?: number
  readonly product?: string
  /** Fen; the whole order when left out. */
  readonly applied?: number
  readonly photos?: readonly Buffer[]
  readonly phone?: string
  readonly tags?: readonly string[]
  readonly needImmediateService?: boolean
  readonly agentMode?: boolean
  /** A power bank's order (充电宝), with where it was returned. */
  readonly powerBank?: boolean
  /** A pay-score order: no openid, a service order beside it. */
  readonly payScore?: boolean
}

/** A new complaint: PENDING, two lines of history. */
export function openComplaint(about: {
  readonly at: number
  readonly said: Complain
  readonly order: Order
  readonly photos: readonly string[]
  readonly random: Random
}): Complaint {
  const { at, said, order, photos, random } = about
  const type = said.type ?? 'OTHERS'
  const text = said.text ?? '收到的商品有破损，联系客服没有回复，要求退款。'
  const id = `2002018${dayOf(at).replaceAll('-', '')}${digits(random, 12)}`
  const { transactionId, outTradeNo, total: amount } = order
  const opened: Complaint = {
    id,
    mchid: order.mchid,
    account: order.account,
    at,
    detail: text,
    state: 'PENDING',
    phone: said.phone ?? `138${digits(random, 8)}`,
    openid: said.payScore ? '' : order.openid,
    orders: [{ transactionId, outTradeNo, amount }],
    ...(said.payScore ? { serviceOrder: { orderId: digits(random, 20), outOrderNo: outTradeNo, state: 'DONE' } } : {}),
    fullRefunded: false,
    incomingUserResponse: false,
    problem: said.problem ?? '商品质量问题',
    times: 1,
    type,
    applied: type === 'REFUND' ? (said.applied ?? amount) : 0,
    tags: said.tags ?? [],
    photos,
    inPlatformService: false,
    needImmediateService: said.needImmediateService ?? false,
    agentMode: said.agentMode ?? false,
    powerBank: said.powerBank ?? false,
    decision: 'none',
    history: [],
  }
  const told = talk(opened, at, { type: 'USER_CREATE_COMPLAINT', text, photos })
  return talk(told, at, {
    type: 'USER_CREATE_COMPLAINT_SYSTEM_MESSAGE',
    text: '用户发起了投诉，请在 24 小时内回复，72 小时内处理完成。',
  })
}
