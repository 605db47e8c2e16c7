import { expect, test } from 'vitest'
import { Refusal } from '../../src/admin/problem.ts'
import { createRepeats } from '../../src/admin/repeat.ts'
import { key, shop, world } from './world.ts'

const named = (name: string) => ({ 'idempotency-key': name })
const li = { handle: 'li', name: '李', role: 'agent' }

async function withShop() {
  const w = await world()
  await w.ask('POST', '/tenants', shop)
  const add = (body: object, name: string, path = '/tenants/shop/members') => w.ask('POST', path, body, named(name))
  const count = async () => (await w.ask('GET', '/tenants/shop/members')).json.items.length
  const rows = () => w.storage.reads.db.selectFrom('repeat').selectAll().execute()
  return { ...w, add, count, rows }
}

test('sent again it gets the same answer, and is done once', async () => {
  const { add, count } = await withShop()
  const first = await add(li, 'one')
  const again = await add(li, 'one')
  expect([first.status, again.status, again.raw]).toEqual([201, 201, first.raw])
  expect([first.headers.get('idempotent-replayed'), again.headers.get('idempotent-replayed')]).toEqual([null, 'true'])
  expect(again.headers.get('etag')).toBe(first.headers.get('etag'))
  expect((await add(li, 'two')).status).toBe(409)
  expect(await count()).toBe(1)
})

test('a key that is shown once is shown again to whoever asks under the same name, and is nowhere in clear', async () => {
  const { ask, storage } = await withShop()
  const first = await ask('POST', '/keys', { name: 'ci' }, named('one'))
  const again = await ask('POST', '/keys', { name: 'ci' }, named('one'))
  expect(again.json.key).toBe(first.json.key)
  expect((await ask('GET', '/keys')).json.items).toHaveLength(2)
  expect(JSON.stringify(await storage.reads.db.selectFrom('repeat').selectAll().execute())).not.toContain(
    first.json.key,
  )
})

test('another body under the same name is refused, and does nothing', async () => {
  const { add, count } = await withShop()
  await add(li, 'one')
  const other = await add({ ...li, handle: 'wang' }, 'one')
  expect(other).toMatchObject({ status: 422, json: { problems: [{ field: 'Idempotency-Key' }] } })
  expect(await count()).toBe(1)
})

test('a name is one key’s, for one address', async () => {
  const { ask, add, count } = await withShop()
  const second = (await ask('POST', '/keys', { name: 'second', access: 'write' })).json.key
  await add(li, 'one')
  const headers = { ...named('one'), authorization: `Bearer ${second}` }
  expect((await ask('POST', '/tenants/shop/members', { ...li, handle: 'wang' }, headers)).status).toBe(201)
  expect((await add({ name: '道歉', text: '抱歉' }, 'one', '/tenants/shop/templates')).status).toBe(201)
  expect(await count()).toBe(2)
})

test('after a day it is forgotten', async () => {
  const { add, clock, rows } = await withShop()
  await add(li, 'one')
  clock.advance(24 * 3_600_000 - 1)
  expect((await add(li, 'one')).status).toBe(201)
  clock.advance(1)
  expect((await add(li, 'one')).status).toBe(409)
  expect(await rows()).toHaveLength(0)
})

test('what was refused may be mended under the same name', async () => {
  const { add, count } = await withShop()
  expect((await add({ ...li, role: 'king' }, 'one')).status).toBe(422)
  expect((await add(li, 'one')).status).toBe(201)
  expect(await count()).toBe(1)
})

test('while the first one runs, the second is asked to wait', async () => {
  const { add, count } = await withShop()
  const told = await Promise.all([1, 2, 3, 4].map(() => add(li, 'one')))
  const statuses = told.map(({ status }) => status)
  expect(statuses).toContain(201)
  expect(statuses.filter((status) => status !== 201 && status !== 409)).toEqual([])
  for (const one of told.filter(({ status }) => status === 409))
    expect([one.json.title, one.headers.get('retry-after')]).toEqual(['Still running', '1'])
  expect(await count()).toBe(1)
})

test('at work it says so, by what is still running and not by luck', async () => {
  const { storage } = await withShop()
  const repeats = createRepeats(storage)
  const wish = { name: 'one', key: 'k', path: '/p', body: {} }
  let finish: () => void = () => {}
  const running = repeats.once(wish, async () => {
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    return { status: 200, body: 1 }
  })
  const never = async () => {
    throw new Error('not again')
  }
  expect(await repeats.once(wish, never)).toMatchObject({ status: 409, title: 'Still running' })
  finish()
  await running
  expect(await repeats.once(wish, never)).toMatchObject({ status: 200, body: 1, again: true })
})

test('one that a crash cut off is never done again as if it were new', async () => {
  const { add, count, storage } = await withShop()
  await add(li, 'wrote')
  // As a crash between the effect and its answer leaves it, and one before the effect.
  await storage.transaction(async (tx) => {
    await tx.db.updateTable('repeat').set({ answer: null, runner: 'dead' }).execute()
  })
  const wrote = await add(li, 'wrote')
  expect(wrote).toMatchObject({
    status: 409,
    json: { title: 'Cut off', detail: expect.stringContaining('had its effect') },
  })
  await storage.transaction(async (tx) => {
    await tx.db.updateTable('repeat').set({ wrote: 0 }).execute()
  })
  const unwritten = await add(li, 'wrote')
  expect(unwritten).toMatchObject({
    status: 409,
    json: { title: 'Cut off', detail: expect.stringContaining('Look first') },
  })
  expect(await count()).toBe(1)
})

test.each(['', 'with space', 'x'.repeat(256)])('%j is no name', async (name) => {
  const { url } = await withShop()
  const answer = await fetch(`${url}/tenants/shop/members`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...named(name) },
    body: JSON.stringify(li),
  })
  expect(answer.status).toBe(422)
})

test('what has had its effect is not forgotten because it was refused later', async () => {
  const { storage } = await withShop()
  const repeats = createRepeats(storage)
  const wish = { name: 'one', key: 'k', path: '/p', body: {} }
  const refusal = new Refusal(502, { title: 'Outside', detail: 'nobody answers' })
  const first = await repeats.once(wish, async (wrote) => {
    await storage.transaction(wrote)
    return refusal
  })
  expect(first).toBe(refusal)
  const never = async () => {
    throw new Error('not again')
  }
  expect(await repeats.once(wish, never)).toMatchObject({ status: 502, detail: 'nobody answers' })
  const thrown = { ...wish, name: 'two' }
  const later = repeats.once(thrown, async (wrote) => {
    await storage.transaction(wrote)
    throw refusal
  })
  await expect(later).rejects.toBe(refusal)
  expect(await repeats.once(thrown, never)).toMatchObject({ status: 409, title: 'Cut off' })
})
