/** One HTTP request as a sandbox sees it: the shell makes it from a socket, a simulation by hand. */
export interface SandboxRequest {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface SandboxReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** A request that a sandbox sends out: a callback to the service under test. */
export interface Push {
  /** Absolute. */
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Carries a push over; rejects when no answer came. The signal fires when the platform gives up waiting. */
export type Deliver = (push: Push, signal: AbortSignal) => Promise<SandboxReply>

/** What every sandbox is: a value without sockets, timers or randomness of its own. */
export interface Sandbox {
  handle(request: SandboxRequest): Promise<SandboxReply>
  advance(now?: number): Promise<void>
}

export function reply(status: number, type: string, body: string | Buffer): SandboxReply {
  return { status, headers: { 'content-type': type }, body: Buffer.from(body) }
}

export function jsonReply(value: unknown, status = 200): SandboxReply {
  return reply(status, 'application/json; charset=utf-8', JSON.stringify(value))
}

/** The answer never reaches the caller; over HTTP the shell destroys the socket. */
export function lost(why: string): Error {
  const error = new Error(why)
  error.name = 'SandboxLost'
  return error
}

export function addressOf(request: SandboxRequest): URL {
  return new URL(request.url, 'http://sandbox.invalid')
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The body as a JSON object, or undefined when it is none. */
export function readJson(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
