import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Told, Wish } from '../support/api-caller.ts'
import { type Described, paramsOf } from '../support/api-document.ts'
import { exampleOf, faultsIn, unbounded } from '../support/api-faults.ts'
import type { Schema } from '../support/api-schema.ts'
import { type Lab, lab } from '../support/api-world.ts'

/** What may be as large as the whole body, and why. */
const free: Readonly<Record<string, string>> = {
  'settings.*': 'what an account, a bot or a channel is set to is judged by its platform, each name by itself',
  'file.accounts.0.settings.*': 'the same, in a file: kept, and judged when it is switched on',
  'file.bots.0.settings.*': 'the same',
  'file.channels.0.settings.*': 'the same',
}

/** One request that cannot be right, and the field that its refusal must name. */
interface Case {
  readonly wish: Wish
  readonly how: string
  readonly field: string
  /** Or this. */
  readonly orOf?: string | undefined
  /** One of these. */
  readonly status: readonly number[]
}

test('every field of every body, every parameter: what is wrong is refused by its name, and changes nothing', async () => {
  const world = await lab()
  await world.w.complain()
  const there = await world.ask('listComplaints', { params: { tenant: 'shop' } })
  const running = String(there.json.items[0].running)
  const wrong: string[] = []
  const counts: number[] = []
  let asked = Number.POSITIVE_INFINITY
  let before = new Map<string, string>()
  for (const operation of world.document.operations) {
    const cases = [...inBody(operation), ...inQuery(operation), ...inPath(operation), ...inHeaders(operation)]
    const here = operation.path.includes('{running}') ? { ...world.other, tenant: 'shop', running } : world.other
    const known = Object.fromEntries(paramsOf(operation).map((name) => [name, here[name] ?? '1']))
    asked += cases.length
    if (asked > 1_000) {
      await world.minute()
      before = await dump(world)
      asked = cases.length
    }
    for (const each of cases) {
      const headers = operation.method === 'patch' ? { 'if-match': '*' } : {}
      const wish = { headers, ...each.wish, params: { ...known, ...each.wish.params } }
      const told = await world.caller.send(operation, wish, each.how)
      if (!isNamed(told, each))
        wrong.push(`${operation.id} ${each.field} (${each.how}): ${told.status} ${told.text.slice(0, 300)}`)
    }
    const after = await dump(world)
    for (const [table, content] of after)
      if (before.get(table) !== content) wrong.push(`${operation.id} has changed ${table}`)
    counts.push(cases.length)
  }
  const total = counts.reduce((sum, count) => sum + count, 0)
  console.log(`bad input: ${total} cases of ${counts.length} operations`)
  expect(wrong.slice(0, 30)).toEqual([])
  expect(world.caller.faults).toEqual([])
  expect([counts.length, Math.min(...counts) > 0, total > 4_000]).toEqual([
    world.document.operations.length,
    true,
    true,
  ])
}, 400_000)

test('every field says how long, how large or how many it may be', async () => {
  const { document } = await lab()
  const open = document.operations.flatMap(({ id, body, parameters }) => [
    ...(body ? unbounded(body, '') : []).map((field) => ({ id, field })),
    ...parameters
      .filter(({ in: where }) => where !== 'header')
      .flatMap(({ name, schema }) => unbounded(schema, name).map((field) => ({ id, field }))),
  ])
  expect(open.filter(({ field }) => free[field] === undefined)).toEqual([])
  // What is let off is there.
  expect([...new Set(open.map(({ field }) => field))].sort()).toEqual(Object.keys(free).sort())
})

const inBody = ({ body }: Described): readonly Case[] =>
  (body ? faultsIn(body) : faultsIn({ type: 'object', properties: {}, additionalProperties: false })).map((fault) => ({
    wish: { body: fault.body },
    how: fault.how,
    field: fault.field,
    orOf: fault.orOf,
    // What is no object or list is no JSON to the reader of bodies.
    status: fault.field === 'body' && (typeof fault.body !== 'object' || fault.body === null) ? [400] : [422],
  }))

function inQuery({ parameters }: Described): readonly Case[] {
  const known = parameters.filter(({ in: where }) => where === 'query')
  const of = (name: string, value: string, how: string): Case => ({
    ...{ wish: { query: `${name}=${value}` }, how, field: name, status: [422] },
  })
  return [
    of('zzz', '1', 'unknown'),
    ...known.flatMap(({ name, schema }) => [
      ...outside(schema).map((value) => of(name, value, `beyond its bounds (${value.slice(0, 12)})`)),
      { wish: { query: `${name}=1&${name}=2` }, how: 'twice', field: name, status: [422] },
    ]),
  ]
}

function outside({ type, minimum = 0, maximum = 0, maxLength }: Schema): readonly string[] {
  if (type === 'integer') return ['x', '', '1.5', 'null', `${minimum - 1}`, `${maximum + 1}`, '9'.repeat(400)]
  return maxLength === undefined ? ['x', ''] : ['x'.repeat(maxLength + 1), '', 'forged']
}

/** Whatever it is called so is not there; what is no text is said to be none. */
const inPath = (operation: Described): readonly Case[] =>
  paramsOf(operation).flatMap((name) => [
    {
      wish: { params: { [name]: 'x'.repeat(257) }, body: exampleOf(operation.body ?? {}) ?? {} },
      // Whatever else there is to say of a body is said first.
      ...{ how: 'too long', field: '', status: operation.body ? [404, 422] : [404] },
    },
    { wish: { params: { [name]: 'a\0' } }, how: 'no text', field: name, status: [422] },
  ])

function inHeaders({ method }: Described): readonly Case[] {
  if (method === 'patch') return [{ wish: { headers: {} }, how: 'without If-Match', field: '', status: [428] }]
  if (method !== 'post') return []
  const field = 'Idempotency-Key'
  return ['x'.repeat(256), 'a b', ''].map((name) => ({
    ...{ wish: { headers: { 'idempotency-key': name } }, how: `named ${name.slice(0, 9)}`, field, status: [422] },
  }))
}

function isNamed({ status, json }: Told, wanted: Case): boolean {
  const problems: readonly { readonly field: string }[] = json?.problems ?? []
  if (!wanted.status.includes(status)) return false
  return (
    wanted.field === '' ||
    status === 400 ||
    problems.some(({ field }) => field === wanted.field || field === wanted.orOf)
  )
}

/** All that is kept, table by table. When a key was used last is no change of anything. */
async function dump({ w }: Lab): Promise<Map<string, string>> {
  const { db } = w.storage.reads
  const tables = await db.introspection.getTables()
  const contents = await Promise.all(
    tables.map(async ({ name }) => {
      const rows: Record<string, unknown>[] = await db
        .selectFrom(name as 'tenant')
        .selectAll()
        .execute()
      const plain = rows.map((row) => JSON.stringify({ ...row, last_used_at: '' })).sort()
      return [name, createHash('sha256').update(plain.join('\n')).digest('hex')] as const
    }),
  )
  return new Map(contents)
}
