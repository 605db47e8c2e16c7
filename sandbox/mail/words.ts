/** Text in the header of a mail: encoded words (RFC 2047) and parameters (RFC 2231). */
export function decodeWords(text: string): string {
  const one = /=\?([^?*]+)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=/i
  const run = new RegExp(`(?:${one.source})(?:\\s+(?:${one.source}))*`, 'gi')
  return text.replace(run, (words) => {
    // Neighbours of one charset are put together first: a character may be cut in two.
    const joined: { charset: string; bytes: Buffer[] }[] = []
    for (const [, charset = '', kind = '', body = ''] of words.matchAll(new RegExp(one.source, 'gi'))) {
      const bytes = kind.toLowerCase() === 'b' ? Buffer.from(body, 'base64') : quoted(body.replaceAll('_', ' '))
      const last = joined.at(-1)
      if (last && last.charset === charset.toLowerCase()) last.bytes.push(bytes)
      else joined.push({ charset: charset.toLowerCase(), bytes: [bytes] })
    }
    return joined.map(({ charset, bytes }) => decodeText(Buffer.concat(bytes), charset)).join('')
  })
}

/** Quoted-printable without its soft line breaks. */
export function quoted(text: string): Buffer {
  const bytes = text.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1')
}

/** In whatever charset it is; an unknown one is read as UTF-8. */
export function decodeText(bytes: Buffer, charset: string | undefined): string {
  try {
    return new TextDecoder(charset ?? 'utf-8').decode(bytes)
  } catch {
    return bytes.toString('utf8')
  }
}

export interface Valued {
  readonly value: string
  readonly params: Readonly<Record<string, string>>
}

/** `text/plain; charset=utf-8; name*0*=utf-8''%E6…; name*1=…` */
export function readValued(header: string): Valued {
  const [value = '', ...rest] = split(header)
  const params: Record<string, string> = {}
  const pieces = new Map<string, { text: string; encoded: boolean }[]>()
  for (const part of rest) {
    const match = /^([^=*\s]+)(\*\d+)?(\*)?\s*=\s*([\s\S]*)$/.exec(part)
    if (!match) continue
    const [, name = '', count, star, raw = ''] = match
    const text = raw.startsWith('"') ? raw.slice(1, -1).replace(/\\(.)/g, '$1') : raw
    if (count === undefined && star === undefined) params[name.toLowerCase()] ??= decodeWords(text)
    else pieces.set(name.toLowerCase(), [...(pieces.get(name.toLowerCase()) ?? []), { text, encoded: !!star }])
  }
  for (const [name, list] of pieces) params[name] = extended(list)
  return { value: value.toLowerCase(), params }
}

const split = (header: string): string[] =>
  (header.match(/(?:"(?:\\.|[^"\\])*"|[^;"])+/g) ?? []).map((part) => part.trim()).filter((part) => part !== '')

function extended(list: readonly { text: string; encoded: boolean }[]): string {
  const [first] = list
  const match = first?.encoded ? /^([^']*)'[^']*'/.exec(first.text) : undefined
  const bytes = list.map(({ text, encoded }, index) => {
    const own = index === 0 && match ? text.slice(match[0].length) : text
    return encoded ? quoted(own.replaceAll('%', '=')) : Buffer.from(own, 'utf8')
  })
  return decodeText(Buffer.concat(bytes), match?.[1] || 'utf-8')
}
