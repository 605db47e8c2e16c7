import { expect, test } from 'vitest'
import { Secret } from '../../src/core/seal.ts'
import { type AccountId, instant } from '../../src/core/words.ts'
import { needs as alipay } from '../../src/platforms/alipay/needs.ts'
import type { Authorising } from '../../src/platforms/platform.ts'
import { needs as wechatPay } from '../../src/platforms/wechat-pay/needs.ts'
import { changeAccount, createAccount, type NewAccount } from '../../src/storage/accounts.ts'
import { keepWaiting, useAuthState } from '../../src/storage/authorizations.ts'
import { keepMerchant, revokeMerchant } from '../../src/storage/merchants.ts'
import { findTenant } from '../../src/storage/tenants.ts'
import { noon } from '../support/databases.ts'
import { program, shop, world } from './world.ts'

const platforms = [
  { name: 'wechat-pay', needs: wechatPay },
  { name: 'alipay', needs: alipay },
] as const

const provider = { platform: 'wechat-pay', outsideId: '1900000109', settings: { provider: true } } as const
const app = { platform: 'alipay', outsideId: '2021000000000001', settings: {} } as const
const one = { outsideId: '1900007291', name: '一店', company: '一店有限公司' }

async function withProvider() {
  const there = await world({ platforms })
  const { storage, ask } = there
  await ask('POST', '/tenants', shop)
  await ask('POST', '/tenants', { ...shop, handle: 'other' })
  /** Its keys are beside the point. */
  const account = (wish: Pick<NewAccount, 'platform' | 'outsideId' | 'settings'>, handle = 'shop') =>
    storage.transaction(async (tx) => {
      const tenant = await findTenant(tx, handle)
      const made = tenant && (await createAccount(tx, { ...blank, ...wish, tenant: tenant.id }))
      if (!made) throw new Error('taken')
      return made
    })
  const { id } = await account(provider)
  const path = `/tenants/shop/accounts/${id}/merchants`
  const list = async (at = path) => (await ask('GET', at)).json.items
  const add = (body: unknown, at = path) => ask('POST', at, body)
  const fields = async (method: string, at: string, body: object) => {
    const { status, json } = await ask(method, at, body)
    expect(status).toBe(422)
    return json.problems.map(({ field }: { field: string }) => field).sort()
  }
  return { ...there, account, id, path, list, add, fields }
}

const blank = { name: '账号', enabled: true, secrets: {} }
const at = (account: AccountId, tenant = 'shop') => `/tenants/${tenant}/accounts/${account}/merchants`

test('a sub-merchant is named, listed and changed piece by piece', async () => {
  const { add, ask, id, path, list } = await withProvider()
  expect(await list()).toEqual([])
  const made = await add({ ...one, name: ' 一店 ' })
  expect(made).toMatchObject({ status: 201, headers: expect.anything() })
  const shown = { ...one, id: made.json.id, account: id, enabled: true, on: true, autoRefund: false }
  expect(made.json).toEqual({ ...shown, authorised: false, lacks: [], createdAt: instant(noon) })
  expect(await list()).toEqual([made.json])

  const change = (body: object) => ask('PATCH', `${path}/${made.json.id}`, body)
  const now = { ...made.json, name: '二店', enabled: false, on: false, autoRefund: true }
  expect(await change({ name: '二店', enabled: false, autoRefund: true })).toMatchObject({ status: 200, json: now })
  expect((await change({ company: '' })).json).toEqual({ ...now, company: '' })
  expect((await change({})).json).toEqual({ ...now, company: '' })
  expect(await list()).toEqual([{ ...now, company: '' }])
})

test('one is added switched off, and without a company', async () => {
  const { add } = await withProvider()
  const { company, ...bare } = one
  expect((await add({ ...bare, enabled: false, autoRefund: true })).json).toMatchObject({
    ...{ company: '', enabled: false, on: false, autoRefund: true },
  })
})

test('a merchant is on only if its account is', async () => {
  const { storage, add, ask, id, list } = await withProvider()
  await add(one)
  await ask('PATCH', `/tenants/shop/accounts/${id}`, { enabled: false })
  expect(await list()).toMatchObject([{ enabled: true, on: false }])
  // Not by the API: nobody is switched on without keys.
  await storage.transaction(async (tx) => {
    const tenant = await findTenant(tx, 'shop')
    if (tenant) await changeAccount(tx, tenant.id, id, { enabled: true })
  })
  expect(await list()).toMatchObject([{ enabled: true, on: true }])
})

