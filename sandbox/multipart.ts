export interface Part {
  readonly name: string
  readonly filename: string | undefined
  readonly type: string | undefined
  readonly body: Buffer
}

/** The parts of a multipart/form-data body (RFC 7578), or undefined when it is broken. */
export function readMultipart(contentType: string | undefined, body: Buffer): readonly Part[] | undefined {
  const match = /^multipart\/form-data\s*;.*\bboundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? '')
  const boundary = match?.[1] ?? match?.[2]
  if (!boundary) return undefined
  const mark = Buffer.from(`--${boundary}`)
  const parts: Part[] = []
  let at = body.indexOf(mark)
  while (at >= 0) {
    const start = at + mark.length
    if (body.subarray(start, start + 2).toString() === '--') return parts
    const end = body.indexOf(mark, start)
    const part = end < 0 ? undefined : readPart(body.subarray(start + 2, end - 2))
    if (!part) return undefined
    parts.push(part)
    at = end
  }
  return undefined
}

function readPart(bytes: Buffer): Part | undefined {
  const split = bytes.indexOf('\r\n\r\n')
  if (split < 0) return undefined
  const head = bytes.subarray(0, split).toString('utf8')
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(head)?.[1] ?? ''
  const name = fieldOf(disposition, 'name')
  if (name === undefined) return undefined
  return {
    name,
    filename: fieldOf(disposition, 'filename'),
    type: /^content-type:\s*(\S+)/im.exec(head)?.[1],
    body: bytes.subarray(split + 4),
  }
}

/** Quoted, or a bare token; both are seen. */
function fieldOf(disposition: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|;)\\s*${name}=(?:"([^"]*)"|([^\\s;"]+))`, 'i').exec(disposition)
  return match?.[1] ?? match?.[2]
}
