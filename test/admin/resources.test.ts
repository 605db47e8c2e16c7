import { expect, test } from 'vitest'
import { asId } from '../../src/core/words.ts'
import { useBindCode } from '../../src/storage/bind-codes.ts'
import { createRoom } from '../../src/storage/rooms.ts'
import { canaries, chat, program, shop, world } from './world.ts'

test('a tenant is added, listed, and found by id and by handle', async () => {
  const { ask } = await world()
  const made = await ask('POST', '/tenants', shop)
  expect(made).toMatchObject({
    status: 201,
    json: {
      ...shop,
      zone: 'Asia/Shanghai',
      language: 'zh-CN',
      secondPersonFrom: 20_000,
      refundEach: null,
      refundDay: null,
      refunderEach: null,
      refunderDay: null,
    },
  })
  expect((await ask('GET', '/tenants')).json).toEqual({ items: [made.json] })
  expect((await ask('GET', `/tenants/${made.json.id}`)).json).toEqual(made.json)
  expect((await ask('GET', '/tenants/shop')).json).toEqual(made.json)
})

test('a handle is taken once', async () => {
  const { ask } = await world()
  await ask('POST', '/tenants', shop)
  expect(await ask('POST', '/tenants', shop)).toMatchObject({ status: 409, json: { problems: [{ field: 'handle' }] } })
})

test('every field of a tenant that is wrong is named', async () => {
  const { ask } = await world()
  const amounts = { secondPersonFrom: 19.9, refundEach: -1, refundDay: '2000' }
  const wrong = { handle: 'ten_1', name: ' ', zone: 'Mars/Base', language: 'fr', ...amounts, colour: 'red' }
  const { status, json } = await ask('POST', '/tenants', wrong)
  expect(status).toBe(422)
  expect(json.problems.map(({ field }: { field: string }) => field).sort()).toEqual(Object.keys(wrong).sort())
})

test('what may be refunded is set with a tenant, changed piece by piece, and taken away; nobody else is touched', async () => {
  const { ask } = await world()
  await ask('POST', '/tenants', { ...shop, handle: 'other', refundEach: 1, refundDay: 2 })
  const made = (await ask('POST', '/tenants', { ...shop, refundEach: 50_000, refundDay: 0 })).json
  expect(made).toMatchObject({ secondPersonFrom: 20_000, refundEach: 50_000, refundDay: 0 })
  const change = async (body: object) => (await ask('PATCH', '/tenants/shop', body)).json
  const now = { ...made, secondPersonFrom: 100 }
  expect(await change({ secondPersonFrom: 100 })).toEqual(now)
  expect(await change({ refundEach: null, refundDay: 200_000 })).toEqual({
    ...now,
    refundEach: null,
    refundDay: 200_000,
  })
  expect(await change({ refundEach: 300, refundDay: null })).toEqual({ ...now, refundEach: 300, refundDay: null })
  expect(await change({})).toEqual({ ...now, refundEach: 300, refundDay: null })
  expect((await ask('GET', `/tenants/${made.id}`)).json).toEqual({ ...now, refundEach: 300, refundDay: null })
  expect((await ask('GET', '/tenants/other')).json).toMatchObject({
    secondPersonFrom: 20_000,
    refundEach: 1,
    refundDay: 2,
  })
  expect((await ask('PATCH', '/tenants/nobody', { refundDay: 1 })).status).toBe(404)
})

test('a change of a tenant that is wrong changes nothing, and every field is named with its fix', async () => {
  const { ask } = await world()
  const made = (await ask('POST', '/tenants', { ...shop, refundDay: 5_000 })).json
  const wrong = { secondPersonFrom: null, refundEach: 0.5, refundDay: '2000', handle: 'mine' }
  const { status, json } = await ask('PATCH', '/tenants/shop', wrong)
  expect(status).toBe(422)
  expect(json.problems).toEqual([
    { field: 'secondPersonFrom', fix: 'a whole number of fen: ¥200 is 20000' },
    { field: 'refundEach', fix: 'a whole number of fen: ¥200 is 20000' },
    { field: 'refundDay', fix: 'a whole number of fen: ¥200 is 20000' },
    { field: 'handle', fix: 'there is no such field; take it out' },
  ])
  expect((await ask('PATCH', '/tenants/shop', { refundEach: -1, refundDay: 9_000 })).json.problems).toEqual([
    { field: 'refundEach', fix: 'a whole number of fen, 0 or more' },
  ])
  expect((await ask('GET', '/tenants/shop')).json).toEqual(made)
})

