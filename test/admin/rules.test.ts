import sharp from 'sharp'
import { expect, test } from 'vitest'
import { asId } from '../../src/core/words.ts'
import { lockBreaker, tripBreaker } from '../../src/storage/breakers.ts'
import { program, shop, world } from './world.ts'

async function withShop() {
  const there = await world()
  const tenant = (await there.ask('POST', '/tenants', shop)).json
  const path = '/tenants/shop/rules'
  const add = (body: object) => there.ask('POST', path, body)
  const problems = async (body: object, method = 'POST', at = path) => {
    const { status, json } = await there.ask(method, at, body)
    expect(status).toBe(422)
    return json.problems as readonly { readonly field: string; readonly fix: string }[]
  }
  const fields = async (...of: Parameters<typeof problems>) => (await problems(...of)).map(({ field }) => field).sort()
  return { ...there, tenant, path, add, problems, fields }
}

const refund = { name: '小额', act: { kind: 'refund' } }
const answer = { name: '致歉', act: { kind: 'respond', stance: 'agree', text: '抱歉 {order}' } }

test('a rule is off, careful and last until somebody says otherwise', async () => {
  const { add, ask, path } = await withShop()
  expect(await add(refund)).toMatchObject({
    status: 201,
    json: {
      ...{ name: '小额', position: 1, mode: 'off', accounts: [], when: {}, delaySeconds: 60 },
      act: { kind: 'refund', orders: 'only', reason: '' },
      caps: { each: 5_000, day: 50_000, payerDay: 5_000 },
    },
  })
  const made = await add({ ...answer, mode: 'on', when: { hours: { from: 22, to: 8 }, lacks: [' 律师 '] } })
  expect(made.json).toMatchObject({ position: 2, mode: 'on', when: { hours: { from: 22, to: 8 }, lacks: ['律师'] } })
  expect(made.json).not.toHaveProperty('caps')
  expect((await ask('GET', path)).json.items.map(({ name }: { name: string }) => name)).toEqual(['小额', '致歉'])
})

test('one is changed piece by piece, moved, and removed', async () => {
  const { add, ask, path } = await withShop()
  const { id } = (await add(refund)).json
  await add(answer)
  const change = async (body: object) => (await ask('PATCH', `${path}/${id}`, body)).json
  expect(await change({ mode: 'on', delaySeconds: 0, caps: { each: 100 } })).toMatchObject({
    ...{ mode: 'on', delaySeconds: 0, name: '小额', caps: { each: 100, day: 50_000, payerDay: 5_000 } },
  })
  expect(await change({ when: { paid: { to: 3_000 } }, position: 2 })).toMatchObject({
    ...{ when: { paid: { to: 3_000 } }, position: 2, mode: 'on' },
  })
  const other = await change({ act: { kind: 'note', text: '看' }, when: {} })
  expect(other).toMatchObject({ act: { kind: 'note', text: '看' }, when: {} })
  expect(other).not.toHaveProperty('caps')
  expect(await ask('PATCH', `${path}/${id}`, { name: '致歉' })).toMatchObject({
    status: 409,
    json: { problems: [{ field: 'name' }] },
  })
  expect(await add(answer)).toMatchObject({ status: 409 })
  expect((await ask('DELETE', `${path}/${id}`)).status).toBe(204)
  expect((await ask('DELETE', `${path}/${id}`)).status).toBe(404)
  expect((await ask('PATCH', `${path}/${id}`, { mode: 'off' })).status).toBe(404)
})

test('another business’s rule is not there', async () => {
  const { add, ask } = await withShop()
  await ask('POST', '/tenants', { ...shop, handle: 'other' })
  const { id } = (await add(refund)).json
  expect((await ask('PATCH', `/tenants/other/rules/${id}`, { mode: 'on' })).status).toBe(404)
  expect((await ask('DELETE', `/tenants/other/rules/${id}`)).status).toBe(404)
  expect((await ask('GET', '/tenants/other/rules')).json.items).toEqual([])
})

