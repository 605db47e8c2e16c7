import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { addressOf, type Described, type Document } from './api-document.ts'
import { at, faultsOf, isObject } from './api-schema.ts'

/** What is asked of an operation. */
export interface Wish {
  /** Of the path, by their names. */
  readonly params?: Readonly<Record<string, string>>
  /** As it stands in the address, without the question mark. */
  readonly query?: string
  readonly body?: unknown
  /** The body as it goes over the wire, in place of `body`. */
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Default: a key that may do everything; null = none at all. */
  readonly key?: string | null
  /** As in the address, in place of path and params. */
  readonly address?: string
  /** The same, where it is no text. */
  readonly bytes?: Buffer
}

export interface Told {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: whoever looks into it has seen its schema hold.
  readonly json: any
}

export interface Caller {
  /** Asks, and holds the answer against the document. @param must the statuses that it may have, where the document allows more */
  send(operation: Described, wish: Wish, why: string, must?: readonly number[]): Promise<Told>
  /** What was not as it must be. */
  readonly faults: readonly string[]
  /** How often an operation answered with a status. */
  count(operation: string, status: number): number
  total(): number
  close(): void
}

/** Longer than anything may take here; on a busy machine too. */
const cap = 10_000

/** In nothing that is answered. */
export interface Hidden {
  /** Part of each secret that was planted. */
  readonly secrets: readonly string[]
  /** Stands in everything of a business that is asked for here by its own path alone. */
  readonly elsewhere: string
  /** Ids and handles of that business. */
  readonly whose: readonly string[]
}

/** Whatever is asked here is counted, and its answer judged. */
export function createCaller(url: string, document: Document, hidden: Hidden, usual: () => string): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const { port } = new URL(url)
  const counts = new Map<string, number>()
  const faults: string[] = []
  let total = 0

  async function ask(operation: Described, wish: Wish): Promise<Told> {
    const text = wish.bytes ?? textOf(wish)
    const key = wish.key === undefined ? usual() : wish.key
    const query = wish.query ? `?${wish.query}` : ''
    const headers = {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      ...wish.headers,
    }
    return new Promise((resolve, reject) => {
      const asked = request({
        ...{ host: '127.0.0.1', port, method: operation.method.toUpperCase(), headers, agent, timeout: cap },
        path: `/admin/v1${wish.address ?? addressOf(operation.path, wish.params ?? {})}${query}`,
      })
      asked.once('timeout', () => asked.destroy(new Error(`no answer within ${cap} ms`)))
      asked.once('error', reject)
      asked.once('response', (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.once('error', reject)
        answer.once('end', () => {
          const said = Buffer.concat(chunks).toString()
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: said, json: parsed(said) })
        })
      })
      asked.end(text)
    })
  }

  return {
    faults,
    count: (operation, status) => counts.get(`${operation} ${status}`) ?? 0,
    total: () => total,
    close: () => agent.destroy(),
    async send(operation, wish, why, must) {
      const told = await ask(operation, wish).catch((error) => failed(error))
      total += 1
      const counted = `${operation.id} ${told.status}`
      counts.set(counted, (counts.get(counted) ?? 0) + 1)
      const wrong = [
        ...wrongWith(operation, document, told),
        ...leaks(operation, wish, told, hidden),
        ...(isRefusable(operation, wish, document) && told.status < 400
          ? ['was taken although it cannot be right']
          : []),
        ...(must && !must.includes(told.status) ? [`must have been ${must.join(' or ')}`] : []),
      ]
      for (const one of wrong) faults.push(saying(operation, wish, why, told, one))
      return told
    },
  }
}

const failed = (error: unknown): Told => ({ status: 0, headers: {}, text: String(error), json: undefined })

