import { expect, test } from 'vitest'
import { unfitIn } from '../../src/admin/fitting.ts'
import { shop, world } from './world.ts'

const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels))
const fields = (given: unknown) => unfitIn(given).map(({ field }) => field)

test('what fits is left alone, whatever it says', () => {
  const fine = { name: '好😀 é\u202e\n', list: [1, null, { constructor: 'a', toString: '\ufffd' }], deep: deep(30) }
  expect(unfitIn(fine)).toEqual([])
  for (const plain of [undefined, null, '', 7, true, [], {}]) expect(unfitIn(plain)).toEqual([])
})

test('what no database keeps as it came is named by its place, in names and in values', () => {
  expect(fields({ a: [{ b: 'x\0' }], c: '\ud83d', 'd\udc00': 1, e: '\udc00\ud83d' }).sort()).toEqual([
    ...['a.0.b', 'c', 'd\ufffd', 'e'],
  ])
  expect(fields(JSON.parse('{"settings":{"__proto__":1}}'))).toEqual(['settings.__proto__'])
})

test('what is nested too deeply is looked at no further, however deep it is', () => {
  expect(unfitIn({ settings: { a: deep(100_000) } })).toEqual([
    { field: 'settings.a', fix: expect.stringContaining('levels') },
  ])
})

test('the API refuses it before anything else is done with it, under a name too', async () => {
  const { ask } = await world()
  await ask('POST', '/tenants', shop)
  const named = { 'idempotency-key': 'once' }
  const bodies = [
    '{"handle":"a","name":"\\ud800"}',
    '{"handle":"a","name":"\\u0000"}',
    `{"handle":"a","name":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
  ]
  for (const body of bodies) {
    const { status, json } = await ask('POST', '/tenants', body, named)
    expect([status, json.problems[0].field.split('.')[0]]).toEqual([422, 'name'])
  }
  expect((await ask('GET', '/tenants/%00')).json.problems).toEqual([{ field: 'tenant', fix: expect.any(String) }])
  expect((await ask('GET', '/tenants?a%00=1')).status).toBe(422)
  // None of it used the name up.
  expect((await ask('POST', '/tenants', { handle: 'a', name: 'a' }, named)).status).toBe(201)
})
