import { expect, test } from 'vitest'
import { shop, type World, world } from './world.ts'

const caps = {
  secondPersonFrom: 20_000,
  refundEach: 50_000,
  refundDay: 200_000,
  refunderEach: 10_000,
  refunderDay: 40_000,
}

/** A business with caps, and a key that is its own. */
async function business() {
  const w = await world()
  await w.ask('POST', '/tenants', { ...shop, ...caps })
  const { key } = (await w.ask('POST', '/tenants/shop/keys', { name: 'its own', access: 'write' })).json
  const own: World['ask'] = (method, path, body, headers = {}) =>
    w.ask(method, path, body, { authorization: `Bearer ${key}`, ...headers })
  return { w, own }
}

const problemsOf = ({ json }: { json: { problems: { field: string }[] } }) => json.problems.map(({ field }) => field)

test('a key of one business lowers each cap of it, and raises none; one of the installation does', async () => {
  const { w, own } = await business()
  for (const [field, now] of Object.entries(caps)) {
    const change = (ask: World['ask'], to: number | null) => ask('PATCH', '/tenants/shop', { [field]: to })
    const raised = await change(own, now + 1)
    expect([field, raised.status, raised.json.title, problemsOf(raised)]).toEqual([
      ...[field, 403, 'Not with this key'],
      [field],
    ])
    expect(raised.json.problems[0].fix).toContain(`at most ${now} fen`)
    if (field !== 'secondPersonFrom') expect([field, (await change(own, null)).status]).toEqual([field, 403])
    expect((await w.ask('GET', '/tenants/shop')).json[field]).toBe(now)
    expect([(await change(own, now)).status, (await change(own, now - 1)).status]).toEqual([200, 200])
    // What it lowered it does not raise again.
    expect((await change(own, now)).status).toBe(403)
    expect((await change(w.ask, now + 1)).json[field]).toBe(now + 1)
    if (field === 'secondPersonFrom') continue
    expect((await change(w.ask, null)).json[field]).toBeNull()
    // Where there was none, any is less.
    expect((await change(own, now)).json[field]).toBe(now)
  }
})

test('a wish that is refused changes nothing of what stands beside it, and leaves no line', async () => {
  const { w, own } = await business()
  const before = (await w.ask('GET', '/tenants/shop')).json
  const lines = async () => (await w.ask('GET', '/audit')).json.items.length
  const told = await lines()
  const mixed = await own('PATCH', '/tenants/shop', {
    ...{ refundEach: 1, refundDay: null, refunderDay: 40_001 },
    reminding: { digestHour: 3 },
  })
  expect([mixed.status, problemsOf(mixed)]).toEqual([403, ['refundDay', 'refunderDay']])
  expect((await w.ask('GET', '/tenants/shop')).json).toEqual(before)
  expect(await lines()).toBe(told)
  expect((await own('PATCH', '/tenants/shop', { reminding: { digestHour: 3 } })).status).toBe(200)
})

test('a person’s own caps likewise: taken away, those of the role stand', async () => {
  const { w, own } = await business()
  const add = async (handle: string, more: object) =>
    `/tenants/shop/members/${(await w.ask('POST', '/tenants/shop/members', { handle, name: handle, ...more })).json.id}`
  const li = await add('li', { role: 'refunder', refundEach: 500, refundDay: 50_000 })
  const statusOf = async (path: string, change: object) => (await own('PATCH', path, change)).status
  expect(await statusOf(li, { refundEach: 501 })).toBe(403)
  expect(await statusOf(li, { refundEach: null })).toBe(403)
  expect(await statusOf(li, { refundEach: 500, name: '李' })).toBe(200)
  // 40,000 a day is what the business lets a refunder give.
  expect(await statusOf(li, { refundDay: null })).toBe(200)
  const wang = await add('wang', { role: 'refunder' })
  expect([await statusOf(wang, { refundEach: 10_001 }), await statusOf(wang, { refundEach: 9_999 })]).toEqual([
    403, 200,
  ])
  const chen = await add('chen', { role: 'admin', refundDay: 10 })
  expect([await statusOf(chen, { refundDay: null }), await statusOf(chen, { refundDay: 9 })]).toEqual([403, 200])
  expect((await w.ask('PATCH', chen, { refundDay: null })).json.refundDay).toBeUndefined()
  expect((await own('PATCH', '/tenants/shop/members/mem_x', { refundDay: 1 })).status).toBe(404)
})
