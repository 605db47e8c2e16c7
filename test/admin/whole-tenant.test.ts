import { expect, test } from 'vitest'
import { apiAt } from '../support/admin-api.ts'
import { emptyWorld } from '../support/empty-world.ts'

const li = { id: 'u-li', name: '小李' }
const at = '/tenants/shop'

test('a whole business by the API alone, up to a complaint answered and money given back once', async () => {
  const w = await emptyWorld()
  const api = apiAt(w.url, w.key)
  const made = async (path: string, body: object) => {
    const told = await api('POST', path, body)
    expect([path, told.status, told.json]).toEqual([path, 201, expect.anything()])
    return told.json
  }
  await made('/tenants', { handle: 'shop', name: '小店', refundDay: 100_000 })
  const { appid, secret, token, aesKey } = w.program
  const mini = await made(`${at}/accounts`, {
    ...{ platform: 'wechat-mini', outsideId: appid, name: '小程序', secrets: { secret, token, aesKey } },
    settings: { mode: 'safe', payer: w.merchant.mchid, refunds: true },
  })
  w.pushTo(mini.callbackUrl)
  const { mchid, settings, secrets } = w.merchant
  const merchant = await made(`${at}/accounts`, {
    ...{ platform: 'wechat-pay', outsideId: mchid, name: '青禾优选', secrets },
    settings: { ...settings, refunds: true },
  })
  expect((await api('POST', `${at}/accounts/${merchant.id}/address`)).status).toBe(200)
  expect(await made(`${at}/bots`, { kind: 'browser', name: '群' })).toMatchObject({ running: true })
  const member = await made(`${at}/members`, { handle: 'li', name: '小李', role: 'refunder' })
  const { say: bind } = await made(`${at}/members/${member.id}/bind-code`, {})
  await w.chat.say(li, 'alone:u-li', bind)
  await w.chat.say(li, 'ops', (await made(`${at}/room-codes`, {})).say)
  expect((await api('GET', `${at}/rooms`)).json.items).toMatchObject([{ alone: false }])
  await made(`${at}/templates`, { name: '已补发', text: '订单 {order} 已补发' })
  await made(`${at}/rules`, { name: '看', act: { kind: 'note', text: '新投诉' }, mode: 'on' })

  await w.wechat.complain({ appid })
  await w.pay.complain({ mchid, amount: 1990 })
  await w.settle()
  const complaints = (await api('GET', `${at}/complaints?which=all`)).json.items
  expect(complaints.map(({ platform }: { platform: string }) => platform).sort()).toEqual(['wechat-mini', 'wechat-pay'])
  const of = (platform: string) => {
    const { running } = complaints.find((one: { platform: string }) => one.platform === platform)
    return `${at}/complaints/${running}/actions`
  }
  expect(w.chat.cards('ops').length).toBeGreaterThanOrEqual(2)

  expect((await api('POST', of('wechat-mini'), { kind: 'respond', stance: 'agree', text: '马上补发' })).status).toBe(
    201,
  )
  await w.settle()
  expect(w.wechat.ledger().filter(({ by }) => by === 'merchant')).toMatchObject([{ text: '马上补发' }])

  const wish = { kind: 'refund', amount: 1990, confirm: { amount: 1990 }, reason: '小额退款' }
  const named = { 'idempotency-key': 'whole-tenant-refund' }
  const answers = [
    await api('POST', of('wechat-pay'), wish, named),
    await api('POST', of('wechat-pay'), wish, named),
    await api('POST', of('wechat-pay'), wish, { 'idempotency-key': 'another' }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 409])
  await w.pass(180_000)
  expect(w.pay.refunds().map(({ amount, status }) => [amount, status])).toEqual([[1990, 'SUCCESS']])
  expect((await api('GET', `${of('wechat-pay')}/${answers[0]?.json.id}`)).json).toMatchObject({ state: 'done' })
})
