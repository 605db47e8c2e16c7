import { OutsideError, type Trouble } from '../../src/core/errors.ts'
import { oneLine } from '../../src/core/plain.ts'
import type { Settings } from './settings.ts'

/** How WeCom says that a webhook sends too much; the second: it is closed for a while. */
const tooMuch = 45009
const closed = 130101
/** The key is none, the bot was taken out of the group, or switched off. */
const dead = new Set([93000, 93004, 93008])
const away = -1

export const deadFix =
  'WeCom does not know this webhook (any more): copy its address again (群设置 → 消息推送), or add a new one, and add the bot to Redress anew'

/** What WeCom answered, when it is no yes; without the key, which some of their sentences repeat. */
export function refusal(code: number, words: string, { key, pause, blocked }: Settings): OutsideError {
  const said = oneLine(words.replaceAll(key, '…')).slice(0, 200)
  const trouble = troubleBy(code)
  const fix = trouble === 'forbidden' ? ` (${deadFix})` : ''
  const wait = code === tooMuch ? { wait: pause } : code === closed ? { wait: blocked } : {}
  return new OutsideError(trouble, `the WeCom webhook: ${code} ${said}${fix}`, { code: String(code), ...wait })
}

function troubleBy(code: number): Trouble {
  if (code === tooMuch || code === closed || code === away) return 'busy'
  return dead.has(code) ? 'forbidden' : 'refused'
}

/** An answer that is not the API's own. */
export function strange(status: number, { pause }: Settings): OutsideError {
  const code = String(status)
  const said = `the WeCom webhook: HTTP ${status}`
  if (status === 429) return new OutsideError('busy', said, { code, wait: pause })
  if (status >= 500) return new OutsideError('unreachable', said, { code })
  // A page of somebody between us and WeCom, most likely; whether they let the message through nobody knows.
  if (status < 300) return new OutsideError('unknown', `${said}, and not in WeCom's words`, { code })
  return new OutsideError('forbidden', `${said}: check the setting url and what stands between here and WeCom`, {
    code,
  })
}
