import { html, type Markup } from '../html.ts'
import type { Alipay } from './alipay.ts'
import { yuan } from './fields.ts'
import { type Lang, label, rowLabel } from './labels.ts'
import type { LedgerEntry } from './ledger.ts'
import { timeline } from './page-timeline.ts'
import { riskMoves, tradeMoves } from './possible.ts'
import type { RiskComplaint } from './risk.ts'
import type { TradeComplaint } from './trade-complaint.ts'
import { moverOf } from './trade-state.ts'

export interface CardView {
  readonly id: string
  readonly html: string
}

/** What both families show alike. */
interface Shown {
  readonly source: 'risk' | 'trade'
  readonly id: string
  readonly number: string
  readonly pid: string
  readonly status: string
  readonly createdAt: number
  readonly rows: readonly { readonly tradeNo: string; readonly amount: number; readonly status?: string }[]
  readonly due?: number
  readonly badges: readonly string[]
  readonly moves: readonly { readonly by: string; readonly kind: string; readonly text: string }[]
}

// More than this nobody reads, and a storm of complaints must not slow the page.
const most = 60

/** The newest complaint first; the page changes only the cards whose HTML differs. */
export function cards(alipay: Alipay, lang: Lang): readonly CardView[] {
  const all = [...alipay.riskComplaints().map(ofRisk), ...alipay.tradeComplaints().map((one) => ofTrade(one, alipay))]
  const newest = all.sort((a, b) => b.createdAt - a.createdAt).slice(0, most)
  const entries = alipay.ledger()
  return newest.map((shown) => {
    const numbers = shown.rows.map(({ tradeNo }) => tradeNo)
    const own = entries.filter((one) =>
      one.complaint === undefined
        ? numbers.includes(one.tradeNo ?? '')
        : one.complaint === shown.id && one.source === shown.source,
    )
    return { id: `${shown.source}/${shown.id}`, html: card(alipay, shown, own, lang).markup }
  })
}

const ofRisk = (c: RiskComplaint): Shown => ({
  source: 'risk',
  id: String(c.id),
  number: c.taskId,
  pid: c.pid,
  status: c.status,
  createdAt: c.createdAt,
  rows: c.trades,
  due: c.overdueAt,
  badges: c.labels,
  moves: riskMoves(c).map((kind) => ({ by: kind === 'overdue' ? 'clock' : 'customer', kind, text: '' })),
})

const ofTrade = (c: TradeComplaint, alipay: Alipay): Shown => ({
  source: 'trade',
  id: c.id,
  number: c.id.slice(-8),
  pid: c.pid,
  status: c.status,
  createdAt: c.createdAt,
  rows: [{ tradeNo: c.tradeNo, amount: alipay.trades().find((one) => one.tradeNo === c.tradeNo)?.total ?? 0 }],
  badges: [],
  moves: tradeMoves(c).map((move) => ({
    by: moverOf(move.kind),
    kind: move.kind,
    text: 'text' in move ? (move.text ?? '') : '',
  })),
})

const merchantsTurn = ['WAIT_PROCESS', 'OVERDUE', 'PART_OVERDUE', 'MERCHANT_PROCESSING', 'MERCHANT_FEEDBACK_TIMEOUT']
const platformsTurn = ['PROCESSING', 'PLATFORM_PROCESSING']
const tone = (status: string) =>
  merchantsTurn.includes(status) ? 'merchant' : platformsTurn.includes(status) ? 'platform' : 'done'

const say = {
  zh: { words: '附言（可留空）', until: '处理期限' },
  en: { words: 'Words for the next move (optional)', until: 'due' },
}

function card(alipay: Alipay, shown: Shown, entries: readonly LedgerEntry[], lang: Lang): Markup {
  const { source, id, status, rows } = shown
  const name = alipay.merchants.find(({ pid }) => pid === shown.pid)?.name
  const badges = shown.badges.map((text) => html`<span class="badge merchant">${text}</span>`)
  const due =
    shown.due === undefined
      ? undefined
      : html` · <span class="until">${say[lang].until} <time data-time="${shown.due}"></time></span>`
  return html`<article data-id="${source}/${id}">
<div class="top"><span class="badge ${tone(status)}">${label(status, lang)}</span>${badges}<span class="id">${shown.number}</span></div>
${rows.map((row) => rowLine(alipay, row, lang))}
<div class="small">${name} · ${label(source, lang)}${due}</div>
${refundLines(
  alipay,
  rows.map(({ tradeNo }) => tradeNo),
  lang,
)}
${['customer', 'platform', 'clock'].map((who) => moveLine(shown, who, lang))}
<input name="words" placeholder="${say[lang].words}" aria-label="${say[lang].words}">
${timeline(entries, lang)}
</article>`
}

function rowLine(alipay: Alipay, { tradeNo, amount, status }: Shown['rows'][number], lang: Lang): Markup {
  const subject = alipay.trades().find((one) => one.tradeNo === tradeNo)?.subject
  const state = status === undefined ? undefined : html`<span class="badge">${rowLabel(status, lang)}</span>`
  return html`<div class="what"><span class="product">${subject}</span>${state}<span class="amount">¥${yuan(amount)}</span></div>`
}

function refundLines(alipay: Alipay, tradeNos: readonly string[], lang: Lang): Markup[] {
  const own = alipay.refunds().filter((one) => tradeNos.includes(one.tradeNo))
  return own.map(
    (one) =>
      html`<div class="refund"><span class="badge ${one.status === 'SUCCESS' ? 'customer' : 'platform'}">${label(one.status === 'SUCCESS' ? 'refund-success' : 'refund', lang)}</span><b>¥${yuan(one.amount)}</b><code>${one.outRequestNo}</code></div>`,
  )
}

function moveLine({ moves }: Shown, who: string, lang: Lang): Markup {
  const own = moves.filter(({ by }) => by === who)
  const buttons = own.map(
    ({ kind, text }) => html`<button data-move="${kind}" data-words="${text}">${label(kind, lang)}</button>`,
  )
  return own.length === 0
    ? html``
    : html`<div class="moves"><span>${label(who, lang)}</span><div>${buttons}</div></div>`
}
