/** A request as it came in: bytes, not yet believed. Header names in lower case; a repeated header joined by ', '. */
export interface RawRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** Without the '?'; as sent. */
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface RawReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

export const textReply = (status: number, body: string): RawReply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
})
