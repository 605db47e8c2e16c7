import { expect, test } from 'vitest'
import { Secret } from '../../src/core/seal.ts'
import { type AccountId, instant } from '../../src/core/words.ts'
import { needs as alipay } from '../../src/platforms/alipay/needs.ts'
import { needs as wechatPay } from '../../src/platforms/wechat-pay/needs.ts'
import { createAccount, type NewAccount } from '../../src/storage/accounts.ts'
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
  expect(made.json).toEqual({ ...shown, authorised: false, createdAt: instant(noon) })
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
  const { add, ask, id, list } = await withProvider()
  await add(one)
  await ask('PATCH', `/tenants/shop/accounts/${id}`, { enabled: false })
  expect(await list()).toMatchObject([{ enabled: true, on: false }])
  await ask('PATCH', `/tenants/shop/accounts/${id}`, { enabled: true })
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
      ...{ createdAt: instant(noon), checkedAt: instant(noon) },
    },
  ])
  const changed = await ask('PATCH', `${at(id)}/${merchant.id}`, { name: '一店', company: '一店有限公司' })
  expect(changed.json).toMatchObject({ name: '一店', authorised: true })
  await storage.transaction((tx) => revokeMerchant(tx, merchant))
  expect(await list(at(id))).toMatchObject([{ name: '一店', authorised: false, revokedAt: instant(noon) }])
  for (const { raw } of [shown, changed]) expect(raw).not.toMatch(/canary|v1\./)
})
