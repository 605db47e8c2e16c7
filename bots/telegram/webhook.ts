import { sleep } from '../../src/core/clock.ts'
import { type RawReply, type RawRequest, textReply } from '../../src/core/http.ts'
import { sameText } from '../../src/core/same.ts'
import { keepOn, type LoopParts, type Update, wanted } from './poll.ts'
import { reads } from './wire.ts'

export interface Hook {
  readonly url: string
  readonly secret: string
}

const look = 600_000

/** Tells Telegram where to call, and looks now and then whether it still knows. */
export function keepHook(parts: LoopParts, hook: Hook): Promise<void> {
  const { api, clock, logger, signal } = parts
  let seen = 0
  return keepOn(parts, async (well) => {
    const payload = { url: hook.url, secret_token: hook.secret, allowed_updates: wanted, drop_pending_updates: false }
    await api.call('setWebhook', payload, { signal })
    for (;;) {
      well()
      await sleep(clock, look, signal)
      const info = reads.webhook.parse(await api.call('getWebhookInfo', {}, { signal }))
      const failed = info.last_error_date ?? 0
      if (failed > seen && info.last_error_message)
        logger.warn({ reason: info.last_error_message }, 'Telegram could not deliver to the webhook')
      seen = Math.max(seen, failed)
      if (info.url === hook.url) continue
      logger.warn({}, 'somebody took the Telegram webhook away; it is set again')
      return
    }
  })
}

/** One call of Telegram: answered when it has been handled, so that a crash before has it come again. */
export async function answerHook(
  request: RawRequest,
  secret: string,
  handle: (update: Update) => Promise<void>,
): Promise<RawReply> {
  if (request.method !== 'POST') return textReply(405, 'POST only')
  if (!sameText(request.headers['x-telegram-bot-api-secret-token'] ?? '', secret))
    return textReply(401, 'wrong secret token')
  const read = reads.update.safeParse(parsed(request.body))
  if (!read.success) return textReply(400, 'not an update')
  await handle(read.data)
  return textReply(200, '')
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