test('an outside id is taken once under an account', async () => {
  const { account, add, list } = await withProvider()
  await add(one)
  expect(await add({ ...one, name: '别的' })).toMatchObject({
    status: 409,
    json: { problems: [{ field: 'outsideId' }] },
  })
  const second = await account({ ...provider, outsideId: '1900000110' })
  expect((await add(one, at(second.id))).status).toBe(201)
  expect(await list()).toMatchObject([{ name: '一店' }])
})

test('only a service provider of WeChat Pay has merchants that are named by hand', async () => {
  const { account, add, list } = await withProvider()
  const refused = async (id: AccountId, fix: RegExp) => {
    const { status, headers, json } = await add(one, at(id))
    expect([status, headers.get('content-type')]).toEqual([422, 'application/problem+json; charset=utf-8'])
    expect(json.problems).toEqual([{ field: 'account', fix: expect.stringMatching(fix) }])
    expect(await list(at(id))).toEqual([])
  }
  await refused((await account(app)).id, /not added by hand under an account of alipay/)
  await refused((await account({ ...program, platform: 'wechat-mini', settings: {} })).id, /of wechat-mini/)
  await refused((await account({ ...provider, outsideId: '1900000111', settings: {} })).id, /no service provider/)
})

test('the platform says what a sub-merchant’s id looks like; it is not the provider’s own', async () => {
  const { add, list, fields, path } = await withProvider()
  for (const outsideId of ['190000', '2088102177846880', 'abc', provider.outsideId])
    expect(await add({ ...one, outsideId })).toMatchObject({
      status: 422,
      json: { problems: [{ field: 'outsideId', fix: expect.stringContaining('8 to 10 digits') }] },
    })
  const wrong = { outsideId: 'a b', name: ' ', company: '司'.repeat(81), enabled: 1, autoRefund: 'yes', token: 'x' }
  const named = ['autoRefund', 'company', 'enabled', 'name', 'outsideId', 'token']
  expect(await fields('POST', path, wrong)).toEqual(named)
  expect(await fields('POST', path, {})).toEqual(['name', 'outsideId'])
  expect(await list()).toEqual([])
})

test('what a change may not name is refused by name', async () => {
  const { add, fields, path, list } = await withProvider()
  const { json } = await add(one)
  const wrong = { name: '', company: null, enabled: null, outsideId: '1900000112', token: 'x', tenant: 'other' }
  const named = ['company', 'enabled', 'name', 'outsideId', 'tenant', 'token']
  expect(await fields('PATCH', `${path}/${json.id}`, wrong)).toEqual(named)
  expect(await list()).toEqual([json])
})

test('another business’s merchants, and those of another account, are not there', async () => {
  const { account, add, ask, id, list, path } = await withProvider()
  const { json } = await add(one)
  const theirs = await account({ ...provider, outsideId: '1900000112' }, 'other')
  const second = await account({ ...provider, outsideId: '1900000110' })
  for (const [method, where] of [
    ['GET', at(id, 'other')],
    ['POST', at(id, 'other')],
    ['PATCH', `${at(id, 'other')}/${json.id}`],
    ['PATCH', `${at(theirs.id, 'other')}/${json.id}`],
    ['PATCH', `${at(second.id)}/${json.id}`],
    ['PATCH', `${path}/mer_none`],
    ['GET', '/tenants/shop/accounts/acc_none/merchants'],
    ['GET', '/tenants/nobody/accounts/acc_none/merchants'],
  ] as const)
    expect([where, (await ask(method, where, bodies[method])).status]).toEqual([where, 404])
  expect(await list()).toEqual([json])
})

const bodies = { GET: undefined, POST: { ...one, outsideId: '1900000113' }, PATCH: { name: '别的' } }

