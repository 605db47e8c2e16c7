import { html, type Markup } from '../html.ts'
import { type Lang, shell } from '../page/shell.ts'
import { timeOf } from '../page/text.ts'
import { reply, type SandboxReply } from '../wire.ts'
import type { Delivered, Mail } from './mail.ts'

export const colours = '--brand: #c8321f;'

const words = {
  zh: {
    title: '收件箱（扮演 163 邮箱）',
    other: 'EN',
    note: '沙盒：这里是收到的邮件，最新的在前；回复与它所属的邮件放在一起。',
    empty: '还没有邮件。',
    from: '发件人',
    to: '收件人',
    html: 'HTML 正文',
    headers: '邮件头',
    plain: '未加密连接',
    attachments: '附件',
    refuse: '下一封按垃圾邮件退回（554 DT:SPM）',
  },
  en: {
    title: 'Inbox (plays 163 mail)',
    other: '中文',
    note: 'Sandbox: the mails that arrived, the newest first; a reply stands with the mail that it belongs to.',
    empty: 'No mail yet.',
    from: 'From',
    to: 'To',
    html: 'HTML',
    headers: 'Headers',
    plain: 'without TLS',
    attachments: 'Attachments',
    refuse: 'Refuse the next one as spam (554 DT:SPM)',
  },
} as const

const spam = JSON.stringify({ on: 'data', how: 'refused', as: 'DT:SPM' })

export function page(lang: Lang): string {
  const { title, other, note, empty, refuse } = words[lang]
  return shell({
    lang,
    title,
    other,
    top: html`<button data-path="misbehave" data-body="${spam}">${refuse}</button>`,
    body: html`<main><p class="note">${note}</p><div id="log" data-empty="${empty}"></div></main>`,
  })
}

// More than this nobody reads.
const most = 60

/** The newest thread first; in it the oldest mail first. */
export function view(mail: Mail, lang: Lang): string {
  const threads = new Map<string, Delivered[]>()
  for (const one of mail.mails().slice(-most)) {
    const root = rootOf(one)
    const thread = threads.get(root) ?? []
    threads.delete(root)
    threads.set(root, [...thread, one])
  }
  const shown = [...threads.values()].reverse()
  return html`${shown.flatMap((thread) => thread.map((one, index) => entry(one, index > 0, lang)))}`.markup
}

/** What the mails of one conversation have in common; the first may only name it, or be it. */
const rootOf = ({ references, inReplyTo, messageId, id }: Delivered): string =>
  references[0] ?? inReplyTo ?? (messageId || `#${id}`)

function entry(mail: Delivered, inside: boolean, lang: Lang): Markup {
  const say = words[lang]
  const frame =
    mail.html === undefined
      ? undefined
      : html`<details><summary>${say.html}</summary>
<iframe sandbox="allow-popups" src="/sandbox/mails/${mail.id}/html" title="${say.html} ${mail.id}"></iframe></details>`
  return html`<article data-id="${mail.id}" class="${inside ? 'inside' : ''}">
<div class="top"><b>${mail.subject}</b>${mail.secure ? undefined : html`<span class="badge bad">${say.plain}</span>`}<time>${timeOf(mail.at)}</time></div>
<div class="small">${say.from} ${mail.from}</div>
<div class="small">${say.to} ${mail.receivers.join(', ')}</div>
<pre>${mail.text}</pre>
${frame}
${attachments(mail, lang)}
<details><summary>${say.headers}</summary><pre>${mail.headers.map(([name, value]) => `${name}: ${value}`).join('\n')}</pre></details>
</article>`
}

function attachments({ attachments: parts }: Delivered, lang: Lang): Markup | undefined {
  if (parts.length === 0) return undefined
  const names = parts.map(({ name, cid, type, body }) => `${name ?? cid ?? type} (${body.length} B)`)
  return html`<div class="small">${words[lang].attachments} ${names.join(', ')}</div>`
}

/** mails/<id>/html: what the sender wrote, in a page that may run nothing and ask nobody. */
export function showMail(mail: Mail, [, id, as]: readonly string[]): SandboxReply | undefined {
  const found = mail.mails().find((one) => one.id === Number(id))
  if (!found) return undefined
  if (as === 'raw') return { ...reply(200, 'text/plain; charset=utf-8', found.raw), headers: inert('text/plain') }
  if (as !== 'html' || found.html === undefined) return undefined
  return { ...reply(200, 'text/html', withPictures(found.html, found)), headers: inert('text/html') }
}

const inert = (type: string) => ({
  'content-type': `${type}; charset=utf-8`,
  'content-security-policy':
    "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors http://127.0.0.1:* http://localhost:*",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
})

/** Pictures that come with the mail (`cid:`) stand in its page. */
const withPictures = (markup: string, { attachments: parts }: Delivered): string =>
  markup.replace(/\bcid:([^"'\s)>]+)/gi, (whole, cid: string) => {
    const part = parts.find((one) => one.cid === decodeURIComponent(cid) && /^image\/\w+$/.test(one.type))
    return part ? `data:${part.type};base64,${part.body.toString('base64')}` : whole
  })
