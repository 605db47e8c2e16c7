import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { serverLimits } from '../../src/app.ts'
import { adminKey } from '../support/admin-api.ts'
import { world } from '../support/world.ts'

/** As in earnest, in a tenth of the time. */
const limits = {
  headersTimeout: 400,
  requestTimeout: 800,
  keepAliveTimeout: 200,
  connectionsCheckingInterval: 50,
}

async function door() {
  const w = await world({ more: () => ({ serverLimits: limits }) })
  const key = await adminKey(w.storage)
  const { port } = new URL(w.url)
  /** A connection on which this is said, and then more of it again and again, until it is closed. @returns what came back */
  const dribble = async (said: string, more: string): Promise<string> => {
    const socket = connect(Number(port), '127.0.0.1')
    let heard = ''
    socket.on('data', (bytes) => {
      heard += bytes.toString()
    })
    // Whoever is cut off while he speaks is told so.
    socket.on('error', () => {})
    const timer = setInterval(() => socket.write(more), 20)
    onTestFinished(() => ended(socket, timer))
    socket.write(said)
    await once(socket, 'close')
    clearInterval(timer)
    return heard
  }
  const alive = async () => {
    const headers = { authorization: `Bearer ${key}`, connection: 'close' }
    return (await fetch(`${w.url}/admin/v1/tenants`, { headers })).status
  }
  return { ...w, key, port: Number(port), dribble, alive }
}

function ended(socket: Socket, timer: NodeJS.Timeout): void {
  clearInterval(timer)
  socket.destroy()
}

const places = [
  '/admin/v1/tenants',
  '/hooks/acc_1',
  '/case/token',
  '/bots/bot_1',
  '/oauth/alipay/acc_1',
  '/metrics',
  '/x',
]

test('whoever never ends his headers is cut off, wherever he knocks, and nobody else waits for him', async () => {
  const { dribble, alive } = await door()
  const many = places.flatMap((place) =>
    [1, 2, 3, 4].map(() => dribble(`POST ${place} HTTP/1.1\r\nHost: x\r\n`, 'a: b\r\n')),
  )
  expect(await alive()).toBe(200)
  for (const heard of await Promise.all(many)) expect(heard).toMatch(/^(HTTP\/1\.1 408 |$)/)
  expect(await alive()).toBe(200)
})

test('so is whoever sends his body byte by byte, with a key or without', async () => {
  const { dribble, alive, key } = await door()
  const head = (place: string, more: string) =>
    `POST ${place} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${more}\r\n`
  const named = `Authorization: Bearer ${key}\r\n`
  const many = [
    dribble(`${head('/admin/v1/tenants', `${named}Content-Length: 100000\r\n`)}{`, ' '),
    dribble(head('/admin/v1/tenants', `${named}Transfer-Encoding: chunked\r\n`), '1\r\n \r\n'),
    ...places.map((place) => dribble(`${head(place, 'Content-Length: 100000\r\n')}{`, ' ')),
  ]
  expect(await alive()).toBe(200)
  // Who has been answered before is closed without another word.
  for (const heard of await Promise.all(many)) expect(heard).toMatch(/^(HTTP\/1\.1 4\d\d |$)/)
  expect(await alive()).toBe(200)
})

test('who says nothing any more is let go', async () => {
  const { dribble } = await door()
  expect(await dribble('', '')).toMatch(/^(HTTP\/1\.1 408 |$)/)
  const heard = await dribble('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n', '')
  expect(heard).toMatch(/^HTTP\/1\.1 200 [\s\S]*ok$/)
})

const malformed: readonly (readonly [what: string, said: string, status: number])[] = [
  ['headers of 20 kB', `GET /admin/v1/tenants HTTP/1.1\r\nHost: x\r\na: ${'b'.repeat(20_000)}\r\n\r\n`, 431],
  ['an address of 20 kB', `GET /admin/v1/${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', 400],
  ['no such method', 'GRAB / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['a header without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: a\r\n\r\n', 400],
  ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
  [
    'a length and pieces',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  ['a length that is none', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', 400],
  ['a zero in a header', 'GET / HTTP/1.1\r\nHost: x\r\na: \0\r\n\r\n', 400],
]

test('what is no request is refused with nothing said about the inside', async () => {
  const { dribble, alive } = await door()
  for (const [what, said, status] of malformed) {
    const heard = await dribble(said, '')
    expect([what, heard.slice(0, 13)]).toEqual([what, `HTTP/1.1 ${status} `])
    // At most the end of a body without anything in it.
    expect([what, heard.split('\r\n\r\n')[1]]).toEqual([what, expect.stringMatching(/^0?$/)])
  }
  expect(await alive()).toBe(200)
})

test('a body of 10 MB is refused at every door', async () => {
  const { url, key, account } = await world().then(async (w) => ({ ...w, url: w.url, key: await adminKey(w.storage) }))
  const large = Buffer.alloc(10_000_000, ' ')
  const sent = (path: string, headers: Record<string, string>, chunked = false) =>
    new Promise<number>((resolve, reject) => {
      const length = chunked ? {} : { 'content-length': String(large.length) }
      const asked = request(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...length, ...headers },
      })
      asked.once('response', (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
      asked.once('error', reject)
      asked.end(large)
    })
  const named = { authorization: `Bearer ${key}` }
  expect(await sent('/admin/v1/tenants', named)).toBe(413)
  expect(await sent('/admin/v1/tenants', named, true)).toBe(413)
  expect(await sent('/admin/v1/tenants', {})).toBe(401)
  expect(await sent(`/hooks/${account}`, {}, true)).toBe(413)
  expect(await sent('/bots/bot_1', {}, true)).toBe(413)
})

test('in earnest nobody holds a connection for longer than this', () => {
  expect(serverLimits).toEqual({
    headersTimeout: 5_000,
    requestTimeout: 10_000,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: 16_384,
  })
})
