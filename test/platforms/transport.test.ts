import type { LookupAddress } from 'node:dns'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcp, type Socket, type Server as TcpServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { OutsideError } from '../../src/core/errors.ts'
import { fetchPicture } from '../../src/core/picture-fetch.ts'
import { createTransport, type TransportParts } from '../../src/core/transport.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function listen(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address.port
}

const http = async (listener: RequestListener) => `http://127.0.0.1:${await listen(createServer(listener))}`
const tcp = async (listener: (socket: Socket) => void) => `http://127.0.0.1:${await listen(createTcp(listener))}`

function transport(more: Partial<TransportParts> = {}) {
  const made = createTransport({ clock: systemClock, ...more })
  closing.push(() => made.close())
  return made
}

const trouble = async (sent: Promise<unknown>) => {
  const error: unknown = await sent.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  if (!(error instanceof OutsideError)) throw new Error(`no OutsideError: ${String(error)}`)
  return error
}

// Names become addresses as the table says; everything else is unknown.
const names = (table: Record<string, string[]>): NonNullable<TransportParts['lookup']> => {
  const answer = (
    name: string,
    _: unknown,
    callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
  ) => {
    const found = (table[name] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    const error =
      found.length === 0
        ? Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND', syscall: 'getaddrinfo' })
        : null
    queueMicrotask(() => callback(error, found))
  }
  // The system's lookup has five shapes; the transport uses this one.
  return answer as unknown as NonNullable<TransportParts['lookup']>
}

describe('a call', () => {
  test('brings status, headers and bytes, and sends what was given', async () => {
    const seen: string[] = []
    const base = await http((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += String(chunk)))
      request.on('end', () => {
        seen.push(
          `${request.method} ${request.url} ${request.headers['content-type']} ${request.headers['content-length']} ${body}`,
        )
        response.writeHead(201, { 'Set-Cookie': ['a=1', 'b=2'], 'X-One': '1' }).end(Buffer.from([0, 255, 1]))
      })
    })
    const answer = await transport().send({
      method: 'POST',
      url: `${base}/a?b=c`,
      headers: { 'content-type': 'text/plain' },
      body: '图',
    })
    expect(seen).toEqual(['POST /a?b=c text/plain 3 图'])
    expect([answer.status, answer.headers['x-one'], answer.headers['set-cookie'], [...answer.body]]).toEqual([
      201,
      '1',
      'a=1, b=2',
      [0, 255, 1],
    ])
  })
  test('follows no redirect and keeps no cookie', async () => {
    const seen: (string | undefined)[] = []
    const base = await http((request, response) => {
      seen.push(request.headers.cookie)
      response.writeHead(302, { location: '/elsewhere', 'set-cookie': 'a=1' }).end()
    })
    const { send } = transport()
    expect((await send({ method: 'GET', url: base })).status).toBe(302)
    expect((await send({ method: 'GET', url: base })).status).toBe(302)
    expect(seen).toEqual([undefined, undefined])
  })
})

describe('nothing can have arrived: unreachable', () => {
  test('nobody listens there', async () => {
    const error = await trouble(
      transport().send({ method: 'POST', url: 'http://127.0.0.1:1/x?access_token=SECRET', body: 'x' }),
    )
    expect([error.trouble, error.code]).toEqual(['unreachable', 'ECONNREFUSED'])
    expect(error.message).toContain('POST 127.0.0.1:1/x')
    expect(`${error.message}${JSON.stringify(error)}`).not.toContain('SECRET')
  })
  test('the name is not known', async () => {
    const error = await trouble(
      transport({ lookup: names({}) }).send({ method: 'POST', url: 'http://shop.example/', body: 'x' }),
    )
    expect([error.trouble, error.code]).toEqual(['unreachable', 'ENOTFOUND'])
  })
  test('all addresses of the name refuse', async () => {
    const lookup = names({ 'shop.example': ['127.0.0.1', '127.0.0.2'] })
    expect(
      (await trouble(transport({ lookup }).send({ method: 'POST', url: 'http://shop.example:1/', body: 'x' }))).trouble,
    ).toBe('unreachable')
  })
  test.each([
    ['connect', 'ETIMEDOUT', 'unreachable'],
    ['connect', 'EHOSTUNREACH', 'unreachable'],
    ['read', 'ETIMEDOUT', 'unknown'],
    ['read', 'EHOSTUNREACH', 'unknown'],
    ['write', 'ENETUNREACH', 'unknown'],
  ])('but the same code only where connecting failed: %s %s is %s', async (syscall, code, kind) => {
    const failed = Object.assign(new Error(`${syscall} ${code}`), { code, syscall })
    const lookup = (_: string, __: object, callback: (error: Error, found: []) => void) => callback(failed, [])
    const made = transport({ lookup: lookup as unknown as NonNullable<TransportParts['lookup']> })
    const error = await trouble(made.send({ method: 'POST', url: 'http://shop.example/', body: 'x' }))
    expect([error.trouble, error.code]).toEqual([kind, code])
  })
  test('no connection within the time for it', async () => {
    // 192.0.2.0/24 is nobody's; where a network answers "no route" at once, that is as good.
    const error = await trouble(
      transport({ connectTimeout: 200 }).send({ method: 'POST', url: 'http://192.0.2.1/', body: 'x', timeout: 5_000 }),
    )
    expect(error.trouble).toBe('unreachable')
  })
  test('no TLS where TLS was asked for, by a certificate that does not fit', async () => {
    const { createServer: createTls } = await import('node:https')
    const { execFileSync } = await import('node:child_process')
    const pem = execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-keyout',
        '-',
        '-subj',
        '/CN=x',
        '-days',
        '2',
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    ).toString()
    let requests = 0
    const port = await listen(createTls({ key: pem, cert: pem }, () => requests++))
    const error = await trouble(transport().send({ method: 'POST', url: `https://127.0.0.1:${port}/`, body: 'x' }))
    expect([error.trouble, requests]).toEqual(['unreachable', 0])
  })
})

