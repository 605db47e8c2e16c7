import type { Notice } from '../complaints/notice.ts'
import type { Language } from '../storage/tenants.ts'
import { problem, text } from './texts.ts'

/** What became of each test message, and what to do where it did not go. */
export function testedWords(language: Language, { channel, outcomes }: Extract<Notice, { kind: 'tested' }>): string {
  const rows = outcomes.map(({ recipient, outcome, why }) => {
    const params = { recipient, why: problem(language, why) }
    return text(language, outcome === 'unknown' ? 'test.unsure' : `test.${outcome}`, params)
  })
  const is = (wanted: string) => outcomes.some(({ outcome }) => outcome === wanted)
  const example = language === 'en' ? `/test ${channel}` : `/测试 ${channel}`
  return [
    text(language, 'test.title', { channel }),
    ...(rows.length > 0 ? rows : [text(language, 'test.empty')]),
    ...(is('failed') ? [text(language, 'test.next', { example })] : []),
    ...(is('unknown') ? [text(language, 'test.look', { example })] : []),
  ].join('\n')
}
