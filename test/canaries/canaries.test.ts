import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { secretsSchema as telegramSecrets } from '../../bots/telegram/settings.ts'
import { secretsSchema as wecomSecrets } from '../../bots/wecom/settings.ts'
import { secretsSchema as webhookSecrets } from '../../bots/wecom-webhook/settings.ts'
import { operations } from '../../src/admin/operations.ts'
import { secrets as emailSecrets } from '../../src/notify/email/settings.ts'
import { secrets as officialSecrets } from '../../src/notify/official-account/settings.ts'
import { secrets as smsSecrets } from '../../src/notify/sms/settings.ts'
import { needs as alipay } from '../../src/platforms/alipay/needs.ts'
import { needs as mini } from '../../src/platforms/wechat-mini/needs.ts'
import { needs as pay } from '../../src/platforms/wechat-pay/needs.ts'
import { type Find, findIn } from './capture.ts'
import { drive } from './drive.ts'
import { formsOf } from './forms.ts'

// Decisions, check 7: a secret that was written on purpose is found in every way of writing; none that was not written on purpose is found at all.

/** The second must be escaped wherever something is escaped. */
const planted = { name: 'planted', text: 'plantedCanaryjKmnOzLkMj' }
const plantedSigned = { name: 'planted, with signs', text: 'planted"Canary/oMkzJjnL' }
const plantedWords = [
  planted.text,
  Buffer.from(planted.text).toString('base64'),
  Buffer.from(planted.text).toString('hex'),
  encodeURIComponent(plantedSigned.text),
  JSON.stringify(plantedSigned.text).slice(1, -1),
].join(' ')
const ways = ['plain', 'base64+0', 'hex', 'url', 'json']

let run: Awaited<ReturnType<typeof drive>>
let finds: readonly Find[]

beforeAll(async () => {
  run = await drive(plantedWords)
  finds = findIn(run.capture, run.capture.kinds(), run.canaries)
}, 240_000)

/** What came out, by the way it came, and how many bytes that are at least. */
const kinds: Readonly<Record<string, number>> = {
  log: 1_000_000,
  stdout: 200,
  crash: 500,
  'start that fails': 300,
  API: 100_000,
  refusals: 20_000,
  'answers to callbacks': 2_000,
  'told once': 1_000,
  export: 1_000,
  doctor: 5_000,
  documents: 100_000,
  metrics: 10_000,
  ready: 100,
  'command line': 20_000,
  'browser group': 10_000,
  Telegram: 2_000,
  WeCom: 1_000,
  'WeCom webhook': 1_000,
  'alone with the bot': 500,
  'case page': 10_000,
  'own page': 10_000,
  letters: 10_000,
  SMS: 50,
  'official account': 100,
  database: 500_000,
  backup: 500_000,
  'asked of wechat-mini': 1_000,
  'asked of wechat-pay': 1_000,
  'asked of alipay': 1_000,
  'asked of telegram': 1_000,
  'asked of wecom-webhook': 1_000,
  'asked of sms': 1_000,
  'asked of official-account': 1_000,
}

test('every kind of what a service lets out was captured, and at least 10,000 debug lines', () => {
  const { capture, levels, asked, calledBack } = run
  const sizes = capture.kinds().map((kind) => [kind, capture.read(kind).length] as const)
  const debug = levels.filter((level) => level === 20).length
  console.log(
    `canaries: ${debug} debug lines of ${levels.length}, ${asked} wrong requests, ${calledBack} wrong callbacks`,
  )
  console.log(sizes.map(([kind, size]) => `${kind} ${size} bytes`).join(', '))
  expect(capture.kinds()).toEqual(Object.keys(kinds).sort())
  expect(sizes.filter(([kind, size]) => size < (kinds[kind] ?? 0))).toEqual([])
  expect(debug).toBeGreaterThanOrEqual(10_000)
  // Each door said no in many ways, and was not only asked.
  expect(asked).toBeGreaterThan(1_500)
  expect(calledBack).toBeGreaterThan(5_000)
})

/** Where the words flow by themselves; a page of HTML escapes in its own way. */
const flowing: readonly (readonly [kind: string, ways: readonly string[]])[] = [
  ...['log', 'stdout', 'crash', 'API', 'export', 'command line', 'browser group'].map((kind) => [kind, ways] as const),
  ...['Telegram', 'WeCom', 'database', 'backup', 'asked of telegram'].map((kind) => [kind, ways] as const),
  ...['case page', 'own page', 'letters', 'WeCom webhook'].map((kind) => [kind, ways.slice(0, 4)] as const),
]

