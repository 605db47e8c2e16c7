import { lookup as systemLookup } from 'node:dns'
import { Agent, type Dispatcher, request } from 'undici'
import type { Clock } from './clock.ts'
import { OutsideError, type Trouble } from './errors.ts'
import type { RawReply } from './http.ts'
import { type Called, statusClass } from './outside-call.ts'
import { addressIn, isPublicAddress, notPublic, publicLookup } from './public-host.ts'

export interface Outgoing {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** Whole call, milliseconds; default 10 s. */
  readonly timeout?: number
  /** Most bytes of answer that are read; default 1 MiB. */
  readonly limit?: number
  /** The address was given by somebody else: connect only to what is public after resolving, else refuse. */
  readonly publicOnly?: boolean
}

export interface Incoming extends RawReply {
  readonly body: Buffer
}

/**
 * The one door to the outside. Follows no redirect, sends no cookie.
 * @throws OutsideError `unreachable` when nothing can have arrived there, `unknown` when it may have,
 * `refused` when we would not connect to that address.
 */
export interface Transport {
  send(request: Outgoing): Promise<Incoming>
}

export interface TransportParts {
  readonly clock: Clock
  /** Milliseconds until a connection must stand; default 5 s. */
  readonly connectTimeout?: number
  /** Whole call when the request names none; default 10 s. */
  readonly timeout?: number
  /** Most bytes of answer when the request names none; default 1 MiB. */
  readonly limit?: number
  /** How names become addresses; default the system's. */
  readonly lookup?: typeof systemLookup
  /** The host is that of the address, and one word for all addresses that somebody else gave. */
  readonly called?: Called
}

export interface RealTransport extends Transport {
  /** Ends what is under way, as if no answer had come, and lets nothing new out: for a process that must end. */
  cutOff(): void
  close(): Promise<void>
}

/** The real one, on undici. */
export function createTransport(parts: TransportParts): RealTransport {
  const { clock, connectTimeout = 5_000, timeout = 10_000, limit = 1024 * 1024, lookup = systemLookup } = parts
  const agent = (connect: object) => new Agent({ connect: { timeout: connectTimeout, ...connect } })
  const open = agent({ lookup })
  const guarded = agent({ lookup: publicLookup(lookup) })

  const underway = new Set<AbortController>()
  let cut = false

  async function send(outgoing: Outgoing): Promise<Incoming> {
    const url = new URL(outgoing.url)
    const began = clock.now()
    const tell = (outcome: string) =>
      parts.called?.(outgoing.publicOnly ? 'elsewhere' : url.host, outcome, Math.max(0, clock.now() - began) / 1000)
    try {
      const answer = await call(outgoing, url)
      tell(statusClass(answer.status))
      return answer
    } catch (error) {
      tell(error instanceof OutsideError ? error.trouble : 'error')
      throw error
    }
  }

  async function call(outgoing: Outgoing, url: URL): Promise<Incoming> {
    if (cut) throw new OutsideError('unreachable', `${outgoing.method} ${url.host}: this process is stopping`)
    if (outgoing.publicOnly) guardLiteral(url)
    const most = outgoing.timeout ?? timeout
    const stop = new AbortController()
    underway.add(stop)
    const cancel = clock.after(most, () => stop.abort())
    try {
      const answer = await request(url, {
        dispatcher: outgoing.publicOnly ? guarded : open,
        method: outgoing.method,
        headers: { 'user-agent': 'redress', ...outgoing.headers },
        body: outgoing.body ?? null,
        // Our own clock ends the call; these only stand behind it.
        headersTimeout: most,
        bodyTimeout: most,
        signal: stop.signal,
      })
      return {
        status: answer.statusCode,
        headers: plain(answer.headers),
        body: await read(answer.body, outgoing.limit ?? limit),
      }
    } catch (error) {
      throw outside(error, `${outgoing.method} ${url.host}${url.pathname}`, stop.signal.aborted)
    } finally {
      cancel()
      underway.delete(stop)
    }
  }

  return {
    send,
    cutOff() {
      cut = true
      for (const stop of underway) stop.abort()
    },
    async close() {
      await Promise.all([open.close(), guarded.close()])
    },
  }
}

// A literal address is never looked up, so the lookup cannot see it.
function guardLiteral(url: URL): void {
  const address = addressIn(url)
  if (address && !isPublicAddress(address)) throw new OutsideError('refused', `${address} is not a public address`)
}

async function read(body: Dispatcher.ResponseData['body'], limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    // Leaving the loop by an error destroys the connection: the rest is not read.
    if (size > limit) throw new Error(`the answer is larger than ${limit} bytes`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

function plain(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  return joined
}

/** `what` holds no query: tokens travel there. */
function outside(error: unknown, what: string, late: boolean): OutsideError {
  if (error instanceof OutsideError) return error
  const code = codeOf(error)
  const reason = late ? 'no answer in time' : error instanceof Error ? error.message || code : String(error)
  return new OutsideError(troubleOf(error, code), `${what}: ${reason}`, { code, cause: error })
}

// Codes at which no connection came about, so that nothing of the request can have left. Everything else may have arrived.
// "No route" and the like also befall a connection that stands: those are told apart by the system call.
const neverLeft =
  /^(ENOTFOUND|EAI_\w+|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_CERT\w+|\w*SELF_SIGNED\w*|UNABLE_TO_\w+|HOSTNAME_MISMATCH)$/

function troubleOf(error: unknown, code: string): Trouble {
  if (code === notPublic) return 'refused'
  return neverLeft.test(code) || failedAtConnect(error) ? 'unreachable' : 'unknown'
}

const failedAtConnect = (error: unknown): boolean =>
  error instanceof AggregateError
    ? error.errors.length > 0 && error.errors.every(failedAtConnect)
    : error instanceof Error && 'syscall' in error && error.syscall === 'connect'

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
