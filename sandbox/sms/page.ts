import { html, type Markup } from '../html.ts'
import { type Lang, shell } from '../page/shell.ts'
import { timeOf } from '../page/text.ts'
import type { LedgerEntry, Message, Sms } from './sms.ts'

export const colours = '--brand: #0052d9;'

const words = {
  zh: {
    title: '短信记录（扮演腾讯云短信）',
    other: 'EN',
    note: '沙盒：这里是手机上真正会收到的短信，以及被平台拒绝的号码，最新的在前。',
    empty: '还没有短信。',
    sending: '发送中',
    delivered: '已送达',
    failed: '未送达',
    refused: '被拒绝',
    pieces: '计费条数',
    refuse: '下一个号码按“当日超限”拒绝',
  },
  en: {
    title: 'SMS log (plays Tencent Cloud SMS)',
    other: '中文',
    note: 'Sandbox: what phones really get, and the numbers that the platform refused, the newest first.',
    empty: 'No message yet.',
    sending: 'on its way',
    delivered: 'delivered',
    failed: 'not delivered',
    refused: 'refused',
    pieces: 'pieces',
    refuse: 'Refuse the next number: daily limit',
  },
} as const

const limit = JSON.stringify({ on: 'number', how: 'code', code: 'LimitExceeded.PhoneNumberDailyLimit' })

export function page(lang: Lang): string {
  const { title, other, note, empty, refuse } = words[lang]
  return shell({
    lang,
    title,
    other,
    top: html`<button data-path="misbehave" data-body="${limit}">${refuse}</button>`,
    body: html`<main><p class="note">${note}</p><div id="log" data-empty="${empty}"></div></main>`,
  })
}

// More than this nobody reads.
const most = 60

export function view(sms: Sms, lang: Lang): string {
  const messages = new Map(sms.messages().map((one) => [one.serialNo, one]))
  const rows = sms
    .ledger()
    .filter(({ what }) => what === 'sent' || what === 'refused')
    .slice(-most)
    .reverse()
  const shown = rows.flatMap((row) => {
    const message = messages.get(row.serialNo ?? '')
    return message ? [sentEntry(row, message, lang)] : [refusedEntry(row, lang)]
  })
  return html`${shown}`.markup
}

function sentEntry({ seq, at }: LedgerEntry, message: Message, lang: Lang): Markup {
  const { phone, state, text, pieces, templateId, word } = message
  const tone = state === 'delivered' ? 'good' : state === 'failed' ? 'bad' : ''
  return html`<article data-id="${seq}">
<div class="top"><b>${phone}</b><span class="badge ${tone}">${words[lang][state]} ${state === 'failed' ? word : undefined}</span><time>${timeOf(at)}</time></div>
<pre>${text}</pre>
<div class="small">${templateId} · ${words[lang].pieces} ${pieces} · ${message.serialNo}</div>
</article>`
}

const refusedEntry = ({ seq, at, phone, code }: LedgerEntry, lang: Lang): Markup => html`<article data-id="${seq}">
<div class="top"><b>${phone}</b><span class="badge bad">${words[lang].refused}</span><time>${timeOf(at)}</time></div>
<div class="small">${code}</div>
</article>`