test('what was written on purpose is found, in every way of writing, wherever it went', () => {
  const { capture } = run
  const found = (kind: string) => [
    ...findIn(capture, [kind], [planted]).map(({ form }) => form),
    ...findIn(capture, [kind], [plantedSigned]).map(({ form }) => form),
  ]
  for (const [kind, expected] of flowing)
    expect([kind, found(kind)]).toEqual([kind, expect.arrayContaining([...expected])])
  // Where nothing of it can flow, it is put there: the same capture, the same search.
  for (const kind of Object.keys(kinds)) {
    capture.add(kind, plantedWords)
    expect([kind, found(kind)]).toEqual([kind, expect.arrayContaining(ways)])
  }
})

/** Who may hear what. Everything else that is found is a leak. */
const may: readonly (readonly [kind: RegExp, canary: RegExp])[] = [
  // Shown to whoever made it, this once; the page's address to whoever may write.
  [/^told once$/, /^(API key|bind code|auth state|browser\.key)/],
  // People say their codes to the bot.
  [/^(browser group|Telegram|WeCom|alone with the bot)$/, /^bind code$/],
  // A refunder alone with the bot: /reveal and /link.
  [/^alone with the bot$/, /^(phone of|openid of|nickname|own link)/],
  [/^own page$/, /^(session of an own link|phone in a customer’s words)$/],
  // A room's link hangs in the room, on its page, and in what is sent there.
  [/^(browser group|Telegram|WeCom|WeCom webhook|case page|asked of (telegram|wecom-webhook))$/, /^room link$/],
  // Words of customers are searched: they are not sealed.
  [/^(database|backup)$/, /^phone in a customer’s words$/],
  // To each of them what is theirs.
  [/^asked of wechat-mini$/, /^(account\.wechat-mini\.secret|access token of wechat-mini)/],
  [/^asked of alipay$/, /^(auth code|app auth token|refresh token)$/],
  [/^asked of telegram$/, /^bot\.telegram\.(token|webhookSecret)/],
  [/^asked of wecom-webhook$/, /^bot\.wecom-webhook\.key$/],
  [/^asked of sms$/, /^(channel\.sms\.secretId|recipient of SMS)$/],
  [
    /^asked of official-account$/,
    /^(channel\.official-account\.secret|access token of official-account|recipient of the official account)/,
  ],
  [/^letters$/, /^recipient of mail$/],
]

test('nothing else is found anywhere', () => {
  const leaks = finds.filter(({ kind, canary }) => !may.some(([where, what]) => where.test(kind) && what.test(canary)))
  expect(leaks.map(({ kind, canary, form, around }) => `${kind}: ${canary} (${form}) in …${around}`)).toEqual([])
})

test('it was there to be found: who may hear it has heard it', () => {
  const heard = new Set(finds.map(({ kind, canary }) => `${kind}: ${canary}`))
  const missing = [
    ...['phone of mini program', 'openid of mini program', 'nickname', 'phone of WeChat Pay', 'openid of WeChat Pay'],
    ...['phone of Alipay trade', 'own link'],
  ].map((canary) => `alone with the bot: ${canary}`)
  missing.push(
    ...['API key', 'API key of a business', 'bind code', 'auth state', 'browser.key'].map((one) => `told once: ${one}`),
    ...['session of an own link', 'phone in a customer’s words'].map((one) => `own page: ${one}`),
    ...['browser group: room link', 'case page: room link', 'database: phone in a customer’s words'],
    ...['account.wechat-mini.secret', 'access token of wechat-mini'].map((one) => `asked of wechat-mini: ${one}`),
    ...['auth code', 'app auth token'].map((one) => `asked of alipay: ${one}`),
    ...['bot.telegram.token', 'bot.telegram.webhookSecret'].map((one) => `asked of telegram: ${one}`),
    ...['asked of wecom-webhook: bot.wecom-webhook.key', 'asked of sms: channel.sms.secretId'],
    ...['channel.official-account.secret', 'access token of official-account'].map(
      (one) => `asked of official-account: ${one}`,
    ),
  )
  expect(missing.filter((one) => !heard.has(one))).toEqual([])
})

