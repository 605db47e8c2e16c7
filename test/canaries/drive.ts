import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publicUrl } from '../support/public-url.ts'
import { createAviary } from './aviary.ts'
import { createCapture } from './capture.ts'
import * as flood from './flood.ts'
import { playOutside } from './outside.ts'
import { until } from './people.ts'
import { buildCommand, createRunner } from './service.ts'
import { at, group, recorded, setUp } from './set-up.ts'
import { authorise, complain, handle, keepTokens, misbehave, type Story } from './story.ts'
import { command, lookAtAll } from './sweep.ts'

/**
 * One installation from its start to its crash, with everything outside played around it, and all that came out of it.
 * @param planted words that go through streams that nobody redacts
 */
export async function drive(planted: string) {
  const [capture, aviary] = [createCapture(), createAviary()]
  const folder = mkdtempSync(join(tmpdir(), 'redress-canaries-'))
  const built = buildCommand()
  const runner = createRunner({ file: built.file, folder, capture })
  const env: Record<string, string> = {
    REDRESS_DATA: join(folder, 'data'),
    REDRESS_LISTEN_PORT: '0',
    REDRESS_LOG_LEVEL: 'debug',
    REDRESS_PUBLIC_URL: publicUrl,
    REDRESS_INSIDE_HOSTS: '127.0.0.1',
    REDRESS_ADMIN_REQUESTS_PER_MINUTE: '1000000',
    REDRESS_METRICS_KEY: aviary.word('metricsKey', 40),
    REDRESS_ALIPAY_POLL_ACTIVE_SECONDS: '2',
    REDRESS_ALIPAY_POLL_IDLE_SECONDS: '2',
  }
  const place = { url: '' }
  const outside = await playOutside(aviary, capture, { where: () => place.url, env })
  const run = { capture, aviary, folder, runner, env, outside, place, planted }
  try {
    const told = await firstLife(run)
    await secondLife(run)
    await neverBegun(run)
    outside.hear()
    for (const name of readdirSync(join(folder, 'data'), { recursive: true, encoding: 'utf8' }))
      if (/\.db(-wal)?$/.test(name))
        capture.add(/^redress\.db/.test(name) ? 'database' : 'backup', readFileSync(join(folder, 'data', name)))
    return { capture, canaries: aviary.all(), ...told }
  } finally {
    runner.end()
    await outside.close()
    rmSync(folder, { recursive: true, force: true })
    built.remove()
  }
}

interface Run {
  readonly capture: ReturnType<typeof createCapture>
  readonly aviary: ReturnType<typeof createAviary>
  readonly folder: string
  readonly runner: ReturnType<typeof createRunner>
  readonly env: Readonly<Record<string, string>>
  readonly outside: Awaited<ReturnType<typeof playOutside>>
  /** Where the present life listens. */
  readonly place: { url: string }
  readonly planted: string
}

async function begin({ runner, env, place }: Run, kinds: { readonly out: string; readonly err: string }) {
  const service = runner.run(env, ['start'], kinds)
  await until('the service stands', () => /serving at: \S+/.test(service.said.out), 40_000)
  place.url = /serving at: (\S+)/.exec(service.said.out)?.[1] ?? ''
  return service
}

const fieldSecrets = ({ aviary }: Run) => aviary.all().filter(({ name }) => /^(account|bot|channel)\./.test(name))

