import type { Clock } from '../../core/clock.ts'
import { OutsideError, type Trouble } from '../../core/errors.ts'
import type { Logger } from '../../core/logger.ts'
import type { Incoming, Transport } from '../../core/transport.ts'
import { both } from './errors.ts'
import { type Fields, isFields } from './fields.ts'

export interface Wire {
  readonly transport: Transport
  readonly clock: Clock
  readonly logger: Logger
  /** Without a slash at the end. */
  readonly baseUrl: string
}

export interface Exchange {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  readonly type?: string
  readonly timeout?: number
  /** It changes something there: what is not clearly answered may have happened. */
  readonly act: boolean
}

/**
 * One question, one JSON object back, whatever its errcode says.
 * @throws OutsideError: for an act `unreachable` when nothing can have arrived, else `unknown`; for a read always one that may be tried again.
 */
export async function exchange(wire: Wire, ask: Exchange): Promise<Fields> {
  const began = wire.clock.now()
  const answer = await sent(wire, ask)
  wire.logger.debug({ path: ask.path, status: answer.status, ms: wire.clock.now() - began }, 'asked WeChat')
  if (answer.status === 429) throw trouble('busy', ask, 'HTTP 429')
  if (answer.status !== 200) throw trouble(unsure(ask), ask, `HTTP ${answer.status}`)
  const fields = parsed(answer.body)
  if (!fields) throw trouble(unsure(ask), ask, 'not a JSON object')
  return fields
}

async function sent(wire: Wire, ask: Exchange): Promise<Incoming> {
  const query = new URLSearchParams(ask.query).toString()
  try {
    return await wire.transport.send({
      method: ask.method,
      url: `${wire.baseUrl}${ask.path}${query === '' ? '' : `?${query}`}`,
      ...(ask.body === undefined
        ? {}
        : { body: ask.body, headers: { 'content-type': ask.type ?? 'application/json' } }),
      ...(ask.timeout === undefined ? {} : { timeout: ask.timeout }),
    })
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    const kind = error.trouble === 'unknown' ? unsure(ask) : error.trouble
    throw trouble(kind, ask, error.code || error.trouble, error)
  }
}

/** What it means when we cannot read whether it worked. */
const unsure = (ask: Exchange): Trouble => (ask.act ? 'unknown' : 'unreachable')

// Names the path, never the query: the token stands there.
const trouble = (kind: Trouble, ask: Exchange, why: string, cause?: unknown): OutsideError =>
  new OutsideError(
    kind,
    both(`微信接口没有可用的回答（${why}，${ask.path}）`, `no usable answer from WeChat (${why}, ${ask.path})`),
    { code: why, ...(cause === undefined ? {} : { cause }) },
  )

function parsed(body: Buffer): Fields | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return isFields(value) ? value : undefined
  } catch {
    return undefined
  }
}
