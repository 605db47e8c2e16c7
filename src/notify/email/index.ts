import { createHash } from 'node:crypto'
import { createTransport, type SendMailOptions } from 'nodemailer'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/logger.ts'
import { type Called, counted, statusClass } from '../../core/outside-call.ts'
import { createReach, type Reach } from '../../core/reach.ts'
import { unsaid } from '../../core/unsaid.ts'
import { millis } from '../../core/words.ts'
import type { Finding } from '../../platforms/platform.ts'
import type { StoredChannel } from '../../storage/channels.ts'
import { interests } from '../interests.ts'
import type { ChannelKind, Message, Sent } from '../kind.ts'
import { type LineParts, openedBy } from './line.ts'
import { isSpamVerdict, type MailError, meaningOf } from './replies.ts'
import { checkEmail, codeEnds, emailLimits, emailSettings, mailAddress, maskMail, serverOf } from './settings.ts'

export interface EmailParts {
  readonly clock: Clock
  readonly logger: Logger
  readonly called?: Called
  /** Milliseconds for one letter; default 30 s. */
  readonly timeout?: number
  /** PEM of an authority that is believed beside the system's own. */
  readonly ca?: string
  /** Absent: what is public. */
  readonly reach?: Reach
}

const minute = 60_000

/** How far a connection has come with a letter; the library's errors do not tell. */
interface Progress {
  handed: boolean
}

interface Line {
  readonly transporter: ReturnType<typeof transporterOf>
  readonly progress: Progress
  /** Of what it was made from: another password is another connection. */
  readonly made: string
}

/** Letters by SMTP; one connection per mailbox, kept while it is used. */
export function emailKind(parts: EmailParts): ChannelKind {
  const { clock, logger, called, timeout = 30_000, ca, reach = createReach() } = parts
  const how = { clock, timeout, reach, ...(ca === undefined ? {} : { ca }) }
  const lines = new Map<string, Line>()
  const meter = { clock, called, host: 'smtp' }

  function lineOf(channel: StoredChannel): Line {
    const made = fingerprint(channel)
    const known = lines.get(channel.id)
    if (known?.made === made) return known
    known?.transporter.close()
    const progress: Progress = { handed: false }
    const transporter = transporterOf(channel, { ...how, progress })
    // A pool that loses its connection between two letters makes a new one for the next.
    transporter.on('error', (error) =>
      logger.debug({ channel: channel.id, error: errorOf(error, channel).message }, 'a mail connection ended'),
    )
    const line = { transporter, progress, made }
    lines.set(channel.id, line)
    return line
  }

  function drop(channel: StoredChannel): void {
    lines.get(channel.id)?.transporter.close()
    lines.delete(channel.id)
  }

  async function send(channel: StoredChannel, address: string, message: Message): Promise<Sent> {
    const stop = new AbortController()
    const cancel = clock.after(timeout, () => stop.abort())
    const { transporter, progress } = lineOf(channel)
    progress.handed = false
    try {
      const letter = { ...letterFor(channel, address, message), signal: stop.signal }
      const sent = await counted(meter, () => transporter.sendMail(letter), outcomeFor(progress))
      return { outcome: 'sent', reference: String(sent.messageId) }
    } catch (error) {
      const meaning = meaningOf(errorOf(error, channel), {
        tries: message.tries,
        now: clock.now(),
        handed: progress.handed,
      })
      // A connection that may be the trouble is not asked again; one that refuses a letter is a good one, and those are counted.
      if (meaning.outcome === 'unknown' || isOfTheLine(meaning)) drop(channel)
      return meaning
    } finally {
      cancel()
    }
  }

  return {
    kind: 'email',
    interests,
    merges: 'complaint',
    // Each is the same letter under the same number.
    repeats: [2 * minute, 10 * minute, 60 * minute],
    check: (given) => checkEmail(given, reach),
    address: mailAddress,
    mask: maskMail,
    limits: ({ settings }) => emailLimits(settings),
    send,
    ends: ({ settings, secretsAt }) => codeEnds(settings, secretsAt),
    async inspect(channel) {
      const transporter = transporterOf(channel, how)
      try {
        await counted(meter, () => transporter.verify(), outcomeFor())
        return [ok(channel), ...ending(channel, clock.now())]
      } catch (error) {
        const meaning = meaningOf(errorOf(error, channel), { tries: 0, now: clock.now(), handed: false })
        return [bad(channel, meaning.outcome === 'sent' ? '' : meaning.why), ...ending(channel, clock.now())]
      } finally {
        transporter.close()
      }
    },
    async close() {
      for (const { transporter } of lines.values()) transporter.close()
      lines.clear()
    },
  }
}

