import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Logger } from '../src/core/logger.ts'
import type { Sandbox, SandboxReply, SandboxRequest } from './wire.ts'

export interface ServeOptions {
  readonly port?: number
  /** How often due things may happen; 0 leaves `advance` to the caller. */
  readonly tickMs?: number
  readonly maxBody?: number
  readonly logger?: Logger
  /** Takes a request for another protocol, such as a WebSocket; what it opens is its own to close. */
  readonly upgrade?: (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void
}

export interface Served {
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

/** The thin shell: sockets and a ticking second around a sandbox. Listens on 127.0.0.1 only. */
export async function serve(sandbox: Sandbox, options: ServeOptions = {}): Promise<Served> {
  const server = createServer((incoming, response) => {
    void answer(sandbox, incoming, response, options)
  })
  if (options.upgrade) server.on('upgrade', options.upgrade)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const stop = tick(sandbox, options)
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        stop()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function tick(sandbox: Sandbox, { tickMs = 1000, logger }: ServeOptions): () => void {
  if (tickMs === 0) return () => {}
  const timer = setInterval(() => {
    sandbox.advance().catch((error) => logger?.error({ error: String(error) }, 'sandbox: advance failed'))
  }, tickMs)
  return () => clearInterval(timer)
}

async function answer(sandbox: Sandbox, incoming: IncomingMessage, response: ServerResponse, options: ServeOptions) {
  try {
    const request = await read(incoming, options.maxBody ?? 20 * 1024 * 1024)
    write(response, await sandbox.handle(request))
  } catch (error) {
    const expected = error instanceof Error && error.name === 'SandboxLost'
    if (!expected) options.logger?.error({ error: String(error) }, 'sandbox: request failed')
    incoming.destroy()
    response.destroy()
  }
}

async function read(incoming: IncomingMessage, max: number): Promise<SandboxRequest> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length
    if (size > max) throw new Error('request body too large')
    chunks.push(chunk as Buffer)
  }
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value)
  return { method: incoming.method ?? 'GET', url: incoming.url ?? '/', headers, body: Buffer.concat(chunks) }
}

function write(response: ServerResponse, reply: SandboxReply) {
  if (response.destroyed) return
  response.writeHead(reply.status, { ...reply.headers, 'content-length': String(reply.body.length) })
  response.end(reply.body)
}
