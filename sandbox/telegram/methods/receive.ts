import { badRequest } from '../errors.ts'
import type { Update } from '../feed.ts'
import type { Call } from '../rooms.ts'

/** Bot API getUpdates: limit 1–100, long poll by the clock, allowed_updates remembered. */
export function getUpdates({ bot, params }: Call): Promise<readonly Update[]> {
  readAllowed({ bot, params })
  const limit = params.number('limit') ?? 100
  return bot.feed.poll({
    offset: params.number('offset') ?? 0,
    limit: limit < 1 || limit > 100 ? 100 : limit,
    timeoutMs: Math.min(50, Math.max(0, params.number('timeout') ?? 0)) * 1000,
  })
}

function readAllowed({ bot, params }: Pick<Call, 'bot' | 'params'>): void {
  const kinds = params.json('allowed_updates', 'allowed updates')
  if (kinds === undefined) return
  if (!Array.isArray(kinds)) throw badRequest("can't parse allowed updates: expected an Array")
  bot.feed.allow(kinds.map(String))
}

export function setWebhook({ core, bot, params }: Call): true {
  const url = params.text('url') ?? ''
  if (url === '') return deleteWebhook({ core, bot, params })
  checkUrl(url, core.rules().webhookStrict)
  const secret = params.text('secret_token')
  if (secret !== undefined && !/^[A-Za-z0-9_-]{1,256}$/.test(secret))
    throw badRequest('secret token contains unallowed characters')
  const connections = params.number('max_connections') ?? 40
  readAllowed({ bot, params })
  if (params.flag('drop_pending_updates')) bot.feed.clear()
  bot.hook.set({ url, secret, connections: Math.min(100, Math.max(1, connections)) })
  return true
}

// Bot API setWebhook: https, and one of four ports.
function checkUrl(url: string, strict: boolean): void {
  if (!URL.canParse(url)) throw badRequest('bad webhook: invalid webhook URL specified')
  const { protocol, port, hostname } = new URL(url)
  if (!strict && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return
  if (protocol !== 'https:') throw badRequest('bad webhook: An HTTPS URL must be provided for webhook')
  if (!['', '443', '80', '88', '8443'].includes(port))
    throw badRequest('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443')
}

export function deleteWebhook({ bot, params }: Call): true {
  if (params.flag('drop_pending_updates')) bot.feed.clear()
  bot.hook.remove()
  return true
}
