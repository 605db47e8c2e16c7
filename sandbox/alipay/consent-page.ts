import { guarded, stranger } from '../guard.ts'
import { html } from '../html.ts'
import { addressOf, jsonReply, reply, type SandboxReply, type SandboxRequest } from '../wire.ts'
import type { Alipay } from './alipay.ts'
import type { Lang } from './labels.ts'
import { readLink } from './link.ts'

export const consentPaths = ['/oauth2/appToAppAuth.htm', '/page/message/tasksDetail', '/platformapi/startapp']

/** The page on which a merchant agrees, as a browser sees it; its links carry `agree`, the PID. */
export async function consentPage(alipay: Alipay, request: SandboxRequest): Promise<SandboxReply> {
  const no = stranger(request)
  if (no) return jsonReply({ error: no }, 403)
  const address = addressOf(request)
  const pid = address.searchParams.get('agree')
  const lang: Lang = /^en\b/i.test(request.headers['accept-language'] ?? '') ? 'en' : 'zh'
  if (pid === null) return guarded(reply(200, 'text/html; charset=utf-8', choices(alipay, address, lang)))
  address.searchParams.delete('agree')
  try {
    const { redirect } = await alipay.consent(`${address.pathname}${address.search}`, pid)
    return { status: 302, headers: { location: redirect }, body: Buffer.alloc(0) }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return guarded(
      reply(400, 'text/html; charset=utf-8', html`<!doctype html><meta charset="utf-8"><p>${why}</p>`.markup),
    )
  }
}

const words = {
  zh: {
    title: '支付宝 · 应用授权',
    note: '沙盒：这里扮演支付宝。真实页面上，商家先登录，再确认授权。',
    asks: '申请获得你的授权，代你处理投诉和退款',
    as: '以哪个商家的身份同意？',
    agree: '同意授权',
    agreed: '已授权，可再次授权',
  },
  en: {
    title: 'Alipay · Authorise an app',
    note: 'Sandbox: this plays Alipay. On the real page a merchant signs in, then agrees.',
    asks: 'asks to handle complaints and refunds for you',
    as: 'As which merchant do you agree?',
    agree: 'Agree',
    agreed: 'Has agreed; may agree anew',
  },
} as const

function choices(alipay: Alipay, address: URL, lang: Lang): string {
  const say = words[lang]
  const appId = readLink(`${address.pathname}${address.search}`)?.appId
  const name = alipay.apps.find((app) => app.appId === appId)?.name ?? appId
  const granted = alipay.grants().filter((one) => one.isvAppId === appId && one.state === 'valid')
  const rows = alipay.merchants.map(({ pid, name: shop }) => {
    const link = new URL(address)
    link.searchParams.set('agree', pid)
    const before = granted.some((one) => one.pid === pid)
    return html`<a class="agree" href="${link.pathname}${link.search}"><span><b>${shop}</b><span class="small">${pid}${before ? ` · ${say.agreed}` : ''}</span></span><span class="yes">${say.agree}</span></a>`
  })
  return html`<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${say.title}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/sandbox/page.css"></head>
<body><header><span class="mark"></span><h1>${say.title}</h1></header>
<main><p class="note">${say.note}</p>
<p class="asks"><b>${name}</b> ${say.asks}</p>
<h2>${say.as}</h2>
${rows}</main></body></html>`.markup
}