test('every secret field that there is has a canary', () => {
  const named = (kind: string, names: object) => Object.keys(names).map((name) => `${kind}.${name}`)
  const fields = [
    ...named('account.wechat-mini', mini.secrets),
    ...named('account.wechat-pay', pay.secrets),
    ...named('account.alipay', alipay.secrets),
    ...named('bot.telegram', telegramSecrets.shape),
    ...named('bot.wecom', wecomSecrets.shape),
    ...named('bot.wecom-webhook', webhookSecrets.shape),
    ...named('channel.email', emailSecrets.shape),
    ...named('channel.official-account', officialSecrets.shape),
    ...named('channel.sms', smsSecrets.shape),
  ]
  // The Bot ID is a name: whoever lists members reads it.
  const names = new Set(['bot.wecom.botId', ...run.canaries.map(({ name }) => name)])
  expect(fields.filter((field) => !names.has(field))).toEqual([])
  expect(fields.length).toBeGreaterThan(20)
  // A chat, a platform or a way to people that is new here is named above.
  const folders = (path: string, without: RegExp) =>
    readdirSync(new URL(`../../${path}`, import.meta.url), { withFileTypes: true })
      .filter((one) => one.isDirectory() && !without.test(one.name))
      .map(({ name }) => name)
  expect(
    [...folders('bots', /^browser$/), ...folders('src/platforms', /^$/), ...folders('src/notify', /^$/)].sort(),
  ).toEqual([...new Set(fields.map((field) => field.split('.')[1]))].sort())
  // So is every other field of the API that goes in and never comes out.
  expect(
    [...new Set(operations.flatMap(({ id, body }) => writeOnlyIn(body).map((field) => `${id} ${field}`)))].sort(),
  ).toEqual([
    'changeAccount secrets',
    'changeBot secrets',
    'changeChannel secrets',
    'changeChannelRecipient address',
    'createAccount secrets',
    'createBot secrets',
    'createChannel secrets',
    'createChannelRecipient address',
    // Words and pictures for the customer, and what was exported without secrets: long, and kept elsewhere.
    'createComplaintAction reason',
    'createComplaintAction text',
    'createPicture base64',
    'erasePerson phone',
    'importTenant file',
  ])
  // And every key among the settings.
  const keys = /const keysByEnvironment[^{]*(\{[^}]*\})/.exec(
    readFileSync(new URL('../../config/config.ts', import.meta.url), 'utf8'),
  )
  expect([...(keys?.[1] ?? '').matchAll(/^\s*(\w+):/gm)].map(([, name]) => name)).toEqual(['masterKey', 'metricsKey'])
  for (const name of ['masterKey', 'metricsKey', 'recipient of mail', 'recipient of SMS', 'erasePerson phone'])
    expect(names).toContain(name)
})

function writeOnlyIn(body: z.ZodType): readonly string[] {
  const found: string[] = []
  const walk = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return
    if ('writeOnly' in schema && schema.writeOnly === true) found.push(path)
    for (const [name, below] of Object.entries(schema))
      walk(below, name === 'properties' || path === '' ? name : path === 'properties' ? name : path)
  }
  walk(z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }), '')
  return found
}

test('a secret is known in all its forms, wherever in a longer text it stands', () => {
  const secret = '"s/p€c+r%t&<9'
  const found = (text: string) => formsOf(secret).some(({ bytes }) => Buffer.from(text).includes(bytes))
  for (const before of ['', 'a', 'ab', 'abc'])
    for (const name of ['base64', 'base64url', 'hex'] as const)
      expect([before, name, found(Buffer.from(`${before}${secret}xyz`).toString(name))]).toEqual([before, name, true])
  expect(found(`a=${encodeURIComponent(secret)}`)).toBe(true)
  expect(found(new URLSearchParams({ a: secret }).toString())).toBe(true)
  expect(found(JSON.stringify({ a: JSON.stringify({ b: secret }) }))).toBe(true)
  expect(found(secret.slice(1))).toBe(false)
})

test('calls by libraries of their own are counted too, and each by one of a few words', () => {
  const metrics = run.capture.read('metrics').toString()
  const hosts = new Map<string, Set<string>>()
  for (const [, host = '', outcome = ''] of metrics.matchAll(
    /redress_outside_request_duration_seconds_count\{host="([^"]*)",outcome="([^"]*)"\}/g,
  ))
    hosts.set(host, (hosts.get(host) ?? new Set()).add(outcome))
  for (const host of ['telegram', 'wecom', 'smtp', 'sms'])
    expect([host, [...(hosts.get(host) ?? [])]]).toEqual([host, expect.arrayContaining(['2xx'])])
  expect([...(hosts.get('telegram') ?? [])]).toEqual(expect.arrayContaining(['4xx', '5xx', 'unreachable']))
  expect(hosts.get('telegram-updates')).toContain('2xx')
  expect(hosts.get('wecom')).toContain('4xx')
  expect(hosts.get('smtp')).toContain('5xx')
  expect(hosts.get('sms')).toContain('4xx')
  expect(
    [...hosts.keys()].filter(
      (host) => !/^(127\.0\.0\.1:\d+|redress\.example|elsewhere|telegram|telegram-updates|wecom|smtp|sms)$/.test(host),
    ),
  ).toEqual([])
  expect(metrics).toMatch(/redress_http_request_duration_seconds_count\{route="admin",status="2xx"\}/)
})
