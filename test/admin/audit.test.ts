import { expect, test } from 'vitest'
import { redress } from '../cli/support.ts'
import { canaries, key, program, shop, world } from './world.ts'

async function withShop() {
  const w = await world()
  const tenant = (await w.ask('POST', '/tenants', shop)).json
  const lines = async (path = '/audit') => (await w.ask('GET', path)).json.items
  return { ...w, tenant, lines }
}

test('a change leaves who, when, what, and how it was before and after', async () => {
  const { ask, lines, tenant, clock } = await withShop()
  const [first] = await lines()
  expect(first).toMatchObject({
    ...{ keyName: 'test', operation: 'createTenant', target: `/tenants/${tenant.id}` },
    ...{ at: '2026-03-01T12:00:00.000Z', wish: shop, after: tenant },
  })
  expect(first).not.toHaveProperty('before')
  clock.advance(1_000)
  await ask('PATCH', '/tenants/shop', { refundEach: 7 })
  const [second] = await lines('/tenants/shop/audit')
  expect(second).toMatchObject({
    ...{ operation: 'changeTenant', target: '/tenants/shop', tenant: tenant.id, at: '2026-03-01T12:00:01.000Z' },
    ...{ before: { refundEach: null }, after: { refundEach: 7 }, wish: { refundEach: 7 } },
  })
})

test('secrets are only said to be there, or to have changed', async () => {
  const { ask, lines, storage } = await withShop()
  const { id } = (await ask('POST', '/tenants/shop/accounts', program)).json
  expect((await lines())[0]).toMatchObject({
    operation: 'createAccount',
    after: { secrets: { token: { secret: 'set' } } },
    wish: { secrets: { token: { secret: 'set' }, aesKey: { secret: 'set' } } },
  })
  const fresh = 'canaryFreshToken'
  await ask('PATCH', `/tenants/shop/accounts/${id}`, { secrets: { token: fresh } })
  const [line] = await lines()
  expect(line.before.secrets).toMatchObject({ token: { secret: 'set' }, aesKey: { secret: 'set' } })
  expect(line.after.secrets).toMatchObject({ token: { secret: 'changed' }, aesKey: { secret: 'set' } })
  const made = (await ask('POST', '/keys', { name: 'ci' })).json
  await ask('POST', `/keys/${made.id}/rotate`, {}, { 'idempotency-key': 'one' })
  const stored = JSON.stringify([
    await storage.reads.db.selectFrom('audit').selectAll().execute(),
    await storage.reads.db.selectFrom('repeat').selectAll().execute(),
  ])
  for (const secret of [...canaries, fresh, made.key]) expect(stored).not.toContain(secret)
})

test('what was refused leaves nothing, and neither does looking', async () => {
  const { ask, lines } = await withShop()
  const before = await lines()
  await ask('POST', '/tenants', shop)
  await ask('POST', '/tenants/shop/members', { handle: 'li' })
  await ask('PATCH', '/tenants/shop', { refundEach: 5 }, { 'if-match': '"old"' })
  await ask('PATCH', '/tenants/shop/members/mem_x', { name: 'a' })
  await ask('DELETE', '/tenants/shop/rooms/rom_1')
  await ask('GET', '/tenants/shop')
  expect(await lines()).toEqual(before)
})

test('a removal keeps what it was', async () => {
  const { ask, lines } = await withShop()
  const made = (await ask('POST', '/tenants/shop/templates', { name: '道歉', text: '抱歉' })).json
  await ask('DELETE', `/tenants/shop/templates/${made.id}`)
  const [line] = await lines()
  expect(line).toMatchObject({ operation: 'removeTemplate', before: made })
  expect(line).not.toHaveProperty('after')
})

test('a line and its change stand and fall together', async () => {
  const { ask, storage, lines } = await withShop()
  const before = await lines()
  await storage.bare(async (db) => void (await db.schema.alterTable('audit').renameTo('audit_away').execute()))
  expect((await ask('PATCH', '/tenants/shop', { refundEach: 7 })).status).toBe(500)
  expect((await ask('POST', '/tenants/shop/members', { handle: 'li', name: '李', role: 'agent' })).status).toBe(500)
  await storage.bare(async (db) => void (await db.schema.alterTable('audit_away').renameTo('audit').execute()))
  expect((await ask('GET', '/tenants/shop')).json.refundEach).toBe(null)
  expect((await ask('GET', '/tenants/shop/members')).json.items).toEqual([])
  expect(await lines()).toEqual(before)
})

test('a business sees its own lines, and no cursor leads elsewhere', async () => {
  const { ask, lines } = await withShop()
  await ask('POST', '/tenants', { handle: 'other', name: '别家' })
  for (const handle of ['a', 'b', 'c', 'd', 'e'])
    await ask('POST', '/tenants/shop/members', { handle, name: handle, role: 'agent' })
  await ask('POST', '/tenants/other/members', { handle: 'x', name: 'x', role: 'agent' })
  const page = (await ask('GET', '/tenants/shop/audit?limit=2')).json
  expect(page.items).toHaveLength(2)
  const next = encodeURIComponent(page.next)
  const rest = (await ask('GET', `/tenants/shop/audit?limit=3&cursor=${next}`)).json
  expect([...page.items, ...rest.items]).toEqual(await lines('/tenants/shop/audit'))
  expect(rest).not.toHaveProperty('next')
  for (const path of ['/audit', '/tenants/other/audit', '/tenants/shop/complaints', '/tenants/shop/dead-letters'])
    expect(await ask('GET', `${path}?cursor=${next}`)).toMatchObject({
      status: 422,
      json: { problems: [{ field: 'cursor' }] },
    })
  for (const cursor of ['x', '', `${next}A`, next.replace('.', '.A')])
    expect((await ask('GET', `/tenants/shop/audit?cursor=${cursor}`)).status).toBe(422)
})

test('the command line shows it, and leaves lines like everybody', async () => {
  const w = await withShop()
  const go = (...words: string[]) => redress({ url: w.url.replace('/admin/v1', ''), key }, ...words)
  await go('tenant', 'update', 'shop', '--refund-each', '9')
  const { exit, out } = await go('audit', '--tenant', 'shop')
  expect([exit, out]).toEqual([
    0,
    expect.stringMatching(/^AT .*\n.* test +changeTenant +\/tenants\/shop .*"refundEach":900/),
  ])
  expect(JSON.parse((await go('audit', '--limit', '1', '--json')).out)).toHaveLength(1)
  expect((await go('audit', '--limit', '0')).exit).toBe(2)
})
