import { type House, json, type Knock, type Outcome, type Read } from './call.ts'
import { isProblem, refuse } from './errors.ts'
import { showOrder } from './order-api.ts'
import { showRefund } from './refund.ts'
import { payeeOf, readRefund } from './refund-api.ts'
import { seal } from './sealed.ts'
import { rfc3339 } from './time.ts'

export function applyRefund({ house, merchant, body }: Knock): ReturnType<Read> {
  return {
    ...(typeof body.out_refund_no === 'string' ? { refund: body.out_refund_no } : {}),
    body,
    run() {
      const wish = readRefund(body, house.rules)
      if (isProblem(wish)) return wish
      const refund = house.refunds.apply(merchant, wish)
      return isProblem(refund) ? refund : shownRefund(house, refund)
    },
  }
}

export function queryRefund({ house, merchant, id, query }: Knock): ReturnType<Read> {
  const refund = decodeURIComponent(id)
  return {
    refund,
    run() {
      const payee = payeeOf(merchant, query.get('sub_mchid') ?? undefined, 'query')
      if (typeof payee !== 'string') return payee
      const found = house.refunds.find(payee, refund)
      return found ? shownRefund(house, found) : refuse('RESOURCE_NOT_EXISTS', '退款单不存在', { cause: 268875782 })
    },
  }
}

function shownRefund({ orders }: House, refund: Parameters<typeof showRefund>[0]): Outcome {
  const order = orders.byTransaction(refund.transactionId)
  return order ? { json: showRefund(refund, order) } : refuse('SYSTEM_ERROR')
}

export function queryOrder(how: { partner: boolean; by: 'transaction' | 'own-number' }): Read {
  return ({ house, merchant, id, query }) => ({
    run: () => json(showOrder(house, { ...how, merchant, query, number: decodeURIComponent(id) })),
  })
}

// WeChat Pay docs, certificates: each sealed under the APIv3 key; a merchant of the public key has none to fetch.
export function certificates({ house, merchant }: Knock): ReturnType<Read> {
  return {
    run({ brokenTag: broken = false } = {}) {
      if ((merchant.verification ?? 'public-key') === 'public-key')
        return refuse('RESOURCE_NOT_EXISTS', '无可用的平台证书')
      const data = house.keys.certificates().map(({ serial, pem, effectiveAt, expiresAt }) => ({
        serial_no: serial,
        effective_time: rfc3339(effectiveAt),
        expire_time: rfc3339(expiresAt),
        encrypt_certificate: seal(merchant, { text: pem, associated: 'certificate', random: house.random, broken }),
      }))
      return { json: { data } }
    },
  }
}
