import { notPublic } from '../../core/public-host.ts'
import type { Failed, Sent } from '../kind.ts'
import { both, untilTomorrow } from '../texts.ts'

/** What nodemailer says of a failure. */
export interface MailError {
  readonly code?: string | undefined
  readonly responseCode?: number | undefined
  readonly response?: string | undefined
  readonly command?: string | undefined
  readonly permanent?: boolean | undefined
  readonly message: string
}

type Rule = readonly [
  pattern: RegExp,
  blames: Failed['blames'],
  again: number | 'tomorrow' | undefined,
  zh: string,
  en: string,
]

const minute = 60_000
const hour = 60 * minute

// What the servers say, the most telling first. docs/channels.md#replies
const rules: readonly Rule[] = [
  [
    /too much fail authentication/i,
    'channel',
    30 * minute,
    '登录失败次数过多，邮箱暂时不让登录，30 分钟后再试',
    'too many failed logins: the mailbox is closed for a while, tried again in 30 minutes',
  ],
  [
    /user has no permission/i,
    'credentials',
    undefined,
    '邮箱没有开通 SMTP，或被限制发信：请到邮箱设置中开启 POP3/SMTP 服务',
    'SMTP is not switched on for the mailbox, or it may not send: see its settings on the web',
  ],
  [
    /user suspended/i,
    'credentials',
    undefined,
    '邮箱账号被冻结：请登录网页邮箱解冻',
    'the mailbox is suspended: sign in on the web to free it',
  ],
  [
    /5\.7\.30|basic authentication is (?:disabled|not supported)/i,
    'credentials',
    undefined,
    '邮件服务商不再接受密码登录（只接受 OAuth）：请换一个邮箱',
    'the provider takes no passwords any more (OAuth only): use another mailbox',
  ],
  [
    /mail from must equal authorized user|local user only|mail from address must be same/i,
    'credentials',
    undefined,
    '发件人必须与登录的邮箱相同：请核对设置 user',
    'the sender must be the mailbox that signs in: check the setting user',
  ],
  [
    /\bMI:(?:SPF|DMA|NHD|IMF)\b/,
    'credentials',
    undefined,
    '收件方因 SPF、DMARC 或发件域设置拒收：请检查发件域名的解析记录',
    'refused because of SPF, DMARC or the sender’s domain: check its DNS records',
  ],
  [
    /\bRP:TRC\b/,
    'channel',
    'tomorrow',
    '今天的收件人数量已到邮箱上限，明天继续',
    'the mailbox has reached its recipients of a day: tomorrow again',
  ],
  [
    /\bMI:STC\b|exceed(?:ed)? the (?:daily|sending) limit|too frequently sending/i,
    'channel',
    'tomorrow',
    '今天的发信数量已到邮箱上限，明天继续',
    'the mailbox has reached its limit of a day: tomorrow again',
  ],
  [/\bMI:SFQ\b/, 'channel', 15 * minute, '15 分钟内发信过多，稍后继续', 'too many mails in 15 minutes: again later'],
  [/\bRP:QRC\b/, 'channel', hour, '短时间内收件人过多，一小时后继续', 'too many recipients lately: again in an hour'],
  [/\b(?:MI:DMC|RP:DRC)\b/, 'channel', minute, '这次连接的发信数量已满，重新连接', 'too much on this connection: anew'],
  [/\bRP:RCL\b/, 'message', undefined, '收件人过多', 'too many recipients'],
  [
    /\bHL:(?:REP|ICC|IFC|MEP)\b|\bDT:RBL\b/,
    'channel',
    15 * minute,
    '服务器 IP 的信誉或连接数受限，稍后重试',
    'the address of this server is limited there: again later',
  ],
]

/** Nobody has this address. */
const nobody =
  /invalid user|user not found|no such user|user unknown|unknown user|mailbox (?:unavailable|not found)|does not exist|recipient (?:not found|unknown)|\b5\.1\.1\b/i

