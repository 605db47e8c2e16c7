import { html, type Markup } from '../html.ts'
import type { Complaint } from './complaint.ts'
import { type Lang, label, yuan } from './labels.ts'
import type { LedgerEntry } from './ledger.ts'
import { moverOf } from './moves.ts'
import { merchantLine, orderRows, refundLines } from './page-orders.ts'
import { timeline } from './page-timeline.ts'
import { possible } from './possible.ts'
import { samples } from './samples.ts'
import type { WechatPay } from './wechat-pay.ts'

const words = {
  zh: {
    title: '微信支付 · 平台侧',
    note: '沙盒：这里扮演微信支付。下面是平台上真正发生的事，钱也在其中。',
    complain: '让一位顾客投诉',
    merchant: '商户',
    type: '问题类型',
    amount: '金额（元）',
    photos: '照片',
    product: '商品',
    text: '投诉内容',
    immediate: '需即时服务',
    send: '提交投诉',
    another: '换一条',
    ledger: '平台账本',
    empty: '还没有投诉。上面提交一条试试。',
    orders: '订单与退款',
    helping: '平台协助中',
    waits: '用户等回复',
    again: '第',
    times: '次投诉',
    say: '附言（可留空）',
    other: 'EN',
    otherLang: 'en',
    sent: '已提交',
  },
  en: {
    title: 'WeChat Pay',
    note: 'Sandbox: this plays WeChat Pay. Below is what really happened there, money included.',
    complain: 'Let a customer complain',
    merchant: 'Merchant',
    type: 'Kind',
    amount: 'Amount (yuan)',
    photos: 'Photos',
    product: 'Product',
    text: 'Words',
    immediate: 'Immediate service',
    send: 'Complain',
    another: 'Another one',
    ledger: 'Ledger of the platform',
    empty: 'No complaint yet. Send one above.',
    orders: 'Orders and refunds',
    helping: 'Platform helps',
    waits: 'Customer waits',
    again: 'complaint no. ',
    times: '',
    say: 'Words for the next move (optional)',
    other: '中文',
    otherLang: 'zh',
    sent: 'Sent',
  },
} as const

export function page(pay: WechatPay, lang: Lang): string {
  const say = words[lang]
  return html`<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${say.title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/sandbox/page.css">
</head>
<body data-lang="${lang}" data-sent="${say.sent}">
<header><span class="mark"></span><h1>${say.title}</h1><a href="/sandbox/?lang=${say.otherLang}">${say.other}</a></header>
<main>
<p class="note">${say.note}</p>
${complainForm(pay, lang)}
<details class="panel" id="orders"><summary>${say.orders}</summary>${orderRows(pay, lang)}</details>
<h2>${say.ledger}</h2>
<div id="merchants">${merchantLine(pay, lang)}</div>
<p class="empty" id="empty" hidden>${say.empty}</p>
<div id="cards"></div>
</main>
<p id="toast" role="status"></p>
<script src="/sandbox/page.js"></script>
</body>
</html>`.markup
}

function complainForm(pay: WechatPay, lang: Lang): Markup {
  const say = words[lang]
  const payees = pay.merchants.flatMap(({ mchid, name, subMerchants = [] }) =>
    subMerchants.length > 0 ? subMerchants : [{ mchid, name }],
  )
  const options = payees.map(({ mchid, name }) => html`<option value="${mchid}">${name}</option>`)
  const types = ['REFUND', 'SERVICE_NOT_WORK', 'OTHERS'].map(
    (type) => html`<option value="${type}">${label(type, lang)}</option>`,
  )
  return html`<details class="panel" open>
<summary>${say.complain}</summary>
<form id="complain" data-samples="${JSON.stringify(samples)}">
<label class="half">${say.merchant}<select name="mchid">${options}</select></label>
<label class="half">${say.type}<select name="type">${types}</select></label>
<label class="wide">${say.text}<textarea name="text" rows="3" required></textarea></label>
<label class="wide">${say.product}<input name="product" required></label>
<label>${say.amount}<input name="amount" inputmode="decimal" pattern="[0-9]+([.][0-9]{1,2})?" required></label>
<label>${say.photos}<select name="photos"><option>0</option><option>1</option><option>2</option><option>3</option></select></label>
<label class="check"><input type="checkbox" name="immediate">${say.immediate}</label>
<div class="go"><button type="button" id="another">${say.another}</button><button class="main">${say.send}</button></div>
</form>
</details>`
}

export interface CardView {
  readonly id: string
  readonly html: string
}

// More than this nobody reads, and a storm of complaints must not slow the page.
const shown = 60

/** The newest complaint first; the page changes only the cards whose HTML differs. */
export function cards(pay: WechatPay, lang: Lang): readonly CardView[] {
  const newest = pay.complaints().slice(-shown).reverse()
  const entries = pay.ledger()
  return newest.map((c) => {
    const ids = c.orders.map((one) => one.transactionId)
    const own = entries.filter((one) =>
      one.complaint === undefined ? ids.includes(one.transactionId ?? '') : one.complaint === c.id,
    )
    return { id: c.id, html: card(pay, c, own, lang).markup }
  })
}

const tones = { PENDING: 'merchant', PROCESSING: 'platform', PROCESSED: 'done' } as const

function card(pay: WechatPay, c: Complaint, entries: readonly LedgerEntry[], lang: Lang): Markup {
  const say = words[lang]
  const name = pay.merchants
    .flatMap((one) => [one, ...(one.subMerchants ?? [])])
    .find(({ mchid }) => mchid === c.mchid)?.name
  const order = pay.orders().find((one) => one.transactionId === c.orders[0]?.transactionId)
  const refunds = pay.refunds().filter((one) => one.transactionId === order?.transactionId)
  const badges = [
    html`<span class="badge ${tones[c.state]}">${label(c.state, lang)}</span>`,
    ...(c.inPlatformService ? [html`<span class="badge platform">${say.helping}</span>`] : []),
    ...(c.needImmediateService ? [html`<span class="badge merchant">${say.immediate}</span>`] : []),
    ...(c.incomingUserResponse ? [html`<span class="badge customer">${say.waits}</span>`] : []),
  ]
  const again = c.times > 1 ? ` · ${say.again}${c.times}${say.times}` : ''
  return html`<article data-id="${c.id}">
<div class="top">${badges}<span class="id">${c.id.slice(-8)}</span></div>
<div class="what"><span class="product">${order?.product}</span><span class="amount">¥${yuan(order?.total ?? 0)}</span></div>
<div class="small">${name} · ${label(c.type, lang)}${again}</div>
${refundLines(refunds, lang)}
${moves(pay, c, lang)}
${timeline(entries, lang)}
</article>`
}

/** Whatever somebody other than the merchant's own software may do now. */
function moves(pay: WechatPay, c: Complaint, lang: Lang): Markup {
  const open = possible(c, pay.rules)
  const row = (who: 'customer' | 'platform') => {
    const own = open.filter((move) => moverOf(move) === who)
    const buttons = own.map((move) => {
      const text = 'text' in move ? move.text : ''
      return html`<button data-move="${move.kind}" data-words="${text}">${label(move.kind, lang)}</button>`
    })
    return own.length === 0
      ? undefined
      : html`<div class="moves"><span>${label(who, lang)}</span><div>${buttons}</div></div>`
  }
  const { say } = words[lang]
  return html`${row('customer')}${row('platform')}<input name="words" placeholder="${say}" aria-label="${say}">`
}
