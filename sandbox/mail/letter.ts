import { decodeText, decodeWords, quoted, readValued, type Valued } from './words.ts'

/** One leaf of a mail. */
export interface Part {
  readonly type: string
  readonly disposition: 'inline' | 'attachment' | undefined
  readonly name: string | undefined
  /** Content-ID without its brackets. */
  readonly cid: string | undefined
  readonly body: Buffer
}

/** A mail as a person's program shows it (RFC 5322, MIME). */
export interface Letter {
  /** In their order, decoded; names as written. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly subject: string
  /** As written, decoded. */
  readonly from: string
  readonly to: string
  /** With its brackets. */
  readonly messageId: string
  readonly inReplyTo: string | undefined
  readonly references: readonly string[]
  readonly text: string | undefined
  readonly html: string | undefined
  /** All that is neither the text nor the HTML. */
  readonly attachments: readonly Part[]
}

type Headers = readonly (readonly [name: string, value: string])[]

interface Leaf extends Part {
  readonly charset: string | undefined
}

export function readLetter(raw: Buffer): Letter {
  const { head, body } = cut(raw)
  const leaves = leavesOf(head, body)
  const shown = (type: string) => leaves.find((leaf) => leaf.type === type && leaf.disposition !== 'attachment')
  const [text, html] = [shown('text/plain'), shown('text/html')]
  const header = (name: string) => headerOf(head, name)
  return {
    headers: head.map(([name, value]) => [name, decodeWords(value)]),
    subject: decodeWords(header('subject') ?? ''),
    from: decodeWords(header('from') ?? ''),
    to: decodeWords(header('to') ?? ''),
    messageId: header('message-id') ?? '',
    inReplyTo: header('in-reply-to'),
    references: header('references')?.match(/<[^>]+>/g) ?? [],
    text: text && decodeText(text.body, text.charset),
    html: html && decodeText(html.body, html.charset),
    attachments: leaves.filter((leaf) => leaf !== text && leaf !== html).map(({ charset: _, ...part }) => part),
  }
}

/** `<a@b.c>` or `a@b.c`, as an address alone. */
export const addressIn = (from: string): string => (/<([^<>]*)>\s*$/.exec(from)?.[1] ?? from).trim().toLowerCase()

const headerOf = (head: Headers, name: string) => head.find(([one]) => one.toLowerCase() === name)?.[1]

function cut(raw: Buffer): { head: Headers; body: Buffer } {
  if (raw.subarray(0, 2).toString('latin1') === '\r\n') return { head: [], body: raw.subarray(2) }
  const end = raw.indexOf('\r\n\r\n')
  const head = raw.subarray(0, end < 0 ? raw.length : end)
  // Eight-bit headers are UTF-8 by now; folded lines are one.
  const lines = head
    .toString('utf8')
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
  const headers = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':')
    return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1).trim()]] : []
  })
  return { head: headers, body: end < 0 ? Buffer.alloc(0) : raw.subarray(end + 4) }
}

function leavesOf(head: Headers, body: Buffer): readonly Leaf[] {
  const type = readValued(headerOf(head, 'content-type') ?? 'text/plain')
  const { boundary } = type.params
  if (!type.value.startsWith('multipart/') || boundary === undefined) return [leaf(head, type, body)]
  return between(body, boundary).flatMap((piece) => {
    const inner = cut(piece)
    return leavesOf(inner.head, inner.body)
  })
}

function leaf(head: Headers, type: Valued, body: Buffer): Leaf {
  const disposition = readValued(headerOf(head, 'content-disposition') ?? '')
  const said = disposition.value
  return {
    type: type.value,
    charset: type.params.charset,
    disposition: said === 'inline' || said === 'attachment' ? said : undefined,
    name: disposition.params.filename ?? type.params.name,
    cid: headerOf(head, 'content-id')?.replace(/^<|>$/g, ''),
    body: decodeBody(body, headerOf(head, 'content-transfer-encoding')?.toLowerCase()),
  }
}

function decodeBody(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64')
  if (encoding === 'quoted-printable') return quoted(body.toString('latin1').replace(/[ \t]*=[ \t]*\r\n/g, ''))
  return body
}

/** What stands between the lines of the boundary; the line break before one belongs to it. */
function between(body: Buffer, boundary: string): readonly Buffer[] {
  const pieces: Buffer[] = []
  const framed = Buffer.concat([Buffer.from('\r\n'), body])
  const mark = Buffer.from(`\r\n--${boundary}`)
  for (let at = framed.indexOf(mark); at >= 0; ) {
    const start = framed.indexOf('\r\n', at + mark.length)
    const next = framed.indexOf(mark, at + mark.length)
    if (start < 0 || next < 0) break
    // The lines of the head may begin at once: then there are none.
    pieces.push(framed.subarray(start + 2, next))
    at = next
  }
  return pieces
}
