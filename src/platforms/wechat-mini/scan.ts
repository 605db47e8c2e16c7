import type { Refusal } from '../platform.ts'

// Bounded looks over a text before any parser sees it: one pass, no recursion, no allocation.

const xmlDepth = 12
const jsonDepth = 24

/** Whether the text may be given to the XML parser: balanced tags, shallow, and no `<!` but CDATA, so that no entity can be declared. */
export function scanXml(text: string): Refusal | undefined {
  const first = text.indexOf('<')
  let depth = 0
  let at = first
  while (at >= 0) {
    if (text.startsWith('<![CDATA[', at)) {
      const end = text.indexOf(']]>', at + 9)
      if (end < 0 || depth === 0) return 'malformed'
      at = text.indexOf('<', end + 3)
      continue
    }
    const close = text.indexOf('>', at)
    const mark = text[at + 1]
    if (mark === '!') return 'doctype'
    if (close < 0) return 'malformed'
    if (mark === '?') {
      if (at !== first) return 'malformed'
    } else if (mark === '/') {
      if (--depth < 0) return 'malformed'
    } else if (text[close - 1] !== '/' && ++depth > xmlDepth) return 'too-deep'
    at = text.indexOf('<', close + 1)
  }
  return depth === 0 ? undefined : 'malformed'
}

/** Whether the text may be given to JSON.parse and walked: only the depth; the rest is the parser's to judge. */
export function scanJson(text: string): Refusal | undefined {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const mark = text.charCodeAt(at)
    if (mark === 0x22) {
      at = endOfString(text, at + 1)
      if (at < 0) return 'malformed'
    } else if (mark === 0x7b || mark === 0x5b) {
      if (++depth > jsonDepth) return 'too-deep'
    } else if (mark === 0x7d || mark === 0x5d) depth--
  }
  return undefined
}

/** Where the string's closing quote stands, or -1. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text[at - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return at
  }
  return -1
}
