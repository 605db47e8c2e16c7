import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWorld, start, type World } from './wechat-world.ts'

// WeChat docs, 交易体验分: get_penalty_list and get_guarantee_status.
let w: World
let token: string
const appid = 'wxba5fad812f8e6fb9'
const other = 'wx0000000000000002'
const now = start / 1000
const day = 86_400_000

async function open(more: Parameters<typeof openWorld>[0] = {}) {
  w = await openWorld({ programs: [{}, { appid: other, score: 60 }], ...more })
  token = await w.token()
}
beforeEach(() => open())
afterEach(() => w.close())

const read = async (path: string) => (await (await w.get(path)).json()) as Record<string, unknown>
const list = (query = 'offset=0&limit=100', by = token) =>
  read(`/wxaapi/wxamptrade/get_penalty_list?access_token=${by}&${query}`)
const said = { appid, transactionId: '4200001234202611210000000001' }

test('a deduction for a complaint: the row, the score, the total; other mini programs see their own', async () => {
  expect(await list()).toEqual({ errcode: 0, errmsg: 'ok', appealList: [], currentScore: 100, totalNum: 0 })
  const { id } = await w.wechat.complain(said)
  const { id: penalty } = await w.wechat.deduct({ complaint: id, points: 5, wording: '逾期未处理' })
  expect(await list()).toEqual({
    errcode: 0,
    errmsg: 'ok',
    appealList: [
      {
        illegalOrderId: String(penalty),
        complaintOrderId: String(id),
        illegalWording: '逾期未处理',
        status: 2,
        minusScore: 5,
        orderId: 'payorder@_4200001234202611210000000001',
        illegalTime: now,
        updateTime: now,
      },
    ],
    currentScore: 95,
    totalNum: 1,
  })
  expect(await list('offset=0&limit=1', await w.token(other))).toMatchObject({ currentScore: 60, totalNum: 0 })
  const entry = w.wechat.ledger().find(({ what }) => what === 'deduct')
  expect(entry).toMatchObject({ by: 'platform', complaint: id, penalty, points: 5 })
})

test('the numbers as numbers, as in the table, and the other prefix', async () => {
  const { id } = await w.wechat.complain(said)
  const { id: penalty } = await w.wechat.deduct({ complaint: id })
  w.wechat.setQuirks({ penaltyIds: 'number', penaltyOrder: 'payorder@' })
  expect(await list()).toMatchObject({
    appealList: [{ illegalOrderId: penalty, complaintOrderId: id, orderId: 'payorder@4200001234202611210000000001' }],
  })
  await w.wechat.deduct({ appid, points: 2 })
  expect(await list('offset=0&limit=1')).toMatchObject({ appealList: [{ complaintOrderId: 0, orderId: '' }] })
})

test('pages by offset, the newest first', async () => {
  for (let points = 1; points <= 5; points++) await w.wechat.deduct({ appid, points })
  const points = async (query: string) =>
    ((await list(query)).appealList as { minusScore: number }[]).map((row) => row.minusScore)
  expect(await points('offset=0&limit=2')).toEqual([5, 4])
  expect(await points('offset=4&limit=2')).toEqual([1])
  expect(await points('offset=5&limit=2')).toEqual([])
  expect(await list('offset=9&limit=1')).toMatchObject({ totalNum: 5, currentScore: 85 })
})

test.each([
  ['limit=10', 200002],
  ['offset=0', 200002],
  ['offset=-1&limit=10', 200002],
  ['offset=0&limit=0', 20002],
  ['offset=0&limit=101', 20002],
])('%s is refused with %i', async (query, errcode) => {
  expect((await list(query)).errcode).toBe(errcode)
  expect(w.wechat.calls().at(-1)).toMatchObject({ on: 'penalty', errcode })
})

test('both calls want GET', async () => {
  for (const name of ['get_penalty_list', 'get_guarantee_status'])
    expect((await w.post(`/wxaapi/wxamptrade/${name}?access_token=${token}`, {})).errcode).toBe(43001)
})

test.each([
  ['reject', 5, 95],
  ['succeed', 6, 100],
] as const)('the appeal in the console: 4, then %s: %i', async (end, status, score) => {
  const { id } = await w.wechat.deduct({ appid })
  await expect(w.wechat.movePenalty(id, end)).rejects.toThrow(`${end} is not possible at 2`)
  await w.wechat.movePenalty(id, 'appeal')
  expect(await list()).toMatchObject({ appealList: [{ status: 4 }], currentScore: 95 })
  w.clock.advance(day)
  token = await w.token()
  await w.wechat.movePenalty(id, end)
  const row = { status, illegalTime: now, updateTime: now + 86_400 }
  expect(await list()).toMatchObject({ appealList: [row], currentScore: score })
  await expect(w.wechat.movePenalty(id, 'appeal')).rejects.toThrow('not possible')
  expect(w.wechat.ledger().map(({ by, what }) => [by, what])).toEqual([
    ['platform', 'deduct'],
    ['merchant', 'deduction-appeal'],
    ['platform', `deduction-${end}`],
  ])
})

test('after seven days no appeal; below nought no score', async () => {
  const { id } = await w.wechat.deduct({ appid, points: 300 })
  expect(w.wechat.score(appid)).toBe(0)
  w.clock.advance(7 * day)
  await expect(w.wechat.movePenalty(id, 'appeal')).rejects.toThrow('appeal is not possible at 2')
  await expect(w.wechat.deduct({ complaint: 1 })).rejects.toThrow('no complaint 1')
  await expect(w.wechat.deduct({ appid: 'wx404' })).rejects.toThrow('no mini program wx404')
  await expect(w.wechat.deduct({ appid, points: 0 })).rejects.toThrow('points')
})

test.each([
  ['off', {}, 0],
  ['on', { deductWhenLiable: 10 }, 1],
])('by itself when the merchant is held liable, once: %s', async (_, rules, count) => {
  await w.close()
  await open({ rules })
  const { id } = await w.wechat.complain(said)
  await w.pass(48 * 3_600_000)
  await w.wechat.move(id, { kind: 'ask-platform' })
  await w.wechat.move(id, { kind: 'judge', verdict: 'liable' })
  await w.wechat.move(id, { kind: 'pay' })
  token = await w.token()
  expect(await list()).toMatchObject({ totalNum: count, currentScore: 100 - 10 * count })
})

test('the guarantee: on, and off with its reasons', async () => {
  const status = () => read(`/wxaapi/wxamptrade/get_guarantee_status?access_token=${token}`)
  expect(await status()).toEqual({ errcode: 0, errmsg: 'ok', isActived: true, msg: '', reasons: [] })
  w.wechat.setGuarantee(appid, { isActived: false, msg: '未开通', reasons: ['未设置客服'] })
  expect(await status()).toMatchObject({ isActived: false, msg: '未开通', reasons: ['未设置客服'] })
})
