import { expect, test } from 'vitest'
import { asId, instant } from '../../src/core/words.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { appendFacts } from '../../src/storage/facts.ts'
import { noon } from '../support/databases.ts'
import { program, shop, world } from './world.ts'

/** Hours until each is due; two at the same time, two without a time. */
const dues = [48, 5, undefined, 5, 1, undefined, 30]

async function withComplaints() {
  const w = await world()
  const tenant = (await w.ask('POST', '/tenants', shop)).json.id
  await w.ask('POST', '/tenants', { handle: 'other', name: '别家' })
  const account = (await w.ask('POST', '/tenants/shop/accounts', program)).json.id
  for (const [at, hours] of dues.entries())
    await w.complain(account, {
      number: `20000${at}`,
      moves: [{ kind: 'respond', owed: true, takes: {}, ...(hours ? { due: instant(noon + hours * 3_600_000) } : {}) }],
    })
  const pages = async (path: string, limit: number) => {
    const found: Record<string, unknown>[][] = []
    let cursor = ''
    do {
      const query = new URLSearchParams({ limit: String(limit), ...(cursor ? { cursor } : {}) })
      const { status, json } = await w.ask('GET', `${path}${path.includes('?') ? '&' : '?'}${query}`)
      expect(status).toBe(200)
      found.push(json.items)
      cursor = json.next ?? ''
    } while (cursor)
    return found
  }
  return { ...w, tenant, pages }
}

const numbers = (items: readonly Record<string, unknown>[]) => items.map(({ running }) => running)

test('page by page it is the same list, each once', async () => {
  const { pages } = await withComplaints()
  for (const [which, order] of [
    ['open', [5, 2, 4, 7, 1, 3, 6]],
    ['due', [5, 2, 4, 7, 1]],
    ['all', [7, 6, 5, 4, 3, 2, 1]],
  ] as const)
    for (const limit of [1, 2, 3, 7, 200]) {
      const found = await pages(`/tenants/shop/complaints?which=${which}`, limit)
      expect([which, limit, numbers(found.flat())]).toEqual([which, limit, order])
      expect(found.map(({ length }) => length).slice(0, -1)).toEqual(Array(found.length - 1).fill(limit))
      expect(found.at(-1)?.length).toBeGreaterThan(0)
    }
})

test('what comes in between moves nothing that is still to come', async () => {
  const { ask, complain } = await withComplaints()
  const first = (await ask('GET', '/tenants/shop/complaints?which=all&limit=3')).json
  const account = (await ask('GET', '/tenants/shop/accounts')).json.items[0].id
  await complain(account, { number: '300000' })
  const rest = await ask('GET', `/tenants/shop/complaints?which=all&cursor=${encodeURIComponent(first.next)}`)
  expect(numbers(rest.json.items)).toEqual([4, 3, 2, 1])
})

test('a cursor is good for its own list only', async () => {
  const { ask } = await withComplaints()
  const { next } = (await ask('GET', '/tenants/shop/complaints?limit=2')).json
  const cursor = `cursor=${encodeURIComponent(next)}`
  expect((await ask('GET', `/tenants/shop/complaints?limit=5&${cursor}`)).status).toBe(200)
  for (const path of [
    `/tenants/shop/complaints?which=all&${cursor}`,
    `/tenants/other/complaints?${cursor}`,
    `/tenants/shop/dead-letters?${cursor}`,
    `/tenants/shop/audit?${cursor}`,
    `/tenants/shop/complaints/1/facts?${cursor}`,
    `/tenants/shop/complaints?cursor=7`,
    `/tenants/shop/complaints?cursor=${'x'.repeat(2_049)}`,
  ])
    expect([path, await ask('GET', path)]).toMatchObject([
      path,
      { status: 422, json: { problems: [{ field: 'cursor' }] } },
    ])
  for (const limit of ['0', '201', '-1', '1.5', 'many', ''])
    expect((await ask('GET', `/tenants/shop/complaints?limit=${limit}`)).status).toBe(422)
})

test('all that happened to one, and nothing of another', async () => {
  const { ask, pages, storage, tenant } = await withComplaints()
  const complaint = await findRunning(storage.reads, asId(tenant), 1)
  if (!complaint) throw new Error('no complaint')
  const note = (text: string) => ({ kind: 'noted', by: { name: '李', via: 'chat' }, text }) as const
  await storage.transaction((tx) => appendFacts(tx, complaint, ['一', '二', '三', '四'].map(note)))
  const all = (await ask('GET', '/tenants/shop/complaints/1/facts')).json.items
  expect(all.slice(0, 4).map(({ fact }: { fact: { text: string } }) => fact.text)).toEqual(['四', '三', '二', '一'])
  expect((await pages('/tenants/shop/complaints/1/facts', 2)).flat()).toEqual(all)
  const { next } = (await ask('GET', '/tenants/shop/complaints/1/facts?limit=2')).json
  const elsewhere = await ask('GET', `/tenants/shop/complaints/2/facts?cursor=${encodeURIComponent(next)}`)
  expect(elsewhere.status).toBe(422)
  expect((await ask('GET', '/tenants/other/complaints/1/facts')).status).toBe(404)
})
