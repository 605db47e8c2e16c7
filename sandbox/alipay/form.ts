/** Parameters by name; values are bytes, for the signature is over bytes whatever the character set. */
export type Params = ReadonlyMap<string, Buffer>

/** `application/x-www-form-urlencoded`, or a query without its question mark; read from the wire as latin1. */
export function readForm(text: string): readonly (readonly [name: string, value: Buffer])[] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=')
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
      return [percentDecoded(name).toString('utf8'), percentDecoded(value)] as const
    })
}

function percentDecoded(text: string): Buffer {
  const bytes: number[] = []
  const raw = Buffer.from(text.replaceAll('+', ' '), 'latin1')
  for (let at = 0; at < raw.length; at++) {
    const hex = raw[at] === 0x25 ? raw.subarray(at + 1, at + 3).toString('latin1') : ''
    if (/^[0-9a-fA-F]{2}$/.test(hex)) {
      bytes.push(Number.parseInt(hex, 16))
      at += 2
    } else {
      bytes.push(raw[at] ?? 0)
    }
  }
  return Buffer.from(bytes)
}

/** One value for a name; the same value twice is the same, another one is not. */
export function gather(pairs: readonly (readonly [string, Buffer])[]): Params | undefined {
  const params = new Map<string, Buffer>()
  for (const [name, value] of pairs) {
    const before = params.get(name)
    if (before && !before.equals(value)) return undefined
    params.set(name, value)
  }
  return params
}

const plain = /[A-Za-z0-9_.~-]/

/** Percent-encoded bytes; a blank becomes a plus sign. */
export function writeForm(params: Params): string {
  return [...params].map(([name, value]) => `${percentEncoded(Buffer.from(name))}=${percentEncoded(value)}`).join('&')
}

const percentEncoded = (bytes: Buffer): string =>
  Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte)
    if (byte === 0x20) return '+'
    return plain.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')

/** What is signed: sorted by name, `k=v` joined by `&`. */
export function content(params: Params, leaveOut: readonly string[], empties = true): Buffer {
  const names = [...params.keys()].filter((name) => !leaveOut.includes(name)).sort()
  const kept = names.filter((name) => empties || (params.get(name)?.length ?? 0) > 0)
  const pieces = kept.flatMap((name, index) => [
    Buffer.from(`${index === 0 ? '' : '&'}${name}=`),
    params.get(name) ?? Buffer.alloc(0),
  ])
  return Buffer.concat(pieces)
}
