import { expect, test } from 'vitest'
import { instant } from '../../src/core/words.ts'
import { listAudit } from '../../src/storage/audit.ts'
import { toldPlace } from '../../src/storage/callbacks.ts'
import { type World, world } from './world.ts'

async function shop() {
  const w = await world()
  const one = await w.ask('POST', '/tenants', { handle: 'shop', name: '小店' })
  await w.ask('POST', '/tenants', { handle: 'other', name: '别家' })
  const tenant = String(one.json.id)
  await w.storage.transaction(async (tx) => {
    const told = tx.sealer.seal(toldPlace(tenant, 'clb_1'), '{}')
    const at = instant(tx.clock.now())
    await tx.db
      .insertInto('callback')
      .values({
        id: 'clb_1',
        tenant,
        account: 'acc_1',
        key: 'k',
        event: 'e',
        number: null,
        told,
        state: 'parked',
        received_at: at,
        drained_at: at,
      })
      .execute()
    await tx.db
      .insertInto('job')
      .values({
        queue: 'carry-out',
        key: 'act_1',
        run_at: '2099-01-01T00:00:00.000Z',
        wanted: 1,
        attempts: 12,
        locked_until: null,
        last_error: 'no route',
      })
      .execute()
  })
  return { w, tenant }
}

const jobs = ({ storage }: World, queue: string) =>
  storage.bare((db) => db.selectFrom('job').select(['key', 'run_at', 'wanted']).where('queue', '=', queue).execute())
const callbacks = ({ storage }: World) =>
  storage.bare((db) => db.selectFrom('callback').select(['id', 'state']).execute())

test('a callback of which nothing could be made is listed, and worked on again, however often that is asked for', async () => {
  const { w } = await shop()
  expect((await w.ask('GET', '/tenants/shop/callbacks/parked')).json.items).toEqual([
    { id: 'clb_1', account: 'acc_1', event: 'e', receivedAt: expect.any(String) },
  ])
  expect((await w.ask('GET', '/tenants/other/callbacks/parked')).json.items).toEqual([])
  for (let turn = 0; turn < 2; turn++)
    expect(await w.ask('POST', '/tenants/shop/callbacks/clb_1/replay')).toMatchObject({
      status: 200,
      json: { id: 'clb_1' },
    })
  expect(await callbacks(w)).toEqual([{ id: 'clb_1', state: 'new' }])
  expect((await jobs(w, 'drain')).map(({ key }) => key)).toEqual(['clb_1'])
  expect((await w.ask('GET', '/tenants/shop/callbacks/parked')).json.items).toEqual([])
})

test('another business replays nothing of it, and what is not there is not there', async () => {
  const { w } = await shop()
  for (const path of ['/tenants/other/callbacks/clb_1/replay', '/tenants/shop/callbacks/clb_2/replay'])
    expect((await w.ask('POST', path)).status).toBe(404)
  expect(await callbacks(w)).toEqual([{ id: 'clb_1', state: 'parked' }])
  expect(await jobs(w, 'drain')).toEqual([])
})

test('a callback whose words were deleted, and that names no complaint, cannot be worked on again', async () => {
  const { w, tenant } = await shop()
  const told = w.storage.reads.sealer.seal(toldPlace(tenant, 'clb_1'), '')
  await w.storage.bare((db) => db.updateTable('callback').set({ told }).execute())
  expect((await w.ask('POST', '/tenants/shop/callbacks/clb_1/replay')).status).toBe(409)
  expect(await callbacks(w)).toEqual([{ id: 'clb_1', state: 'parked' }])
})

test('a job that waits is listed with its error, and runs now', async () => {
  const { w } = await shop()
  expect((await w.ask('GET', '/jobs')).json.items).toEqual([
    { queue: 'carry-out', key: 'act_1', attempts: 12, runAt: '2099-01-01T00:00:00.000Z', error: 'no route' },
  ])
  expect((await w.ask('POST', '/jobs/carry-out/act_1/replay')).status).toBe(200)
  const [job] = await jobs(w, 'carry-out')
  expect(job?.run_at).toBe(instant(w.clock.now()))
  expect((await w.ask('POST', '/jobs/carry-out/act_2/replay')).status).toBe(404)
  expect((await w.ask('POST', '/jobs/nothing/act_1/replay')).status).toBe(404)
  expect(await jobs(w, 'carry-out')).toHaveLength(1)
})

test('whose data was erased is not what the audit keeps', async () => {
  const { w } = await shop()
  const erased = await w.ask('POST', '/tenants/shop/erase', { phone: '+86 138-0013-6688' })
  expect(erased).toMatchObject({ status: 200, json: { complaints: 0, open: 0, callbacks: 0, pictures: 0 } })
  for (const phone of ['', '12', 'abc', '1'.repeat(30), 13800136688]) {
    const refused = await w.ask('POST', '/tenants/shop/erase', { phone })
    expect(refused.status).toBe(422)
    expect(refused.raw).not.toContain('6688')
  }
  const lines = await listAudit(w.storage.reads, { tenant: undefined, limit: 20 })
  expect(lines.map(({ operation }) => operation)).toContain('erasePerson')
  expect(JSON.stringify(lines)).not.toMatch(/6688/)
})

test('where the database has tools of its own, they are named', async () => {
  const { w } = await shop()
  const refused = await w.ask('POST', '/backups', {})
  expect(refused.status).toBe(409)
  expect(refused.raw).toContain('pg_dump')
  expect((await w.ask('POST', '/backups', { keep: 0 })).status).toBe(422)
})
