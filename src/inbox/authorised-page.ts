import { createHash } from 'node:crypto'
import type { Returned, Welcomed } from './authorise.ts'

export type PageLanguage = 'zh' | 'en'

/** What the merchant's browser is shown; `looked`: by whoever only looks at the address, such as a preview of the link in a chat. */
export type Shown = Returned | { readonly outcome: 'looked' }

/** The wish that counts most; Chinese where none of ours is wished. */
export function languageOf(acceptLanguage = ''): PageLanguage {
  const wishes = acceptLanguage.split(',').map((each) => {
    const [tag = '', ...more] = each.trim().toLowerCase().split(';')
    const weight = more.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1]).find(Boolean)
    return { language: tag.split('-')[0], weight: weight === undefined ? 1 : Number(weight) }
  })
  const ours = wishes.filter(({ language, weight }) => (language === 'zh' || language === 'en') && weight > 0)
  const best = ours.sort((a, b) => b.weight - a.weight)[0]
  return best?.language === 'en' ? 'en' : 'zh'
}

type Both = readonly [zh: string, en: string]

interface Words {
  readonly mark: 'done' | 'waits' | 'no'
  readonly title: Both
  readonly next: readonly Both[]
}

const again: Both = ['请重新打开授权链接', 'Open the authorisation link once more']
const askForLink: Both = ['请向对接人要新的授权链接', 'Ask your contact for a new link']

const done: Words = {
  mark: 'done',
  title: ['授权成功', 'Authorised'],
  next: [
    ['这个页面可以关闭了，不用再做什么', 'You may close this page; there is nothing left to do'],
    [
      '之后收到的消费者投诉，{who}会看到并帮你处理',
      '{who} now sees new complaints about your business and handles them',
    ],
    ['授权可以随时在平台的商家后台取消', 'You can take it back at any time in the console of the platform'],
  ],
}

const waiting: Words = {
  mark: 'waits',
  title: ['授权成功，还差一步', 'Authorised, one step left'],
  next: [
    [
      '请把上面的认领码发给你的对接人；对方登记后就会开始处理投诉',
      'Send the claim code above to your contact, who then begins to handle your complaints',
    ],
    ['认领码 7 天内有效，只能用一次', 'The code works once, within 7 days'],
  ],
}

const words: Readonly<Record<Exclude<Shown['outcome'], 'authorised'>, Words>> = {
  stale: {
    mark: 'no',
    title: ['这个授权链接已失效', 'This link no longer works'],
    next: [
      ['链接 15 分钟内有效，只能用一次', 'A link works once, within 15 minutes'],
      ['如果刚才已经看到「授权成功」，就不用再做什么', 'If you have just read "Authorised", all is done'],
      [`否则，${askForLink[0]}`, askForLink[1]],
    ],
  },
  refused: {
    mark: 'no',
    title: ['授权没有完成', 'Not authorised'],
    next: [
      [
        '平台没有接受这次授权：授权码已用过或已过期',
        'The platform did not accept it: its code was used, or is too old',
      ],
      ['如果刚才已经看到「授权成功」，就不用再做什么', 'If you have just read "Authorised", all is done'],
      [`否则，${again[0]}`, again[1]],
    ],
  },
  unconfirmed: {
    mark: 'waits',
    title: ['授权结果还没有确认', 'Not confirmed yet'],
    next: [
      [
        '平台没有及时答复，授权可能已经成功，也可能没有',
        'The platform did not answer in time: it may have gone through, or not',
      ],
      again,
    ],
  },
  away: {
    mark: 'waits',
    title: ['暂时连不上平台', 'The platform does not answer'],
    next: [['过一会儿刷新这个页面就可以', 'Reload this page in a while']],
  },
  crowded: {
    mark: 'waits',
    title: ['请稍等一会儿', 'Please wait a while'],
    next: [['刚才的尝试太多，过几分钟刷新这个页面', 'There were too many tries; reload this page in a few minutes']],
  },
  broken: {
    mark: 'no',
    title: ['授权没有完成', 'Not authorised'],
    next: [
      [
        '应用的设置有问题，不是你的问题；请告诉你的对接人',
        'Something is wrong with the app, not with you; tell your contact',
      ],
    ],
  },
  malformed: {
    mark: 'no',
    title: ['这里是授权后返回的页面', 'Merchants come back here'],
    next: [[`这个地址不完整；${again[0]}`, `This address is not complete. ${again[1]}`]],
  },
  looked: {
    mark: 'waits',
    title: ['请在浏览器中打开', 'Open this in a browser'],
    next: [
      ['在浏览器中打开这个链接，授权才会完成', 'The authorisation is finished when this link is opened in a browser'],
    ],
  },
}

