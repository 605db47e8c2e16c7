import { expect, test } from 'vitest'
import { addKey, keyHash } from '../../src/storage/keys.ts'
import { redress } from '../cli/support.ts'
import { group, type World, type WorldOptions, world } from '../support/world.ts'

const key = 'test-key-of-the-admin'

/** The whole service with a WeChat outside, and its admin API. */
async function served(options: WorldOptions = {}) {
  const w = await world(options)
  await w.storage.transaction((tx) => addKey(tx, { name: 'test', hash: keyHash(key) }))
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${w.url}/admin/v1/tenants/shop/accounts/${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return { status: answer.status, json: await answer.json() }
  }
  return { w, ask, cli: (...words: string[]) => redress({ url: w.url, key }, ...words) }
}

async function unheard(w: World): Promise<string> {
  w.wechat.misbehave({ on: 'push', how: 'withheld', times: 9 })
  return String((await w.complain({ text: '没有发货' })).id)
}

test('a complaint is imported by its number, and again is known', async () => {
  const { w, ask } = await served()
  const number = await unheard(w)
  expect(await ask('POST', `${w.account}/import`, { number: ` ＃${number}` })).toEqual({
    status: 200,
    json: { outcome: 'new', running: 1, number, label: '待处理' },
  })
  await w.settle()
  expect(w.chat.card(group, '#1').card.quote).toBe('没有发货')
  expect((await ask('POST', `${w.account}/import`, { number })).json).toMatchObject({ outcome: 'known', running: 1 })
})

test.each([
  [{ number: '4200002179202404261234567890' }, 422, 'not a complaint number'],
  [{ number: 'T20260301001' }, 422, 'not a complaint number'],
  [{ number: ' # ' }, 422, 'not the order number'],
  [{ number: 2157 }, 422, 'as text'],
  [{}, 422, 'as text'],
])('%j is refused with %d: %s', async (body, status, fix) => {
  const { w, ask } = await served()
  const answer = await ask('POST', `${w.account}/import`, body)
  expect(answer).toMatchObject({ status, json: { problems: [{ field: 'number', fix: expect.stringContaining(fix) }] } })
  expect(JSON.stringify(answer.json)).not.toMatch(/\p{Script=Han}{5}/u)
})

test('where the platform does not answer, nobody blames the number', async () => {
  const { w, ask } = await served()
  w.wechat.misbehave({ on: 'detail', how: 'http', status: 502, times: 9 })
  expect((await ask('POST', `${w.account}/import`, { number: '2157001' })).status).toBe(502)
  w.wechat.misbehave({ on: 'penalty', how: 'http', status: 502, times: 9 })
  expect((await ask('GET', `${w.account}/score`)).status).toBe(502)
})

test('an account of nobody', async () => {
  const { ask } = await served()
  expect((await ask('POST', 'acc_x/import', { number: '1' })).status).toBe(404)
  expect((await ask('GET', 'acc_x/score')).status).toBe(404)
})

test('the rating is read when it never was, kept, and read anew when asked', async () => {
  const { w, ask } = await served()
  expect((await ask('GET', `${w.account}/score`)).json).toMatchObject({
    score: 100,
    penalties: [],
    guarantee: { active: true },
  })
  await w.wechat.deduct({ appid: w.program.appid, points: 3, wording: '未按约定时间发货' })
  expect((await ask('GET', `${w.account}/score`)).json).toMatchObject({ score: 100, penalties: [] })
  expect((await ask('GET', `${w.account}/score?now=true`)).json).toMatchObject({
    score: 97,
    penalties: [{ minus: 3, wording: '未按约定时间发货', label: '扣分审批通过' }],
  })
  expect((await ask('GET', `${w.account}/score?now=maybe`)).status).toBe(422)
})

test('the command line does both', async () => {
  const { w, cli } = await served()
  const number = await unheard(w)
  expect(await cli('complaint', 'import', number)).toMatchObject({
    exit: 0,
    out: expect.stringMatching(/#1[\s\S]*new[\s\S]*待处理/),
  })
  expect(await cli('complaint', 'import', number, '--account', '小店')).toMatchObject({
    exit: 0,
    out: expect.stringContaining('here already'),
  })
  expect(await cli('complaint', 'import', 'T1')).toMatchObject({ exit: 1, err: expect.stringContaining('number:') })
  expect(await cli('complaint', 'import', '1', '--account', '别家')).toMatchObject({
    exit: 1,
    err: expect.stringContaining('there is no 别家'),
  })
  await w.wechat.deduct({ appid: w.program.appid, points: 3, wording: '未按约定时间发货' })
  const rated = await cli('account', 'score', '小店', '--now')
  expect(rated).toMatchObject({ exit: 0, out: expect.stringMatching(/SCORE +97[\s\S]*未按约定时间发货/) })
})

test('the callback address is taken back from somebody else, by a person’s word', async () => {
  const w = await world({ pay: ['青禾优选'] })
  await w.storage.transaction((tx) => addKey(tx, { name: 'test', hash: keyHash(key) }))
  const [merchant] = w.pay.merchants
  if (!merchant) throw new Error('no merchant')
  const other = 'https://elsewhere.example/pay'
  await w.pay.platform().notifyUrl.keep(merchant.account, { url: other, replace: true })
  const { exit, out } = await redress({ url: w.url, key }, 'account', 'address', '青禾优选', '--json')
  expect([exit, JSON.parse(out)]).toEqual([0, { url: merchant.address, before: other }])
  expect(w.pay.sandbox.notifyUrl(merchant.mchid)).toBe(merchant.address)
  const refused = await redress({ url: w.url, key }, 'account', 'address', '小店')
  expect(refused.exit).not.toBe(0)
  expect(refused.err).toContain('wechat-pay')
})
