import type { Logger } from '../src/core/logger.ts'
import { guarded, stranger } from './guard.ts'
import { logScript } from './page/log-script.ts'
import { logStyle } from './page/log-style.ts'
import type { Lang } from './page/shell.ts'
import type { PlannedHandle } from './planned.ts'
import { addressOf, jsonReply, readJson, reply, type SandboxReply, type SandboxRequest } from './wire.ts'

export type Body = Readonly<Record<string, unknown>>

/** The page of a log and its JSON control API under /sandbox/. */
export interface Desk {
  /** The colours of its style: `--brand`. */
  readonly colours: string
  page(lang: Lang): string
  /** GET /sandbox/<path>: undefined is not found, what is no reply becomes JSON. */
  show(path: readonly string[], query: URLSearchParams, lang: Lang): unknown
  /** POST /sandbox/api/<path>: undefined is not found; throws with the reason why not. */
  wish(path: readonly string[], body: Body): unknown
  troubles(): readonly PlannedHandle<unknown>[]
  readonly logger: Logger
}

export function createDesk(desk: Desk): (request: SandboxRequest) => Promise<SandboxReply> {
  return async (request) => {
    const no = stranger(request)
    if (no) return jsonReply({ error: no }, 403)
    const address = addressOf(request)
    if (request.method === 'GET') return show(desk, address)
    if (request.method !== 'POST') return jsonReply({ error: 'only GET and POST' }, 405)
    const body = request.body.length === 0 ? {} : readJson(request.body)
    if (!body) return jsonReply({ error: 'the body is not a JSON object' }, 400)
    const path = address.pathname.replace('/sandbox/api/', '').split('/')
    try {
      return answered(settled(desk, path) ?? (await desk.wish(path, body)))
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      desk.logger.debug({ path: address.pathname, why }, 'sandbox: wish refused')
      return jsonReply({ error: why }, 409)
    }
  }
}

function show(desk: Desk, { pathname, searchParams }: URL): SandboxReply {
  const lang: Lang = searchParams.get('lang') === 'en' ? 'en' : 'zh'
  switch (pathname) {
    case '/sandbox':
      return { status: 302, headers: { location: '/sandbox/' }, body: Buffer.alloc(0) }
    case '/sandbox/':
      return framing(guarded(reply(200, 'text/html; charset=utf-8', desk.page(lang))))
    case '/sandbox/page.js':
      return reply(200, 'text/javascript; charset=utf-8', logScript)
    case '/sandbox/page.css':
      return reply(200, 'text/css; charset=utf-8', `:root { ${desk.colours} }${logStyle}`)
    case '/sandbox/api/misbehave':
      return jsonReply(
        desk.troubles().map(({ id, script, happened, left, waiting }) => ({ id, script, happened, left, waiting })),
      )
    default:
      return answered(desk.show(pathname.replace('/sandbox/', '').split('/'), searchParams, lang))
  }
}

/** What a mail shows stands in a frame of the page. */
function framing(made: SandboxReply): SandboxReply {
  const policy = `${made.headers['content-security-policy']}; frame-src 'self'`
  return { ...made, headers: { ...made.headers, 'content-security-policy': policy } }
}

/** misbehave/<id>/stop and misbehave/<id>/release. */
function settled(desk: Desk, [noun, id, verb]: readonly string[]): object | undefined {
  if (noun !== 'misbehave' || (verb !== 'stop' && verb !== 'release')) return undefined
  const handle = desk.troubles().find((one) => one.id === Number(id))
  handle?.[verb]()
  return handle && { done: true }
}

function answered(value: unknown): SandboxReply {
  if (value === undefined) return jsonReply({ error: 'not found' }, 404)
  return isReply(value) ? value : jsonReply(value)
}

const isReply = (value: unknown): value is SandboxReply =>
  typeof value === 'object' && value !== null && 'body' in value && Buffer.isBuffer(value.body)

export function oneOf<Word extends string>(value: unknown, words: readonly Word[]): Word {
  const found = words.find((word) => word === value)
  if (found === undefined) throw new Error(`${String(value)} is none of ${words.join(', ')}`)
  return found
}

/** Of what was asked for, by its kind: which numbers it needs; nothing else is a kind. */
export function oneKind(body: Body, kinds: Readonly<Record<string, readonly string[]>>): void {
  const how = oneOf(body.how, Object.keys(kinds))
  for (const name of kinds[how] ?? []) {
    if (typeof body[name] !== 'number') throw new Error(`${how} needs the number ${name}`)
  }
}

/** Known names only, each of the kind that it has by default. */
export function likeThese<Rules extends object>(body: Body, defaults: Rules): Partial<Rules> {
  for (const [name, value] of Object.entries(body)) {
    const was: unknown = Reflect.get(defaults, oneOf(name, Object.keys(defaults)))
    if (typeof value !== typeof was || Array.isArray(value) !== Array.isArray(was))
      throw new Error(`${name}: must be like ${JSON.stringify(was)}`)
  }
  return body as Partial<Rules>
}
