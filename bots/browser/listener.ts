import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { InputError, told } from '../../src/core/errors.ts'
import type { RawReply } from '../../src/core/http.ts'
import type { Logger } from '../../src/core/logger.ts'
import { refusal } from './replies.ts'

export interface Listener {
  readonly port: number
  /** Resolves when the last answer is given and every connection is closed. */
  close(): Promise<void>
}

export type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<RawReply | undefined>

/** 127.0.0.1 only. @throws InputError when the port is taken. */
export async function listen(options: {
  readonly port: number
  readonly headers: Readonly<Record<string, string>>
  readonly handle: Handle
  readonly logger: Logger
}): Promise<Listener> {
  const { headers, handle, logger } = options
  const underway = new Set<Promise<void>>()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    const reply = await handle(request, response).catch((error: unknown) => {
      // Mostly a browser that went away in the middle of an upload.
      logger.warn({ error: told(error) }, 'the chat page could not answer a request')
      return refusal('refused.failed')
    })
    if (!reply || response.headersSent || response.destroyed) return
    response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) })
    response.end(reply.body)
  }

  const server = createServer((request, response) => {
    const work: Promise<void> = answer(request, response).finally(() => underway.delete(work))
    underway.add(work)
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES'
      const fix = `port ${options.port} is not free; choose another, or 0 for any free one`
      reject(taken ? new InputError([{ field: 'port', fix }]) : error)
    })
    server.listen(options.port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      await Promise.allSettled(underway)
      server.closeAllConnections()
      await closed
    },
  }
}