test('every field that is wrong is named with its fix', async () => {
  const { problems, fields, ask } = await withShop()
  expect(await fields({})).toEqual(['act', 'name'])
  expect(await fields({ ...refund, colour: 1, delaySeconds: -1, mode: 'shadow', accounts: 'all' })).toEqual([
    ...['accounts', 'colour', 'delaySeconds', 'mode'],
  ])
  expect(
    await fields({ ...refund, when: { shown: {}, nth: { from: 0 }, reasons: [], sources: ['taobao'], moon: 1 } }),
  ).toEqual([...['when.moon', 'when.nth.from', 'when.reasons', 'when.shown', 'when.sources.0']])
  for (const act of ['refund', null, []]) expect(await fields({ name: 'a', act })).toEqual(['act'])
  for (const act of [{}, { kind: 'appeal' }]) expect(await fields({ name: 'a', act })).toEqual(['act.kind'])
  expect(await fields({ name: 'a', act: { kind: 'refund', orders: 'some', amount: 5 } })).toEqual([
    'act.amount',
    'act.orders',
  ])
  expect(await fields({ name: 'a', act: { kind: 'respond', stance: 'agree' } })).toEqual(['act'])
  expect(await fields({ name: 'a', act: { kind: 'note', text: '{paid}' } })).toEqual(['act.text'])
  const contradictory = { ...refund, when: { shown: { from: 2, to: 1 }, has: ['律师'], lacks: ['律师'] } }
  expect(await fields(contradictory)).toEqual(['when.lacks.0', 'when.shown'])
  expect(await fields({ ...refund, accounts: ['acc_x'] })).toEqual(['accounts.0'])
  expect(await fields({ name: 'a', act: { kind: 'respond', stance: 'agree', template: 'tpl_x' } })).toEqual([
    'act.template',
  ])
  const pictures = ['a'.repeat(64)]
  expect(await fields({ ...answer, act: { ...answer.act, pictures } })).toEqual(['act.pictures.0'])
  expect(await fields({ ...answer, caps: { each: 1 } })).toEqual(['caps'])
  expect(await problems({ ...refund, when: { hours: { from: 8, to: 8 } } })).toEqual([
    { field: 'when.hours', fix: expect.stringContaining('no time at all') },
  ])
  expect(await problems({ ...answer, when: { phases: ['closed'] } })).toEqual([
    { field: 'when.phases', fix: expect.stringContaining('what is closed takes no respond') },
  ])
  expect(await problems({ ...refund, when: { paid: { from: 5_001 } } })).toEqual([
    { field: 'when.paid.from', fix: expect.stringContaining('¥50.01 is over the cap of ¥50.00 for one refund') },
  ])
  expect(await problems({ ...refund, caps: { each: 3_000, day: 2_000, payerDay: 1_000 } })).toEqual([
    { field: 'caps.each', fix: expect.stringContaining("over the rule's own most for a day, ¥20.00") },
    { field: 'caps.each', fix: expect.stringContaining("over the rule's own most for one customer and day, ¥10.00") },
  ])
  expect(await problems({ ...refund, caps: { each: 20_000, payerDay: 20_000 } })).toEqual([
    { field: 'caps.each', fix: expect.stringContaining('from ¥200.00 on it takes two people') },
  ])
  await ask('PATCH', '/tenants/shop', { refundEach: 4_000 })
  expect(await problems(refund)).toEqual([
    { field: 'caps.each', fix: "¥50.00 is over the business's most for one refund, ¥40.00; give at most that" },
  ])
  expect((await ask('GET', '/tenants/shop/rules')).json.items).toEqual([])
})

test('an account of this business, and a picture that was sent first', async () => {
  const { add, ask } = await withShop()
  const { id } = (await ask('POST', '/tenants/shop/accounts', program)).json
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } })
    .png()
    .toBuffer()
  const kept = await ask('POST', '/tenants/shop/pictures', { base64: png.toString('base64') })
  expect(kept).toMatchObject({ status: 201, json: { type: 'image/png', bytes: png.length } })
  const made = await add({ ...answer, accounts: [id, id], act: { ...answer.act, pictures: [kept.json.hash] } })
  expect(made.json).toMatchObject({ accounts: [id], act: { pictures: [kept.json.hash] } })
  for (const base64 of ['', '!!', Buffer.from('no picture').toString('base64'), 5])
    expect(await ask('POST', '/tenants/shop/pictures', { base64 })).toMatchObject({
      ...{ status: 422, json: { problems: [{ field: 'base64' }] } },
    })
})