test('who pays is a text, can be changed and taken out, and is judged with the switch', async () => {
  const { ask } = await world()
  await ask('POST', '/tenants', shop)
  const { id } = (await ask('POST', '/tenants/shop/accounts', program)).json
  const change = (settings: object) => ask('PATCH', `/tenants/shop/accounts/${id}`, { settings })
  for (const [settings, field] of [
    [{ payer: 1900007291 }, 'settings.payer'],
    [{ payer: '190000' }, 'settings.payer'],
    [{ refunds: true }, 'settings.payer'],
    [{ payer: '1900007291', refunds: 'yes' }, 'settings.refunds'],
  ] as const)
    expect(await change(settings)).toMatchObject({ status: 422, json: { problems: [{ field }] } })
  expect((await change({ payer: '1900007291', refunds: true })).json.settings).toEqual({
    payer: '1900007291',
    refunds: true,
  })
  expect(await change({ payer: null })).toMatchObject({
    status: 422,
    json: { problems: [{ field: 'settings.payer' }] },
  })
  expect((await change({ payer: null, refunds: null })).json.settings).toEqual({})
})

test('an account says where the platform calls back and what to type there', async () => {
  const { ask } = await world({ publicUrl: 'https://redress.example.com' })
  await ask('POST', '/tenants', shop)
  const { status, json } = await ask('POST', '/tenants/shop/accounts', program)
  expect(status).toBe(201)
  expect(json.callbackUrl).toBe(`https://redress.example.com/hooks/${json.id}`)
  expect(json.setUp.note).toBeUndefined()
  expect(json.setUp.console).toContainEqual({ field: '消息加密方式', value: '安全模式' })
  expect(json.setUp.console[0].value).toBe(json.callbackUrl)
  expect(json.secrets).toEqual({ secret: { secret: 'set' }, token: { secret: 'set' }, aesKey: { secret: 'set' } })
  expect((await ask('GET', '/tenants/shop/accounts')).json.items).toEqual([json])
  expect((await ask('GET', `/tenants/shop/accounts/${json.id}`)).json).toEqual(json)
})

test('without a public address the path is given, and said to be one', async () => {
  const { ask } = await world()
  await ask('POST', '/tenants', shop)
  const { json } = await ask('POST', '/tenants/shop/accounts', program)
  expect(json.callbackUrl).toBe(`/hooks/${json.id}`)
  expect(json.setUp.note).toContain('publicUrl')
})

test("an account's input is judged by its platform", async () => {
  const { ask } = await world()
  await ask('POST', '/tenants', shop)
  const fields = async (body: object) =>
    (await ask('POST', '/tenants/shop/accounts', body)).json.problems.map(({ field }: { field: string }) => field)
  expect(await fields({ ...program, outsideId: 'gh_1', secrets: { token: '!' } })).toEqual(
    expect.arrayContaining(['outsideId', 'secrets.secret', 'secrets.token', 'secrets.aesKey']),
  )
  expect(await fields({ ...program, platform: 'alipay' })).toEqual(['platform'])
  expect(await fields({ ...program, secrets: { ...program.secrets, cert: 'x' } })).toEqual(['secrets.cert'])
  expect(await fields({ ...program, secrets: { secret: 5 } })).toEqual(['secrets.secret'])
})

test('an outside id is served once, and nobody is told for whom', async () => {
  const { ask } = await world()
  const [first] = [await ask('POST', '/tenants', shop), await ask('POST', '/tenants', { ...shop, handle: 'other' })]
  const account = await ask('POST', '/tenants/shop/accounts', program)
  const { status, raw } = await ask('POST', '/tenants/other/accounts', program)
  expect(status).toBe(409)
  for (const name of ['shop', first.json.id, account.json.id, '小店']) expect(raw).not.toContain(name)
})

test('a change keeps what it does not name, and is judged as a whole', async () => {
  const { ask, storage } = await world()
  await ask('POST', '/tenants', shop)
  const { json } = await ask('POST', '/tenants/shop/accounts', program)
  const path = `/tenants/shop/accounts/${json.id}`
  const changed = await ask('PATCH', path, {
    name: '新名',
    secrets: { token: 'another', aesKey: null },
    settings: { mode: 'plain' },
  })
  expect(changed).toMatchObject({
    status: 200,
    json: {
      name: '新名',
      settings: { mode: 'plain' },
      secrets: { secret: { secret: 'set' }, token: { secret: 'set' } },
    },
  })
  expect(changed.json.secrets.aesKey).toBeUndefined()
  expect(await ask('PATCH', path, { settings: { mode: 'safe' } })).toMatchObject({
    status: 422,
    json: { problems: [{ field: 'secrets.aesKey' }] },
  })
  const { findAccountOf } = await import('../../src/storage/accounts.ts')
  const tenant = (await ask('GET', '/tenants/shop')).json.id
  const stored = await findAccountOf(storage.reads, asId(tenant), asId(json.id))
  expect(stored?.secrets.token?.reveal()).toBe('another')
  expect(stored?.secrets.secret?.reveal()).toBe(program.secrets.secret)
})

