import { html, type Markup } from '../html.ts'
import { type Lang, shell } from '../page/shell.ts'
import { timeOf } from '../page/text.ts'
import type { LedgerEntry, Official, Person, SceneCode, Shown } from './official.ts'

export const colours = '--brand: #07a35a;'

const words = {
  zh: {
    title: '服务号（扮演微信）',
    other: 'EN',
    note: '沙盒：上面是还能扫的二维码，下面是关注者手机上看到的消息与平台上发生的事，最新的在前。',
    empty: '还没有二维码，也没有消息。',
    code: '带参数二维码',
    until: '有效至',
    newcomer: '一位没关注的人扫码并关注',
    scans: '扫码',
    leave: '取消关注',
    back: '重新关注（搜索进入）',
    people: '关注者',
    template: '模板消息',
    reply: '自动回复',
    fault: '故障提示',
    withhold: '扣下下一次推送',
  },
  en: {
    title: 'Official account (plays WeChat)',
    other: '中文',
    note: 'Sandbox: first the codes that can still be scanned, then what followers read and what happened, the newest first.',
    empty: 'No code and no message yet.',
    code: 'QR code with a scene',
    until: 'until',
    newcomer: 'Somebody new scans and follows',
    scans: 'scans',
    leave: 'unfollow',
    back: 'follow again (found by search)',
    people: 'Followers',
    template: 'template message',
    reply: 'automatic reply',
    fault: 'out of order',
    withhold: 'Withhold the next push',
  },
} as const

const withheld = JSON.stringify({ on: 'push', how: 'withheld' })

export function page(lang: Lang): string {
  const { title, other, note, empty, withhold } = words[lang]
  return shell({
    lang,
    title,
    other,
    top: html`<button data-path="misbehave" data-body="${withheld}">${withhold}</button>`,
    body: html`<main><p class="note">${note}</p><div id="log" data-empty="${empty}"></div></main>`,
  })
}

// More than this nobody reads.
const most = 40

export function view(official: Official, now: number, lang: Lang): string {
  const people = official.persons()
  const good = official.codes().filter(({ until }) => until === undefined || now < until)
  const codes = good.slice(-3).reverse()
  const rows = [
    ...official.shown().map((one, index) => ({ at: one.at, made: shownEntry(one, index, people, lang) })),
    ...official
      .ledger()
      .filter(({ what }) => quiet.includes(what) === false)
      .map((one) => ({ at: one.at, made: happened(one, people) })),
  ]
  const newest = rows.sort((a, b) => b.at - a.at).slice(0, most)
  const known = people.length === 0 ? [] : [followers(people, lang)]
  return html`${codes.map((one) => codeEntry(one, people, lang))}${known}${newest.map(({ made }) => made)}`.markup
}

/** What the messages themselves show. */
const quiet: readonly LedgerEntry['what'][] = ['template', 'reply', 'fault', 'code']

const nameOf = (people: readonly Person[], openid: string | undefined) =>
  people.find((one) => one.openid === openid)?.name ?? openid ?? ''

const button = (path: string, body: object, text: string): Markup =>
  html`<button data-path="${path}" data-body="${JSON.stringify(body)}">${text}</button>`

function codeEntry({ appid, ticket, url, scene, until }: SceneCode, people: readonly Person[], lang: Lang): Markup {
  const say = words[lang]
  const own = people.filter((one) => one.appid === appid)
  const scans = own.map(({ openid, name }) => button('scan', { openid, code: ticket }, `${name} ${say.scans}`))
  const newcomer = { appid, name: lang === 'zh' ? `顾客${own.length + 1}` : `Guest ${own.length + 1}`, code: ticket }
  const valid = until === undefined ? undefined : html`<time>${say.until} ${timeOf(until)}</time>`
  return html`<article data-id="code ${ticket}">
<div class="top"><b>${say.code}</b>${valid}</div>
<img src="/sandbox/picture?ticket=${encodeURIComponent(ticket)}" alt="${say.code}">
<div class="small">${scene} · ${url}</div>
<div class="acts">${button('scan', newcomer, say.newcomer)}${scans}</div>
</article>`
}

function followers(people: readonly Person[], lang: Lang): Markup {
  const say = words[lang]
  const acts = people.map(({ openid, name, following }) =>
    button(following ? 'unfollow' : 'follow', { openid }, `${name}: ${following ? say.leave : say.back}`),
  )
  return html`<article data-id="people"><div class="top"><b>${say.people}</b></div><div class="acts">${acts}</div></article>`
}

function shownEntry(one: Shown, index: number, people: readonly Person[], lang: Lang): Markup {
  const tone = one.kind === 'fault' ? 'bad' : 'good'
  const lines = one.lines.map(([label, text]) => html`<dt>${label}</dt><dd>${text}</dd>`)
  return html`<article data-id="shown ${index}">
<div class="top"><b>${one.title}</b><span class="badge ${tone}">${words[lang][one.kind]}</span><time>${timeOf(one.at)}</time></div>
<div class="small">→ ${nameOf(people, one.openid)}</div>
<dl>${lines}</dl>
${one.leads ? html`<div class="small">${one.leads}</div>` : undefined}
</article>`
}

const happened = (
  { seq, at, what, openid, event, scene, answer, how }: LedgerEntry,
  people: readonly Person[],
): Markup =>
  html`<article data-id="event ${seq}">
<div class="top small"><b>${[what, event].filter(Boolean).join(' ')}</b><time>${timeOf(at)}</time></div>
<div class="small">${[nameOf(people, openid), scene, answer, how].filter(Boolean).join(' · ')}</div>
</article>`
