import { html, type Markup } from '../html.ts'
import { appealLabel, type Lang, moveLabel, statusLabel } from './labels.ts'
import type { LedgerEntry } from './ledger.ts'

const words = {
  zh: {
    customer: '顾客',
    merchant: '商家',
    platform: '平台',
    clock: '到期',
    push: '推送',
    complaint: '发起投诉',
    'time-up': '时限已到',
    set: '直接改状态',
    'push-withheld': '被扣下，没有发出',
    'push-given-up': '三次都没有得到应答，放弃',
    agree: '同意和解',
    refuse: '拒绝和解',
    received: '已收到退货',
    'not-received': '未收到退货',
    told: '通知',
    try: '第',
    tryEnd: '次',
    points: '分',
  },
  en: {
    customer: 'Customer',
    merchant: 'Merchant',
    platform: 'Platform',
    clock: 'Time',
    push: 'Push',
    complaint: 'complains',
    'time-up': 'time is up',
    set: 'state set by hand',
    'push-withheld': 'withheld, never sent',
    'push-given-up': 'no answer in three tries, given up',
    agree: 'agrees',
    refuse: 'refuses',
    received: 'goods received',
    'not-received': 'goods not received',
    told: 'told',
    try: 'try ',
    tryEnd: '',
    points: 'points',
  },
} as const

/** What really happened, in its order; pushes small between the acts. */
export function timeline(entries: readonly LedgerEntry[], lang: Lang): Markup {
  return html`<ol>${entries.map((entry) => (entry.by === 'push' ? pushLine(entry, lang) : actLine(entry, lang)))}</ol>`
}

function actLine(entry: LedgerEntry, lang: Lang): Markup {
  const say = words[lang]
  const choice = entry.choice ? html`<em>${word(entry.choice, lang)}</em>` : undefined
  const points = entry.points ? html` <em>${entry.points} ${say.points}</em>` : undefined
  const text = entry.text ? html`<blockquote>${entry.text}</blockquote>` : undefined
  const pictures = (entry.media ?? []).map(
    ({ sha256 }) =>
      html`<a href="/sandbox/pictures/${sha256}" target="_blank" rel="noopener"><img src="/sandbox/pictures/${sha256}" alt="" loading="lazy"></a>`,
  )
  const shown = pictures.length > 0 ? html`<div class="pictures">${pictures}</div>` : undefined
  return html`<li class="${entry.by}"><div><b>${say[entry.by]}</b> ${word(entry.what, lang)} ${choice}${points}${clock(entry)}</div>${text}${shown}${change(entry, lang)}</li>`
}

function change({ from, to, appealState }: LedgerEntry, lang: Lang): Markup | undefined {
  const moved = to !== undefined && from !== to
  if (!moved && appealState === undefined) return undefined
  const status = moved ? html`→ ${to} ${statusLabel(to, lang)}` : undefined
  const appeal = appealState === undefined ? undefined : html` → ${appealState} ${appealLabel(appealState, lang)}`
  return html`<div class="change">${status}${appeal}</div>`
}

function pushLine(entry: LedgerEntry, lang: Lang): Markup {
  const say = words[lang]
  const good = entry.answer === '200' || entry.answer === '200 success'
  const how = entry.how ? html` <em>${entry.how}</em>` : undefined
  const told = entry.what === 'push' ? `${say.told} ${entry.status ?? ''}` : word(entry.what, lang)
  const attempt = (entry.attempt ?? 1) > 1 && entry.what === 'push' ? ` · ${say.try}${entry.attempt}${say.tryEnd}` : ''
  const answer = entry.answer
    ? html` · <span class="${good ? 'good' : 'bad'}">${entry.answer.slice(0, 60)}</span>`
    : undefined
  return html`<li class="push"><div>${say.push} · ${told}${attempt}${answer}${how}${clock(entry)}</div></li>`
}

const clock = ({ at }: LedgerEntry) => html`<time data-time="${at}"></time>`

function word(name: string, lang: Lang): string {
  const known: Readonly<Record<string, string>> = words[lang]
  return known[name] ?? moveLabel(name, lang)
}