test('an account that is switched on again shows what is open, once', async () => {
  const { ask, complain } = await world()
  await ask('POST', '/tenants', shop)
  const { json } = await ask('POST', '/tenants/shop/accounts', { ...program, enabled: false })
  await complain(json.id)
  await complain(json.id, { number: '200002', phase: 'closed', moves: [] })
  const path = `/tenants/shop/accounts/${json.id}`
  expect((await ask('PATCH', path, { enabled: true })).json.enabled).toBe(true)
  await ask('PATCH', path, { enabled: true })
  const kinds = async (running: number) =>
    (await ask('GET', `/tenants/shop/complaints/${running}`)).json.facts.map(({ kind }: { kind: string }) => kind)
  expect(await kinds(1)).toEqual(['opened', 'shown'])
  expect(await kinds(2)).toEqual(['opened'])
})

test('a bot is added, started, listed and switched off', async () => {
  const { ask, refreshed } = await world()
  await ask('POST', '/tenants', shop)
  const { status, json } = await ask('POST', '/tenants/shop/bots', chat)
  expect({ status, json }).toMatchObject({
    status: 201,
    json: { kind: 'telegram', name: 'ops', enabled: true, running: true, secrets: { token: { secret: 'set' } } },
  })
  expect(refreshed()).toBe(1)
  expect((await ask('GET', '/tenants/shop/bots')).json.items).toEqual([json])
  expect((await ask('PATCH', `/tenants/shop/bots/${json.id}`, { enabled: false })).json.enabled).toBe(false)
  expect(refreshed()).toBe(2)
})

test.each([
  [{ ...chat, kind: 'icq' }, 422, 'kind'],
  [{ ...chat, secrets: {} }, 422, 'secrets.token'],
  [{ ...chat, settings: { mode: 'wrong' } }, 422, 'settings.mode'],
  [{ ...chat, settings: [] }, 422, 'settings'],
  [chat, 409, 'name'],
])('a bot that cannot be: %j', async (body, status, field) => {
  const { ask } = await world()
  await ask('POST', '/tenants', shop)
  await ask('POST', '/tenants/shop/bots', chat)
  expect(await ask('POST', '/tenants/shop/bots', body)).toMatchObject({ status, json: { problems: [{ field }] } })
})

test('a member is added, changed, and binds by a one-time code', async () => {
  const { ask, storage } = await world()
  const tenant = (await ask('POST', '/tenants', shop)).json.id
  const made = await ask('POST', '/tenants/shop/members', {
    handle: '小李',
    name: '李',
    role: 'agent',
    refundEach: 5000,
  })
  expect(made).toMatchObject({ status: 201, json: { handle: '小李', role: 'agent', refundEach: 5000, identities: [] } })
  const path = `/tenants/shop/members/${made.json.id}`
  const changed = (await ask('PATCH', path, { role: 'refunder', refundEach: null, refundDay: 10_000 })).json
  expect(changed).toMatchObject({ role: 'refunder', refundDay: 10_000 })
  expect(changed.refundEach).toBeUndefined()
  expect((await ask('GET', '/tenants/shop/members')).json.items).toEqual([changed])
  const code = await ask('POST', `${path}/bind-code`)
  expect(code).toMatchObject({
    status: 201,
    json: { say: `/bind ${code.json.code}`, expiresAt: '2026-03-02T12:00:00.000Z' },
  })
  const bound = await storage.transaction((tx) => useBindCode(tx, code.json.code, 'member', asId(tenant)))
  expect(bound).toMatchObject({ member: made.json.id })
  await ask('PATCH', path, { enabled: false })
  expect((await ask('POST', `${path}/bind-code`)).status).toBe(409)
})

test('a member handle is taken once; a role must be one', async () => {
  const { ask } = await world()
  await ask('POST', '/tenants', shop)
  const member = { handle: 'li', name: '李', role: 'agent' }
  await ask('POST', '/tenants/shop/members', member)
  expect((await ask('POST', '/tenants/shop/members', member)).status).toBe(409)
  const { json } = await ask('POST', '/tenants/shop/members', {
    handle: '@li',
    name: '李',
    role: 'boss',
    refundEach: -1,
  })
  expect(json.problems.map(({ field }: { field: string }) => field)).toEqual(['handle', 'role', 'refundEach'])
})

