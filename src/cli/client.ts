import { z } from 'zod'
import { Ended, exits } from './exit.ts'
import type { Service } from './io.ts'

export type Row = Readonly<Record<string, unknown>>
const row = z.record(z.string(), z.unknown())
const rows = z.object({ items: z.array(row), next: z.string().optional() })
const problem = z.object({
  title: z.string(),
  detail: z.string(),
  problems: z.array(z.object({ field: z.string(), fix: z.string() })).default([]),
})

/** The admin API, seen from the command line. */
export interface Client {
  /** @throws Ended */
  one(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Row>
  list(path: string): Promise<readonly Row[]>
  /** Of a list in pages as many as wanted, page by page. */
  upTo(path: string, wanted: number): Promise<readonly Row[]>
  remove(path: string): Promise<void>
}

const timeout = 60_000
/** Of one page, as the API gives them. */
const pageSize = 200
const changedSince = 412

interface Told {
  readonly status: number
  readonly said: unknown
  readonly tag: string | null
}

export function createClient({ url, key }: Service): Client {
  async function tell(
    method: string,
    path: string,
    body?: unknown,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Told> {
    const answer = await fetch(`${url}/admin/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...more,
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
    return { status: answer.status, said: parse(await answer.text()), tag: answer.headers.get('etag') }
  }

  const answered = ({ status, said }: Told): unknown => {
    if (status >= 200 && status < 300) return said
    throw refused(status, url, said)
  }
  const ask = async (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) =>
    answered(await tell(method, path, body, headers))

  /** What a command names is changed whatever else has changed meanwhile: it looks, and looks again. */
  async function change(path: string, body: unknown): Promise<unknown> {
    for (let tries = 1; ; tries++) {
      const now = await tell('GET', path)
      answered(now)
      const told = await tell('PATCH', path, body, { 'if-match': now.tag ?? '*' })
      if (told.status !== changedSince || tries === 3) return answered(told)
    }
  }

  async function upTo(path: string, wanted: number): Promise<readonly Row[]> {
    const found: Row[] = []
    let next: string | undefined
    do {
      const query = new URLSearchParams({
        limit: String(Math.min(pageSize, wanted - found.length)),
        ...(next === undefined ? {} : { cursor: next }),
      })
      const page = shaped(rows, await ask('GET', `${path}${path.includes('?') ? '&' : '?'}${query}`), url)
      found.push(...page.items)
      next = page.next
    } while (next !== undefined && found.length < wanted)
    return found
  }

  return {
    one: async (method, path, body, headers) =>
      shaped(row, await (method === 'PATCH' ? change(path, body) : ask(method, path, body, headers)), url),
    list: async (path) => shaped(rows, await ask('GET', path), url).items,
    upTo,
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