test('who has authorised an app is shown without its tokens, also after a change and after the end', async () => {
  const { account, ask, list, storage } = await withProvider()
  const { id, tenant } = await account(app)
  const merchant = await storage.transaction((tx) =>
    keepMerchant(
      tx,
      { tenant, account: id },
      {
        ...{ outsideId: '2088102177846880', authAppId: '2021001', tokenUntil: instant(noon + 1_000) },
        ...{ token: new Secret('canary-token'), refreshToken: new Secret('canary-refresh') },
      },
    ),
  )
  const shown = await ask('GET', at(id))
  expect(shown.json.items).toEqual([
    {
      ...{
        id: merchant.id,
        account: id,
        outsideId: '2088102177846880',
        authAppId: '2021001',
        name: '2088102177846880',
      },
      ...{
        company: '',
        enabled: true,
        on: true,
        autoRefund: false,
        authorised: true,
        tokenUntil: instant(noon + 1_000),
      },
      ...{ createdAt: instant(noon), checkedAt: instant(noon), lacks: [] },
    },
  ])
  const changed = await ask('PATCH', `${at(id)}/${merchant.id}`, { name: '一店', company: '一店有限公司' })
  expect(changed.json).toMatchObject({ name: '一店', authorised: true })
  await storage.transaction((tx) => revokeMerchant(tx, merchant))
  expect(await list(at(id))).toMatchObject([{ name: '一店', authorised: false, revokedAt: instant(noon) }])
  for (const { raw } of [shown, changed]) expect(raw).not.toMatch(/canary|v1\./)
})

const played: Authorising = {
  links: ({ outsideId }, { redirectUrl, state }) => {
    const of = (form: string) =>
      `https://${form}.example/${outsideId}?${new URLSearchParams({ to: redirectUrl, state })}`
    return { browser: of('browser'), phone: of('phone'), plain: of('plain') }
  },
  returned: () => undefined,
  exchange: () => Promise.reject(new Error('not asked here')),
  query: () => Promise.reject(new Error('not asked here')),
  heard: () => undefined,
  ended: () => false,
}
const authorised = { platforms: [{ name: 'alipay', needs: alipay, authorising: played }] } as const

async function withApp(options: Parameters<typeof world>[0] = {}) {
  const there = await world({ ...authorised, publicUrl: 'https://redress.example', ...options })
  const { ask, storage } = there
  await ask('POST', '/tenants', shop)
  await ask('POST', '/tenants', { ...shop, handle: 'other' })
  const { id, tenant } = await storage.transaction(async (tx) => {
    const of = await findTenant(tx, 'shop')
    const made = of && (await createAccount(tx, { ...blank, ...app, tenant: of.id }))
    if (!made) throw new Error('taken')
    return made
  })
  const path = `/tenants/shop/accounts/${id}`
  const given = (outsideId: string) => ({ outsideId, token: new Secret(`canary-${outsideId}`) })
  const wait = (outsideId: string) => storage.transaction((tx) => keepWaiting(tx, id, given(outsideId)))
  return { ...there, id, tenant, path, wait, given }
}

test('links for a merchant lead back here, with a state of their own', async () => {
  const { ask, path, id, storage } = await withApp()
  const { status, json } = await ask('POST', `${path}/authorization-links`)
  expect(status).toBe(201)
  expect(Object.keys(json).sort()).toEqual(['browser', 'expiresAt', 'phone', 'plain'])
  expect(json.expiresAt).toBe(instant(noon + 15 * 60_000))
  const url = new URL(json.phone)
  expect(url.searchParams.get('to')).toBe(`https://redress.example/oauth/alipay/${id}`)
  const state = url.searchParams.get('state') ?? ''
  expect(new URL(json.plain).searchParams.get('state')).toBe(state)
  expect(await storage.transaction((tx) => useAuthState(tx, id, state))).toMatchObject({ by: { via: 'api' } })
  const again = await ask('POST', `${path}/authorization-links`)
  expect(new URL(again.json.phone).searchParams.get('state')).not.toBe(state)
})

test('no links without an address to come back to, nor where no merchant authorises', async () => {
  const { ask, path } = await withApp({ reachedAt: () => undefined })
  expect(await ask('POST', `${path}/authorization-links`)).toMatchObject({
    status: 422,
    json: { problems: [{ field: 'publicUrl', fix: expect.stringContaining('set publicUrl') }] },
  })
  const { ask: asked, id } = await withProvider()
  expect(await asked('POST', `/tenants/shop/accounts/${id}/authorization-links`)).toMatchObject({
    status: 422,
    json: { problems: [{ field: 'account', fix: 'merchants do not authorise an account of wechat-pay' }] },
  })
})

