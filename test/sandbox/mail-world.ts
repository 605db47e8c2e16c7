import { createHash } from 'node:crypto'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { createMail, type Mail, type Rules, serveMail } from '../../sandbox/mail/index.ts'
import { type ManualClock, manualClock } from '../../src/core/clock.ts'

export const user = 'shop@163.com'
export const code = 'ABCDEFGHJKLMNPQR'
export const start = Date.UTC(2026, 10, 22, 2, 0, 0)

/** A client that speaks in literal lines. */
export interface Line {
  /** The next whole reply, its lines joined; `gone` when the connection ended instead. */
  reply(): Promise<string>
  ask(line: string): Promise<string>
  /** A whole mail after DATA, with the final dot. */
  body(text: string): Promise<string>
  /** STARTTLS from here on. */
  upgrade(): Promise<void>
  /** EHLO and AUTH PLAIN; the answer to the latter. */
  login(as?: { user?: string; code?: string }): Promise<string>
  /** RSET, MAIL, RCPT, DATA and the mail; the last answer, or the first that is no yes. */
  send(mail?: { from?: string; to?: readonly string[]; text?: string }): Promise<string>
  close(): void
}

export interface World {
  readonly clock: ManualClock
  readonly mail: Mail
  readonly url: string
  readonly smtps: number
  readonly smtp: number
  /** Greeted; over TLS, unless `plain`. */
  dial(how?: 'plain'): Promise<Line>
  /** Dialled and logged in. */
  inside(): Promise<Line>
  get(path: string): Promise<Response>
  post(path: string, body: object): Promise<Record<string, unknown>>
  close(): Promise<void>
}

export async function openWorld(rules: Partial<Rules> = {}): Promise<World> {
  const clock = manualClock(start)
  let count = 0
  const random = (size: number) => createHash('shake256', { outputLength: size }).update(`random ${count++}`).digest()
  const mail = createMail({ clock, random, rules, accounts: [{ user, code }], hosts: ['smtp.163.com'] })
  const served = await serveMail(mail)
  const lines: Line[] = []
  const world: World = {
    clock,
    mail,
    url: served.url,
    smtps: served.smtps,
    smtp: served.smtp,
    async dial(how) {
      const line = how ? plainLine(served.smtp, mail.certificate) : tlsLine(served.smtps, mail.certificate)
      lines.push(line)
      await line.reply()
      return line
    },
    async inside() {
      const line = await world.dial()
      await line.login()
      return line
    },
    get: (path) => fetch(served.url + path),
    async post(path, body) {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(served.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
      return (await answer.json()) as Record<string, unknown>
    },
    async close() {
      for (const line of lines) line.close()
      await served.close()
    },
  }
  return world
}

const trust = (ca: string) => ({ ca, servername: 'smtp.163.com' })

export const tlsLine = (port: number, ca: string): Line =>
  lineOn(connectTls({ port, host: '127.0.0.1', ...trust(ca) }), ca)
export const plainLine = (port: number, ca: string): Line => lineOn(connectPlain(port, '127.0.0.1'), ca)

function lineOn(first: Socket, ca: string): Line {
  let socket = first
  let heard = ''
  let ended = false
  const waiting: ((text: string) => void)[] = []
  const look = () => {
    while (waiting.length > 0) {
      const whole = /^(?:\d{3}-[^\n]*\n)*\d{3} [^\n]*\n/.exec(heard)?.[0]
      if (whole === undefined && !ended) return
      heard = heard.slice(whole?.length ?? 0)
      waiting.shift()?.(whole?.trimEnd().replaceAll('\r\n', '\n') ?? 'gone')
    }
  }
  const listen = () => {
    socket.on('data', (chunk) => {
      heard += String(chunk)
      look()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      ended = true
      look()
    })
  }
  listen()
  const line: Line = {
    reply: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
        look()
      }),
    ask(text) {
      socket.write(`${text}\r\n`)
      return line.reply()
    },
    body: (text) => line.ask(`${text.replace(/\r?\n/g, '\r\n')}\r\n.`),
    async upgrade() {
      socket.removeAllListeners()
      socket = connectTls({ socket, ...trust(ca) })
      listen()
      await new Promise((resolve) => socket.once('secureConnect', resolve))
    },
    async login({ user: name = user, code: word = code } = {}) {
      await line.ask('EHLO test.invalid')
      return line.ask(`AUTH PLAIN ${Buffer.from(`\0${name}\0${word}`).toString('base64')}`)
    },
    async send({ from = user, to = ['boss@example.com'], text = letter() } = {}) {
      const steps = ['RSET', `MAIL FROM:<${from}>`, ...to.map((one) => `RCPT TO:<${one}>`), 'DATA']
      for (const step of steps) {
        const answer = await line.ask(step)
        if (!/^[23]/.test(answer)) return answer
      }
      return line.body(text)
    },
    close: () => socket.destroy(),
  }
  return line
}

let written = 0
/** A small mail, its text new each time. */
export const letter = (more: { from?: string; subject?: string; text?: string; head?: string } = {}): string =>
  [
    `From: =?UTF-8?B?6Z2S56a+?= <${more.from ?? user}>`,
    'To: boss@example.com',
    `Subject: ${more.subject ?? 'Hello'}`,
    ...(more.head ? [more.head] : []),
    'Content-Type: text/plain; charset=utf-8',
    '',
    more.text ?? `one ${++written}`,
  ].join('\r\n')