const style = `:root{color-scheme:light dark;--paper:#f4f6f8;--card:#fff;--ink:#17202a;--soft:#5b6875;--line:#e3e8ed;--done:#0f8a5f;--waits:#b26a00;--no:#b3372f}
@media(prefers-color-scheme:dark){:root{--paper:#12161b;--card:#1b2128;--ink:#eef2f5;--soft:#9fabb8;--line:#2c343d;--done:#3ecf9a;--waits:#f0b04a;--no:#f08a80}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px 16px;background:var(--paper);color:var(--ink);font:17px/1.6 system-ui,-apple-system,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
main{width:100%;max-width:440px;background:var(--card);border:1px solid var(--line);border-radius:20px;padding:36px 24px 28px;overflow-wrap:anywhere}
svg{display:block;width:64px;height:64px;margin:0 auto 16px}h1{margin:0;text-align:center;font-size:24px;line-height:1.3}
.done{color:var(--done)}.waits{color:var(--waits)}.no{color:var(--no)}
.names{margin:8px 0 0;padding:0;list-style:none;text-align:center;color:var(--soft)}
.code{margin:24px 0 0;padding:16px;border:1px dashed var(--waits);border-radius:14px;text-align:center}.code small{display:block;color:var(--soft)}
.code b{font:600 26px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace;letter-spacing:.08em;user-select:all}
ol,ul.next{margin:28px 0 0;padding:20px 0 0 1.3em;border-top:1px solid var(--line)}li+li{margin-top:8px}h2{margin:28px 0 0;padding-top:20px;border-top:1px solid var(--line);font-size:15px;color:var(--soft)}h2+ul.next{margin-top:8px;padding-top:0;border:0}`

const marks = {
  done: '<path d="M20 33l9 9 16-19" fill="none" stroke="currentColor" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/>',
  waits:
    '<path d="M32 19v14l9 6" fill="none" stroke="currentColor" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/>',
  no: '<path d="M32 18v18m0 9.5v.5" fill="none" stroke="currentColor" stroke-width="6" stroke-linecap="round"/>',
} as const

/** Nothing is loaded, run, sent or framed: the page is all there is. The address holds a code, so nobody is told of it. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
}

const status: Readonly<Record<Shown['outcome'], number>> = {
  authorised: 200,
  looked: 200,
  malformed: 400,
  refused: 400,
  stale: 410,
  crowded: 429,
  broken: 502,
  unconfirmed: 502,
  away: 503,
}

export interface Told {
  readonly language: PageLanguage
  /** Who handles the complaints, as it calls itself. */
  readonly who: string
}

export const statusOf = ({ outcome }: Shown): number => status[outcome]

/** What the merchant reads when it comes back. */
export function pageOf(shown: Shown, { language, who }: Told): string {
  const say = ([zh, en]: Both) => safe((language === 'en' ? en : zh).replaceAll('{who}', who))
  const merchants = shown.outcome === 'authorised' ? shown.merchants : []
  const codes = merchants.flatMap((one) => (one.how === 'waiting' ? [one] : []))
  const { mark, title, next } =
    shown.outcome === 'authorised' ? (codes.length > 0 ? waiting : done) : words[shown.outcome]
  return `<!doctype html>
<html lang="${language === 'en' ? 'en' : 'zh-CN'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${say(title)}</title><style>${style}</style></head>
<body><main><svg class="${mark}" viewBox="0 0 64 64" aria-hidden="true"><circle cx="32" cy="32" r="30" fill="currentColor" opacity=".14"/>${marks[mark]}</svg>
<h1>${say(title)}</h1>${namesOf(merchants)}${codes.map((one) => codeOf(one, say)).join('')}
<h2>${say(['接下来', 'What comes next'])}</h2><ul class="next">${next.map((each) => `<li>${say(each)}</li>`).join('')}</ul></main></body></html>
`
}

const namesOf = (merchants: readonly Welcomed[]): string =>
  merchants.length === 0
    ? ''
    : `<ul class="names">${merchants.map(({ name }) => `<li>${safe(name)}</li>`).join('')}</ul>`

const codeOf = ({ code, name }: Extract<Welcomed, { how: 'waiting' }>, say: (words: Both) => string): string =>
  `<p class="code"><small>${say(['认领码', 'Claim code'])} · ${safe(name)}</small><b>${safe(code)}</b></p>`

const safe = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