function saying(operation: Described, wish: Wish, why: string, told: Told, wrong: string): string {
  const { params, query, headers, key, address } = wish
  const asked = JSON.stringify({ params, query, headers, address, ...(key === undefined ? {} : { key }) })
  return `${operation.id} (${why}): ${wrong}: ${told.status} ${told.text.slice(0, 600)} ← ${asked} ${textOf(wish)?.slice(0, 600) ?? ''}`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Stand in a body for what no value can say. */
export const deep = '@@deep@@'
export const endless = '@@1e400@@'
/** So deep that whoever goes down by calling itself does not come back. */
const depth = 20_000

export function textOf({ text, body }: Wish): string | undefined {
  if (text !== undefined || body === undefined) return text
  return JSON.stringify(body)
    .replaceAll(`"${deep}"`, () => '['.repeat(depth) + ']'.repeat(depth))
    .replaceAll(`"${endless}"`, '1e400')
}

function wrongWith({ responses, method }: Described, { definitions }: Document, told: Told): readonly string[] {
  const { status, headers, text, json } = told
  if (status === 0) return [text]
  const response = responses.get(status)
  if (!response) return ['is not in the document']
  const type = String(headers['content-type'] ?? '')
  const wrong = [
    // What is called a failure of ours is in the document, and must not happen all the same.
    ...(status >= 500 && status !== 502 ? ['failed here'] : []),
    ...(headers['cache-control'] === 'no-store' ? [] : ['may be kept']),
    ...(response.type === undefined && text !== '' ? ['says what the document does not'] : []),
    ...(response.type !== undefined && !type.startsWith(response.type) ? [`is ${type}`] : []),
    ...(response.schema ? faultsOf(response.schema, json, definitions) : []),
    ...(status >= 400 && json?.status !== status ? ['names another status'] : []),
    ...(status === 401 && !headers['www-authenticate'] ? ['does not say how to prove oneself'] : []),
    ...(status === 429 && !(Number(headers['retry-after']) >= 1) ? ['does not say when to come back'] : []),
    ...(method === 'get' && status === 200 && !/^"[^"]+"$/.test(String(headers.etag)) ? ['names no state'] : []),
  ]
  return wrong
}

/** Whether the document, or what no text may hold, is against it. */
export function isRefusable(operation: Described, wish: Wish, { definitions }: Document): boolean {
  if (wish.bytes) return true
  const text = textOf(wish)
  const given = text === undefined ? undefined : parsed(text)
  if (text !== undefined && given === undefined) return true
  if (given !== undefined && isUnsayable(given)) return true
  const schema = operation.body ?? { type: 'object', additionalProperties: false }
  if (faultsOf(schema, given ?? (operation.needsBody ? undefined : {}), definitions).length > 0) return true
  const known = operation.parameters.filter((each) => each.in === 'query')
  const query = new URLSearchParams(wish.query ?? '')
  return [...query.keys()].some((name) => {
    const parameter = known.find((each) => each.name === name)
    const [value = '', ...again] = query.getAll(name)
    return !parameter || again.length > 0 || faultsOf(parameter.schema, plain(parameter.schema.type, value)).length > 0
  })
}

/** An address holds texts alone. */
const plain = (type: unknown, value: string): unknown =>
  type === 'integer' && /^\d+$/.test(value) ? Number(value) : value

/** A zero character, or half of one: no database keeps it as it came. */
function isUnsayable(value: unknown): boolean {
  const left: unknown[] = [value]
  while (left.length > 0) {
    const one = left.pop()
    if (typeof one === 'string' && (one.includes('\0') || /\p{Cs}/u.test(one))) return true
    if (typeof one === 'object' && one !== null) for (const [name, each] of Object.entries(one)) left.push(name, each)
  }
  return false
}

const traces = [
  /\bat [\w.<>[\] ]+ \(?(?:file:|node:|\/)[^)\s]*:\d+:\d+/,
  /node_modules|\.ts:\d+:\d+/,
  /\b(?:select\b.+\bfrom|insert into|update\b.+\bset\b|delete from)\b/i,
  /SQLITE_|constraint failed|violates .+ constraint|RangeError|TypeError|ZodError|\bkysely\b/i,
]

/** Says where something is on the machine because that is what it is for. */
const tells: Readonly<Record<string, readonly string[]>> = { makeBackup: ['file'], getDoctor: ['findings'] }

function leaks(operation: Described, wish: Wish, { text, status, json }: Told, hidden: Hidden): readonly string[] {
  const own = tells[operation.id] ?? []
  const said = own.length > 0 && status < 300 && isObject(json) ? JSON.stringify({ ...json, ...nothing(own) }) : text
  const asked = `${wish.address ?? ''} ${Object.values(wish.params ?? {}).join(' ')}`
  const elsewhere = operation.path.startsWith('/tenants/{tenant}') && !hidden.whose.some((id) => asked.includes(id))
  return [
    ...hidden.secrets.filter((each) => said.includes(each)).map((each) => `shows a secret (${each.slice(0, 12)}…)`),
    ...traces.filter((trace) => trace.test(said)).map((trace) => `shows its inside (${trace})`),
    ...[process.cwd(), tmpdir()].filter((path) => said.includes(`${path}/`)).map((path) => `shows a path (${path})`),
    ...(elsewhere && said.includes(hidden.elsewhere) ? ['shows what is another business’s'] : []),
  ]
}

const nothing = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, undefined]))

/** The text at this place, where a text must be. */
export function textAt(told: Told, ...path: readonly string[]): string {
  const value = at(told.json, path)
  if (typeof value !== 'string') throw new Error(`no ${path.join('.')}: ${told.status} ${told.text.slice(0, 400)}`)
  return value
}
