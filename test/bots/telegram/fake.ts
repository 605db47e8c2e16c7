import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the bot sent, as it stood in the request. */
export interface Call {
  readonly method: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly files: readonly { readonly field: string; readonly filename: string; readonly bytes: Buffer }[]
}

export type Reply = { readonly status: number; readonly body: unknown } | 'silence' | 'broken'
type Script = (call: Call) => Reply

export const ok = (result: unknown): Reply => ({ status: 200, body: { ok: true, result } })
export const no = (code: number, description: string, parameters?: object): Reply => ({
  status: code,
  body: { ok: false, error_code: code, description, ...(parameters && { parameters }) },
})

export const token = `42:${'A'.repeat(35)}`
export const me = { id: 42, is_bot: true, first_name: 'Redress', username: 'RedressBot', can_join_groups: true }

/** A Bot API that answers from a script: everything is recorded, every refusal is written out by the test. */
export async function fakeTelegram() {
  const calls: Call[] = []
  const scripts = new Map<string, Script[]>()
  const files = new Map<string, Buffer>()
  const fetched: string[] = []
  const updates: { update_id: number }[] = []
  const waiting = new Set<() => void>()
  let lastMessage = 100
  let lastUpdate = 1000

  const results: Readonly<Record<string, (call: Call) => unknown>> = {
    getMe: () => me,
    getFile: ({ payload }) => ({ file_id: payload.file_id, file_path: `photos/${payload.file_id}.jpg` }),
    getWebhookInfo: () => ({ url: '', pending_update_count: 0 }),
    sendMediaGroup: ({ payload }) => JSON.parse(String(payload.media)).map(() => ({ message_id: ++lastMessage })),
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, kind = '', ...rest] = (request.url ?? '').split('/')
    if (kind === 'file') {
      const path = decodeURI(rest.slice(1).join('/'))
      fetched.push(path)
      const bytes = rest[0] === `bot${token}` ? files.get(path) : undefined
      response.writeHead(bytes ? 200 : 404).end(bytes)
      return
    }
    const method = rest[0] ?? ''
    if (kind !== `bot${token}`) return send(response, no(401, 'Unauthorized'))
    const call = await read(request, method)
    calls.push(call)
    const script = scripts.get(method)?.shift()
    if (script) return send(response, script(call))
    if (method === 'getUpdates') return longPoll(call, response)
    send(response, ok(results[method]?.(call) ?? (/^send/.test(method) ? { message_id: ++lastMessage } : true)))
  }

  async function longPoll({ payload }: Call, response: ServerResponse): Promise<void> {
    const offset = Number(payload.offset ?? 0)
    while (updates[0] && updates[0].update_id < offset) updates.shift()
    if (updates.length === 0 && payload.timeout)
      await new Promise<void>((resolve) => {
        waiting.add(resolve)
        response.on('close', resolve)
      })
    send(response, ok(updates.filter(({ update_id }) => update_id >= offset)))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    files,
    fetched,
    of: (method: string) => calls.filter((call) => call.method === method),
    /** The next calls of this method are answered so, one each. */
    script(method: string, ...replies: (Reply | Script)[]) {
      const list = scripts.get(method) ?? []
      list.push(...replies.map((reply) => (typeof reply === 'function' ? reply : () => reply)))
      scripts.set(method, list)
    },
    update(content: object) {
      const update = { update_id: ++lastUpdate, ...content }
      updates.push(update)
      for (const wake of waiting) wake()
      waiting.clear()
      return update
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const wake of waiting) wake()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
export type FakeTelegram = Awaited<ReturnType<typeof fakeTelegram>>

function send(response: ServerResponse, reply: Reply): void {
  if (reply === 'silence') return
  if (reply === 'broken') return void response.destroy()
  const raw = typeof reply.body === 'string'
  response.writeHead(reply.status, { 'content-type': raw ? 'text/html' : 'application/json' })
  response.end(raw ? String(reply.body) : JSON.stringify(reply.body))
}

async function read(request: IncomingMessage, method: string): Promise<Call> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array))
  const body = Buffer.concat(chunks)
  const boundary = /boundary=(.+)$/.exec(request.headers['content-type'] ?? '')?.[1]
  if (boundary === undefined)
    return { method, payload: body.length > 0 ? JSON.parse(body.toString('utf8')) : {}, files: [] }
  const payload: Record<string, unknown> = {}
  const files: { field: string; filename: string; bytes: Buffer }[] = []
  for (const part of body.toString('latin1').split(`--${boundary}`)) {
    const [head = '', ...rest] = part.split('\r\n\r\n')
    const field = /name="([^"]+)"/.exec(head)?.[1]
    if (field === undefined) continue
    const bytes = Buffer.from(rest.join('\r\n\r\n').replace(/\r\n$/, ''), 'latin1')
    const filename = /filename="([^"]+)"/.exec(head)?.[1]
    if (filename === undefined) payload[field] = bytes.toString('utf8')
    else files.push({ field, filename, bytes })
  }
  return { method, payload, files }
}
