import type { RawReply } from '../../src/core/http.ts'
import { words } from './page/words.ts'

/** Why a request is refused: the page says it in the person's language, any other caller reads `message`. */
const statuses = {
  'refused.request': 400,
  'refused.key': 403,
  'refused.foreign': 403,
  'refused.person': 404,
  'refused.chat': 404,
  'refused.post': 404,
  'refused.picture': 404,
  'refused.path': 404,
  'refused.method': 405,
  'refused.nothing': 422,
  'refused.many': 422,
  'refused.size': 413,
  'refused.type': 415,
  'refused.failed': 500,
  'refused.slow': 504,
} as const
export type Refusal = keyof typeof statuses

export const json = (body: object, status = 200): RawReply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
})

export const refusal = (why: Refusal): RawReply => json({ error: why, message: words[why].en }, statuses[why])

/** For a person who opens the address, not for a program. */
export function refusalPage(why: Refusal): RawReply {
  const body = `${words[why].zh}\n${words[why].en}\n`
  return { status: statuses[why], headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
}
