import { z } from 'zod'
import { Ended, exits } from './exit.ts'
import type { Service } from './io.ts'

export type Row = Readonly<Record<string, unknown>>
const row = z.record(z.string(), z.unknown())
const rows = z.object({ items: z.array(row) })
const problem = z.object({
  title: z.string(),
  detail: z.string(),
  problems: z.array(z.object({ field: z.string(), fix: z.string() })).default([]),
})

/** The admin API, seen from the command line. */
export interface Client {
  /** @throws Ended */
  one(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<Row>
  list(path: string): Promise<readonly Row[]>
  remove(path: string): Promise<void>
}

const timeout = 60_000

export function createClient({ url, key }: Service): Client {
  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${url}/admin/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeout),
      // A redirect would carry the key to somebody else.
      redirect: 'error',
    }).catch((error: unknown) => {
      throw new Ended(
        exits.unavailable,
        `${url} does not answer (${why(error)}): is the service running? Set REDRESS_URL if it is elsewhere.`,
      )
    })
    const text = await answer.text()
    const said = parse(text)
    if (answer.ok) return said
    throw refused(answer.status, url, said)
  }

  return {
    one: async (method, path, body) => shaped(row, await ask(method, path, body), url),
    list: async (path) => shaped(rows, await ask('GET', path), url).items,
    remove: async (path) => void (await ask('DELETE', path)),
  }
}

function refused(status: number, url: string, said: unknown): Ended {
  const told = problem.safeParse(said)
  const exit = status === 502 || status === 503 || status === 504 ? exits.unavailable : exits.failed
  if (!told.success)
    return new Ended(exit, `${url} answered ${status}, which is not how Redress answers: check REDRESS_URL.`)
  const { title, detail, problems } = told.data
  // The detail of a refused input is its problems in one line; they follow one by one.
  return new Ended(exit, problems.length > 0 && status === 422 ? title : detail, problems)
}

function shaped<Shape>(schema: z.ZodType<Shape>, said: unknown, url: string): Shape {
  const parsed = schema.safeParse(said)
  if (parsed.success) return parsed.data
  throw new Ended(exits.failed, `${url} answered in a way that this program does not know: are both of one version?`)
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** fetch says "fetch failed", and what failed in its cause. */
function why(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return String(cause)
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
}
