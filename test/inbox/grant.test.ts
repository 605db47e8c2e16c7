import { describe, expect, test } from 'vitest'
import { topics } from '../../sandbox/alipay/index.ts'
import { group, people } from '../support/world.ts'
import { type Authorising, authorising, listening } from './merchants.ts'

const minute = 60_000
const hour = 60 * minute
const query = 'alipay.open.auth.token.app.query'
const said = (w: Authorising) => w.chat.texts(group)
const risk = ['info.batchquery', 'info.query', 'process.finish', 'reply.send', 'file.upload'].map(
  (call) => `alipay.security.risk.complaint.${call}`,
)
const onlyRisk = { settings: { sources: ['risk'] } }

/** One merchant that has authorised us, everything done that follows from it. */
async function withMerchant(options: Parameters<typeof authorising>[0] = {}) {
  const w = await authorising(options)
  w.withheld()
  await w.authorised()
  await w.settle()
  const [merchant] = await w.merchants()
  if (!merchant) throw new Error('no merchant')
  const change = (body: object) =>
    w.alipay.admin('PATCH', `/tenants/shop/accounts/${w.isv.account}/merchants/${merchant.id}`, body)
  await change({ name: '咖啡' })
  const now = async () => (await w.merchants())[0]
  const view = async () => {
    const { items } = await w.alipay.admin('GET', `/tenants/shop/accounts/${w.isv.account}/merchants`)
    return (items as readonly Record<string, unknown>[])[0]
  }
  return { w, merchant, change, now, view }
}

/** Messages are told from now on. */
const heard = (w: Authorising) => w.alipay.sandbox.setApp(w.isv.appId, { topics: Object.values(topics) })
const callbacks = (w: Authorising) =>
  w.storage.reads.db.selectFrom('callback').select(['state', 'event']).orderBy('received_at').execute()

/** What is under way ends first: a clock that jumps lets the calls of this moment run out of time. */
async function pass(w: Authorising, ms: number, step = minute): Promise<void> {
  await w.settle()
  await w.pass(ms, step)
}

/** So long, in few steps; then as long as its jobs need. */
async function later(w: Authorising, ms: number): Promise<void> {
  await pass(w, ms, 12 * hour)
  await pass(w, 20 * minute, 10 * minute)
}

/** A call that is tried again pauses on the clock, which nobody moves while we wait for its end. */
async function moving(w: Authorising, work: () => Promise<void>): Promise<void> {
  const mover = setInterval(() => w.clock.advance(500), 5)
  await work().finally(() => clearInterval(mover))
}

