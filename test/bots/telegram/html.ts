/** Reads Telegram's HTML as Telegram does: strictly. What is not well formed throws. */
export function parseHtml(written: string): { readonly text: string; readonly marks: readonly string[] } {
  const marks: string[] = []
  const open: string[] = []
  let text = ''
  const token = /<(\/?)([a-z-]+)((?:\s[^<>]*)?)>|&(lt|gt|amp|quot|#\d+|#x[0-9a-f]+);|([^<>&]+)|([\s\S])/giy
  for (let match = token.exec(written); match; match = token.exec(written)) {
    const [whole, slash, tag = '', , entity, words, stray] = match
    if (stray !== undefined)
      throw new Error(`not well formed at ${match.index}: ${written.slice(match.index, match.index + 20)}`)
    if (words !== undefined) text += words
    else if (entity !== undefined) text += { lt: '<', gt: '>', amp: '&', quot: '"' }[entity] ?? whole
    else if (slash) {
      if (open.pop() !== tag) throw new Error(`</${tag}> closes nothing`)
    } else {
      open.push(tag)
      marks.push(tag)
    }
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(', ')}`)
  return { text, marks }
}