async function firstLife(run: Run) {
  const { capture, aviary, folder, outside, place, planted } = run
  const service = await begin(run, { out: 'stdout', err: 'log' })
  const { url } = place
  const key = aviary.keep('admin key', readFileSync(join(folder, 'data/admin.key'), 'utf8').trim())
  aviary.keep('masterKey', readFileSync(join(folder, 'data/master.key'), 'utf8').trim().replace(/=$/, ''))
  const [api, once] = [recorded(url, key, capture, 'API'), recorded(url, key, capture, 'told once')]
  const set = await setUp({ api, once, url, outside, aviary })
  await api('POST', `${at}/templates`, { name: '找得到', text: planted })
  const story: Story = { api, once, url, outside, aviary, capture, set, planted }
  await authorise(story)
  await complain(story)
  await handle(story)
  await misbehave(story)
  keepTokens(story)
  const secrets = fieldSecrets(run)
  const addresses = [
    ...[set.mini, set.pay, set.alipay].map(({ id }) => `/hooks/${id}`),
    ...[`/hooks/official/${set.channels.official.id}`, `/bots/${set.page.hook}`, `/oauth/alipay/${set.alipay.id}`],
    '/case/nothing',
  ]
  const asked = await flood.ask({ url, key, capture, secrets })
  const calledBack = await flood.callBack({ url, capture, secrets, addresses })
  const kinds: Readonly<Record<string, string>> = {
    ...{
      listBots: 'told once',
      getBot: 'told once',
      exportTenant: 'export',
      getDoctor: 'doctor',
      examineTenant: 'doctor',
    },
  }
  await lookAtAll(api, (id) => recorded(url, key, capture, kinds[id] ?? 'API'))
  await command(url, key, capture, { secret: outside.secrets.mini.secret, token: outside.secrets.tokens.polling })
  capture.add('browser group', await set.page.raw('chen', group))
  await look(run, key)
  await change({ ...story, key })
  await api('POST', '/backups', {})
  service.order({ do: 'say', words: planted })
  await until('it was said', () => service.said.err.includes(planted))
  service.stop()
  await service.ended
  return {
    asked,
    calledBack,
    levels: [...service.said.err.matchAll(/^\{"level":(\d+)/gm)].map(([, level]) => Number(level)),
  }
}

async function look({ capture, place: { url }, env }: Run, key: string): Promise<void> {
  for (const [path, kind] of [
    ['/metrics', 'metrics'],
    ['/readyz', 'ready'],
    ['/healthz', 'ready'],
    ['/admin/docs', 'documents'],
    ['/admin/v1/openapi.json', 'documents'],
  ] as const) {
    const authorization = `Bearer ${kind === 'metrics' ? env.REDRESS_METRICS_KEY : key}`
    const answer = await fetch(url + path, { headers: { authorization } })
    capture.add(kind, `${JSON.stringify([...answer.headers])} ${await answer.text()}`)
  }
}

/** New secrets for old ones, and what those see who may only read. */
async function change({
  api,
  once,
  set,
  aviary,
  url,
  capture,
  outside,
}: Story & { readonly key: string }): Promise<void> {
  const secret = aviary.word('account.wechat-mini.secret, the next', 32)
  await api('PATCH', `${at}/accounts/${set.mini.id}`, { secrets: { secret } })
  await api('PATCH', `${at}/channels/${set.channels.email.id}`, {
    secrets: { password: aviary.word('channel.email.password, the next', 24) },
  })
  await api('POST', `${at}/erase`, { phone: aviary.digits('erasePerson phone', 11, '138') })
  // It would wait at every start for an answer that never comes.
  await api('PATCH', `${at}/bots/${set.page.proxied}`, { enabled: false })
  await once('PATCH', `${at}/bots/${set.page.browser}`, { name: '网页' })
  await once('GET', `${at}/bots`)
  await api('GET', '/audit?limit=200')
  const reader = aviary.all().find(({ name }) => name === 'API key')?.text ?? ''
  for (const path of ['bots', 'accounts', 'channels', 'audit'])
    await recorded(url, reader, capture, 'API')('GET', `${at}/${path}`)
  outside.hear()
}

/** It falls over a mistake that holds all that there is to hold. */
async function secondLife(run: Run): Promise<void> {
  const { planted } = run
  const doomed = await begin(run, { out: 'stdout', err: 'crash' })
  doomed.order({ do: 'say', words: planted })
  await until('it was said', () => doomed.said.err.includes(planted))
  doomed.order({
    do: 'crash',
    holding: Object.fromEntries(fieldSecrets(run).map(({ text }, nth) => [`field${nth}`, text])),
  })
  const { exit } = await doomed.ended
  if (exit !== 1) throw new Error(`it did not crash: ${exit}`)
}

/** Settings that are wrong, and a database that is not there: nothing begins, and what is said names no key. */
async function neverBegun({ runner, env, aviary, planted, capture }: Run): Promise<void> {
  const password = aviary.word('password of the database', 24)
  const wrong = {
    ...env,
    REDRESS_MASTER_KEY: aviary.word('a broken master key', 30),
    REDRESS_METRICS_KEY: aviary.word('a metrics key that is too short', 12),
    REDRESS_DATABASE_URL: `mysql://u:${password}@127.0.0.1:1/redress`,
    REDRESS_TELEGRAM_API_ROOT: `https://u:${password}@telegram.example`,
  }
  const away = { ...env, REDRESS_DATABASE_URL: `postgres://u:${password}@127.0.0.1:1/redress` }
  const kinds = { out: 'start that fails', err: 'start that fails' }
  const ended = await Promise.all([wrong, away].map((each) => runner.run(each, ['start'], kinds).ended))
  if (ended.some(({ exit }) => exit === 0)) throw new Error('it began')
  capture.add('start that fails', planted)
}