const spam = /\bDT:SPM\b/
/** It was refused for good, not only for the moment. */
export const isSpamVerdict = (error: string | undefined): boolean => /\[554 .*\bDT:SPM\b/.test(error ?? '')

const networkCodes = new Set([
  'EABORT',
  'ECONNECTION',
  'ETIMEDOUT',
  'ESOCKET',
  'EDNS',
  'EPROTOCOL',
  'ETLS',
  'EREQUIRETLS',
])
const ours = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2', 'ECONFIG'])

export interface Trial {
  readonly tries: number
  readonly now: number
  /** The server had asked for the letter itself: it may have it. */
  readonly handed: boolean
}

/** What a failure means: who is to blame, and when it may be tried again. */
export function meaningOf(error: MailError, at: Trial): Sent {
  const { code = '', response = '', responseCode } = error
  const said = `${responseCode ?? code} ${quoted(response || error.message)}`.trim()
  const failed = (blames: Failed['blames'], why: string, again?: number): Failed => ({
    outcome: 'failed',
    blames,
    code: String(responseCode ?? code),
    why: `${why} [${said}]`,
    ...(again === undefined ? {} : { again }),
  })
  const rule = rules.find(([pattern]) => pattern.test(response))
  if (rule) {
    const [, blames, again, zh, en] = rule
    return failed(blames, both(zh, en), again === 'tomorrow' ? untilTomorrow(at.now) : again)
  }
  if (ours.has(code)) return failed('credentials', signIn)
  if (code === notPublic) return failed('credentials', leadsInside)
  if (spam.test(response)) return spamOf(failed, responseCode ?? 0, at.tries)
  if (responseCode !== undefined && error.command === 'RCPT TO')
    return nobody.test(response) && responseCode >= 500
      ? failed('recipient', both('收件人不存在', 'there is no such recipient'))
      : failed('message', both('收件人被拒绝', 'the recipient is refused'), responseCode < 500 ? 5 * minute : undefined)
  if (responseCode === undefined && at.handed)
    return { outcome: 'unknown', code, why: both('发出后没有收到回应', 'sent, and no answer came') }
  if (code === 'ETLS' || code === 'EREQUIRETLS')
    return failed(
      'channel',
      both('加密连接失败：请核对端口和加密方式', 'no secure connection: check port and protection'),
    )
  if (networkCodes.has(code) || responseCode === 421)
    return failed('channel', both('邮件服务器没有正常回应', 'the mail server does not answer as it should'))
  if (error.permanent === false || (responseCode !== undefined && responseCode < 500))
    return failed('message', both('邮件服务器请求稍后再试', 'the mail server asks to come back later'), 2 * minute)
  return failed('message', both('邮件被拒绝', 'the mail is refused'))
}

const signIn = both(
  '邮箱登录失败：163、126、QQ 邮箱请使用授权码（不是登录密码），并确认 SMTP 已开启、授权码没有过期',
  'signing in failed: 163, 126 and QQ want the authorisation code (授权码), not the password; it may have expired, or SMTP is off',
)

const leadsInside = both(
  '邮件服务器的地址指向内网：需要由部署者写进 redress.yaml 的 insideHosts',
  'the address of the mail server leads inside: whoever runs this installation names it in insideHosts of redress.yaml',
)

/** Once more after ten minutes, as plain text; softly refused, as they ask. */
function spamOf(
  failed: (blames: Failed['blames'], why: string, again?: number) => Failed,
  reply: number,
  tries: number,
): Failed {
  const why = both('内容被判为垃圾邮件', 'the content is taken for spam')
  if (reply < 500) return failed('message', why, 2 * minute)
  return tries === 0 ? failed('message', why, 10 * minute) : failed('message', why)
}

// Servers repeat addresses in their refusals, and some put links there.
const quoted = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/<?[\w.+-]+@[\w.-]+>?/g, '…')
    .replace(/https?:\S+/g, '…')
    .slice(0, 160)
