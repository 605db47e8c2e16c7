import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { key, program, shop, world } from './world.ts'

test.each([
  ['no key', {}],
  ['a wrong key', { authorization: 'Bearer wrong' }],
  ['another scheme', { authorization: `Basic ${key}` }],
  ['a key in pieces', { authorization: `Bearer ${key} x` }],
])('with %s nothing is told', async (_, headers) => {
  const { url } = await world()
  for (const path of ['/tenants', '/nothing', '/tenants/shop']) {
    const answer = await fetch(url + path, { headers })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toContain('Bearer')
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
  }
})

test('the scheme is read in any case, as the standard has it', async () => {
  const { ask } = await world()
  expect((await ask('GET', '/tenants', undefined, { authorization: `bearer ${key}` })).status).toBe(200)
})

test('after many wrong keys the answer is 429 for a while; a right key is let in all the same', async () => {
  const { ask, clock } = await world()
  const wrong = async () => (await ask('GET', '/tenants', undefined, { authorization: 'Bearer wrong' })).status
  const statuses = []
  for (let tries = 0; tries < 22; tries++) statuses.push(await wrong())
  expect(statuses.filter((status) => status === 401)).toHaveLength(20)
  expect(statuses.slice(20)).toEqual([429, 429])
  const limited = await ask('GET', '/tenants', undefined, { authorization: 'Bearer wrong' })
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await ask('GET', '/tenants')).status).toBe(200)
  clock.advance(60_000)
  expect(await wrong()).toBe(401)
})

test('every refusal is a problem document', async () => {
  const { ask } = await world()
  const { status, headers, json } = await ask('POST', '/tenants', {})
  expect(status).toBe(422)
  expect(headers.get('content-type')).toContain('application/problem+json')
  expect(json).toMatchObject({ type: 'about:blank', title: 'Invalid input', status: 422 })
  expect(json.problems).toEqual(
    expect.arrayContaining([
      { field: 'handle', fix: expect.any(String) },
      { field: 'name', fix: expect.any(String) },
    ]),
  )
})

test.each([
  ['{"handle":', 400],
  ['"text"', 400],
  ['[]', 422],
  ['{"__proto__":{"handle":"a"},"handle":"shop","name":"a"}', 422],
  ['{"handle":null}', 422],
  [`{"handle":"${'a'.repeat(1_100_000)}"}`, 413],
])('a body that cannot be: %.40s', async (body, status) => {
  const { ask } = await world()
  expect((await ask('POST', '/tenants', body)).status).toBe(status)
})

test('only JSON is read', async () => {
  const { ask } = await world()
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])
    expect((await ask('POST', '/tenants', 'handle=shop', { 'content-type': type })).status).toBe(415)
  const charset = await ask('POST', '/tenants', '{}', { 'content-type': 'application/json; charset=gbk' })
  expect(charset.status).toBe(415)
  const encoding = await ask('POST', '/tenants', '{}', { 'content-encoding': 'compress' })
  expect(encoding.status).toBe(415)
})

test('unknown addresses and methods are told apart', async () => {
  const { ask } = await world()
  await ask('POST', '/tenants', shop)
  expect((await ask('GET', '/nothing')).status).toBe(404)
  expect((await ask('GET', '/tenants/nobody')).status).toBe(404)
  expect((await ask('GET', '/tenants/%E0%A4%A')).status).toBe(400)
  const put = await ask('PUT', '/tenants/shop')
  expect(put.status).toBe(405)
  expect(put.headers.get('allow')).toBe('GET, PATCH')
})

test('answers are kept by nobody and carry the usual guards', async () => {
  const { ask } = await world()
  const { headers } = await ask('GET', '/tenants')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('x-powered-by')).toBeNull()
})

test('a body that never ends is cut off without harm to others', async () => {
  const { ask, url } = await world()
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(
    `POST /admin/v1/tenants HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
  )
  expect((await ask('GET', '/tenants')).status).toBe(200)
  socket.destroy()
  expect((await ask('GET', '/tenants')).status).toBe(200)
})

test("one tenant reaches nothing of another's, by any id", async () => {
  const { ask, complain } = await world()
  await ask('POST', '/tenants', shop)
  await ask('POST', '/tenants', { handle: 'other', name: '别家' })
  const account = (await ask('POST', '/tenants/other/accounts', program)).json.id
  const bot = (await ask('POST', '/tenants/other/bots', { kind: 'telegram', name: 'b', secrets: { token: 't' } })).json
    .id
  const member = (await ask('POST', '/tenants/other/members', { handle: 'li', name: '李', role: 'agent' })).json.id
  await complain(account)
  const before = await everything(ask)
  const tries = [
    ['GET', `/accounts/${account}`],
    ['PATCH', `/accounts/${account}`, { name: 'mine', enabled: false }],
    ['PATCH', `/bots/${bot}`, { enabled: false }],
    ['PATCH', `/members/${member}`, { role: 'admin' }],
    ['POST', `/members/${member}/bind-code`],
    ['GET', '/complaints/1'],
    ['DELETE', '/rooms/rom_1'],
  ] as const
  for (const [method, path, body] of tries)
    expect([method, path, (await ask(method, `/tenants/shop${path}`, body)).status]).toEqual([method, path, 404])
  expect((await ask('POST', '/tenants/shop/room-codes', { accounts: [account] })).status).toBe(422)
  for (const path of ['accounts', 'bots', 'members', 'rooms', 'complaints'])
    expect((await ask('GET', `/tenants/shop/${path}`)).json).toEqual({ items: [] })
  expect(await everything(ask)).toEqual(before)
})

async function everything(ask: Awaited<ReturnType<typeof world>>['ask']) {
  const paths = ['accounts', 'bots', 'members', 'rooms', 'complaints', 'complaints/1']
  return Promise.all(paths.map(async (path) => (await ask('GET', `/tenants/other/${path}`)).raw))
}