test('tried before it is switched on: what it would do about each open complaint, and why not', async () => {
  const { add, ask, path, complain, storage } = await withShop()
  const { id: account } = (await ask('POST', '/tenants/shop/accounts', program)).json
  await complain(account, { number: '1', reason: '破损' })
  await complain(account, { number: '2', reason: '发货' })
  await complain(account, { number: '3', reason: '破损', phase: 'closed', moves: [] })
  const talk = { kind: 'respond', stance: 'talk', text: '抱歉，#{编号} 马上处理' }
  const { id } = (await add({ name: '致歉', act: talk, when: { reasons: ['破损'] } })).json
  const facts = async () => (await storage.reads.db.selectFrom('fact').select('id').execute()).length
  const before = await facts()
  expect(await ask('GET', `${path}/${id}/try`)).toMatchObject({
    status: 200,
    json: {
      ...{ fit: 1, more: false },
      items: [
        { running: 1, reason: '破损', outcome: 'act', text: '抱歉，#1 马上处理' },
        { running: 2, reason: '发货', outcome: 'skip', why: 'reasons', says: 'its reason is another' },
      ],
    },
  })
  const other = (await add({ name: '退', act: { kind: 'refund' } })).json
  expect((await ask('GET', `${path}/${other.id}/try`)).json).toMatchObject({
    ...{ fit: 0, items: [{ why: 'not-open' }, { why: 'not-open' }] },
  })
  expect(other).not.toHaveProperty('openFitting')
  const switched = await ask('PATCH', `${path}/${id}`, { mode: 'on' })
  expect(switched.json).toMatchObject({ mode: 'on', openFitting: 1 })
  expect((await ask('PATCH', `${path}/${id}`, { delaySeconds: 5 })).json).not.toHaveProperty('openFitting')
  expect((await add({ name: '再', act: talk, mode: 'on' })).json).toMatchObject({ openFitting: 1 })
  expect([await facts(), await storage.reads.db.selectFrom('ruling').select('id').execute()]).toEqual([before, []])
  expect((await ask('GET', `${path}/rul_x/try`)).status).toBe(404)
  await ask('POST', '/tenants', { ...shop, handle: 'other' })
  expect((await ask('GET', `/tenants/other/rules/${id}/try`)).status).toBe(404)
})

test('a template that a rule uses cannot be removed: which rule, and what to do', async () => {
  const { add, ask, path } = await withShop()
  const [template] = (await ask('GET', '/tenants/shop/templates')).json.items
  const { id } = (await add({ name: '致歉', act: { kind: 'respond', stance: 'agree', template: template.id } })).json
  const refused = await ask('DELETE', `/tenants/shop/templates/${template.id}`)
  expect(refused).toMatchObject({
    status: 409,
    json: { detail: 'It is used by the rule 致歉.', problems: [{ field: 'template' }] },
  })
  await ask('DELETE', `${path}/${id}`)
  expect((await ask('DELETE', `/tenants/shop/templates/${template.id}`)).status).toBe(204)
})

test('the breaker: its limit, that it is tripped, and its reset', async () => {
  const { ask, storage, tenant, clock } = await withShop()
  const path = '/tenants/shop/breaker'
  expect((await ask('GET', path)).json).toEqual({ limit: 10 })
  expect((await ask('PATCH', path, { limit: 3 })).json).toEqual({ limit: 3 })
  expect((await ask('PATCH', path, { limit: null })).json).toEqual({ limit: 10 })
  for (const limit of [-1, 1.5, '3', undefined]) expect((await ask('PATCH', path, { limit })).status).toBe(422)
  expect((await ask('POST', `${path}/reset`)).status).toBe(409)
  await storage.transaction(async (tx) => {
    const id = asId<'tenant'>(tenant.id)
    await lockBreaker(tx, id)
    await tripBreaker(tx, id, { count: 10, most: 10 })
  })
  const at = new Date(clock.now()).toISOString()
  expect((await ask('GET', path)).json).toEqual({ limit: 10, tripped: { at, count: 10, limit: 10 } })
  expect((await ask('POST', `${path}/reset`)).json).toEqual({ limit: 10, resetAt: at })
})
