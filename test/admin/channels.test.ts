import { describe, expect, test } from 'vitest'
import { channelCheck } from '../../src/admin/checks/channels.ts'
import { asId, instant } from '../../src/core/words.ts'
import type { ChannelKind } from '../../src/notify/kind.ts'
import { findChannel, stopChannel } from '../../src/storage/channels.ts'
import { deadLetters, insertDeliveries, pendingAt, settleDeliveries } from '../../src/storage/deliveries.ts'
import { type Channels, code, given, mailbox, playChannels } from '../support/channels.ts'
import { noon } from '../support/databases.ts'
import { program, shop, type World, world } from './world.ts'

const path = '/tenants/shop/channels'

async function withShop() {
  const outside = await playChannels()
  const w = await world({
    channelKindsOn: outside.kindsOn,
    publicUrl: 'https://redress.example.com',
    checks: [channelCheck],
  })
  await w.ask('POST', '/tenants', shop)
  return { w, outside }
}

const mail = (outside: Channels) => ({ kind: 'email', name: '邮箱', ...given(outside).email })
async function withMail() {
  const { w, outside } = await withShop()
  const { json } = await w.ask('POST', path, mail(outside))
  return { w, outside, id: String(json.id), under: `${path}/${json.id}` }
}
const fixes = (told: { json: { problems: { field: string; fix: string }[] } }) =>
  Object.fromEntries(told.json.problems.map(({ field, fix }) => [field, fix]))

describe('a channel', () => {
  test('is added, listed, changed and removed; its secrets never come out', async () => {
    const { w, outside } = await withShop()
    const added = await w.ask('POST', path, mail(outside))
    expect(added).toMatchObject({
      status: 201,
      json: { kind: 'email', enabled: true, secrets: { password: { secret: 'set' } } },
    })
    expect(added.raw).not.toContain(code)
    const under = `${path}/${added.json.id}`
    const changed = await w.ask('PATCH', under, { name: '客服邮箱', settings: { fromName: '小店' } })
    expect(changed.json).toMatchObject({ name: '客服邮箱', settings: { fromName: '小店', user: mailbox } })
    const { raw, json } = await w.ask('GET', path)
    expect(json.items).toEqual([changed.json])
    expect(raw).not.toContain(code)
    expect((await w.ask('DELETE', under)).status).toBe(204)
    expect((await w.ask('DELETE', under)).status).toBe(404)
    expect((await w.ask('GET', path)).json.items).toEqual([])
  })
  test('of another business is nobody’s here', async () => {
    const { w, under, id } = await withMail()
    await w.ask('POST', '/tenants', { handle: 'other', name: '别家' })
    const theirs = `/tenants/other/channels/${id}`
    for (const [method, where, body] of [
      ['PATCH', theirs, { enabled: false }],
      ['DELETE', theirs, undefined],
      ['POST', `${theirs}/test`, {}],
      ['GET', `${theirs}/log`, undefined],
      ['GET', `${theirs}/recipients`, undefined],
      ['POST', `${theirs}/recipients`, { address: 'x@example.com', label: 'x' }],
      ['POST', `${theirs}/bind-requests`, { label: 'x' }],
    ] as const)
      expect((await w.ask(method, where, body)).status).toBe(404)
    expect((await w.ask('GET', `${under}/recipients`)).json.items).toEqual([])
  })
  test.each<[string, (settings: object, secrets: object) => object, Record<string, RegExp>]>([
    [
      'an unknown kind',
      (settings, secrets) => ({ kind: 'pigeon', settings, secrets }),
      { kind: /email, official-account, sms/ },
    ],
    [
      'a strange address',
      (settings, secrets) => ({ settings: { ...settings, user: 'shop' }, secrets }),
      { 'settings.user': /mail address/ },
    ],
    [
      'a strange port',
      (settings, secrets) => ({ settings: { ...settings, port: 70_000 }, secrets }),
      { 'settings.port': /1 to 65535/ },
    ],
    [
      'an unknown preset',
      (settings, secrets) => ({ settings: { ...settings, preset: '164' }, secrets }),
      { 'settings.preset': /one of 126, 163, qq/ },
    ],
    [
      'no host and no preset',
      (_, secrets) => ({ settings: { user: mailbox }, secrets }),
      { 'settings.host': /mail server/ },
    ],
    [
      'a password in the clear',
      (_, secrets) => ({ settings: { user: mailbox, host: 'smtp.example.com', protection: 'none' }, secrets }),
      { 'settings.protection': /in the clear/ },
    ],
    ['no password', (settings) => ({ settings, secrets: {} }), { 'secrets.password': /授权码/ }],
    [
      'an unknown field',
      (settings, secrets) => ({ settings: { ...settings, hots: 'x' }, secrets }),
      { 'settings.hots': /no such field/ },
    ],
    [
      'a strange account',
      (settings, secrets) => ({ settings, secrets, accounts: ['acc_x'] }),
      { 'accounts.0': /of this business/ },
    ],
  ])('with %s is refused with the field and the fix', async (_, wish, expected) => {
    const { w, outside } = await withShop()
    const { settings, secrets } = given(outside).email
    const told = await w.ask('POST', path, { kind: 'email', name: 'x', ...wish(settings, secrets) })
    expect(told.status).toBe(422)
    const said = fixes(told)
    expect(Object.keys(said)).toEqual(Object.keys(expected))
    for (const [field, fix] of Object.entries(expected)) expect(said[field]).toMatch(fix)
  })
  test.each<[string, Record<string, unknown>, string, RegExp]>([
    ['official-account', { map: { thing: 'reason' } }, 'settings.map.thing', /thing1/],
    ['official-account', { map: { thing1: 'phone' } }, 'settings.map.thing1', /one of count, number/],
    ['official-account', { appid: 'gh_1' }, 'settings.appid', /服务号/],
    ['sms', { sign: '【小店】' }, 'settings.sign', /without 【】/],
    ['sms', { params: ['count', 'name'] }, 'settings.params.1', /one of count, number/],
    ['sms', { templateId: 'abc' }, 'settings.templateId', /1110/],
  ])('%s with %j is refused', async (kind, wrong, field, fix) => {
    const { w, outside } = await withShop()
    const { settings, secrets } = given(outside)[kind as 'sms']
    const told = await w.ask('POST', path, { kind, name: 'x', settings: { ...settings, ...wrong }, secrets })
    expect(told.status).toBe(422)
    expect(fixes(told)[field]).toMatch(fix)
  })
  test('an id of digits may come as a number, as the command line reads it', async () => {
    const { w, outside } = await withShop()
    const { settings, secrets } = given(outside).sms
    const wish = { kind: 'sms', name: 'x', settings: { ...settings, templateId: 1110, sdkAppId: 1400006666 }, secrets }
    expect((await w.ask('POST', path, wish)).status).toBe(201)
  })
})

