import { badRequest } from '../errors.ts'
import type { Call } from '../rooms.ts'

const tooOld = 'query is too old and response timeout expired or query ID is invalid'

export function answerCallbackQuery({ core, bot, params }: Call): true {
  const query = core.queries.get(params.text('callback_query_id') ?? '')
  const { queryMs, answerTwice } = core.rules()
  const now = core.clock.now()
  if (!query || query.bot !== bot || now - query.at >= queryMs) throw badRequest(tooOld)
  if (query.answer && !answerTwice) throw badRequest(tooOld)
  const text = params.text('text') ?? ''
  if (text.length > 200) throw badRequest('MESSAGE_TOO_LONG')
  query.answer = { text, alert: params.flag('show_alert'), url: params.text('url'), at: now }
  return true
}
