/** The two character sets of the gateway. */
export type Charset = 'utf-8' | 'gbk'

export function charsetOf(name: string | undefined): Charset | undefined {
  const lower = (name ?? 'utf-8').toLowerCase()
  if (lower === 'utf-8' || lower === 'utf8') return 'utf-8'
  return lower === 'gbk' || lower === 'gb2312' || lower === 'gb18030' ? 'gbk' : undefined
}

export const decode = (bytes: Buffer, charset: Charset): string => new TextDecoder(charset).decode(bytes)

// Node reads GBK but does not write it: what is read backwards is what is written.
let table: Map<string, number> | undefined
function gbk(): Map<string, number> {
  if (table) return table
  table = new Map()
  const decoder = new TextDecoder('gbk')
  for (let high = 0x81; high <= 0xfe; high++) {
    for (let low = 0x40; low <= 0xfe; low++) {
      const character = low === 0x7f ? '\ufffd' : decoder.decode(Uint8Array.of(high, low))
      if (character.length === 1 && character !== '\ufffd' && !table.has(character)) {
        table.set(character, (high << 8) | low)
      }
    }
  }
  return table
}

/** What GBK cannot say becomes a question mark. */
export function encode(text: string, charset: Charset): Buffer {
  if (charset === 'utf-8') return Buffer.from(text, 'utf8')
  const codes = gbk()
  const bytes = Array.from(text).flatMap((character) => {
    const point = character.codePointAt(0) ?? 0
    if (point < 0x80) return [point]
    const code = codes.get(character)
    return code === undefined ? [0x3f] : [code >> 8, code & 0xff]
  })
  return Buffer.from(bytes)
}