test('a group code may be limited to accounts of this business', async () => {
  const { ask, storage } = await world()
  const tenant = (await ask('POST', '/tenants', { ...shop, language: 'en' })).json.id
  const account = (await ask('POST', '/tenants/shop/accounts', program)).json.id
  const code = await ask('POST', '/tenants/shop/room-codes', { accounts: [account] })
  expect(code.status).toBe(201)
  expect(await storage.transaction((tx) => useBindCode(tx, code.json.code, 'room', asId(tenant)))).toEqual({
    purpose: 'room',
    tenant,
    language: 'en',
    accounts: [account],
  })
  expect(await ask('POST', '/tenants/shop/room-codes', { accounts: [account, 'acc_of_somebody'] })).toMatchObject({
    status: 422,
    json: { problems: [{ field: 'accounts.1' }] },
  })
})

test('a bound group is listed and unbound', async () => {
  const { ask, storage } = await world()
  const tenant = (await ask('POST', '/tenants', shop)).json.id
  const bot = (await ask('POST', '/tenants/shop/bots', chat)).json.id
  const spot = { chat: '-100', topic: '', alone: false, title: '客服群', language: 'zh-CN' } as const
  const room = await storage.transaction((tx) => createRoom(tx, { tenant: asId(tenant), bot: asId(bot), ...spot }))
  const { json } = await ask('GET', '/tenants/shop/rooms')
  expect(json.items).toEqual([{ id: room?.id, bot, title: '客服群', alone: false, language: 'zh-CN' }])
  expect(await ask('DELETE', `/tenants/shop/rooms/${room?.id}`)).toMatchObject({ status: 204, raw: '' })
  expect((await ask('GET', '/tenants/shop/rooms')).json.items).toEqual([])
  expect((await ask('DELETE', `/tenants/shop/rooms/${room?.id}`)).status).toBe(404)
})

test('a complaint is listed and shown without the person', async () => {
  const { ask, complain } = await world()
  await ask('POST', '/tenants', shop)
  const { json } = await ask('POST', '/tenants/shop/accounts', program)
  await complain(json.id)
  await complain(json.id, { number: '200002', phase: 'closed', moves: [] })
  const list = await ask('GET', '/tenants/shop/complaints')
  expect(list.json.items).toMatchObject([
    { running: 1, number: '200001', who: '张** ·5678', due: '2026-03-03T12:00:00.000Z' },
  ])
  expect((await ask('GET', '/tenants/shop/complaints?which=all&limit=1')).json.items).toMatchObject([{ running: 2 }])
  const one = await ask('GET', '/tenants/shop/complaints/1')
  expect(one.json).toMatchObject({
    text: '没有收到货',
    moves: [{ kind: 'respond', owed: true }],
    timeline: [{ by: 'user', pictures: 1 }],
    facts: [{ nr: 1, kind: 'opened' }],
  })
  for (const private_ of ['张三丰', '13812345678', 'oSecretOpenid', 'pictures.example'])
    expect(list.raw + one.raw).not.toContain(private_)
  for (const number of ['3', '0', 'x', '1e3'])
    expect((await ask('GET', `/tenants/shop/complaints/${number}`)).status).toBe(404)
  const { json: refused } = await ask('GET', '/tenants/shop/complaints?which=mine&limit=0&page=2')
  expect(refused.problems.map(({ field }: { field: string }) => field).sort()).toEqual(['limit', 'page', 'which'])
})

test('no secret ever comes back', async () => {
  const { ask } = await world()
  const raw: string[] = []
  const heard = async (...asked: Parameters<typeof ask>) => {
    const told = await ask(...asked)
    raw.push(told.raw)
    return told
  }
  await heard('POST', '/tenants', shop)
  const account = (await heard('POST', '/tenants/shop/accounts', program)).json.id
  const bot = (await heard('POST', '/tenants/shop/bots', chat)).json.id
  await heard('POST', '/tenants/shop/accounts', program)
  await heard('POST', '/tenants/shop/accounts', { ...program, name: '' })
  await heard('POST', '/tenants/shop/accounts', { ...program, outsideId: 'bad' })
  await heard('POST', '/tenants/shop/accounts', { ...program, secrets: { ...program.secrets, aesKey: 'canaryAesKey' } })
  await heard('POST', '/tenants/shop/bots', { ...chat, kind: 'icq' })
  await heard('PATCH', `/tenants/shop/accounts/${account}`, { secrets: program.secrets })
  await heard('PATCH', `/tenants/shop/accounts/${account}`, { secrets: { token: 'canaryToken!' } })
  await heard('PATCH', `/tenants/shop/bots/${bot}`, { enabled: false })
  await heard('POST', '/tenants', `{"handle":"canaryToken`)
  for (const path of ['', '/accounts', `/accounts/${account}`, '/bots', '/members', '/rooms', '/complaints'])
    await heard('GET', `/tenants/shop${path}`)
  for (const secret of [...canaries, 'canary'])
    for (const form of [
      secret,
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      Buffer.from(secret).toString('hex'),
    ])
      expect(raw.join('\n')).not.toContain(form)
})
