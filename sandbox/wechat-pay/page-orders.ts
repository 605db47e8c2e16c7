import { html, type Markup } from '../html.ts'
import { type Lang, refundLabel, yuan } from './labels.ts'
import type { Order } from './orders.ts'
import { endsOf, type Refund } from './refund.ts'
import type { WechatPay } from './wechat-pay.ts'

const words = {
  zh: {
    balance: '余额',
    withhold: '扣下下一条通知',
    withholding: '下一条通知将被扣下',
    none: '还没有订单。',
    ends: '退款结果',
    unpaid: '未支付',
  },
  en: {
    balance: 'balance',
    withhold: 'Withhold the next notice',
    withholding: 'Next notice will be withheld',
    none: 'No orders yet.',
    ends: 'Refunds end',
    unpaid: 'not paid',
  },
} as const

/** Who has how much, and the switch that makes the next notice stay away. */
export function merchantLine(pay: WechatPay, lang: Lang): Markup {
  const say = words[lang]
  const payees = pay.merchants.flatMap(({ mchid, name, subMerchants = [] }) =>
    subMerchants.length > 0 ? subMerchants : [{ mchid, name }],
  )
  const lines = payees.map(
    ({ mchid, name }) =>
      html`<span>${name} <span class="small">${say.balance}</span> <b>¥${yuan(pay.balance(mchid))}</b></span>`,
  )
  const armed = pay
    .misbehaviours()
    .find(({ script, left }) => left > 0 && script.on === 'push' && script.how === 'withheld')
  const button = armed
    ? html`<button data-path="misbehave/${armed.id}/stop" aria-pressed="true">${say.withholding}</button>`
    : html`<button data-path="misbehave" data-body="${JSON.stringify({ on: 'push', how: 'withheld' })}" aria-pressed="false">${say.withhold}</button>`
  return html`<div>${lines}${button}</div>`
}

// More than this nobody reads.
const shown = 40

/** The orders, the last paid first, each with its refunds. */
export function orderRows(pay: WechatPay, lang: Lang): Markup {
  const newest = [...pay.orders()].sort((a, b) => b.paidAt - a.paidAt).slice(0, shown)
  if (newest.length === 0) return html`<div><p class="small">${words[lang].none}</p></div>`
  const refunds = pay.refunds()
  const rows = newest.map((order) => {
    const own = refunds.filter((one) => one.transactionId === order.transactionId)
    return row(order, own, lang)
  })
  return html`<div>${rows}</div>`
}

function row(order: Order, refunds: readonly Refund[], lang: Lang): Markup {
  const unpaid = order.state === 'SUCCESS' ? undefined : html`<span class="badge">${words[lang].unpaid}</span>`
  return html`<div class="order"><div class="what"><span class="product">${order.product}</span><span class="amount">¥${yuan(order.total)}</span></div>
<div class="small"><span>${order.outTradeNo} · <time data-time="${order.paidAt}"></time></span>${unpaid}${ending(order, lang)}</div>${refundLines(refunds, lang)}</div>`
}

/** What becomes of the refunds to come. */
function ending(order: Order, lang: Lang): Markup {
  const options = (['SUCCESS', 'ABNORMAL', 'CLOSED', 'never'] as const).map((one) =>
    one === order.refundEnds
      ? html`<option value="${one}" selected>${refundLabel(one, lang)}</option>`
      : html`<option value="${one}">${refundLabel(one, lang)}</option>`,
  )
  const { mchid, transactionId } = order
  return html`<select data-order="${JSON.stringify({ mchid, transactionId })}" aria-label="${words[lang].ends}">${options}</select>`
}

const tones: Readonly<Record<string, string>> = { PROCESSING: 'platform', SUCCESS: 'customer', ABNORMAL: 'merchant' }

/** Each refund with its number, and how it may end now. */
export function refundLines(refunds: readonly Refund[], lang: Lang): Markup[] {
  return refunds.map((one) => {
    const path = `refunds/${one.mchid}/${encodeURIComponent(one.outRefundNo)}`
    const ends = endsOf(one.status).map(
      (status) => html`<button data-path="${path}/${status.toLowerCase()}">${refundLabel(status, lang)}</button>`,
    )
    const buttons = ends.length > 0 ? html`<span class="ends">${ends}</span>` : undefined
    return html`<div class="refund"><span class="badge ${tones[one.status] ?? ''}">${refundLabel(one.status, lang)}</span><b>¥${yuan(one.amount)}</b><code>${one.outRefundNo}</code>${buttons}</div>`
  })
}
