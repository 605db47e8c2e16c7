/** Parameters as they were sent: names are ASCII, values bytes in the charset that the message names. */
export interface Message {
  readonly pairs: readonly (readonly [name: string, value: Buffer])[]
  readonly values: ReadonlyMap<string, string>
}

const most = 100
const charsets: ReadonlyMap<string, string> = new Map([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['gbk', 'gbk'],
  ['gb2312', 'gbk'],
  ['gb18030', 'gb18030'],
])

/** `a=b&c=d`. A name that stands twice would let two readers see two messages. */
export function messageIn(raw: Buffer): Message | 'malformed' | 'encoding' {
  const parts = raw
    .toString('latin1')
    .split('&')
    .filter((part) => part !== '')
  if (parts.length === 0 || parts.length > most) return 'malformed'
  const pairs: (readonly [string, Buffer])[] = []
  for (const part of parts) {
    const at = part.indexOf('=')
    const [name, value] = [unescaped(part.slice(0, at)), unescaped(part.slice(at + 1))]
    if (at < 1 || !name || !value || !/^[\w.-]{1,64}$/.test(name.toString('latin1'))) return 'malformed'
    pairs.push([name.toString('latin1'), value])
  }
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) return 'malformed'
  return decoded(pairs)
}

function decoded(pairs: Message['pairs']): Message | 'encoding' {
  const named =
    pairs
      .find(([name]) => name === 'charset')?.[1]
      .toString('latin1')
      .toLowerCase() ?? 'utf-8'
  const charset = charsets.get(named)
  if (charset === undefined) return 'encoding'
  const decoder = new TextDecoder(charset, { fatal: true })
  try {
    return { pairs, values: new Map(pairs.map(([name, value]) => [name, decoder.decode(value)])) }
  } catch {
    return 'encoding'
  }
}

function unescaped(text: string): Buffer | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined
  const plain = text
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(plain, 'latin1')
}