describe('it may have arrived: unknown', () => {
  test('no answer in time', async () => {
    let arrived = 0
    const base = await http(() => arrived++)
    const error = await trouble(transport().send({ method: 'POST', url: base, body: 'x', timeout: 150 }))
    expect([error.trouble, arrived]).toEqual(['unknown', 1])
  })
  test('the whole call has one time, also for a body that trickles', async () => {
    const base = await http((_, response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(drip))
    })
    expect((await trouble(transport().send({ method: 'POST', url: base, body: 'x', timeout: 200 }))).trouble).toBe(
      'unknown',
    )
  })
  test('the connection is reset after the request', async () => {
    const base = await tcp((socket) => socket.once('data', () => socket.resetAndDestroy()))
    expect((await trouble(transport().send({ method: 'POST', url: base, body: 'x' }))).trouble).toBe('unknown')
  })
  test('the connection is closed without an answer', async () => {
    const base = await tcp((socket) => socket.once('data', () => socket.end()))
    expect((await trouble(transport().send({ method: 'POST', url: base, body: 'x' }))).trouble).toBe('unknown')
  })
  test('the body is cut short', async () => {
    const base = await tcp((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')),
    )
    expect((await trouble(transport().send({ method: 'POST', url: base, body: 'x' }))).trouble).toBe('unknown')
  })
  test('the answer is no HTTP', async () => {
    const base = await tcp((socket) => socket.once('data', () => socket.end('hello\r\n\r\n')))
    expect((await trouble(transport().send({ method: 'POST', url: base, body: 'x' }))).trouble).toBe('unknown')
  })
  test('the answer is larger than we read', async () => {
    const base = await http((_, response) => response.end('x'.repeat(1001)))
    const { send } = transport()
    expect((await trouble(send({ method: 'GET', url: base, limit: 1000 }))).trouble).toBe('unknown')
    expect((await send({ method: 'GET', url: base, limit: 1001 })).body.length).toBe(1001)
  })
})

describe('only to what is public', () => {
  test('a literal address inside is refused without connecting', async () => {
    let arrived = 0
    const base = await http((_, response) => response.end(String(arrived++)))
    for (const url of [
      base,
      base.replace('127.0.0.1', '2130706433'),
      base.replace('127.0.0.1', '[::ffff:127.0.0.1]'),
    ]) {
      expect((await trouble(transport().send({ method: 'GET', url, publicOnly: true }))).trouble).toBe('refused')
    }
    expect(arrived).toBe(0)
    expect((await transport().send({ method: 'GET', url: base })).status).toBe(200)
  })
  test.each([[['127.0.0.1']], [['10.0.0.1', '8.8.8.8']], [['8.8.8.8', '::1']]])(
    'a name that leads to %j is refused without connecting',
    async (addresses) => {
      let arrived = 0
      const port = await listen(createServer((_, response) => response.end(String(arrived++))))
      const lookup = names({ 'cdn.example': addresses })
      expect(
        (
          await trouble(
            transport({ lookup }).send({ method: 'GET', url: `http://cdn.example:${port}/`, publicOnly: true }),
          )
        ).trouble,
      ).toBe('refused')
      expect(arrived).toBe(0)
    },
  )
  test('the connection goes to the address that was judged: the name is looked up once', async () => {
    let lookups = 0
    // A name that shows a public address first and the inside the second time.
    const swapping = (
      name: string,
      options: object,
      callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
    ) => {
      lookups++
      return names({ [name]: [lookups === 1 ? '192.31.196.1' : '127.0.0.1'] })(name, options, Object(callback))
    }
    const lookup = swapping as unknown as NonNullable<TransportParts['lookup']>
    let arrived = 0
    const port = await listen(createServer((_, response) => response.end(String(arrived++))))
    await trouble(
      transport({ lookup, connectTimeout: 150 }).send({
        method: 'GET',
        url: `http://cdn.example:${port}/`,
        publicOnly: true,
      }),
    )
    expect([lookups, arrived]).toEqual([1, 0])
  })
})

describe('a picture', () => {
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(10)])
  test('from a configured host is fetched though it is inside; a redirect to elsewhere is not followed', async () => {
    const base = await http((request, response) => {
      if (request.url === '/moved') return response.writeHead(302, { location: '/a.png' }).end()
      return response.end(png)
    })
    const door = { transport: transport(), hosts: [new URL(base).host] }
    expect((await fetchPicture(door, `${base}/a.png#x`)).type).toBe('image/png')
    expect((await trouble(fetchPicture(door, `${base}/moved`))).trouble).toBe('refused')
    expect(
      (await trouble(fetchPicture({ ...door, hosts: [] }, `${base.replace('http', 'https')}/a.png`))).trouble,
    ).toBe('refused')
  })
  test('over ten megabytes is not read to its end', async () => {
    let written = 0
    const base = await http((_, response) => {
      const more = () => {
        while (written < 100_000_000 && response.write(Buffer.alloc(1_000_000))) written += 1_000_000
      }
      response.on('drain', more)
      more()
    })
    await trouble(fetchPicture({ transport: transport(), hosts: [new URL(base).host] }, base))
    expect(written).toBeLessThan(50_000_000)
  })
})
