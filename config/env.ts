import type { Fault, Found } from './files.ts'
import { nearest } from './nearest.ts'

export type Env = Readonly<Record<string, string | undefined>>

const plain = (text: string): unknown => text
// What is no number stays text, so that the shape names it.
const number = (text: string): unknown => (/^-?\d{1,15}$/.test(text) ? Number(text) : text)
const list = (text: string): unknown =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)

/** Which variable is which setting; a test finds the one that a new setting forgot. */
export const variables: Readonly<Record<string, readonly [path: string, read: (text: string) => unknown]>> = {
  REDRESS_DATA: ['data', plain],
  REDRESS_LISTEN_HOST: ['listen.host', plain],
  REDRESS_LISTEN_PORT: ['listen.port', number],
  REDRESS_PUBLIC_URL: ['publicUrl', plain],
  REDRESS_CASE_LINK_DAYS: ['caseLinkDays', number],
  REDRESS_INSIDE_HOSTS: ['insideHosts', list],
  REDRESS_DATABASE_URL: ['database.url', plain],
  REDRESS_LOG_LEVEL: ['log.level', plain],
  REDRESS_LANGUAGE: ['language', plain],
  REDRESS_MASTER_KEY: ['masterKey', plain],
  REDRESS_WECHAT_BASE_URL: ['wechat.baseUrl', plain],
  REDRESS_WECHAT_LIMITS_CONTENT_CHARS: ['wechat.limits.contentChars', number],
  REDRESS_WECHAT_LIMITS_PICTURES: ['wechat.limits.pictures', number],
  REDRESS_WECHAT_LIMITS_PICTURE_BYTES: ['wechat.limits.pictureBytes', number],
  REDRESS_WECHAT_PICTURE_HOSTS: ['wechat.pictureHosts', list],
  REDRESS_WECHAT_PAY_BASE_URL: ['wechatPay.baseUrl', plain],
  REDRESS_WECHAT_PAY_BACKUP_URL: ['wechatPay.backupUrl', plain],
  REDRESS_WECHAT_PAY_PICTURE_HOSTS: ['wechatPay.pictureHosts', list],
  REDRESS_ALIPAY_GATEWAY_URL: ['alipay.gatewayUrl', plain],
  REDRESS_ALIPAY_AUTHORIZE_URL: ['alipay.authorizeUrl', plain],
  REDRESS_ALIPAY_PICTURE_HOSTS: ['alipay.pictureHosts', list],
  REDRESS_ALIPAY_POLL_ACTIVE_SECONDS: ['alipay.poll.activeSeconds', number],
  REDRESS_ALIPAY_POLL_IDLE_SECONDS: ['alipay.poll.idleSeconds', number],
  REDRESS_TELEGRAM_API_ROOT: ['telegram.apiRoot', plain],
  REDRESS_WECOM_URL: ['wecom.url', plain],
  REDRESS_WECOM_WEBHOOK_URL: ['wecom.webhookUrl', plain],
  REDRESS_OFFICIAL_ACCOUNT_BASE_URL: ['officialAccount.baseUrl', plain],
  REDRESS_OFFICIAL_ACCOUNT_QR_URL: ['officialAccount.qrUrl', plain],
  REDRESS_SMS_ENDPOINT: ['sms.endpoint', plain],
  REDRESS_BODY_LIMIT: ['bodyLimit', number],
  REDRESS_ADMIN_REQUESTS_PER_MINUTE: ['admin.requestsPerMinute', number],
  REDRESS_METRICS_KEY: ['metricsKey', plain],
  REDRESS_KEEP_PERSON_DAYS: ['keep.personDays', number],
  REDRESS_KEEP_PICTURE_DAYS: ['keep.pictureDays', number],
  REDRESS_KEEP_AUDIT_DAYS: ['keep.auditDays', number],
  REDRESS_BROWSER_PORT: ['browser.port', number],
}

/** Not settings: which file to read, and for the command line, whom to speak to. */
const others = ['REDRESS_CONFIG', 'REDRESS_URL', 'REDRESS_KEY']

// Kubernetes tells every container of a service named "redress" where it is, by names that nobody chose.
const foreign = /^REDRESS_(SERVICE_(HOST|PORT)|PORT)(_|$)/

export function fromEnv(env: Env): Found {
  const values = new Map<string, unknown>()
  const origin = new Map<string, string>()
  const faults: Fault[] = []
  const known = [...Object.keys(variables), ...others]
  for (const [name, text] of Object.entries(env)) {
    // A variable set to nothing is how compose files say "not set".
    if (!name.startsWith('REDRESS_') || text === undefined || text === '' || foreign.test(name)) continue
    if (others.includes(name)) continue
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined
    if (!variable) {
      const near = nearest(name, known)
      faults.push({ field: name, fix: `there is no such variable; ${near ? `did you mean ${near}?` : 'take it out'}` })
      continue
    }
    const [path, read] = variable
    values.set(path, read(text))
    origin.set(path, name)
  }
  return { values, origin, faults }
}

/** Whom the command line speaks to, where the environment says so. */
export function clientOf(env: Env): {
  readonly url?: string
  readonly key?: string
  readonly faults: readonly Fault[]
} {
  const { REDRESS_URL: url, REDRESS_KEY: key } = env
  const wrong = url && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))
  return {
    ...(url ? { url: url.replace(/\/+$/, '') } : {}),
    ...(key ? { key } : {}),
    faults: wrong ? [{ field: 'REDRESS_URL', fix: 'give an address such as https://redress.example.com' }] : [],
  }
}

/** What the person at the terminal reads, where its locale says one of ours; C and the like say nothing. */
export function tongueOf({ LC_ALL, LC_MESSAGES, LANG }: Env): 'zh-CN' | 'en' | undefined {
  const locale = LC_ALL || LC_MESSAGES || LANG || ''
  return /^zh([_.@-]|$)/i.test(locale) ? 'zh-CN' : /^en([_.@-]|$)/i.test(locale) ? 'en' : undefined
}
