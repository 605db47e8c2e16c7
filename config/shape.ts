import { z } from 'zod'

const word = (fix: string) => z.string(fix).trim().min(1, fix)
const count = (least: number, most: number) => {
  const fix = `a whole number from ${least} to ${most}`
  return z.int(fix).min(least, fix).max(most, fix)
}
const group = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, 'write its settings indented below it, or leave it out')
const webAddress = (fix: string) =>
  z
    .string(fix)
    .refine(isWebAddress, fix)
    .transform((text) => text.replace(/\/+$/, ''))
const socketAddress = (fix: string) =>
  z
    .string(fix)
    .refine(isSocketAddress, fix)
    .transform((text) => text.replace(/\/+$/, ''))
const hosts = () =>
  z
    .array(
      z
        .string('a host name')
        .regex(/^[\w.-]+(:\d{1,5})?$/, 'a host name with its port if it has one, such as 10.0.0.5:9000'),
      'a list of host names',
    )
    .default([])

/** Nothing said, from which the shape makes the defaults. */
export const nothing = () => ({
  listen: {},
  database: {},
  log: {},
  wechat: { limits: {} },
  wechatPay: {},
  alipay: { poll: {} },
  telegram: {},
  wecom: {},
  officialAccount: {},
  sms: {},
  admin: {},
  keep: {},
  browser: {},
})

/** Every setting with its default. config/default.yaml says the same in words; a test holds the two together. */
export const shape = z.strictObject(
  {
    data: word('give the folder for the database and the keys, such as ./data').default('./data'),
    listen: group({
      host: word('give the address to listen on, such as 127.0.0.1 or 0.0.0.0').default('127.0.0.1'),
      port: count(0, 65_535).default(8080),
    }),
    publicUrl: webAddress(
      'give the address at which platforms reach this service, such as https://redress.example.com',
    ).optional(),
    caseLinkDays: count(1, 365).default(30),
    insideHosts: hosts(),
    database: group({
      url: z
        .string('give an address such as postgres://user:password@host/redress, or leave it out for SQLite')
        .refine(
          isPostgres,
          'an address such as postgres://user:password@host/redress; leave it out for SQLite in the data folder',
        )
        .optional(),
    }),
    log: group({
      level: z.enum(['debug', 'info', 'warn', 'error'], 'one of debug, info, warn, error').default('info'),
    }),
    language: z.enum(['zh-CN', 'en'], 'zh-CN or en').default('zh-CN'),
    masterKey: z
      .string('give 32 bytes as base64')
      .refine(isKey, 'must be 32 bytes as base64 (44 characters); `openssl rand -base64 32` makes one')
      .optional(),
    wechat: group({
      baseUrl: webAddress('give the address of the WeChat API, such as https://api.weixin.qq.com').default(
        'https://api.weixin.qq.com',
      ),
      limits: group({
        contentChars: count(1, 100_000).default(500),
        pictures: count(0, 100).default(4),
        pictureBytes: count(1, 10 * 1024 * 1024).default(2 * 1024 * 1024),
      }),
      pictureHosts: hosts(),
    }),
    wechatPay: group({
      baseUrl: webAddress('give the address of the WeChat Pay API, such as https://api.mch.weixin.qq.com').default(
        'https://api.mch.weixin.qq.com',
      ),
      backupUrl: webAddress(
        'give the address to ask where the first fails, such as https://api2.mch.weixin.qq.com, or leave it out',
      ).optional(),
      pictureHosts: hosts(),
    }),
    alipay: group({
      gatewayUrl: webAddress('give the address of the gateway, such as https://openapi.alipay.com/gateway.do').default(
        'https://openapi.alipay.com/gateway.do',
      ),
      authorizeUrl: webAddress(
        'give the address where merchants authorise, or leave it out for the pages of Alipay',
      ).optional(),
      pictureHosts: hosts(),
      poll: group({
        activeSeconds: count(1, 86_400).default(180),
        idleSeconds: count(1, 86_400).default(900),
      }),
    }),
    bodyLimit: count(1024, 10 * 1024 * 1024).default(64 * 1024),
    admin: group({ requestsPerMinute: count(1, 1_000_000).default(600) }),
    telegram: group({
      apiRoot: webAddress('give the address of the Bot API, such as https://api.telegram.org').default(
        'https://api.telegram.org',
      ),
    }),
    wecom: group({
      url: socketAddress(
        'give the address of the long connection, such as wss://openws.work.weixin.qq.com (ws only on this machine)',
      ).default('wss://openws.work.weixin.qq.com'),
      webhookUrl: webAddress('give the address of the group webhooks, such as https://qyapi.weixin.qq.com').default(
        'https://qyapi.weixin.qq.com',
      ),
    }),
    officialAccount: group({
      baseUrl: webAddress('give the address of the WeChat API, such as https://api.weixin.qq.com').default(
        'https://api.weixin.qq.com',
      ),
      qrUrl: webAddress('give the address where QR codes are shown, such as https://mp.weixin.qq.com').default(
        'https://mp.weixin.qq.com',
      ),
    }),
    sms: group({
      endpoint: webAddress('give the address of Tencent Cloud SMS, such as https://sms.tencentcloudapi.com').default(
        'https://sms.tencentcloudapi.com',
      ),
    }),
    metricsKey: z
      .string('give the key that whoever reads /metrics sends')
      .regex(
        /^[\x21-\x7e]{16,200}$/,
        'at least 16 letters, digits and signs without blanks; `openssl rand -hex 24` makes one',
      )
      .optional(),
    keep: group({
      personDays: count(1, 36_500).default(365),
      pictureDays: count(1, 36_500).default(180),
      auditDays: count(1, 36_500).default(1095),
    }),
    browser: group({ port: count(0, 65_535).default(0) }),
  },
  'settings are `name: value` lines',
)

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash
}

/** A bot's secret goes over it: in the clear only within this machine. */
function isSocketAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password, search, hash } = new URL(text)
  if (username || password || search || hash) return false
  return protocol === 'wss:' || (protocol === 'ws:' && /^(127(\.\d+){3}|localhost|\[::1\])$/.test(hostname))
}

function isPostgres(text: string): boolean {
  return URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol)
}

function isKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(text)
}