describe('recipients', () => {
  test('are added in one spelling, shown masked, changed and removed', async () => {
    const { w, under } = await withMail()
    const added = await w.ask('POST', `${under}/recipients`, { address: ' Li@Example.COM ', label: '小李' })
    expect(added).toMatchObject({ status: 201, json: { label: '小李', address: 'L***@example.com', enabled: true } })
    expect(added.json.wants).toContain('new')
    const again = await w.ask('POST', `${under}/recipients`, { address: 'Li@example.com', label: '又是小李' })
    expect(again.status).toBe(409)
    const one = `${under}/recipients/${added.json.id}`
    const changed = await w.ask('PATCH', one, { wants: ['closed', 'closed'], enabled: false })
    expect(changed.json).toMatchObject({ wants: ['closed'], enabled: false })
    expect((await w.ask('GET', `${under}/recipients`)).json.items).toEqual([changed.json])
    expect((await w.ask('DELETE', one)).status).toBe(204)
    expect((await w.ask('PATCH', one, { enabled: true })).status).toBe(404)
  })
  test.each([
    ['email', 'li', /mail address/],
    ['email', 'li@example.com\nBcc: x@example.com', /mail address/],
    ['sms', '12345', /mobile number/],
    ['official-account', '小李', /openid/],
  ] as const)('%s: %j is no address', async (kind, address, fix) => {
    const { w, outside } = await withShop()
    const { json } = await w.ask('POST', path, { kind, name: 'x', ...given(outside)[kind] })
    const told = await w.ask('POST', `${path}/${json.id}/recipients`, { address, label: 'x' })
    expect(told.status).toBe(422)
    expect(fixes(told).address).toMatch(fix)
  })
  test('a number is the same number however it is written', async () => {
    const { w, outside } = await withShop()
    const { json } = await w.ask('POST', path, { kind: 'sms', name: 'x', ...given(outside).sms })
    const add = (address: string) => w.ask('POST', `${path}/${json.id}/recipients`, { address, label: 'x' })
    expect((await add('138 0000 0000')).json).toMatchObject({ address: '+86138****0000', wants: ['new', 'deadline'] })
    for (const same of ['+8613800000000', '8613800000000', '008613800000000', '138-0000-0000'])
      expect((await add(same)).status).toBe(409)
    expect((await add('+85291234567')).status).toBe(201)
  })
  test('an SMS cannot tell what is no complaint’s', async () => {
    const { w, outside } = await withShop()
    const { json } = await w.ask('POST', path, { kind: 'sms', name: 'x', ...given(outside).sms })
    const told = await w.ask('POST', `${path}/${json.id}/recipients`, {
      address: '13800000000',
      label: 'x',
      wants: ['new', 'digest'],
    })
    expect(fixes(told)['wants.1']).toMatch(/sms cannot tell digest/)
  })
  test('a QR code is made for an official account, and for it alone', async () => {
    const { w, outside, under } = await withMail()
    expect((await w.ask('POST', `${under}/bind-requests`, { label: '小李' })).status).toBe(409)
    const wish = { kind: 'official-account', name: '服务号', ...given(outside)['official-account'] }
    const { json } = await w.ask('POST', path, wish)
    expect(json.callbackUrl).toBe(`https://redress.example.com/hooks/official/${json.id}`)
    const bind = await w.ask('POST', `${path}/${json.id}/bind-requests`, { label: '小李' })
    expect(bind).toMatchObject({ status: 201, json: { expiresAt: instant(noon + 600_000) } })
    const [made] = outside.official.codes()
    expect(bind.json.url).toBe(made?.url)
    expect(made?.scene).toMatch(/^b_[\w-]{22,62}$/)
    expect((await fetch(bind.json.image)).headers.get('content-type')).toMatch(/^image\//)
    await w.ask('PATCH', `${path}/${json.id}`, { secrets: { token: null, aesKey: null } })
    expect(fixes(await w.ask('POST', `${path}/${json.id}/bind-requests`, { label: 'x' }))['secrets.token']).toMatch(
      /服务器配置/,
    )
  })
})

describe('a test message', () => {
  const add = (w: World, under: string, address: string) =>
    w.ask('POST', `${under}/recipients`, { address, label: address })
  test('goes at once to each, says what became of it, and stands in the log', async () => {
    const { w, outside, under } = await withMail()
    await add(w, under, 'li@example.com')
    await add(w, under, 'gone@example.com')
    outside.mail.receiver('gone@example.com', false)
    const { status, json } = await w.ask('POST', `${under}/test`, {})
    expect(status).toBe(200)
    const outcomes = new Map(
      json.items.map((one: { label: string; outcome: string; why?: string }) => [one.label, one]),
    )
    expect(outcomes.get('li@example.com')).toMatchObject({ outcome: 'sent' })
    expect(outcomes.get('gone@example.com')).toMatchObject({
      outcome: 'failed',
      why: expect.stringContaining('收件人不存在'),
    })
    expect(outside.mail.mails().map(({ subject, receivers }) => [subject, receivers])).toEqual([
      ['【投诉】测试消息', ['li@example.com']],
    ])
    const log = await w.ask('GET', `${under}/log`)
    expect(log.json.items.map((one: { state: string; test: boolean }) => [one.state, one.test]).sort()).toEqual([
      ['failed', true],
      ['sent', true],
    ])
    expect(log.raw).not.toContain('password')
    // A test changes nobody.
    expect(
      (await w.ask('GET', `${under}/recipients`)).json.items.every((one: { enabled: boolean }) => one.enabled),
    ).toBe(true)
  })
  test('that gets through shows that a channel which had stopped works again; the doctor says how it stands', async () => {
    const { w, under, id } = await withMail()
    const found = async () =>
      (await w.ask('GET', '/doctor')).json.findings.map((one: { what: { en: string } }) => one.what.en)
    expect(await found()).toEqual(['shop: 邮箱: the mailbox lets us in', 'shop: 邮箱: nobody is told through it'])
    await add(w, under, 'li@example.com')
    await w.ask('PATCH', under, { secrets: { password: 'loginpassword' } })
    await w.storage.transaction((tx) => stopChannel(tx, asId(id), '登录失败 | no login'))
    expect((await w.ask('GET', path)).json.items[0].stopped).toEqual({ at: instant(noon), why: '登录失败 | no login' })
    expect(await found()).toEqual([
      'shop: 邮箱: it has stopped: no login',
      expect.stringContaining('signing in failed'),
    ])
    expect((await w.ask('POST', `${under}/test`, {})).json.items).toMatchObject([{ outcome: 'failed', code: '535' }])
    expect((await findChannel(w.storage.reads, asId(id)))?.stopped).toBeDefined()
    await w.ask('PATCH', under, { secrets: { password: code } })
    await w.storage.transaction((tx) => stopChannel(tx, asId(id), 'x'))
    expect((await w.ask('POST', `${under}/test`, {})).json.items).toMatchObject([{ outcome: 'sent' }])
    expect((await findChannel(w.storage.reads, asId(id)))?.stopped).toBeUndefined()
  })
  test('to nobody is refused', async () => {
    const { w, under } = await withMail()
    expect(fixes(await w.ask('POST', `${under}/test`, {})).recipient).toMatch(/add one first/)
  })
  test.each(['official-account', 'sms'] as const)('by %s', async (kind) => {
    const { w, outside } = await withShop()
    const { json } = await w.ask('POST', path, { kind, name: kind, ...given(outside)[kind] })
    const { openid } = outside.official.person('wx00112233445566ff', '小李')
    outside.official.follow(openid)
    await add(w, `${path}/${json.id}`, kind === 'sms' ? '13800000000' : openid)
    expect((await w.ask('POST', `${path}/${json.id}/test`, {})).json.items).toMatchObject([{ outcome: 'sent' }])
    expect((await w.ask('GET', '/doctor')).json.findings.map((one: { level: string }) => one.level)).toEqual(
      kind === 'sms' ? ['ok'] : ['ok', 'ok'],
    )
  })
})

test('dead letters are listed with whom they were for, and tried again: one, or all', async () => {
  const { w, under, id } = await withMail()
  const person = await w.ask('POST', `${under}/recipients`, { address: 'li@example.com', label: '小李' })
  await w.ask('POST', '/tenants/shop/accounts', program)
  const place = `email:${id}`
  const [tenant] = await w.storage.reads.db.selectFrom('tenant').select('id').execute()
  const to = `${place}/${person.json.id}`
  for (const fact of ['fct_1', 'fct_2', 'fct_3'])
    await w.storage.transaction((tx) =>
      insertDeliveries(tx, { tenant: asId(tenant?.id ?? ''), id: asId(fact), nr: 1, complaint: asId('cmp_1') }, [to]),
    )
  const waiting = await pendingAt(w.storage.reads, place, 9)
  await w.storage.transaction((tx) =>
    settleDeliveries(
      tx,
      waiting.map((one) => one.id),
      { state: 'dead', error: 'x' },
    ),
  )
  const { json } = await w.ask('GET', '/tenants/shop/dead-letters')
  expect(json.items).toHaveLength(3)
  expect(json.items[0]).toMatchObject({ channel: '邮箱', recipient: '小李', error: 'x' })
  await w.ask('POST', '/tenants', { handle: 'other', name: '别家' })
  expect((await w.ask('GET', '/tenants/other/dead-letters')).json.items).toEqual([])
  expect((await w.ask('POST', '/tenants/other/dead-letters/retry', {})).json).toEqual({ retried: 0 })
  expect((await w.ask('POST', '/tenants/shop/dead-letters/retry', { ids: [json.items[0].id] })).json).toEqual({
    retried: 1,
  })
  const [, second] = json.items
  const dismiss = (tenant: string) => w.ask('POST', `/tenants/${tenant}/dead-letters/dismiss`, { ids: [second.id] })
  expect((await dismiss('other')).json).toEqual({ dismissed: 0 })
  expect((await dismiss('shop')).json).toEqual({ dismissed: 1 })
  expect((await dismiss('shop')).json).toEqual({ dismissed: 0 })
  expect((await w.ask('POST', '/tenants/shop/dead-letters/retry', {})).json).toEqual({ retried: 1 })
  expect(await deadLetters(w.storage.reads, asId(tenant?.id ?? ''), 9)).toEqual([])
  // A job rings for them.
  const jobs = await w.storage.reads.db
    .selectFrom('job')
    .select(['queue', 'key'])
    .where('queue', '=', 'email')
    .execute()
  expect(jobs).toEqual([{ queue: 'email', key: place }])
})

test('the kinds are told apart by name alone', async () => {
  const { w, outside } = await withShop()
  const kinds: readonly ChannelKind[] = outside.kindsOn(w.storage)
  expect(kinds.map(({ kind, merges, repeats }) => [kind, merges, repeats.length])).toEqual([
    ['email', 'complaint', 3],
    ['official-account', 'complaint', 2],
    ['sms', 'all', 0],
  ])
})
