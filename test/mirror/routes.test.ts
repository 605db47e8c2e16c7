import { expect, test } from 'vitest'
import { openApi } from '../../src/admin/openapi.ts'
import { operations } from '../../src/admin/operations.ts'
import { type ApiAnswer, apiAt } from '../support/admin-api.ts'
import { type Asked, type Case, cases, neverOf, ofInstallation, plainFields, ready, takenBy } from './cases.ts'
import { differing, dumpOf, hasTenant, tablesOf } from './rows.ts'
import { type Ids, idNames, type Side } from './side.ts'
import { type Mirror, mirror, waitedFor } from './world.ts'

type Operation = (typeof operations)[number]
type Ask = (operation: Operation, at: string, asked: Asked) => Promise<ApiAnswer>

const below = operations.filter(({ ofTenant }) => ofTenant)

const casesOf = (id: string): readonly Case[] => cases[id] ?? []

/** Writes come behind reads, and what removes behind what changes. */
const order = ['get', 'post', 'patch', 'delete']
const inOrder = [...below].sort((a, b) => order.indexOf(a.method) - order.indexOf(b.method))

function pathOf({ path }: Operation, tenant: string, { params = {}, query = {} }: Asked): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => {
    const value = name === 'tenant' ? tenant : params[name]
    if (value === undefined) throw new Error(`${path} is asked without its ${name}`)
    return encodeURIComponent(value)
  })
  const search = new URLSearchParams(query).toString()
  return search ? `${filled}?${search}` : filled
}

const asking =
  (w: Mirror, key: string): Ask =>
  (operation, tenant, asked) => {
    const path = pathOf(operation, tenant, asked)
    const answer = apiAt(w.url, key)(operation.method.toUpperCase(), path, asked.body, asked.headers ?? {})
    // What the platform does not have is asked for once more after a while.
    return operation.id === 'importComplaint' ? waitedFor(w, answer) : answer
  }

/** What is the same whatever id was named. */
const said = ({ status, json }: ApiAnswer, named: readonly string[]): string => {
  let words = JSON.stringify(json) ?? ''
  for (const name of named) words = words.replaceAll(JSON.stringify(name).slice(1, -1), '…')
  // What the outside calls a request is another word each time.
  return `${status} ${words.replace(/rid: [\w-]+/g, 'rid')}`
}

interface Place {
  readonly operation: Operation
  readonly one: Case
  readonly name: keyof Ids
}

/** Every place of every operation that takes an id. */
const places: readonly Place[] = inOrder.flatMap((operation) =>
  casesOf(operation.id).flatMap((one) => takenBy(one).map((name) => ({ operation, one, name }))),
)

const leavesOf = (value: unknown, path = ''): readonly (readonly [string, unknown])[] => {
  if (Array.isArray(value)) return value.flatMap((each) => leavesOf(each, path))
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([name, each]) => leavesOf(each, path ? `${path}.${name}` : name))
}

interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: unknown
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
}

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly parameters: readonly { readonly in: string; readonly name: string }[]
            readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } }
          }
        >
      >
    >
  >
}

/** The fields of a schema that are a text of the sender's choice. */
function textsOf(schema: Schema, path = ''): readonly string[] {
  const inner = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.items ? [schema.items] : [])]
  const within = inner.flatMap((one) => textsOf(one, path))
  const named = Object.entries(schema.properties ?? {}).flatMap(([name, one]) =>
    textsOf(one, path ? `${path}.${name}` : name),
  )
  const own = [schema.type].flat().includes('string') && schema.enum === undefined && schema.const === undefined
  return [...(own ? [path] : []), ...within, ...named]
}

test('every operation, and every field that takes an id, has a case', async () => {
  const known = [...Object.keys(cases), ...Object.keys(ofInstallation)].sort()
  expect(known).toEqual(operations.map(({ id }) => id).sort())
  expect(Object.keys(cases).sort()).toEqual(below.map(({ id }) => id).sort())
  const document = openApi(operations, 'test') as unknown as Document
  const lacking: string[] = []
  const names = Object.fromEntries(idNames.map((name) => [name, `<${name}>`])) as Ids
  for (const { id, method, path } of below) {
    const told = document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method]
    const schema = told?.requestBody?.content['application/json'].schema ?? {}
    const query = told?.parameters.flatMap((one) => (one.in === 'query' ? one.name : [])) ?? []
    const asked = casesOf(id).map((one) => one(names))
    const taken = new Set(
      asked.flatMap(({ body, query: given }) =>
        [...leavesOf(body), ...leavesOf(given)].flatMap(([field, value]) =>
          /^<\w+>$/.test(String(value)) ? field : [],
        ),
      ),
    )
    for (const field of new Set([...textsOf(schema), ...query])) {
      const last = field.split('.').at(-1) ?? ''
      if (!taken.has(field) && !plainFields.has(last)) lacking.push(`${id}: ${field}`)
    }
    for (const { params = {} } of asked)
      for (const [name, value] of Object.entries(params))
        if (!/^<\w+>$/.test(value) && name !== 'running') lacking.push(`${id}: the path's ${name}`)
  }
  expect(lacking).toEqual([])
})

