import { html, type Markup } from '../html.ts'
import type { Alipay } from './alipay.ts'
import { yuan } from './fields.ts'
import { type Lang, label } from './labels.ts'
import { samples } from './samples.ts'

const words = {
  zh: {
    title: '支付宝 · 平台侧',
    note: '沙盒：这里扮演支付宝。下面是平台上真正发生的事，钱也在其中。',
    complain: '让一位顾客投诉',
    merchant: '商家',
    source: '投诉渠道',
    amount: '金额（元）',
    photos: '照片',
    subject: '商品',
    text: '投诉内容',
    send: '提交投诉',
    another: '换一条',
    ledger: '平台账本',
    empty: '还没有投诉。上面提交一条试试。',
    balance: '余额',
    granted: '已授权',
    notGranted: '未授权',
    withhold: '扣下下一条消息',
    withholding: '下一条消息将被扣下',
    other: 'EN',
    otherLang: 'en',
    sent: '已提交',
  },
  en: {
    title: 'Alipay',
    note: 'Sandbox: this plays Alipay. Below is what really happened there, money included.',
    complain: 'Let a customer complain',
    merchant: 'Merchant',
    source: 'Desk',
    amount: 'Amount (yuan)',
    photos: 'Photos',
    subject: 'Product',
    text: 'Words',
    send: 'Complain',
    another: 'Another one',
    ledger: 'Ledger of the platform',
    empty: 'No complaint yet. Send one above.',
    balance: 'balance',
    granted: 'consented',
    notGranted: 'no consent',
    withhold: 'Withhold the next message',
    withholding: 'Next message will be withheld',
    other: '中文',
    otherLang: 'zh',
    sent: 'Sent',
  },
} as const

export function page(alipay: Alipay, lang: Lang): string {
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
${complainForm(alipay, lang)}
<h2>${say.ledger}</h2>
<div id="merchants">${merchantLine(alipay, lang)}</div>
<p class="empty" id="empty" hidden>${say.empty}</p>
<div id="cards"></div>
</main>
<p id="toast" role="status"></p>
<script src="/sandbox/page.js"></script>
</body>
</html>`.markup
}

function complainForm({ merchants }: Alipay, lang: Lang): Markup {
  const say = words[lang]
  const options = merchants.map(({ pid, name }) => html`<option value="${pid}">${name}</option>`)
  const sources = ['risk', 'trade'].map((one) => html`<option value="${one}">${label(one, lang)}</option>`)
  return html`<details class="panel" open>
<summary>${say.complain}</summary>
<form id="complain" data-samples="${JSON.stringify(samples)}">
<label class="half">${say.merchant}<select name="pid">${options}</select></label>
<label class="half">${say.source}<select name="source">${sources}</select></label>
<label class="wide">${say.text}<textarea name="text" rows="3" required></textarea></label>
<label>${say.subject}<input name="subject" required></label>
<label>${say.amount}<input name="amount" inputmode="decimal" pattern="[0-9]+([.][0-9]{1,2})?" required></label>
<label>${say.photos}<select name="photos"><option>0</option><option>1</option><option>2</option><option>3</option></select></label>
<div class="go"><button type="button" id="another">${say.another}</button><button class="main">${say.send}</button></div>
</form>
</details>`
}

/** Who has how much and has consented, and the switch that makes the next message stay away. */
export function merchantLine(alipay: Alipay, lang: Lang): Markup {
  const say = words[lang]
  const lines = alipay.merchants.map(({ pid, name }) => {
    const consented = alipay.grants().some((one) => one.pid === pid && one.state === 'valid')
    return html`<span>${name} <span class="small">${consented ? say.granted : say.notGranted} · ${say.balance}</span> <b>¥${yuan(alipay.balance(pid))}</b></span>`
  })
  const armed = alipay
    .misbehaviours()
    .find(({ script, left }) => left > 0 && script.on === 'push' && script.how === 'withheld')
  const button = armed
    ? html`<button data-path="misbehave/${armed.id}/stop" aria-pressed="true">${say.withholding}</button>`
    : html`<button data-path="misbehave" data-body="${JSON.stringify({ on: 'push', how: 'withheld' })}" aria-pressed="false">${say.withhold}</button>`
  return html`<div>${lines}${button}</div>`
}
