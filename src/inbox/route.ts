import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type RawReply, type RawRequest, textReply } from '../core/http.ts'
import { drawnAhead } from '../core/random.ts'
import { asId } from '../core/words.ts'
import { heldAccounts } from '../storage/accounts.ts'
import { type ReceiveParts, receive } from './receive.ts'

export interface RouteParts extends Omit<ReceiveParts, 'accounts' | 'random'> {
  /** Most bytes of a body. */
  readonly bodyLimit: number
}

const address = /^\/hooks\/([\w-]{1,64})$/

/** Callbacks stand before Express, which alone costs more than all the rest of one; whatever is none goes on to `rest`. */
export function callbackRoute(given: RouteParts, rest: RequestListener): RequestListener {
  const { reads } = given.storage
  const parts = { ...given, accounts: heldAccounts(reads), random: drawnAhead(reads.random) }
  return (request, response) => {
    const [path = '', query = ''] = split(request.url ?? '')
    const account = address.exec(path)?.[1]
    if (account === undefined) return rest(request, response)
    take(parts, request, { account, path, query }).then(
      (reply) => send(response, reply),
      () => response.destroy(),
    )
  }
}

async function take(
  parts: ReceiveParts & RouteParts,
  request: IncomingMessage,
  { account, path, query }: { account: string; path: string; query: string },
): Promise<RawReply> {
  const method = request.method ?? 'GET'
  if (method !== 'GET' && method !== 'POST') return textReply(405, 'GET or POST')
  const body = await bodyOf(request, parts.bodyLimit)
  if (body === undefined) {
    parts.metrics.callback('none', 'too-large')
    return { ...textReply(413, 'too large'), headers: { 'content-type': 'text/plain', connection: 'close' } }
  }
  const raw: RawRequest = {
    method,
    path,
    query,
    // Made when asked for: not every platform signs by headers.
    get headers() {
      return headersOf(request)
    },
    body,
  }
  return receive(parts, asId(account), raw)
}

const split = (url: string): readonly string[] => {
  const mark = url.indexOf('?')
  return mark < 0 ? [url] : [url.slice(0, mark), url.slice(mark + 1)]
}

/** @returns undefined when there is more than `limit`: the rest is not read. */
function bodyOf(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.resolve(undefined)
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let size = 0
    request.on('data', (part: Buffer) => {
      size += part.length
      if (size > limit) {
        request.pause()
        return resolve(undefined)
      }
      parts.push(part)
    })
    request.on('end', () => resolve(parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts)))
    request.on('error', reject)
    // Comes after the end, too; an error, with where it came from, is not made for nothing.
    request.on('close', () => request.complete || reject(new Error('cut off')))
  })
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )

function send(response: ServerResponse, { status, headers, body }: RawReply): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
