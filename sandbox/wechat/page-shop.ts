import { html, type Markup } from '../html.ts'
import { isClosed } from './complaint.ts'
import { yuan } from './detail.ts'
import { type Lang, orderLabel } from './labels.ts'
import type { Order } from './orders.ts'
import type { Wechat } from './wechat.ts'

const words = {
  zh: {
    score: '体验分',
    withhold: '扣下下一条推送',
    withholding: '下一条推送将被扣下',
    none: '还没有订单。',
    dispute: '投诉中',
    off: '未接入发货信息管理，订单接口回 48001：',
  },
  en: {
    score: 'score',
    withhold: 'Withhold the next push',
    withholding: 'Next push will be withheld',
    none: 'No orders yet.',
    dispute: 'In complaint',
    off: 'Without order shipping, the order calls answer 48001: ',
  },
} as const

/** The mini programs with their experience scores, and the switch that makes the next push stay away. */
export function programLine(wechat: Wechat, lang: Lang): Markup {
  const say = words[lang]
  const programs = wechat.programs.map(
    ({ appid, name }) =>
      html`<span class="program">${name} <span class="small">${say.score}</span> <b>${wechat.score(appid)}</b></span>`,
  )
  const armed = wechat.misbehaviours().find(({ script, left }) => {
    return left > 0 && script.on === 'push' && script.how === 'withheld' && script.complaint === undefined
  })
  const button = armed
    ? html`<button data-path="misbehave/${armed.id}/stop" aria-pressed="true">${say.withholding}</button>`
    : html`<button data-path="misbehave" data-body="${JSON.stringify({ on: 'push', how: 'withheld' })}" aria-pressed="false">${say.withhold}</button>`
  return html`<div>${programs}${button}</div>`
}

// More than this nobody reads.
const shown = 40

/** The orders as the order calls would list them, the last paid first. */
export function orderRows(wechat: Wechat, lang: Lang): Markup {
  const say = words[lang]
  const open = new Set(
    wechat
      .complaints()
      .filter((one) => !isClosed(one))
      .map((one) => one.transactionId),
  )
  const newest = [...wechat.orders()].sort((a, b) => b.paidAt - a.paidAt).slice(0, shown)
  const rows = newest.map((order) => row(order, open.has(order.transactionId), lang))
  const off = wechat.programs.filter((one) => !one.orderShipping).map(({ name }) => name)
  const why = off.length > 0 ? html`<p class="small">${say.off}${off.join('、')}</p>` : undefined
  return rows.length === 0 ? html`<div><p class="small">${say.none}</p>${why}</div>` : html`<div>${rows}${why}</div>`
}

function row(order: Order, inDispute: boolean, lang: Lang): Markup {
  const badge = inDispute ? html`<span class="badge merchant">${words[lang].dispute}</span>` : undefined
  return html`<div class="order"><div class="what"><span class="product">${order.product}</span><span class="amount">¥${yuan(order.amount)}</span></div>
<div class="small"><span>${order.outTradeNo} · ${orderLabel(order.state, lang)} · <time data-time="${order.paidAt * 1000}"></time></span>${badge}</div></div>`
}