function transporterOf(
  { settings, secrets }: StoredChannel,
  { ca, progress, ...how }: LineParts & Pick<EmailParts, 'ca'> & { readonly progress?: Progress },
) {
  const { timeout } = how
  const given = emailSettings(settings)
  const { host, port, protection } = serverOf(given)
  return createTransport({
    pool: true,
    maxConnections: 1,
    maxMessages: 20,
    // What is to be tried again is ours to say.
    maxRequeues: 0,
    host,
    port,
    secure: protection === 'tls',
    requireTLS: protection === 'starttls',
    ignoreTLS: protection === 'none',
    auth: { user: given.login ?? given.user, pass: secrets.password?.reveal() ?? '' },
    getSocket: openedBy({ ...how, timeout: Math.min(15_000, timeout) }, { host, port }),
    connectionTimeout: Math.min(15_000, timeout),
    greetingTimeout: Math.min(10_000, timeout),
    socketTimeout: timeout,
    ...(ca === undefined ? {} : { tls: { ca } }),
    transactionLog: true,
    logger: progress ? earOf(progress) : false,
    // Nothing of a letter comes from a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

/** Hears the server ask for the letter (354); everything else that is said there is not ours to keep. */
const earOf = (progress: Progress) => ({
  debug(entry: unknown, said: unknown) {
    const server = typeof entry === 'object' && entry !== null && 'tnx' in entry && entry.tnx === 'server'
    if (server && typeof said === 'string' && said.startsWith('354')) progress.handed = true
  },
})

const fingerprint = ({ settings, secrets }: StoredChannel): string =>
  createHash('sha256')
    .update(JSON.stringify([settings, secrets.password?.reveal()]))
    .digest('base64url')

/** One complaint is one thread: every letter about it answers a first one that nobody ever saw. */
function letterFor(channel: StoredChannel, address: string, message: Message): SendMailOptions {
  const { user, fromName, replyTo } = emailSettings(channel.settings)
  const domain = user.slice(user.lastIndexOf('@') + 1)
  const { letter, complaint, key } = message
  const root = complaint && `<c.${short(channel.tenant)}.${complaint}@${domain}>`
  const own = `<${key}.${short(address)}@${domain}>`
  const plainly = isSpamVerdict(message.error)
  return {
    from: { name: fromName ?? 'Redress', address: user },
    to: { name: '', address },
    ...(replyTo === undefined ? {} : { replyTo: { name: '', address: replyTo } }),
    // Taken for spam once: another subject, and nothing but text.
    subject: plainly ? `${letter.subject} ·` : letter.subject,
    text: letter.text,
    ...(plainly ? {} : { html: letter.html }),
    messageId: own,
    ...(root ? { inReplyTo: root, references: [root] } : {}),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  }
}

const isOfTheLine = (meaning: Sent): boolean =>
  meaning.outcome === 'failed' && (meaning.blames === 'channel' || meaning.blames === 'credentials')

const short = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12)

/** A reply's own class; without one, whether the letter had been handed over. */
const outcomeFor =
  (progress?: Progress) =>
  (error: unknown): string => {
    const { responseCode } = error instanceof Error ? pick(error) : {}
    if (responseCode !== undefined) return statusClass(responseCode)
    return progress?.handed ? 'unknown' : 'unreachable'
  }

/** Without the code: servers repeat what was said at the login. */
function errorOf(error: unknown, { secrets }: Pick<StoredChannel, 'secrets'>): MailError {
  const hidden = [secrets.password?.reveal()]
  if (!(error instanceof Error)) return { message: unsaid(String(error), hidden) }
  const { response, ...picked } = pick(error)
  return {
    ...picked,
    message: unsaid(error.message, hidden),
    ...(response === undefined ? {} : { response: unsaid(response, hidden) }),
  }
}

function pick(error: object): Partial<MailError> {
  const { code, responseCode, response, command, permanent } = error as Record<string, unknown>
  return {
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof responseCode === 'number' ? { responseCode } : {}),
    ...(typeof response === 'string' ? { response } : {}),
    ...(typeof command === 'string' ? { command } : {}),
    ...(typeof permanent === 'boolean' ? { permanent } : {}),
  }
}

const ok = ({ name }: StoredChannel): Finding => ({
  level: 'ok',
  what: { zh: `${name}：邮箱可以登录`, en: `${name}: the mailbox lets us in` },
})

/** That the code ends soon, or should have ended. */
function ending({ name, settings, secretsAt }: StoredChannel, now: number): readonly Finding[] {
  const ends = codeEnds(settings, secretsAt)
  if (!ends || now < millis(ends.sayFrom)) return []
  const days = Math.ceil((millis(ends.at) - now) / 86_400_000)
  const [zh, en] =
    days > 0
      ? [
          `${name}：授权码还有 ${days} 天到期（180 天有效）`,
          `${name}: the authorisation code ends in ${days} days (180 in all)`,
        ]
      : [
          `${name}：授权码已过 180 天，随时会失效`,
          `${name}: the authorisation code is older than 180 days and may end any time`,
        ]
  return [
    {
      level: 'warn',
      what: { zh, en },
      fix: {
        zh: `在 163 邮箱 设置 → POP3/SMTP/IMAP 新建授权码，再运行 redress channel update ${name} --secret password=@code.txt`,
        en: `make a new one in the mailbox (设置 → POP3/SMTP/IMAP), then run: redress channel update ${name} --secret password=@code.txt`,
      },
    },
  ]
}

function bad({ name }: StoredChannel, why: string): Finding {
  const [zh = why, en = zh] = why.split(' | ')
  return {
    level: 'bad',
    what: { zh: `${name}：${zh}`, en: `${name}: ${en}` },
    fix: {
      zh: '改好后运行 redress channel update，再运行 redress channel test',
      en: 'mend it with redress channel update, then run redress channel test',
    },
  }
}
