import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'
import { type Served, type ServeOptions, serve } from '../serve.ts'
import type { Answer } from './answers.ts'
import type { Connection, Mail, MailPorts } from './mail.ts'

export interface ServedMail extends Served, MailPorts {}

export interface ServeMailOptions extends ServeOptions {
  readonly smtpsPort?: number
  readonly smtpPort?: number
  /** Whether a login without TLS is taken, as on 163's port 25; true when left out. */
  readonly plainAuth?: boolean
}

/** On 127.0.0.1: SMTP with TLS from the first byte, SMTP with STARTTLS, and the page over HTTP. */
export async function serveMail(mail: Mail, options: ServeMailOptions = {}): Promise<ServedMail> {
  const smtps = await listen(mail, { ...options, secure: true, at: options.smtpsPort ?? 0 })
  const smtp = await listen(mail, { ...options, secure: false, at: options.smtpPort ?? 0 })
  const served = await serve(mail, { tickMs: 0, ...options })
  return {
    ...served,
    smtps: smtps.port,
    smtp: smtp.port,
    async close() {
      await Promise.all([smtps.close(), smtp.close(), served.close()])
    },
  }
}

interface Listening {
  readonly port: number
  close(): Promise<void>
}

async function listen(
  mail: Mail,
  { secure, at, plainAuth = true, logger }: ServeMailOptions & { secure: boolean; at: number },
): Promise<Listening> {
  const server = new SMTPServer({
    secure,
    name: 'smtp.163.com',
    banner: 'Anti-spam GT for Coremail System (sandbox)',
    key: mail.privateKey,
    cert: mail.certificate,
    allowInsecureAuth: plainAuth,
    authMethods: ['LOGIN', 'PLAIN'],
    disableReverseLookup: true,
    size: mail.rules.maxBytes,
    socketTimeout: 10 * 60_000,
    ...handlers(mail, (session) => hangUp(server, session)),
  })
  server.on('error', (error) => logger?.debug({ error: String(error) }, 'sandbox: a mail connection broke'))
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(at, '127.0.0.1', resolve)
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        for (const one of server.connections) one._socket.destroy()
      }),
  }
}

type Handlers = Pick<SMTPServerOptions, 'onConnect' | 'onAuth' | 'onMailFrom' | 'onRcptTo' | 'onData' | 'onClose'>
type Told = (error?: Error | null) => void

function handlers(mail: Mail, cut: (session: SMTPServerSession) => void): Handlers {
  const open = new Map<string, Connection>()
  /** Asks the connection of the session; tells the library what to say, or hangs up. */
  function ask(
    session: SMTPServerSession,
    question: (one: Connection) => Promise<Answer>,
    told: (reply: Said) => void,
  ) {
    const connection = open.get(session.id)
    if (!connection) return told({ no: refused(421, 'closing') })
    question(connection).then(
      (answer) => {
        if (answer === 'cut') return cut(session)
        const good = answer.code < 400
        told(good ? { text: answer.text } : { no: refused(answer.code, answer.text) })
      },
      (error: unknown) => told({ no: refused(451, String(error)) }),
    )
  }
  const asked = (question: (one: Connection, address: string) => Promise<Answer>) =>
    ((address: { readonly address: string }, session: SMTPServerSession, done: Told) =>
      ask(
        session,
        (one) => question(one, address.address),
        ({ no }) => done(no),
      )) satisfies SMTPServerOptions['onRcptTo']

  return {
    onConnect(session, done) {
      open.set(session.id, mail.connect({ address: session.remoteAddress, secure: session.secure }))
      ask(
        session,
        (one) => one.greet(),
        ({ no }) => done(no),
      )
    },
    onAuth({ username = '', password }, session, done) {
      const login = { user: username, code: password ?? '', secure: session.secure }
      ask(
        session,
        (one) => one.auth(login),
        ({ no }) => done(no, no ? {} : { user: username }),
      )
    },
    onMailFrom: asked((one, address) => one.from(address)),
    onRcptTo: asked((one, address) => one.to(address)),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () =>
        ask(
          session,
          (one) => one.data(Buffer.concat(chunks)),
          ({ no, text }) => done(no, text),
        ),
      )
    },
    onClose(session) {
      open.get(session.id)?.closed()
      open.delete(session.id)
    },
  }
}

interface Said {
  readonly no?: Error
  readonly text?: string
}

const refused = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode })

function hangUp(server: SMTPServer, session: SMTPServerSession): void {
  for (const one of server.connections) if (one.session.id === session.id) one._socket.destroy()
}
