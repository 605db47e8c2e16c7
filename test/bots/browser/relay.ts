import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A line to the chat page that can be cut; it names the page's own port in what it passes on, so that the door lets it in. */
export async function relayTo(address: string) {
  const to = new URL(address)
  const open = new Set<Socket>()
  let cut = false
  const server = createServer((near) => {
    if (cut) return near.destroy()
    const far = connect(Number(to.port), '127.0.0.1')
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
    near.on('data', (bytes) => {
      far.write(Buffer.from(bytes.toString('latin1').replaceAll(`127.0.0.1:${port}`, to.host), 'latin1'))
    })
    far.on('data', (bytes) => near.write(bytes))
    return undefined
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const cutAll = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    address: address.replace(to.host, `127.0.0.1:${port}`),
    cut() {
      cut = true
      cutAll()
    },
    mend() {
      cut = false
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        cutAll()
      }),
  }
}
