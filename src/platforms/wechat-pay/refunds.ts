import { OutsideError } from '../../core/errors.ts'
import type { Client } from './client.ts'
import { both, isNotThere } from './errors.ts'
import { json, target } from './exchange.ts'
import type { Payee } from './orders.ts'
import { bodyOf, judged, type Refunded, type RefundWish, wrongWish } from './refund.ts'

const root = '/v3/refund/domestic/refunds'

/** 申请退款, once. What stands under the number counts more than a refusal: that is asked for before a failure is believed. */
export async function createRefund(client: Client, payee: Payee, wish: RefundWish): Promise<Refunded> {
  const wrong = wrongWish(wish)
  if (wrong !== undefined) return { outcome: 'failed', code: 'WISH', message: wrong, next: 'never' }
  try {
    const { fields } = await client.act(payee.account, {
      operation: 'refund',
      method: 'POST',
      target: root,
      body: json(bodyOf(payee, wish)),
    })
    return judged(fields, wish.number, wish) ?? unread
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    const refused = refusal(error)
    if (refused.outcome === 'unknown' || refused.next === 'later') return refused
    // Errors are not signed, and an earlier call under this number may have worked.
    const there = await queryRefund(client, payee, wish.number, wish)
    return there.outcome === 'absent' ? refused : there
  }
}

/** 查询单笔退款. With the wish, what stands there must be what was wished. */
export async function queryRefund(client: Client, payee: Payee, number: string, wish?: RefundWish): Promise<Refunded> {
  const where = target(`${root}/${encodeURIComponent(number)}`, { sub_mchid: payee.subMchid })
  try {
    const answer = await client.read(payee.account, { operation: 'refund-query', method: 'GET', target: where })
    return judged(answer, number, wish) ?? unread
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    if (isNotThere(error)) return { outcome: 'absent' }
    return { outcome: 'unknown', code: error.code, message: error.message }
  }
}

const unread: Refunded = {
  outcome: 'unknown',
  code: 'unreadable',
  message: both('微信支付的退款应答无法读取', 'the answer about the refund cannot be read'),
}

// docs/platforms/wechat-pay.md#refunds
function refusal(error: OutsideError): Extract<Refunded, { outcome: 'failed' | 'unknown' }> {
  const { code, message } = error
  switch (error.trouble) {
    case 'unknown':
      return { outcome: 'unknown', code, message }
    case 'busy':
      // Ours waits before anything is sent; of theirs "the state is unknown".
      return code === 'queue'
        ? { outcome: 'failed', code, message, next: 'later' }
        : { outcome: 'unknown', code, message }
    case 'unreachable':
      return { outcome: 'failed', code, message, next: 'later' }
    case 'forbidden':
      return { outcome: 'failed', code, message, next: 'mended' }
    case 'moved':
    case 'refused':
      return { outcome: 'failed', code, message, next: code === 'NOT_ENOUGH' ? 'mended' : 'never' }
  }
}
