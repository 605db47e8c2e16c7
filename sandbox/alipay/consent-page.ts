import { guarded, stranger } from '../guard.ts'
import { html } from '../html.ts'
import { addressOf, jsonReply, reply, type SandboxReply, type SandboxRequest } from '../wire.ts'
import type { Alipay } from './alipay.ts'

export const consentPaths = ['/oauth2/appToAppAuth.htm', '/page/message/tasksDetail', '/platformapi/startapp']

/** The page on which a merchant agrees, as a browser sees it; its links carry `agree`, the PID. */
export async function consentPage(alipay: Alipay, request: SandboxRequest): Promise<SandboxReply> {
  const no = stranger(request)
  if (no) return jsonReply({ error: no }, 403)
  const address = addressOf(request)
  const pid = address.searchParams.get('agree')
  if (pid === null) return guarded(reply(200, 'text/html; charset=utf-8', choices(alipay, address)))
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

function choices({ merchants }: Alipay, address: URL): string {
  const buttons = merchants.map(({ pid, name }) => {
    const link = new URL(address)
    link.searchParams.set('agree', pid)
    return html`<li><a href="${link.pathname}${link.search}">${name} · ${pid}</a></li>`
  })
  return html`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>应用授权</title><link rel="stylesheet" href="/sandbox/page.css"></head>
<body><header><span class="mark"></span><h1>支付宝 · 应用授权</h1></header>
<main><p class="note">沙盒：选择以哪个商家的身份同意授权。</p><ul>${buttons}</ul></main></body></html>`.markup
}
