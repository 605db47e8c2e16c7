import { expect, test } from 'vitest'
import { createRoom } from '../../src/storage/rooms.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { redress } from '../cli/support.ts'
import { adminKey, apiAt } from '../support/admin-api.ts'
import { alone } from '../support/chat.ts'
import { group, people, type World, world } from '../support/world.ts'
import { addressIn, cardAddress, enter, surfer } from './support.ts'

const { li, chen } = people
const at = '/tenants/shop/complaints/1/links'

async function shop() {
  const w = await world({ publicUrl: true })
  await w.complain()
  await w.complain()
  const key = await adminKey(w.storage)
  return {
    w,
    key,
    api: apiAt(w.url, key),
    open: (address: string) =>
      surfer(w)
        .get(address)
        .then((shown) => shown.status),
  }
}

const audited = async (w: World) => w.storage.reads.db.selectFrom('audit').selectAll().orderBy('nr', 'desc').execute()

test('what opens a complaint is listed, without what opens it', async () => {
  const { w, api } = await shop()
  const unopened = addressIn(await w.chat.say(chen, alone(chen), '/link 1'))
  w.clock.advance(1000)
  const page = await enter(w, li)
  const told = await api('GET', at)
  expect(told.json.items).toEqual([
    { id: expect.stringMatching(/^rom_/), kind: 'room', for: '客服群', expiresAt: expect.any(String), takenBack: 0 },
    { id: expect.any(String), kind: 'member', for: 'chen', opened: false, expiresAt: expect.any(String) },
    { id: expect.any(String), kind: 'member', for: 'li', opened: true, expiresAt: expect.any(String) },
  ])
  const tokens = [cardAddress(w, '#1'), unopened, page.link].map((link) => link.split('/').at(-1) ?? '')
  for (const secret of [...tokens.flatMap((token) => token.split('.')), page.browser.cookie().split('=')[1] ?? ''])
    if (secret.length > 8 && !told.json.items.some(({ id }: { id: string }) => id.includes(secret)))
      expect(JSON.stringify(told.json)).not.toContain(secret)
  expect((await api('GET', '/tenants/shop/complaints/2/links')).json.items).toHaveLength(1)
  expect((await api('GET', '/tenants/shop/complaints/3/links')).status).toBe(404)
  // What ran out opens nothing, and is none any more.
  w.clock.advance(31 * 86_400_000)
  expect((await api('GET', at)).json.items).toEqual([])
})

test('one is taken back, and the others stay', async () => {
  const { w, api, open } = await shop()
  const [card, other] = [cardAddress(w, '#1'), cardAddress(w, '#2')]
  const unopened = addressIn(await w.chat.say(chen, alone(chen), '/link 1'))
  w.clock.advance(1000)
  const page = await enter(w, li)
  const [room, chens, lis] = (await api('GET', at)).json.items
  expect((await api('DELETE', `${at}/${lis.id}`)).status).toBe(204)
  expect([(await page.look()).status, await open(unopened), await open(card)]).toEqual([410, 200, 200])
  expect((await api('DELETE', `${at}/${lis.id}`)).status).toBe(404)
  // Of another complaint it is not there.
  expect((await api('DELETE', `/tenants/shop/complaints/2/links/${chens.id}`)).status).toBe(404)
  expect((await api('DELETE', `${at}/${room.id}`)).status).toBe(204)
  expect([await open(card), await open(unopened), await open(other)]).toEqual([410, 200, 200])
  // The next card has one that opens.
  const shown = await w.chat.say(li, group, '/show 1')
  expect(await open(shown.card?.link?.url ?? '')).toBe(200)
  expect((await api('GET', `${at}/${room.id}`)).json).toEqual({ ...room, takenBack: 1 })
  expect(await audited(w)).toMatchObject([
    { operation: 'removeComplaintLink', key_name: 'program' },
    { operation: 'removeComplaintLink' },
  ])
})

test('all are taken back at once, with the line of the audit in the same transaction', async () => {
  const { w, api, open } = await shop()
  const [card, other] = [cardAddress(w, '#1'), cardAddress(w, '#2')]
  const page = await enter(w, li)
  const before = (await api('GET', at)).json
  expect((await api('DELETE', at, undefined, { 'if-match': '"old"' })).status).toBe(412)
  expect((await page.look()).status).toBe(200)
  expect((await api('DELETE', at)).status).toBe(204)
  expect([(await page.look()).status, await open(card), await open(other)]).toEqual([410, 410, 200])
  const [line, ...more] = await audited(w)
  expect(more).toEqual([])
  expect([JSON.parse(line?.before ?? ''), JSON.parse(line?.after ?? '')]).toEqual([
    before,
    { items: [{ ...before.items[0], takenBack: 1 }] },
  ])
})

test('a group of another business, of other accounts, or one person’s chat is no link; without an address of ours there is none', async () => {
  const { w, api } = await shop()
  await w.storage.transaction(async (tx) => {
    const other = await createTenant(tx, { ...w.tenant, handle: 'other' })
    const room = { bot: w.bot.id, topic: '', alone: false, language: 'zh-CN', title: '别的群' } as const
    await createRoom(tx, { ...room, tenant: other?.id ?? w.tenant.id, chat: 'x' })
    await createRoom(tx, { ...room, tenant: w.tenant.id, chat: 'y', accounts: [] })
  })
  await w.chat.say(li, alone(li), '/show 1')
  const items = (await api('GET', at)).json.items
  expect(items.map((one: { for: string }) => one.for)).toEqual(['客服群'])
  const other = await adminKey(w.storage, { name: 'other', tenant: (await tenantCalled(w, 'other')) ?? w.tenant.id })
  expect((await apiAt(w.url, other)('GET', at)).status).toBe(404)
  expect((await apiAt(w.url, other)('DELETE', at)).status).toBe(404)
  const reader = apiAt(w.url, await adminKey(w.storage, { name: 'reads', access: 'read' }))
  expect([(await reader('GET', at)).status, (await reader('DELETE', at)).status]).toEqual([200, 403])
  const hidden = await world()
  await hidden.complain()
  expect((await apiAt(hidden.url, await adminKey(hidden.storage))('GET', at)).json.items).toEqual([])
})

const tenantCalled = async (w: World, handle: string) =>
  (await w.storage.reads.db.selectFrom('tenant').select('id').where('handle', '=', handle).executeTakeFirst())?.id as
    | World['tenant']['id']
    | undefined

test('on the command line', async () => {
  const { w, key, open } = await shop()
  const card = cardAddress(w, '#1')
  const page = await enter(w, li)
  const given = { url: w.url, key }
  const listed = await redress(given, 'complaint', 'links', '#1', '--tenant', 'shop')
  expect([listed.exit, listed.out]).toEqual([0, expect.stringMatching(/room +客服群[\s\S]*member +li +yes/)])
  const [, own] = JSON.parse((await redress(given, 'complaint', 'links', '1', '--json')).out)
  expect(await redress(given, 'complaint', 'revoke-links', '1', own.id)).toEqual({
    exit: 0,
    out: 'taken back\n',
    err: '',
  })
  expect([(await page.look()).status, await open(card)]).toEqual([410, 200])
  expect((await redress(given, 'complaint', 'revoke-links', '1', own.id)).exit).toBe(1)
  expect((await redress(given, 'complaint', 'revoke-links', '1')).exit).toBe(0)
  expect(await open(card)).toBe(410)
})
