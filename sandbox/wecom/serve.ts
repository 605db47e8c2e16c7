import { type WebSocket, WebSocketServer } from 'ws'
import { type Served, type ServeOptions, serve } from '../serve.ts'
import type { Wecom } from './wecom.ts'

/** WeCom on 127.0.0.1: WebSockets at `/`, group webhooks, downloads and the page over HTTP, on one port. */
export async function serveWecom(wecom: Wecom, options: ServeOptions = {}): Promise<Served> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4 * 1024 * 1024 })
  const served = await serve(wecom, {
    maxBody: 32 * 1024 * 1024,
    ...options,
    upgrade(incoming, socket, head) {
      if (incoming.url?.split('?')[0] !== '/') return socket.end('HTTP/1.1 404 Not Found\r\n\r\n')
      sockets.handleUpgrade(incoming, socket, head, (one) => attach(wecom, one, options))
    },
  })
  wecom.listensAt(served.url)
  return {
    ...served,
    close() {
      for (const one of sockets.clients) one.terminate()
      return served.close()
    },
  }
}

function attach(wecom: Wecom, socket: WebSocket, { logger }: ServeOptions): void {
  socket.on('error', (error) => logger?.debug({ error: String(error) }, 'sandbox: a link broke'))
  const connection = wecom.connect({
    send: (text) => socket.send(text),
    close: (hard) => (hard ? socket.terminate() : socket.close()),
  })
  socket.on('close', () => connection.closed())
  socket.on('message', (data, binary) => {
    if (binary) return socket.close(1003)
    try {
      connection.receive(String(data))
    } catch (error) {
      logger?.error({ error: String(error) }, 'sandbox: frame failed')
      socket.terminate()
    }
  })
}
