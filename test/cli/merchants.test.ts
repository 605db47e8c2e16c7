import { expect, test } from 'vitest'
import { needs } from '../../src/platforms/wechat-pay/needs.ts'
import { createAccount } from '../../src/storage/accounts.ts'
import { addKey, keyHash } from '../../src/storage/keys.ts'
import { findTenant } from '../../src/storage/tenants.ts'
import { key, shop, world } from '../admin/world.ts'
import { authorising } from '../inbox/merchants.ts'
import { redress } from './support.ts'

async function withProvider(...mchids: readonly string[]) {
  const { url, ask, storage } = await world({ platforms: [{ name: 'wechat-pay', needs }] })
  await ask('POST', '/tenants', shop)
  await storage.transaction(async (tx) => {
    const tenant = await findTenant(tx, 'shop')
    if (!tenant) throw new Error('no shop')
    const wish = { tenant: tenant.id, platform: 'wechat-pay', enabled: true, settings: { provider: true } } as const
    for (const outsideId of mchids) await createAccount(tx, { ...wish, outsideId, name: `P${outsideId}`, secrets: {} })
  })
  const given = { url: url.replace('/admin/v1', ''), key }
  const go = (...words: string[]) => redress(given, 'merchant', ...words)
  const list = async (...words: string[]) => JSON.parse((await go('list', '--json', ...words)).out)
  return { go, list }
}

test.each([[[]], [['add']], [['list']], [['update']], [['authorize']], [['waiting']], [['claim']]])(
  'redress merchant %j --help',
  async (words: string[]) => {
    const { exit, out, err } = await redress({}, 'merchant', ...words, '--help')
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(out).toContain(['Usage: redress merchant', ...words].join(' '))
  },
)

test('one is added, listed and changed', async () => {
  const { go, list } = await withProvider('1900000109')
  expect((await go('list')).out).toBe('none\n')
  const added = await go('add', '--tenant', 'shop', '--id', '1900007291', '--name', '一店', '--company', '一店公司')
  expect({ exit: added.exit, err: added.err }).toEqual({ exit: 0, err: '' })
  expect(added.out).toMatch(/NAME +一店\nCOMPANY +一店公司\nOUTSIDE ID +1900007291\nENABLED +yes\nON +yes\n/)
  expect((await go('list')).out).toMatch(/一店 +一店公司 +1900007291 +yes +yes +no +no +mer_/)

  const changed = await go('update', '一店', '--name', '二店', '--enabled', 'no', '--auto-refund', 'yes')
  expect(changed.out).toMatch(/NAME +二店\nCOMPANY +一店公司\n.*\nENABLED +no\nON +no\nAUTO REFUND +yes\n/)
  expect(await list()).toMatchObject([{ name: '二店', enabled: false, autoRefund: true }])
  await go('update', '1900007291', '--enabled', 'yes', '--auto-refund', 'no', '--company', '')
  expect(await list()).toMatchObject([{ name: '二店', company: '', enabled: true, autoRefund: false }])
  await go('add', '--id', '1900007292', '--name', '三店', '--disabled')
  expect((await list())[1]).toMatchObject({ outsideId: '1900007292', company: '', enabled: false })
})

test('where there are several accounts, which one is meant must be said', async () => {
  const { go, list } = await withProvider('1900000109', '1900000110')
  const unsaid = await go('list')
  expect(unsaid).toMatchObject({ exit: 2, out: '' })
  expect(unsaid.err).toMatch(/say which account: --account (P1900000109, P1900000110|P1900000110, P1900000109)/)
  await go('add', '--account', 'P1900000110', '--id', '1900007291', '--name', '一店')
  expect(await list('--account', '1900000109')).toEqual([])
  expect(await list('--account', '1900000110')).toMatchObject([{ name: '一店' }])
  const wrong = await go('update', '一店', '--account', '1900000109', '--name', '二店')
  expect(wrong).toMatchObject({ exit: 1, err: expect.stringContaining('there is no 一店; there are: none') })
})

test('what is wrong is said with the field and the fix', async () => {
  const { go, list } = await withProvider('1900000109')
  const wrong = await go('add', '--id', 'x', '--name', '一店')
  expect(wrong.exit).toBe(1)
  expect(wrong.err).toMatch(/^ {2}outsideId: give the mchid of the sub-merchant: 8 to 10 digits/m)
  await go('add', '--id', '1900007291', '--name', '一店')
  expect((await go('add', '--id', '1900007291', '--name', '一店')).err).toContain('stands under this account already')
  expect(await go('update', '一店')).toMatchObject({ exit: 2 })
  expect(await go('update', '一店', '--enabled', 'maybe')).toMatchObject({ exit: 2 })
  expect(await go('add', '--name', '一店')).toMatchObject({ exit: 2 })
  expect(await list()).toMatchObject([{ name: '一店', enabled: true }])
})

async function withApp() {
  const w = await authorising()
  w.withheld()
  const key = 'key-of-this-test'
  await w.storage.transaction((tx) => addKey(tx, { name: 'cli', hash: keyHash(key) }))
  const go = (...words: string[]) => redress({ url: w.url, key }, 'merchant', ...words)
  return { w, go }
}

test('links and a QR code for one merchant; with --json the links alone', async () => {
  const { w, go } = await withApp()
  const { exit, out, err } = await go('authorize', '支付宝')
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  const [, browser = ''] = /^BROWSER +(\S+)$/m.exec(out) ?? []
  expect(out).toMatch(/^PHONE +\S+\nPLAIN +\S+\nEXPIRES +2026-03-01T12:15:/m)
  expect(out.split('\n').filter((line) => /^[█▀▄ ]{80,}$/.test(line)).length).toBeGreaterThan(40)
  expect((await w.visit(await w.agree(browser))).title).toBe('授权成功')

  const plain = await go('authorize', '支付宝', '--json')
  expect(Object.keys(JSON.parse(plain.out)).sort()).toEqual(['browser', 'expiresAt', 'phone', 'plain'])
  expect((await go('authorize', '别家')).err).toContain('there is no 别家')
})

test('whoever waits is listed, and claimed by its code or its id', async () => {
  const { w, go } = await withApp()
  const back = async (merchant = w.shop) => {
    const page = await w.visit((await w.alipay.sandbox.consentByInvitation(w.isv.appId, merchant.pid)).redirect)
    return /<b>([A-Z2-9]{10})<\/b>/.exec(page.text)?.[1] ?? ''
  }
  const which = ['--account', '支付宝']
  expect((await go('waiting', ...which)).out).toBe('none\n')
  const code = await back()
  await back(w.other)
  expect((await go('waiting', ...which)).out).toContain(w.shop.pid)
  const claimed = await go('claim', code, ...which)
  expect(claimed.out).toMatch(new RegExp(`OUTSIDE ID +${w.shop.pid}\\n(.*\\n)*AUTHORISED +yes`))
  expect((await go('claim', w.other.pid, ...which)).exit).toBe(0)
  const again = await go('claim', code, ...which)
  expect(again).toMatchObject({ exit: 1, err: expect.stringContaining('code: unknown, used or too old') })
  expect((await go('waiting', ...which)).out).toBe('none\n')
  expect((await go('list', ...which)).out).toContain(w.shop.pid)
})
