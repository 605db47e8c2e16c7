import type { Ask } from '../../src/chat/chat.ts'
import { oneLine, plain } from '../../src/core/plain.ts'
import { phrases, phrasesBeside } from './phrases.ts'
import { cut, escaped } from './plain.ts'
import { type Addressee, html } from './render.ts'

const placeholderLimit = 64
const suggestions = 3

/** A question to one person: Telegram opens the answer field for them alone. */
export function question(ask: Ask, to: Addressee | undefined) {
  const beside = phrasesBeside(ask.prompt)
  const suggested = (ask.suggest ?? [])
    .map((words) => cut(plain(words).trim(), 500))
    .filter(Boolean)
    .slice(0, suggestions)
  const placeholder = cut(oneLine(suggested[0] ?? ''), placeholderLimit)
  // Telegram copies what stands in <code> at a touch.
  const copies =
    suggested.length > 0 ? [beside.copy, ...suggested.map((words) => `<code>${escaped(words)}</code>`)] : []
  const cancel = ask.cancel ? [beside.cancel] : []
  return {
    html: [html({ text: phrases.question + cut(plain(ask.prompt), 1500) }, to), ...copies, ...cancel].join('\n'),
    markup: {
      force_reply: true,
      ...(to ? { selective: true } : {}),
      ...(placeholder ? { input_field_placeholder: placeholder } : {}),
    },
  }
}
