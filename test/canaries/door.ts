import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An answer in the words of whoever is played, made of all that was asked. */
export type Echo = (asked: {
  readonly url: string
  /** Address, headers and body, one after the other. */
  readonly all: string
}) => { readonly status: number; readonly body: string; readonly type?: string } | undefined

/** What stands before a played platform: hears all that is asked, and says it back instead of an answer when told to. */
export interface Door {
  readonly url: string
  echo: Echo | undefined
  close(): Promise<void>
}

/** @param heard is told of each request, whole */
export async function doorTo(target: string, heard: (asked: string) => void): Promise<Door> {
  const server = createServer(async (incoming, response) => {
    const body = await bodyOf(incoming)
    const { method = '', url = '', headers } = incoming
    const all = `${method} ${url}\n${plain(headers)}\n${body.toString('utf8')}`
    heard(all)
    const echoed = door.echo?.({ url, all })
    if (echoed) {
      response.writeHead(echoed.status, { 'content-type': echoed.type ?? 'application/json; charset=utf-8' })
      return void response.end(echoed.body)
    }
    const onward = request(`${target}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    response.on('close', () => onward.destroy())
    onward.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const door: Door = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    echo: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return door
}

const plain = (headers: IncomingHttpHeaders) =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}