describe('a merchant takes its word back', () => {
  test('the message makes us ask; then the token is forgotten, and the team reads what to do', async () => {
    const { w, now, view } = await withMerchant()
    heard(w)
    await w.alipay.sandbox.revoke(w.isv.appId, w.shop.pid)
    await w.settle()
    expect(await now()).toMatchObject({ authorised: false, token: undefined, fence: 2, name: '咖啡' })
    expect(await view()).toMatchObject({ authorised: false, revokedAt: expect.any(String), lacks: [] })
    expect(said(w).at(-1)).toBe(
      '⚠ 支付宝：商家「咖啡」的授权已失效，读不到也处理不了它的投诉。请管理员发送 /authorize 支付宝，把链接发给商家重新授权',
    )
    expect(await callbacks(w)).toEqual([{ state: 'drained', event: 'alipay.open.auth.appauth.cancelled' }])
  })

  test('silently: a refused call makes us ask', async () => {
    const { w, now } = await withMerchant()
    heard(w)
    await w.alipay.sandbox.complainTrade({ pid: w.shop.pid })
    await w.settle()
    expect(w.chat.cards(group)).toHaveLength(1)
    await w.alipay.sandbox.revoke(w.isv.appId, w.shop.pid, { silent: true })
    await pass(w, 20 * minute, 5 * minute)
    expect(await now()).toMatchObject({ authorised: false })
    expect(said(w).filter((line) => line.includes('授权已失效'))).toHaveLength(1)
  })

  test('or what the app may not: a refused deed makes us ask, though all else is let', async () => {
    const { w, now } = await withMerchant(onlyRisk)
    await w.alipay.risk()
    await pass(w, 16 * minute)
    const deed = w.alipay.sandbox.misbehave({
      ...{ on: `alipay.security.risk.complaint.reply.send`, how: 'refused', code: '40006', times: 2 },
      subCode: 'isv.insufficient-isv-permissions',
    })
    const asked = w.queries()
    await w.chat.pressLabel(people.li, group, '#1', '回复')
    await w.chat.say(people.li, group, '已处理')
    await w.settle()
    expect(said(w).at(-1)).toContain('回复未成功')
    expect(w.queries()).toBe(asked + 1)
    expect(await now()).toMatchObject({ authorised: true })
    deed.stop()

    // A refusal of another kind says nothing of its word.
    const other = w.alipay.sandbox.misbehave({
      ...{ on: `alipay.security.risk.complaint.reply.send`, how: 'refused', subCode: 'PARAM_ILLEGAL' },
    })
    await w.chat.pressLabel(people.li, group, '#1', '回复')
    await w.chat.say(people.li, group, '已处理')
    await w.settle()
    expect(said(w).filter((line) => line.includes('回复未成功'))).toHaveLength(2)
    expect(w.queries()).toBe(asked + 1)
    other.stop()
  })

  test('and gives it anew: the same merchant, told again', async () => {
    const { w, now, merchant } = await withMerchant()
    heard(w)
    await w.alipay.sandbox.revoke(w.isv.appId, w.shop.pid)
    await w.settle()
    w.withheld()
    await w.authorised()
    await w.settle()
    expect(await now()).toMatchObject({ id: merchant.id, authorised: true, fence: 3, name: '咖啡' })
    expect(await now()).not.toHaveProperty('revokedAt')
    expect(said(w).at(-1)).toBe('✅ 支付宝：商家「咖啡」已重新授权')
  })

  test('of one that is switched off nothing is posted, and of an account that is neither', async () => {
    const { w, now, change } = await withMerchant()
    await change({ enabled: false })
    const before = said(w)
    heard(w)
    await w.alipay.sandbox.revoke(w.isv.appId, w.shop.pid)
    await w.settle()
    expect(await now()).toMatchObject({ authorised: false })
    expect(said(w)).toEqual(before)

    await change({ enabled: true })
    w.withheld()
    await w.authorised()
    await w.settle()
    await w.alipay.admin('PATCH', `/tenants/shop/accounts/${w.isv.account}`, { enabled: false })
    const then = said(w)
    heard(w)
    await w.alipay.sandbox.revoke(w.isv.appId, w.shop.pid)
    await w.settle()
    expect(await now()).toMatchObject({ authorised: false })
    expect(said(w)).toEqual(then)
  })

  test('a message that is not true changes nothing', async () => {
    const { w, now, merchant } = await withMerchant()
    await w.alipay.sandbox.say(w.isv.appId, {
      method: 'alipay.open.auth.appauth.cancelled',
      biz: { auth_app_id: w.shop.appId, user_id: w.shop.pid },
    })
    await w.settle()
    expect(await now()).toMatchObject({ token: merchant.token, fence: 1 })
    expect(said(w)).toHaveLength(1)
  })
})

describe('once a day', () => {
  test('every token is asked about, each once', async () => {
    const { w } = await withMerchant()
    await w.authorised(w.other)
    await w.settle()
    const before = w.queries()
    await later(w, 23 * hour)
    expect(w.queries()).toBe(before)
    await later(w, hour)
    expect(w.queries()).toBe(before + 2)
    await later(w, 24 * hour)
    expect(w.queries()).toBe(before + 4)
  })

  test('what cannot be asked is asked later, and not forgotten', async () => {
    const { w, now } = await withMerchant()
    await w.alipay.sandbox.revoke(w.isv.appId, w.shop.pid, { silent: true })
    const trouble = w.alipay.sandbox.misbehave({ on: query, how: 'html', status: 502, times: 99 })
    await moving(w, () => later(w, 25 * hour))
    expect(await now()).toMatchObject({ authorised: true })
    expect(w.queries()).toBeGreaterThan(3)
    trouble.stop()
    await pass(w, 30 * minute, 10 * minute)
    expect(await now()).toMatchObject({ authorised: false })
  })

  test('where the app itself is not let in, nobody is called revoked', async () => {
    const { w, now } = await withMerchant()
    const before = said(w)
    const { account } = w.isv
    const trouble = w.alipay.sandbox.misbehave({
      ...{ on: query, how: 'refused', code: '40002', subCode: 'isv.invalid-signature', times: 999 },
    })
    const asked = w.queries()
    await later(w, 30 * hour)
    expect(w.queries() - asked).toBeLessThan(10)
    expect(w.queries() - asked).toBeGreaterThan(1)
    expect(await now()).toMatchObject({ authorised: true, account })
    expect(said(w)).toEqual(before)
    trouble.stop()
  })

  test('a token that the platform knows no more has ended', async () => {
    const { w, now } = await withMerchant()
    w.alipay.sandbox.misbehave({ on: query, how: 'refused', code: '40004', subCode: 'AUTH_TOKEN_NOT_EXISTED' })
    await later(w, 25 * hour)
    expect(await now()).toMatchObject({ authorised: false })
  })

  test('links and waiting ones that nobody can use any more are forgotten', async () => {
    const { w } = await withMerchant()
    const states = () => w.storage.reads.db.selectFrom('auth_state').select('hash').execute()
    expect(await states()).toHaveLength(1)
    await later(w, 25 * hour)
    expect(await states()).toHaveLength(0)
  })
})

