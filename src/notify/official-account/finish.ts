import type { Report } from '../kind.ts'
import { both } from '../texts.ts'

/** What TEMPLATESENDJOBFINISH says became of a message: `success`, `failed:user block`, `failed: system failed` … */
export function finishMeans(reference: string, status: string): Report {
  const word = status.toLowerCase().replace(/\s+/g, ' ').trim()
  if (word === 'success') return { reference, delivered: true }
  const shown = `[${status
    .replace(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, 60)}]`
  const failed = (zh: string, en: string, off: boolean): Report => ({
    ...{ reference, delivered: false, off },
    error: `${both(zh, en)} ${shown}`,
  })
  if (word.includes('user block'))
    return failed(
      '接收人拒收了这个服务号的消息：请其在服务号设置里打开接收消息，再运行 redress recipient enable',
      'they refuse messages of this service account: have them allow it in its settings, then run redress recipient enable',
      true,
    )
  return failed(
    '微信没有送达（系统原因）：可用 redress letter retry 重试',
    'WeChat did not deliver it (a fault of theirs): try again with redress letter retry',
    false,
  )
}

/** A message's number has more digits than a number of ours is exact with: read as text. */
export const withExactNumbers = (json: string): string => json.replace(/("msgid"\s*:\s*)(\d{16,24})/gi, '$1"$2"')
