import { expect, test } from 'vitest'
import { asId } from '../../src/core/words.ts'
import { createRoom } from '../../src/storage/rooms.ts'
import { canaries, chat, program, shop, world } from './world.ts'

const at = '/tenants/shop'

async function furnished() {
  const w = await world()
  const post = async (path: string, body?: object) => {
    const told = await w.ask('POST', path, body)
    expect([path, told.status]).toEqual([path, 201])
    return told.json
  }
  const tenant = await post('/tenants', { ...shop, refundDay: 5_000 })
  const account = await post(`${at}/accounts`, program)
  const bot = await post(`${at}/bots`, chat)
  await post(`${at}/members`, { handle: 'li', name: '李', role: 'agent', refundEach: 5 })
  await w.ask('PATCH', `${at}/duty`, { duties: [{ member: 'li', hours: '09:00-21:00' }] })
  const template = await post(`${at}/templates`, { name: '道歉补发', text: '抱歉，{order}', for: ['agree'] })
  const act = { kind: 'respond', stance: 'agree', template: template.id }
  await post(`${at}/rules`, { name: '道歉', act, accounts: [account.id], mode: 'on' })
  await post(`${at}/rules`, { name: '小额', act: { kind: 'refund' }, caps: { each: 100, day: 1_000, payerDay: 100 } })
  await w.ask('PATCH', `${at}/breaker`, { limit: 3 })
  const room = { bot: bot.id, chat: '-100', topic: '', alone: false, title: '客服群', language: 'en' } as const
  await w.storage.transaction((tx) =>
    createRoom(tx, { ...room, tenant: asId(tenant.id), accounts: [asId(account.id)] }),
  )
  await w.complain(account.id)
  const exported = await w.ask('GET', `${at}/export`)
  expect(exported.status).toBe(200)
  return { ...w, post, bot, file: exported.json, raw: exported.raw }
}

test('an export has all that is set up, and no secret, no complaint and no id of this installation', async () => {
  const { file, raw } = await furnished()
  expect(file).toMatchObject({
    accounts: [{ outsideId: program.outsideId, secrets: ['secret', 'token', 'aesKey'] }],
    bots: [{ name: 'ops', secrets: ['token'] }],
    members: [{ handle: 'li', refundEach: 5 }],
    rooms: [{ bot: 'ops', chat: '-100', accounts: [`wechat-mini/${program.outsideId}`] }],
    duty: [{ member: 'li', hours: '09:00–21:00' }],
    breaker: { limit: 3 },
  })
  expect(file.rules.map(({ name }: { name: string }) => name)).toEqual(['道歉', '小额'])
  for (const canary of [...canaries, '13812345678', '张三丰', 'oSecretOpenid', '没有收到货'])
    expect(raw).not.toContain(canary)
  expect(raw).not.toMatch(/(ten|acc|bot|mem|rom|tpl|rul)_[0-9a-z]{10}/)
})

test('what is in the way is said all at once, and nothing is kept; tried first, and then done', async () => {
  const { ask, file } = await furnished()
  const clash = await ask('POST', '/tenants/import', { file, apply: true })
  expect([clash.status, clash.json.problems.map(({ field }: { field: string }) => field)]).toEqual([
    409,
    ['handle', 'file.accounts.0'],
  ])
  const elsewhere = await world()
  const wish = { file, handle: 'again', name: '再来' }
  const tried = await elsewhere.ask('POST', '/tenants/import', wish)
  expect(tried).toMatchObject({
    status: 200,
    json: { applied: false, handle: 'again', made: { accounts: 1, rules: 2 } },
  })
  expect(tried.json.id).toBeUndefined()
  expect((await elsewhere.ask('GET', '/tenants')).json.items).toEqual([])
  const done = await elsewhere.ask('POST', '/tenants/import', { ...wish, apply: true })
  expect(done.json).toMatchObject({ applied: true, needs: tried.json.needs })
  expect(done.json.needs).toEqual(
    expect.arrayContaining([
      { what: 'account', name: '小程序', needs: expect.stringContaining('secret, token, aesKey') },
      { what: 'bot', name: 'ops', needs: expect.stringContaining('token') },
      { what: 'member', name: 'li', needs: expect.anything() },
      { what: 'rule', name: '道歉', needs: expect.stringContaining('enable') },
    ]),
  )
  // The same comes out again, but for what is switched off until somebody looks.
  const off = (items: object[]) => items.map((item) => ({ ...item, enabled: false, secrets: [] }))
  const again = (await elsewhere.ask('GET', '/tenants/again/export')).json
  expect(again).toEqual({
    ...file,
    tenant: { ...file.tenant, handle: 'again', name: '再来' },
    accounts: off(file.accounts),
    bots: off(file.bots),
    rules: file.rules.map((rule: object) => ({ ...rule, mode: 'off' })),
  })
  const [line] = (await elsewhere.ask('GET', '/audit')).json.items
  expect(line).toMatchObject({
    operation: 'importTenant',
    wish: { handle: 'again', file: { redress: { secret: 'set' } } },
  })
  // Without its secrets nothing is switched on.
  const [account] = (await elsewhere.ask('GET', '/tenants/again/accounts')).json.items
  const path = `/tenants/again/accounts/${account.id}`
  expect((await elsewhere.ask('PATCH', path, { enabled: true })).status).toBe(422)
  expect((await elsewhere.ask('PATCH', path, { enabled: true, secrets: program.secrets })).status).toBe(200)
})