describe('what the word does not cover', () => {
  test('is named once, and again when it changes', async () => {
    const w = await authorising(onlyRisk)
    w.withheld()
    w.alipay.sandbox.setApp(w.isv.appId, { methods: risk.slice(1) })
    await w.authorised()
    await w.settle()
    const lacking = () => said(w).filter((line) => line.includes('缺少权限'))
    expect(lacking()).toEqual([
      `⚠ 支付宝：商家「${w.shop.pid}」的授权缺少权限：${risk[0]}。请在开放平台给应用添加对应产品，再用 /authorize 支付宝 请商家重新授权`,
    ])
    expect((await w.merchants())[0]?.lacks).toEqual([risk[0]])
    await later(w, 49 * hour)
    expect(lacking()).toHaveLength(1)

    // The account wants more than it did.
    await w.alipay.admin('PATCH', `/tenants/shop/accounts/${w.isv.account}`, { settings: { refunds: true } })
    await later(w, 25 * hour)
    expect(lacking()).toHaveLength(2)
    expect(lacking()[1]).toContain('alipay.trade.refund')

    // It was added, and the merchant has authorised anew: nothing is missing, nothing is said.
    w.alipay.sandbox.setApp(w.isv.appId, {
      methods: [...risk, 'alipay.trade.query', 'alipay.trade.refund', 'alipay.trade.fastpay.refund.query'],
    })
    await w.authorised()
    await w.settle()
    expect((await w.merchants())[0]?.lacks).toEqual([])
    expect(lacking()).toHaveLength(2)
  })

  test('is said again after a new authorisation that does not cover it either', async () => {
    const w = await authorising({ ...onlyRisk, language: 'en' })
    w.withheld()
    w.alipay.sandbox.setApp(w.isv.appId, { methods: risk.slice(2) })
    for (let n = 1; n <= 2; n++) {
      await w.authorised()
      await w.settle()
      const lacking = said(w).filter((line) => line.includes('lacks'))
      expect(lacking).toHaveLength(n)
      expect(lacking.at(-1)).toContain(`lacks ${risk[0]}, ${risk[1]}.`)
    }
  })
})

