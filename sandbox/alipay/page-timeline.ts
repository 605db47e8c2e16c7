import { html, type Markup } from '../html.ts'
import { yuan } from './fields.ts'
import { type Lang, label } from './labels.ts'
import type { LedgerEntry } from './ledger.ts'

/** What really happened, in its order; messages small between the acts. */
export const timeline = (entries: readonly LedgerEntry[], lang: Lang): Markup =>
  html`<ol>${entries.map((entry) => (entry.by === 'push' ? messageLine(entry, lang) : actLine(entry, lang)))}</ol>`

function actLine(entry: LedgerEntry, lang: Lang): Markup {
  const amount = entry.amount === undefined ? undefined : html`<em>¥${yuan(entry.amount)}</em>`
  const code = entry.code === undefined ? undefined : html`<em>${label(entry.code, lang)}</em>`
  const text = entry.text ? html`<blockquote>${entry.text}</blockquote>` : undefined
  const pictures = (entry.media ?? []).map(
    ({ sha256 }) =>
      html`<a href="/sandbox/pictures/${sha256}" target="_blank" rel="noopener"><img src="/sandbox/pictures/${sha256}" alt="" loading="lazy"></a>`,
  )
  const shown = pictures.length > 0 ? html`<div class="pictures">${pictures}</div>` : undefined
  const { from, to } = entry
  const moved = to && from !== to ? html`<div class="change">→ ${label(to, lang)}</div>` : undefined
  return html`<li class="${entry.by}"><div><b>${label(entry.by, lang)}</b> ${label(entry.what, lang)} ${amount}${code}${clock(entry)}</div>${text}${shown}${moved}</li>`
}

function messageLine(entry: LedgerEntry, lang: Lang): Markup {
  const good = /^200 success$/i.test(entry.answer ?? '')
  const how = entry.how ? html` <em>${entry.how}</em>` : undefined
  const what = entry.what === 'push' ? (entry.told ?? '').split('.').slice(-2).join('.') : label(entry.what, lang)
  const attempt = (entry.attempt ?? 1) > 1 && entry.what === 'push' ? ` · ${entry.attempt}×` : ''
  const answer = entry.answer
    ? html` · <span class="${good ? 'good' : 'bad'}">${entry.answer.slice(0, 60)}</span>`
    : undefined
  return html`<li class="push"><div>${label('push', lang)} · ${what}${attempt}${answer}${how}${clock(entry)}</div></li>`
}

const clock = ({ at }: LedgerEntry) => html`<time data-time="${at}"></time>`