test('those that wait are listed without their tokens and codes, and claimed by either name, once', async () => {
  const { ask, path, wait, id } = await withApp()
  const one = await wait('2088000000000001')
  await wait('2088000000000002')
  const listed = await ask('GET', `${path}/waiting-authorizations`)
  const stamps = { createdAt: instant(noon), expiresAt: one.expiresAt }
  expect(listed.json.items).toEqual([
    { outsideId: '2088000000000001', ...stamps },
    { outsideId: '2088000000000002', ...stamps },
  ])
  expect(listed.raw).not.toMatch(/canary|v1\./)
  expect(listed.raw).not.toContain(one.code)

  const claim = (body: unknown) => ask('POST', `${path}/merchants/claim`, body)
  const taken = await claim({ code: ` ${one.code.toLowerCase()} ` })
  expect(taken).toMatchObject({ status: 200, json: { outsideId: '2088000000000001', account: id, authorised: true } })
  expect(taken.raw).not.toContain('canary')
  expect(await claim({ code: one.code })).toMatchObject({ status: 422, json: { problems: [{ field: 'code' }] } })
  expect(await claim({ outsideId: '2088000000000002' })).toMatchObject({ status: 200 })
  const gone = { status: 422, json: { problems: [{ field: 'outsideId' }] } }
  expect(await claim({ outsideId: '2088000000000002' })).toMatchObject(gone)
  expect((await ask('GET', `${path}/waiting-authorizations`)).json.items).toEqual([])
  expect((await ask('GET', `${path}/merchants`)).json.items).toHaveLength(2)
})

test('a word that is kept beside that of a known merchant waits for nobody', async () => {
  const { ask, path, wait, given, storage, id, tenant } = await withApp()
  await storage.transaction((tx) => keepMerchant(tx, { tenant, account: id }, given('2088000000000001')))
  await wait('2088000000000001')
  expect((await ask('GET', `${path}/waiting-authorizations`)).json.items).toEqual([])
  expect((await ask('POST', `${path}/merchants/claim`, { outsideId: '2088000000000001' })).status).toBe(422)
})

test('what a claim may be', async () => {
  const { ask, path } = await withApp()
  for (const [body, field] of [
    [{}, 'code'],
    [{ code: 'A', outsideId: 'B' }, 'code'],
    [{ code: '' }, 'code'],
    [{ code: 1 }, 'code'],
    [{ outsideId: '' }, 'outsideId'],
    [{ outsideId: '2'.repeat(65) }, 'outsideId'],
    [{ code: 'A', pid: '1' }, 'pid'],
  ] as const) {
    const { status, json } = await ask('POST', `${path}/merchants/claim`, body)
    expect([status, json.problems.map((one: { field: string }) => one.field)]).toEqual([422, [field]])
  }
})

test('another business invites nobody here, and claims nobody', async () => {
  const { ask, id, wait } = await withApp()
  const { code } = await wait('2088000000000001')
  const theirs = `/tenants/other/accounts/${id}`
  for (const [method, where, body] of [
    ['POST', `${theirs}/authorization-links`, undefined],
    ['GET', `${theirs}/waiting-authorizations`, undefined],
    ['POST', `${theirs}/merchants/claim`, { code }],
    ['POST', '/tenants/shop/accounts/acc_none/authorization-links', undefined],
  ] as const)
    expect([where, (await ask(method, where, body)).status]).toEqual([where, 404])
  expect((await ask('GET', `/tenants/shop/accounts/${id}/waiting-authorizations`)).json.items).toHaveLength(1)
})

test('what is open of a merchant becomes visible when it is switched on again, and once', async () => {
  const { add, ask, id, path, storage, complain } = await withProvider()
  const { json: merchant } = await add({ ...one, enabled: false })
  await complain(id, { number: '1' })
  await complain(id, { number: '2' })
  await storage.transaction((tx) =>
    tx.db.updateTable('complaint').set({ merchant: merchant.id }).where('number', '=', '1').execute(),
  )
  const shown = async () =>
    (await storage.reads.db.selectFrom('fact').select('kind').where('kind', '=', 'shown').execute()).length
  const change = (body: object) => ask('PATCH', `${path}/${merchant.id}`, body)
  await change({ name: '新名' })
  expect(await shown()).toBe(0)
  await change({ enabled: true })
  expect(await shown()).toBe(1)
  await change({ enabled: true })
  expect(await shown()).toBe(1)
})