describe('a message that a merchant has authorised us', () => {
  test('while its browser is on its way: one merchant, nobody waits, told once', async () => {
    const w = await authorising()
    const address = await w.agree((await w.invite()).browser)
    await w.settle()
    expect(await callbacks(w)).toMatchObject([{ state: 'new', event: 'open_app_auth_notify' }])
    await w.visit(address)
    await pass(w, 3 * minute)
    expect(await callbacks(w)).toMatchObject([{ state: 'drained' }])
    expect(await w.waiting()).toEqual([])
    expect((await w.merchants()).map(({ fence }) => fence)).toEqual([1])
    expect(said(w)).toHaveLength(1)
  })

  test('whose browser never comes: it waits for a claim, told once', async () => {
    const w = await authorising()
    await w.alipay.sandbox.authorise(w.isv.appId, w.shop.pid)
    await pass(w, 3 * minute)
    expect(await w.waiting()).toMatchObject([{ outsideId: w.shop.pid }])
    expect(said(w)).toEqual([expect.stringContaining(`商家 ${w.shop.pid} 已授权，但不是通过我们的链接`)])
    await w.alipay.sandbox.authorise(w.isv.appId, w.shop.pid)
    await pass(w, 30 * minute)
    expect(said(w)).toHaveLength(1)
    expect(await w.waiting()).toHaveLength(1)
  })

  test('the code that the merchant was told stays good when the message comes after it', async () => {
    const w = await authorising()
    const { redirect } = await w.alipay.sandbox.consentByInvitation(w.isv.appId, w.shop.pid)
    const page = await w.visit(redirect)
    const code = /<b>([A-Z2-9]{10})<\/b>/.exec(page.text)?.[1]
    await pass(w, 5 * minute)
    const path = `/tenants/shop/accounts/${w.isv.account}/merchants/claim`
    expect(await w.alipay.admin('POST', path, { code })).toMatchObject({ outsideId: w.shop.pid, authorised: true })
    expect(said(w).filter((line) => line.includes('不是通过我们的链接'))).toHaveLength(1)
  })

  test('of a known merchant, and nothing else tells of it: the new token is used once the old one is dead', async () => {
    const { w, now, merchant } = await withMerchant()
    heard(w)
    const { token } = await w.alipay.sandbox.authorise(w.isv.appId, w.shop.pid)
    await pass(w, 2 * minute)
    // Both hold for a while: nobody can say which is newer.
    expect(await now()).toMatchObject({ token: merchant.token, fence: 1 })
    expect(await w.waiting()).toEqual([])
    await later(w, 25 * hour)
    expect(await now()).toMatchObject({ token, authorised: true, name: '咖啡' })
    expect(said(w).filter((line) => line.includes('授权已失效'))).toEqual([])
    expect(said(w).filter((line) => line.includes('已重新授权'))).toHaveLength(1)
  })

  test('of a merchant that had taken its word back: it is ours again', async () => {
    const { w, now } = await withMerchant()
    heard(w)
    await w.alipay.sandbox.revoke(w.isv.appId, w.shop.pid)
    await w.settle()
    const { token } = await w.alipay.sandbox.authorise(w.isv.appId, w.shop.pid)
    await pass(w, 2 * minute)
    expect(await now()).toMatchObject({ token, authorised: true })
  })

  test('an old one that comes again does not bring its token back', async () => {
    const w = await authorising()
    // Told, lost on the way, and told again hours later.
    const lost = w.alipay.sandbox.misbehave({ on: 'push', how: 'withheld' })
    const first = await w.alipay.sandbox.authorise(w.isv.appId, w.shop.pid)
    lost.stop()
    w.withheld()
    await w.authorised()
    await w.settle()
    const [before] = await w.merchants()
    await pass(w, 20 * minute, 5 * minute)
    const old = (id: string) => ({
      service: 'open_app_auth_notify',
      fields: {
        ...{ notify_type: 'open_app_auth_notify', notify_id: id, status: 'execute_auth', auth_app_id: w.shop.appId },
        biz_content: JSON.stringify({
          detail: {
            ...{ app_auth_token: first.token, app_refresh_token: first.refreshToken },
            ...{ user_id: w.shop.pid, auth_app_id: w.shop.appId },
          },
        }),
      },
    })
    await w.alipay.sandbox.say(w.isv.appId, old('one'))
    await pass(w, 2 * minute)
    expect(await callbacks(w)).toMatchObject([{ state: 'drained', event: 'open_app_auth_notify' }])
    expect((await w.merchants())[0]).toMatchObject({ token: before?.token, fence: 1 })

    await w.alipay.sandbox.revoke(w.isv.appId, w.shop.pid, { silent: true })
    await later(w, 25 * hour)
    await w.alipay.sandbox.say(w.isv.appId, old('another'))
    await pass(w, 2 * minute)
    expect(await callbacks(w)).toHaveLength(2)
    expect((await w.merchants())[0]).toMatchObject({ authorised: false, token: undefined })
    expect(await w.waiting()).toEqual([])
  })

  test('the platform does not answer: asked later', async () => {
    const w = await authorising()
    const trouble = w.alipay.sandbox.misbehave({ on: query, how: 'html', status: 502, times: 99 })
    await w.alipay.sandbox.authorise(w.isv.appId, w.shop.pid)
    await moving(w, () => pass(w, 10 * minute, minute))
    expect(await w.waiting()).toEqual([])
    trouble.stop()
    await pass(w, 20 * minute, 5 * minute)
    expect(await w.waiting()).toMatchObject([{ outsideId: w.shop.pid }])
  })
})

test('no token is ever logged, whichever way it came', async () => {
  const { logger, said: logged } = listening()
  const w = await authorising({ logger })
  await w.authorised()
  await w.alipay.sandbox.authorise(w.isv.appId, w.other.pid)
  await w.visit((await w.alipay.sandbox.consentByInvitation(w.isv.appId, w.other.pid)).redirect)
  await pass(w, 3 * minute)
  w.alipay.sandbox.misbehave({ on: query, how: 'refused', code: '40002', subCode: 'isv.invalid-signature' })
  await later(w, 25 * hour)
  await w.alipay.sandbox.revoke(w.isv.appId, w.shop.pid)
  await w.settle()
  const secrets = w.alipay.sandbox.grants().flatMap(({ token, refreshToken }) => [token, refreshToken])
  expect(secrets.length).toBeGreaterThan(4)
  expect(logged.length).toBeGreaterThan(3)
  for (const secret of secrets) expect(logged.join('\n')).not.toContain(secret)
})
