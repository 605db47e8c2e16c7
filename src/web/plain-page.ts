import type { Language } from '../storage/tenants.ts'
import { html, type Markup, raw } from './html.ts'
import { script } from './script.ts'
import { style } from './style.ts'
import { word } from './words.ts'

/** A page around its body. */
export const framed = (
  { language, title, attributes }: { readonly language: Language; readonly title: string; readonly attributes: Markup },
  body: Markup,
): string =>
  html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex,nofollow"><link rel="icon" href="data:,"><title>${title}</title><style>${raw(style)}</style></head>
<body ${attributes}>${body}<script>${raw(script)}</script></body></html>
`.html

/** Why there is nothing to see. All that is wrong with a link is said alike: nobody learns what it once opened. */
export type Nothing = 'gone' | 'too-large' | 'unreadable'

const said: Readonly<Record<Nothing, readonly [zh: string, en: string, doZh: string, doEn: string]>> = {
  gone: [
    '链接已失效',
    'This link no longer works',
    '链接可能已过期、已用过或已作废。请在与机器人的私聊中发送 /link 加编号（例如 /link 128），取一个新的；或在群里重新打开卡片。',
    'It may be too old, used, or taken back. Send the bot /link and the number (such as /link 128) in a private chat for a new one, or open the card in the group once more.',
  ],
  'too-large': [
    '太大了',
    'Too large',
    '一次最多 12 MB。请返回，少选几张或选小一些的图片再试。',
    'At most 12 MB at a time. Go back and choose fewer or smaller pictures.',
  ],
  unreadable: [
    '没有收到完整内容',
    'That did not arrive whole',
    '请返回上一页，再提交一次。',
    'Go back and send it once more.',
  ],
}

/** In both languages: whose link it was is not known here. */
export function nothingPage(what: Nothing): string {
  const [zh, en, zhNext, enNext] = said[what]
  const heading = html`${zh}<small lang="en">${en}</small>`
  return alone('zh-CN', { title: `${zh} | ${en}`, heading }, html`<p>${zhNext}</p><p lang="en">${enNext}</p>`)
}

/** Asks to be opened by a person: whoever only fetches the address changes nothing. */
export function openPage(language: Language): string {
  const title = word(language, 'open.title')
  const open = html`<form method="post"><button class="main">${word(language, 'open.button')}</button></form>`
  return alone(language, { title, heading: html`${title}` }, html`<p>${word(language, 'open.what')}</p>${open}`)
}

const alone = (
  language: Language,
  { title, heading }: { readonly title: string; readonly heading: Markup },
  body: Markup,
): string =>
  framed(
    { language, title, attributes: html`class="alone"` },
    html`<main><section><div class="mark" aria-hidden="true">R</div><h1>${heading}</h1>${body}</section></main>`,
  )