/** What the mirror shows is worth something only where there is something to see. */
async function emptyTables({ storage: { reads }, a, b }: Mirror): Promise<readonly string[]> {
  const empty: string[] = []
  for (const { tenant, handle } of [a, b]) {
    const dump = await dumpOf(reads, tenant)
    for (const { name } of (await tablesOf(reads)).filter(hasTenant))
      if (!dump.get(name)) empty.push(`${handle} has no ${name}`)
  }
  return empty
}

/** All that the other's own key is answered, as it came. */
async function answersOf(w: Mirror, side: Side): Promise<ReadonlyMap<string, string>> {
  const ask = asking(w, side.keys.read)
  const answers = new Map<string, string>()
  for (const operation of below.filter(({ method }) => method === 'get'))
    for (const [nr, one] of casesOf(operation.id).entries()) {
      // As it was read last: to read it now would change it.
      const { query: { now: _, ...query } = {}, ...asked } = one(side.ids)
      const answer = await ask(operation, side.tenant, { ...asked, query })
      expect([operation.id, answer.status]).toEqual([operation.id, 200])
      // A cursor is sealed anew each time.
      answers.set(`${operation.id} ${nr}`, JSON.stringify(answer.json).replace(/"next":"[^"]+"/, '"next"'))
    }
  return answers
}

test('on every route another business’s ids are ids that nobody ever had', { timeout: 120_000 }, async () => {
  const w = await mirror()
  const { a, b } = w
  expect(await emptyTables(w)).toEqual([])
  const never = neverOf(a.ids)
  const before = await answersOf(w, b)
  const rows = await dumpOf(w.storage.reads, b.tenant)
  const [write, read, whole] = [a.keys.write, a.keys.read, undefined].map((key) =>
    key === undefined ? undefined : asking(w, key),
  )
  if (!write || !read || whole) throw new Error('no keys')
  const told: string[] = []
  const untouched = async (what: string) => {
    const now = await dumpOf(w.storage.reads, b.tenant)
    for (const table of differing(rows, now, ['picture'])) told.push(`${what} changed the other’s ${table}`)
  }

  // The other's path, with a key of one's own: as a path that leads nowhere.
  for (const operation of inOrder)
    for (const [nr, one] of casesOf(operation.id).entries()) {
      for (const [ask, theirs, nobodys] of [
        [write, b.tenant, never.tenant],
        [read, b.handle, 'nobody'],
      ] as const) {
        const [foreign, nowhere] = [await ask(operation, theirs, one(b.ids)), await ask(operation, nobodys, one(b.ids))]
        if (said(foreign, [theirs]) !== said(nowhere, [nobodys]) || ![403, 404].includes(foreign.status))
          told.push(`${operation.id} ${nr} at ${theirs}: ${said(foreign, [])} instead of ${said(nowhere, [])}`)
      }
      await untouched(`${operation.id} ${nr} at the other's path`)
    }

  // One's own path, with the other's id in each place in turn.
  for (const { operation, one, name } of places) {
    const what = `${operation.id} with the other’s ${name}`
    for (const ask of operation.method === 'get' ? [write, read] : [write]) {
      const nobodys = await ask(operation, a.tenant, one({ ...a.ids, [name]: never[name] }))
      const foreign = await ask(operation, a.tenant, one({ ...a.ids, [name]: b.ids[name] }))
      const [seen, unseen] = [said(foreign, [b.ids[name]]), said(nobodys, [never[name]])]
      if (seen !== unseen) told.push(`${what}: ${seen} instead of ${unseen}`)
      if (seen.includes(b.mark)) told.push(`${what} shows ${seen}`)
    }
    await untouched(what)
  }

  // Of the whole installation: nothing, whatever is named.
  for (const operation of operations.filter(({ ofTenant }) => !ofTenant)) {
    const one = ofInstallation[operation.id]
    for (const ask of [write, read]) {
      const [theirs, nobodys] = [one?.(b.ids) ?? {}, one?.(never) ?? {}]
      const [foreign, nowhere] = [await ask(operation, '', theirs), await ask(operation, '', nobodys)]
      expect([operation.id, foreign.status, foreign.json]).toEqual([operation.id, 403, nowhere.json])
    }
    await untouched(operation.id)
  }

  expect(told).toEqual([])
  expect(await answersOf(w, b)).toEqual(before)

  // That it was the foreign id that was refused: with one's own each of these is good.
  const refused: string[] = []
  for (const operation of inOrder)
    for (const [nr, one] of casesOf(operation.id).entries()) {
      for (const [account, settings] of Object.entries(ready[operation.id]?.(a.ids) ?? {}))
        await a.api('PATCH', `/tenants/${a.tenant}/accounts/${account}`, { settings })
      const answer = await write(operation, a.tenant, one(a.ids))
      if (answer.status !== operation.status) refused.push(`${operation.id} ${nr}: ${said(answer, [])}`)
      if (JSON.stringify(answer.json)?.includes(b.mark)) refused.push(`${operation.id} ${nr} shows ${said(answer, [])}`)
      await untouched(`${operation.id} ${nr}`)
    }
  await w.settle()
  await untouched('what followed')
  expect([...refused, ...told]).toEqual([])
  expect(await answersOf(w, b)).toEqual(before)
  console.log(`mirror: ${inOrder.length} operations, ${places.length} places that take an id`)
})
