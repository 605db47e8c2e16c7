import { get } from 'node:http'
import { expect, test } from 'vitest'
import { operations } from '../../src/admin/operations.ts'
import { viewsOf } from '../../src/admin/views.ts'
import { chat, key, program, shop, type World, world } from './world.ts'

/** One of each thing that can be changed. */
async function furnished(w: World): Promise<readonly (readonly [path: string, change: object, after: object])[]> {
  await w.ask('POST', '/tenants', shop)
  const made = async (path: string, body: object): Promise<string> =>
    `/tenants/shop${path}/${(await w.ask('POST', `/tenants/shop${path}`, body)).json.id}`
  const rule = { name: '小额', act: { kind: 'note', text: '看' } }
  return [
    ['/tenants/shop', { refundEach: 5 }, { refundEach: 5 }],
    [await made('/accounts', program), { name: '新名' }, { name: '新名' }],
    [await made('/bots', chat), { enabled: false }, { enabled: false }],
    [await made('/members', { handle: 'li', name: '李', role: 'agent' }), { name: '新名' }, { name: '新名' }],
    [await made('/templates', { name: '道歉', text: '抱歉' }), { text: '很抱歉' }, { text: '很抱歉' }],
    [await made('/rules', rule), { name: '新名' }, { name: '新名' }],
    ['/tenants/shop/breaker', { limit: 3 }, { limit: 3 }],
    ['/tenants/shop/duty', { duties: [{ member: 'li' }] }, {}],
  ]
}

test('whatever can be changed can be looked at', () => {
  for (const operation of operations.filter(({ method }) => method === 'patch'))
    expect([operation.id, viewsOf(operation, operations).whole?.method]).toEqual([operation.id, 'get'])
})

test('a change names the state that it changes: none is 428, an old one 412, and nothing is lost', async () => {
  const w = await world()
  for (const [path, change, after] of await furnished(w)) {
    const before = await w.ask('GET', path)
    const tag = before.headers.get('etag') ?? ''
    expect(tag).toMatch(/^"[\w-]{32}"$/)
    const ask = (headers: Record<string, string>) => w.ask('PATCH', path, change, headers)
    const unsaid = await fetch(w.url + path, {
      method: 'PATCH',
      headers: { authorization: 'Bearer test-key-of-the-admin', 'content-type': 'application/json' },
      body: JSON.stringify(change),
    })
    expect([path, unsaid.status, JSON.parse(await unsaid.text()).detail]).toEqual([
      path,
      428,
      expect.stringContaining('If-Match'),
    ])
    for (const stale of ['"stale"', `W/${tag}`, tag.replaceAll('"', ''), '']) {
      const refused = await ask({ 'if-match': stale })
      expect([path, refused.status]).toEqual([path, 412])
      expect(refused.json.detail).toContain('GET it again')
    }
    expect((await w.ask('GET', path)).raw).toBe(before.raw)
    const done = await ask({ 'if-match': `"other", ${tag}` })
    expect([path, done.status]).toEqual([path, 200])
    const now = await w.ask('GET', path)
    expect(now.json).toMatchObject(after)
    expect(now.headers.get('etag')).not.toBe(tag)
    expect([path, done.headers.get('etag')]).toEqual([path, now.headers.get('etag')])
    expect((await ask({ 'if-match': tag })).status).toBe(412)
    expect((await ask({ 'if-match': '*' })).status).toBe(200)
  }
})

test('of two who change the same state at the same time one is told', async () => {
  const w = await world()
  await w.ask('POST', '/tenants', shop)
  const tag = (await w.ask('GET', '/tenants/shop')).headers.get('etag') ?? ''
  const tries = [1, 2, 3, 4, 5].map((refundEach) =>
    w.ask('PATCH', '/tenants/shop', { refundEach }, { 'if-match': tag }),
  )
  const told = await Promise.all(tries)
  expect(told.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412])
  const winner = told.find(({ status }) => status === 200)
  expect((await w.ask('GET', '/tenants/shop')).json).toEqual(winner?.json)
})

test('what is removed may be named too; what is not there is not there', async () => {
  const w = await world()
  await w.ask('POST', '/tenants', shop)
  const { json, headers } = await w.ask('POST', '/tenants/shop/templates', { name: '道歉', text: '抱歉' })
  const path = `/tenants/shop/templates/${json.id}`
  expect(headers.get('etag')).toBe((await w.ask('GET', path)).headers.get('etag'))
  expect((await w.ask('DELETE', path, undefined, { 'if-match': '"old"' })).status).toBe(412)
  expect((await w.ask('GET', path)).status).toBe(200)
  expect((await w.ask('DELETE', path, undefined, { 'if-match': headers.get('etag') ?? '' })).status).toBe(204)
  expect((await w.ask('PATCH', path, { name: 'a' }, { 'if-match': '*' })).status).toBe(404)
  expect((await w.ask('DELETE', path)).status).toBe(404)
})

test('whoever has a state already is told that it is still so', async () => {
  const w = await world()
  await w.ask('POST', '/tenants', shop)
  const tag = (await w.ask('GET', '/tenants/shop')).headers.get('etag') ?? ''
  // fetch says with such a header that it wants no old answer.
  const status = (known: string) =>
    new Promise((resolve) => {
      const headers = { authorization: `Bearer ${key}`, 'if-none-match': known, connection: 'close' }
      get(`${w.url}/tenants/shop`, { headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
    })
  expect([await status(tag), await status('"old"')]).toEqual([304, 200])
})

test('what is added has no state that could be named', async () => {
  const w = await world()
  await w.ask('POST', '/tenants', shop)
  const body = { handle: 'li', name: '李', role: 'agent' }
  expect((await w.ask('POST', '/tenants/shop/members', body, { 'if-match': '"any"' })).status).toBe(201)
})
