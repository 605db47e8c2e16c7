import { html, type Markup } from '../html.ts'
import type { Complaint } from './complaint.ts'
import { isClosed } from './complaint.ts'
import { yuan } from './detail.ts'
import { appealLabel, type Lang, statusLabel, typeLabel, types } from './labels.ts'
import type { LedgerEntry } from './ledger.ts'
import { actions } from './page-moves.ts'
import { orderRows, programLine } from './page-shop.ts'
import { timeline } from './page-timeline.ts'
import { samples } from './samples.ts'
import type { Wechat } from './wechat.ts'

const words = {
  zh: {
    title: '微信小程序 · 平台侧',
    note: '沙盒：这里扮演微信。下面是平台上真正发生的事。',
    complain: '让一位顾客投诉',
    program: '小程序',
    type: '投诉类型',
    amount: '金额（元）',
    name: '昵称',
    photos: '照片',
    product: '商品',
    text: '投诉内容',
    send: '提交投诉',
    another: '换一条',
    ledger: '平台账本',
    empty: '还没有投诉。上面提交一条试试。',
    orders: '订单',
    until: '截止',
    other: 'EN',
    otherLang: 'en',
    sent: '已提交',
  },
  en: {
    title: 'WeChat mini programs',
    note: 'Sandbox: this plays WeChat. Below is what really happened on the platform.',
    complain: 'Let a customer complain',
    program: 'Mini program',
    type: 'Reason',
    amount: 'Amount (yuan)',
    name: 'Name',
    photos: 'Photos',
    product: 'Product',
    text: 'Words',
    send: 'Complain',
    another: 'Another one',
    ledger: 'Ledger of the platform',
    empty: 'No complaint yet. Send one above.',
    orders: 'Orders',
    until: 'until',
    other: '中文',
    otherLang: 'zh',
    sent: 'Sent',
  },
} as const

export function page(wechat: Wechat, lang: Lang): string {
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
${complainForm(wechat, lang)}
<details class="panel" id="orders"><summary>${say.orders}</summary>${orderRows(wechat, lang)}</details>
<h2>${say.ledger}</h2>
<div id="programs">${programLine(wechat, lang)}</div>
<p class="empty" id="empty" hidden>${say.empty}</p>
<div id="cards"></div>
</main>
<p id="toast" role="status"></p>
<script src="/sandbox/page.js"></script>
</body>
</html>`.markup
}

function complainForm(wechat: Wechat, lang: Lang): Markup {
  const say = words[lang]
  const programs = wechat.programs.map(({ appid, name }) => html`<option value="${appid}">${name}</option>`)
  const reasons = Object.keys(types).map(
    (type) => html`<option value="${type}">${type} ${typeLabel(Number(type), lang)}</option>`,
  )
  const first = samples[0]
  return html`<details class="panel" open>
<summary>${say.complain}</summary>
<form id="complain" data-samples="${JSON.stringify(samples)}">
<label class="half">${say.program}<select name="appid">${programs}</select></label>
<label class="half">${say.type}<select name="type">${reasons}</select></label>
<label class="wide">${say.text}<textarea name="text" rows="3" required>${first?.text}</textarea></label>
<label class="wide">${say.product}<input name="product" value="${first?.product}" required></label>
<label>${say.amount}<input name="amount" inputmode="decimal" pattern="[0-9]+([.][0-9]{1,2})?" value="${yuan(first?.amount ?? 0)}" required></label>
<label>${say.name}<input name="nickname" value="${first?.nickname}" required></label>
<label>${say.photos}<select name="photos"><option>0</option><option>1</option><option>2</option><option>3</option></select></label>
<div class="go"><button type="button" id="another">${say.another}</button><button class="main">${say.send}</button></div>
</form>
</details>`
}

export interface CardView {
  readonly id: number
  readonly html: string
}

// More than this nobody reads, and a storm of complaints must not slow the page.
const shown = 60

/** The newest complaint first; the page changes only the cards whose HTML differs. */
export function ledgerCards(wechat: Wechat, lang: Lang): readonly CardView[] {
  const newest = wechat.complaints().slice(-shown).reverse()
  const entries = wechat.ledger()
  return newest.map((complaint) => {
    const own = entries.filter((entry) => entry.complaint === complaint.id)
    return { id: complaint.id, html: card(wechat, complaint, own, lang).markup }
  })
}

function card(wechat: Wechat, c: Complaint, entries: readonly LedgerEntry[], lang: Lang): Markup {
  const program = wechat.programs.find(({ appid }) => appid === c.appid)
  const appeal =
    c.appealState === 0
      ? undefined
      : html`<span class="badge ${toneOfAppeal(c)}">${appealLabel(c.appealState, lang)}</span>`
  return html`<article data-id="${c.id}">
<div class="top"><span class="badge ${toneOf(c)}"><b>${c.status}</b> ${statusLabel(c.status, lang)}</span>${appeal}<span class="id">${c.id}</span></div>
<div class="what"><span class="product">${c.product}</span><span class="amount">¥${yuan(c.amount)}</span></div>
<div class="small">${program?.name} · ${typeLabel(c.type, lang)} · ${c.nickname}</div>
${deadline(c, lang)}
${actions(wechat, c, lang)}
${timeline(entries, lang)}
</article>`
}

function deadline(c: Complaint, lang: Lang): Markup | undefined {
  if (c.expiresAt === 0) return undefined
  return html`<div class="small until">${words[lang].until} <time data-time="${c.expiresAt * 1000}"></time> <span data-left="${c.expiresAt * 1000}"></span></div>`
}

// Whose turn it is, in colour.
function toneOf(c: Complaint): string {
  if (isClosed(c)) return 'done'
  if ([201, 106, 108, 206].includes(c.status)) return 'merchant'
  return [202, 203, 204, 308, 309].includes(c.status) ? 'customer' : 'platform'
}

const toneOfAppeal = (c: Complaint): string =>
  c.appealState === 401 ? 'merchant' : c.appealState === 403 ? 'platform' : 'done'
