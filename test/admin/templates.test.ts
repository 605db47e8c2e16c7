import { expect, test } from 'vitest'
import { shop, world } from './world.ts'

async function withShop() {
  const there = await world()
  await there.ask('POST', '/tenants', shop)
  const path = '/tenants/shop/templates'
  const list = async () => (await there.ask('GET', path)).json.items
  const add = (body: object) => there.ask('POST', path, body)
  const fields = async (body: object, method = 'POST', at = path) => {
    const { status, json } = await there.ask(method, at, body)
    expect(status).toBe(422)
    return json.problems.map(({ field }: { field: string }) => field)
  }
  return { ...there, path, list, add, fields }
}

const one = { name: '道歉补发', text: '抱歉，订单 {order} 马上补发' }

test('a new business has some in its language', async () => {
  const { ask, list } = await withShop()
  expect((await list()).map(({ name }: { name: string }) => name)).toEqual([
    '致歉并补发',
    '已安排退款',
    '请提供照片',
    '已按约定发货',
  ])
  await ask('POST', '/tenants', { ...shop, handle: 'other', language: 'en' })
  expect((await ask('GET', '/tenants/other/templates')).json.items[1].name).toBe('Refund arranged')
})

test('a handle that is taken leaves the other business as it is', async () => {
  const { ask, list } = await withShop()
  expect((await ask('POST', '/tenants', shop)).status).toBe(409)
  expect((await list()).length).toBe(4)
})

test('one is added last, changed piece by piece, moved and removed', async () => {
  const { add, ask, path, list } = await withShop()
  const made = await add({ ...one, for: ['agree', 'agree'], reasons: [' 破损 '], platforms: ['wechat-pay'] })
  expect(made).toMatchObject({
    status: 201,
    json: { ...one, for: ['agree'], reasons: ['破损'], platforms: ['wechat-pay'], position: 5 },
  })
  const { id } = made.json
  const changed = await ask('PATCH', `${path}/${id}`, { name: '补发', for: [], position: 1 })
  expect(changed).toMatchObject({ status: 200, json: { ...made.json, name: '补发', for: [], position: 1 } })
  expect((await list())[0]).toEqual(changed.json)
  expect((await ask('DELETE', `${path}/${id}`)).status).toBe(204)
  expect((await ask('DELETE', `${path}/${id}`)).status).toBe(404)
  expect((await ask('PATCH', `${path}/${id}`, { text: '好' })).status).toBe(404)
  expect((await list()).length).toBe(4)
})

test('without limits it is for everything', async () => {
  const { add } = await withShop()
  expect((await add(one)).json).toMatchObject({ for: [], reasons: [], platforms: [] })
})

test('a name is taken once', async () => {
  const { add, ask, path, list } = await withShop()
  await add(one)
  const taken = { status: 409, json: { problems: [{ field: 'name' }] } }
  expect(await add(one)).toMatchObject(taken)
  const [first] = await list()
  expect(await ask('PATCH', `${path}/${first.id}`, { name: one.name, text: '好' })).toMatchObject(taken)
  expect((await list())[0]).toEqual(first)
})

test('another business’s template is not there', async () => {
  const { add, ask } = await withShop()
  await ask('POST', '/tenants', { ...shop, handle: 'other' })
  const { id } = (await add(one)).json
  expect((await ask('PATCH', `/tenants/other/templates/${id}`, { text: '好' })).status).toBe(404)
  expect((await ask('DELETE', `/tenants/other/templates/${id}`)).status).toBe(404)
})

test('every field that is wrong is named', async () => {
  const { fields, path, list } = await withShop()
  const wrong = {
    name: '字'.repeat(21),
    text: ' ',
    for: ['agree', 'refund'],
    reasons: [''],
    platforms: ['taobao'],
    colour: 1,
  }
  expect((await fields(wrong)).sort()).toEqual(['colour', 'for.1', 'name', 'platforms.0', 'reasons.0', 'text'])
  expect(await fields({})).toEqual(['name', 'text'])
  for (const name of ['', '  ', '128', '一\n二', 5]) expect(await fields({ ...one, name })).toEqual(['name'])
  expect(await fields({ ...one, text: '字'.repeat(1001) })).toEqual(['text'])
  const [{ id }] = await list()
  for (const position of [0, 1.5, null, '1'])
    expect(await fields({ position }, 'PATCH', `${path}/${id}`)).toEqual(['position'])
  expect((await list()).length).toBe(4)
})

test('1000 characters are counted as a person counts them', async () => {
  const { add } = await withShop()
  expect((await add({ ...one, text: '😀'.repeat(1000) })).status).toBe(201)
})

test('a variable that is not known is named, with those that are; a brace alone is explained', async () => {
  const { add, list } = await withShop()
  const { status, json } = await add({ ...one, text: '{paid} 元，{订单}，{order' })
  expect(status).toBe(422)
  const fixes = json.problems.map(({ field, fix }: { field: string; fix: string }) => `${field}: ${fix}`)
  expect(fixes).toEqual([
    expect.stringMatching(
      /^text: there is no variable \{paid\}; known are \{n\} or \{编号\}, .*\{member\} or \{客服\}$/,
    ),
    expect.stringMatching(/^text: there is no variable \{订单\}; known are .*\{order\} or \{订单号\}/),
    expect.stringMatching(/^text: the \{ stands alone: .*take it out or complete it$/),
  ])
  expect((await list()).length).toBe(4)
})