test('a file that is wrong is refused with every field; a key of one business imports nothing', async () => {
  const { ask, file, post } = await furnished()
  const wrong = { ...file, version: 2, colour: 'red', members: [{ handle: 'a b', name: '', role: 'boss', enabled: 1 }] }
  const told = await ask('POST', '/tenants/import', { file: wrong })
  expect([told.status, told.json.problems.map(({ field }: { field: string }) => field)]).toEqual([
    422,
    expect.arrayContaining(['file.version', 'file.colour', 'file.members.0.role', 'file.members.0.name']),
  ])
  for (const body of [{}, { file: 'x' }, { file: null }])
    expect((await ask('POST', '/tenants/import', body)).status).toBe(422)
  const strange = {
    ...file,
    accounts: [{ ...file.accounts[0], platform: 'paypal' }],
    bots: [{ ...file.bots[0], kind: 'icq' }],
    duty: [{ member: 'nobody', hours: '09:00-21:00' }],
  }
  const named = (await ask('POST', '/tenants/import', { file: strange, handle: 'b' })).json
  expect(named.problems.map(({ field }: { field: string }) => field)).toEqual(
    expect.arrayContaining(['file.accounts.0.platform', 'file.bots.0.kind', 'file.duty.0.member']),
  )
  const { key } = await post(`${at}/keys`, { name: 'own', access: 'write' })
  const own = { authorization: `Bearer ${key}` }
  expect((await ask('POST', '/tenants/import', { file, handle: 'c' }, own)).status).toBe(403)
  expect((await ask('GET', `${at}/export`, undefined, own)).status).toBe(200)
  expect((await ask('POST', '/tenants', { ...shop, handle: 'import' })).status).toBe(422)
})

test('a bot is changed while it runs, and goes only when no group is bound to it', async () => {
  const { ask, bot, refreshed, post } = await furnished()
  const path = `${at}/bots/${bot.id}`
  const before = refreshed()
  const changed = await ask('PATCH', path, { name: '群', settings: { proxy: 'x' }, secrets: { token: 'canary-other' } })
  expect(changed).toMatchObject({ status: 200, json: { name: '群', settings: { proxy: 'x' }, enabled: true } })
  expect(changed.raw).not.toContain('canary-other')
  expect(refreshed()).toBe(before + 1)
  // What would leave it unable to start changes nothing.
  expect((await ask('PATCH', path, { secrets: { token: null } })).status).toBe(422)
  expect((await ask('PATCH', path, { settings: { mode: 'wrong' } })).status).toBe(422)
  expect((await ask('PATCH', path, { settings: { proxy: null } })).json.settings).toEqual({})
  await post(`${at}/bots`, { ...chat, name: 'other' })
  expect((await ask('PATCH', path, { name: 'other' })).status).toBe(409)
  expect((await ask('PATCH', path, { colour: 'red' })).status).toBe(422)
  const used = await ask('DELETE', path)
  expect([used.status, used.json.title, used.json.detail]).toEqual([409, 'In use', expect.stringContaining('客服群')])
  const [room] = (await ask('GET', `${at}/rooms`)).json.items
  await ask('DELETE', `${at}/rooms/${room.id}`)
  expect((await ask('DELETE', path)).status).toBe(204)
  expect((await ask('DELETE', path)).status).toBe(404)
  expect((await ask('GET', path)).status).toBe(404)
})
