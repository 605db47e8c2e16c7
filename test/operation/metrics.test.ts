import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { mayReadMetrics } from '../../src/admin/metrics-door.ts'
import { createMetrics } from '../../src/core/metrics.ts'
import { instant } from '../../src/core/words.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { world } from '../support/world.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

/** The names of all series that this text declares, as the service itself gives it. */
const declared = (text: string) =>
  new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]))

const text = await createMetrics().text()
const types = declared(text)
const series = new Set(
  [...types].flatMap(([name, type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  ),
)
const labels = new Map([...series].map((name) => [name, new Set<string>()]))

/** What a query asks for: names that look like series, and functions or labels that do not. */
const asked = (query: string) =>
  [...query.replace(/"[^"]*"/g, '').matchAll(/\b(redress|process|nodejs|up)(_[a-z0-9_]+)?\b/g)].map(([name]) => name)
const unknown = (queries: readonly string[]) =>
  queries.flatMap(asked).filter((name) => name !== 'up' && !series.has(name))

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly annotations: { readonly summary: string }
}
const rules = (parse(read('deploy/alerts.yml')) as { groups: readonly { rules: readonly Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
)
const panels = (
  JSON.parse(read('deploy/grafana-dashboard.json')) as {
    panels: readonly { title: string; gridPos: object; targets: readonly { expr: string }[] }[]
  }
).panels

test('alert rules and dashboard ask only for what the service gives', () => {
  const queries = [
    ...rules.map(({ expr }) => expr),
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ]
  expect(queries.length).toBeGreaterThan(30)
  expect(queries.every((query) => asked(query).length > 0)).toBe(true)
  expect(unknown(queries)).toEqual([])
  // The test itself sees a name that is not there.
  expect(unknown(['redress_callbacks'])).toEqual(['redress_callbacks'])
  expect(rules.every(({ annotations }) => annotations.summary.length > 20)).toBe(true)
})

test('what an operator must be woken for has a rule', () => {
  const of = (name: string) => rules.filter(({ expr }) => expr.includes(name)).map(({ alert }) => alert)
  expect(of('redress_callbacks_total{outcome="new"}')).toContain('RedressNothingReceived')
  expect(of('redress_job_oldest_due_seconds')).toEqual(['RedressJobsLate'])
  expect(of('kind="refund",state="unknown"} > 3600')).toEqual(['RedressRefundUnknown'])
  expect(of('redress_moves_overdue')).toEqual(['RedressOverdue'])
  expect(of('redress_breakers_tripped')).toEqual(['RedressBreakerTripped'])
  expect(of('redress_certificate_expires_timestamp_seconds')).toEqual(['RedressCertificateEnds'])
})

test('docs/metrics.md lists them all, and no other; the dashboard or a rule uses each', () => {
  const ours = [...types.keys()].filter((name) => name.startsWith('redress_'))
  const page = [...read('docs/metrics.md').matchAll(/`(redress_[a-z0-9_]+)`/g)].map(([, name = '']) => name)
  expect([...new Set(page)].sort()).toEqual([...ours].sort())
  const used = [
    ...rules.map(({ expr }) => expr),
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ].join()
  expect(ours.filter((name) => !used.includes(name))).toEqual([])
})

test('names keep to the habits of Prometheus: counters end in _total, times are in seconds, nothing is counted in anything else', () => {
  for (const [name, type] of types) {
    if (!name.startsWith('redress_')) continue
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter'])
    expect(name).toMatch(/^redress_[a-z]+(_[a-z]+)*$/)
    expect(name).not.toMatch(/milli|_ms$|minute|hour|day|percent/)
    if (type === 'histogram') expect(name).toMatch(/_seconds$/)
  }
  expect(labels.size).toBeGreaterThan(20)
})

test('a day of a shop: the figures are those of the database, and no label names a business, a person or a case', async () => {
  const w = await world({ pay: ['青禾优选'] })
  await w.complain()
  await w.settle()
  await w.pay.complain({ amount: 1990 })
  const complaint = await findRunning(w.storage.reads, w.tenant.id, 2)
  if (!complaint) throw new Error('no #2')
  const ago = (ms: number) => instant(w.clock.now() - ms)
  await w.storage.bare(async (db) => {
    const of = { tenant: w.tenant.id, complaint: complaint.id }
    await db
      .insertInto('action')
      .values({
        id: 'act_1',
        ...of,
        kind: 'refund',
        body: '{}',
        key: 'k',
        by: '{}',
        state: 'unknown',
        reference: null,
        message: null,
        version: 1,
        requested_at: ago(7_200_000),
        sent_at: null,
        called_at: null,
        settled_at: null,
      })
      .execute()
    // Of a queue that nobody works on, so that it waits.
    await db
      .insertInto('job')
      .values({
        queue: 'nobody',
        key: 'x',
        run_at: ago(90_000),
        wanted: 1,
        attempts: 2,
        locked_until: null,
        last_error: 'x',
      })
      .execute()
    await db
      .insertInto('deadline')
      .values({
        ...of,
        move: 'late',
        due: ago(1),
        known_at: ago(2),
        said_stage: null,
        said_at: null,
        snoozed_until: null,
        looked_at: ago(1),
        next_at: null,
        ended_at: null,
      })
      .execute()
    await db
      .insertInto('breaker')
      .values({ tenant: w.tenant.id, most: null, tripped_at: ago(1), count: 1, limit_then: 1, reset_at: null })
      .execute()
  })
  const now = await fetch(`${w.url}/metrics`).then((answer) => answer.text())
  const value = (line: string) =>
    Number(
      now
        .split('\n')
        .find((one) => one.startsWith(`${line} `))
        ?.split(' ')[1],
    )
  expect(value('redress_database_up')).toBe(1)
  expect(now).toMatch(/^redress_callbacks_total\{.*outcome="new"\} [1-9]/m)
  expect(value('redress_actions_unsettled{kind="refund",state="unknown"}')).toBe(1)
  expect(value('redress_action_oldest_unsettled_seconds{kind="refund",state="unknown"}')).toBe(7_200)
  expect(value('redress_jobs_waiting{queue="nobody"}')).toBe(1)
  expect(value('redress_jobs_failing{queue="nobody"}')).toBe(1)
  expect(value('redress_job_oldest_due_seconds{queue="nobody"}')).toBe(90)
  expect(value('redress_moves_overdue')).toBe(1)
  expect(value('redress_moves_owed')).toBeGreaterThanOrEqual(3)
  expect(value('redress_breakers_tripped')).toBe(1)
  expect(value('redress_dead_letters')).toBe(0)
  expect([value('redress_bots_enabled'), value('redress_bots_running')]).toEqual([1, 1])
  expect(value('redress_certificate_expires_timestamp_seconds{platform="wechat-pay"}')).toBeGreaterThan(
    w.clock.now() / 1000,
  )
  expect(now).toMatch(/redress_http_request_duration_seconds_count\{route="hooks",status="2xx"\} \d/)
  const named = new Set([...now.matchAll(/(\w+)="[^"]*"/g)].map(([, label]) => label))
  const usual =
    /^(platform|outcome|kind|state|channel|queue|host|route|status|le|version|major|minor|patch|type|space)$/
  expect([...named].filter((label) => !usual.test(label ?? ''))).toEqual([])
  for (const secret of [w.tenant.id, w.tenant.handle, w.account, complaint.id, complaint.number, w.program.appid])
    expect(now).not.toContain(secret)
})

test('what comes through a proxy reads no metrics without the key; with a key, nobody without it', () => {
  const may = (headers: Record<string, string>, key?: string) => mayReadMetrics({ headers }, key)
  expect(may({})).toBe(true)
  for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) expect(may({ [name]: 'x' })).toBe(false)
  const key = 'a-key-of-some-length'
  expect(may({}, key)).toBe(false)
  expect(may({ authorization: `Bearer ${key}` }, key)).toBe(true)
  expect(may({ authorization: `Bearer ${key}`, 'x-forwarded-for': '1.2.3.4' }, key)).toBe(true)
  expect(may({ authorization: `Bearer ${key}x` }, key)).toBe(false)
  expect(may({ authorization: 'Basic eDp5' }, key)).toBe(false)
})

test('/readyz says why not, and names no business', async () => {
  const w = await world()
  const ask = async () => {
    const answer = await fetch(`${w.url}/readyz`)
    return {
      status: answer.status,
      said: (await answer.json()) as { ready: boolean; checks: readonly { name: string; ok: boolean; why?: string }[] },
    }
  }
  const well = await ask()
  expect(well).toMatchObject({ status: 200, said: { ready: true } })
  expect(well.said.checks.map(({ name }) => name)).toEqual(['database', 'schema', 'engine', 'bots'])
  await w.storage.bare((db) =>
    db
      .insertInto('bot')
      .values({
        id: 'bot_away',
        tenant: w.tenant.id,
        kind: 'nowhere',
        name: 'secret name',
        enabled: 1,
        settings: '{}',
        secrets: w.storage.reads.sealer.seal(
          { tenant: w.tenant.id, table: 'bot', row: 'bot_away', column: 'secrets' },
          '{}',
        ),
        created_at: '',
      })
      .execute(),
  )
  const away = await ask()
  expect(away.status).toBe(503)
  expect(away.said.checks.filter(({ ok }) => !ok)).toEqual([
    { name: 'bots', ok: false, why: '1 of 2 are not connected' },
  ])
  expect(JSON.stringify(away)).not.toContain('secret name')
  await w.storage.bare((db) => db.schema.alterTable('job').renameTo('job_away').execute())
  await w.engine.settle().catch(() => {})
  expect((await ask()).said.checks.find(({ name }) => name === 'engine')).toMatchObject({ ok: false })
  await w.storage.bare((db) =>
    db.schema
      .alterTable('job_away' as 'job')
      .renameTo('job')
      .execute(),
  )
  expect(await fetch(`${w.url}/healthz`).then((answer) => answer.status)).toBe(200)
})
