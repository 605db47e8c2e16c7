import { describe, expect, test } from 'vitest'
import type { RiskComplain } from '../../sandbox/alipay/index.ts'
import { pressOn, words } from '../chat/people.ts'
import { type AlipayWish, patiently } from '../support/alipay.ts'
import { type AlipayWorld, group, people, type WorldOptions, world } from '../support/world.ts'

const { chen, li } = people
const minute = 60_000
const refund = 'alipay.trade.refund'

const card = (w: AlipayWorld) => w.chat.card(group, '#1 ').card
const labels = (w: AlipayWorld) => card(w).buttons.map(({ label }) => label)
const said = (w: AlipayWorld) => w.chat.texts(group).join('\n')
const asked = (w: AlipayWorld) => w.pass(16 * minute, minute)
/** Where the money is: returned, on its way, of what was paid. Fen. */
const money = (w: AlipayWorld) =>
  w.alipay.sandbox.money().map(({ returned, promised, paid }) => `${returned}+${promised} of ${paid}`)
/** Calls that asked for money, by their numbers. */
const numbers = (w: AlipayWorld) =>
  w.alipay.sandbox.calls().flatMap(({ on, refund: number }) => (on === refund ? [number] : []))
const tradeNo = (w: AlipayWorld) => w.alipay.sandbox.trades()[0]?.tradeNo ?? ''

/** #1, in the group; the message of the play has it read at once. */
async function complained(more: Partial<RiskComplain> = {}, how: AlipayWish & Pick<WorldOptions, 'language'> = {}) {
  const { language, rules, ...alipay } = how
  const w = await world({
    alipay: { ...alipay, rules: { riskMessage: 'method', ...rules } },
    ...(language && { language }),
  })
  await w.alipay.risk({ text: '自动续费', amount: 1990, ...more })
  return w
}

/** By the button for all of it. @returns what the person reads */
async function all(w: AlipayWorld, yuan = '19.90'): Promise<string> {
  const english = labels(w).includes('Refund')
  const offer = await w.chat.pressLabel(chen, group, '#1', english ? 'Refund' : '退款')
  const full = offer.card?.buttons.find(({ label }) => label.includes(yuan))
  const answer = await pressOn(w, chen, offer.card, full?.label ?? '')
  await w.settle()
  return words(answer)
}

describe('money goes back', () => {
  test.each([
    ['zh-CN', '#1 已退款 ¥19.90 到账', '#1 已结束：处理完成'],
    ['en', '#1 refunded ¥19.90, arrived', '#1 closed: 处理完成'],
  ] as const)('all of it, and the complaint ends by itself, in %s', async (language, line, end) => {
    const w = await complained({}, { language })
    await all(w)
    expect([money(w), w.alipay.deeds()]).toEqual([['1990+0 of 1990'], ['refund 1990', 'refund-success 1990']])
    expect(said(w)).toContain(line)
    await asked(w)
    expect(said(w)).toContain(end)
    expect(labels(w)).toEqual([language === 'en' ? 'Detail' : '详情'])
    await asked(w)
    // Nothing follows where it turned by itself.
    expect(w.alipay.deeds()).toHaveLength(2)
  })

  test('a part, looked at before it goes, with words that the user reads; then the rest', async () => {
    const w = await complained()
    const check = await w.chat.say(chen, group, '/refund 1 5.5 少发一件')
    expect(check.card?.title).toBe('#1 退款 ¥5.50：请核对')
    expect(money(w)).toEqual(['0+0 of 1990'])
    await pressOn(w, chen, check.card, '确认退款 ¥5.50')
    await w.settle()
    expect(money(w)).toEqual(['550+0 of 1990'])
    expect(w.alipay.did('refund').map(({ text }) => text)).toEqual(['少发一件'])
    await asked(w)
    // A part is no end.
    expect([labels(w).includes('退款'), w.alipay.did('finish')]).toEqual([true, []])
    await all(w, '14.40')
    expect(money(w)).toEqual(['1990+0 of 1990'])
    expect(new Set(numbers(w)).size).toBe(2)
  })

  test('of a trade complaint, the same', async () => {
    const w = await world({ alipay: true })
    await w.alipay.trade({ amount: 1990 })
    await all(w)
    expect(money(w)).toEqual(['1990+0 of 1990'])
    expect(said(w)).toContain('#1 已退款 ¥19.90 到账')
    expect(labels(w)).toEqual(expect.arrayContaining(['回复', '认领', '详情']))
  })

  test('accepted is not yet there: N, then the query', async () => {
    const w = await complained()
    await w.alipay.sandbox.trade({ pid: w.alipay.merchants[0]?.pid ?? '', tradeNo: tradeNo(w), refundEnds: 'later' })
    await all(w)
    expect(money(w)).toEqual(['0+1990 of 1990'])
    expect(said(w)).not.toContain('到账')
    await w.pass(3 * minute, 5_000)
    expect(money(w)).toEqual(['1990+0 of 1990'])
    expect(said(w)).toContain('#1 已退款 ¥19.90 到账')
  })

  test('one that the query cannot see at first is waited for, and never given a second number', async () => {
    const w = await complained({}, { rules: { refundVisibleMs: 40_000 } })
    w.alipay.sandbox.misbehave({ on: refund, how: 'lost-answer' })
    await all(w)
    await w.pass(5 * minute, 5_000)
    expect(money(w)).toEqual(['1990+0 of 1990'])
    expect(new Set(numbers(w)).size).toBe(1)
    expect(said(w)).toContain('#1 已退款 ¥19.90 到账')
  })
})

describe('whatever comes back, it goes once', () => {
  test.each([
    ['the answer is lost after the effect', { how: 'lost-answer' }],
    ['the request is lost', { how: 'lost-request' }],
    ['the effect comes a minute later', { how: 'late-effect', ms: 60_000 }],
    ['20000, done', { how: 'unknown-error', effect: true }],
    ['20000, not done', { how: 'unknown-error' }],
    ['too many calls', { how: 'call-limited', times: 2 }],
    ['the answer is not signed', { how: 'unverifiable', fault: 'missing' }],
    ['the answer is signed by somebody else', { how: 'unverifiable', fault: 'key' }],
    ['the answer is signed by the old rule', { how: 'unverifiable', fault: 'sha1' }],
    ['the answer was changed', { how: 'tampered' }],
    ['the answer is cut off', { how: 'malformed' }],
    ['the answer is about something else', { how: 'wrong-key' }],
    ['error_response, done', { how: 'error-response', subCode: 'isp.unknow-error', effect: true }],
    ['error_response, not done', { how: 'error-response', subCode: 'isp.unknow-error' }],
    ['an HTML page, done', { how: 'html', status: 502, effect: true }],
    ['an HTML page, not done', { how: 'html', status: 502 }],
    ['an HTML page that says 200', { how: 'html', status: 200 }],
    ['refused in words of its own, and done', { how: 'refused', subCode: 'ACQ.SYSTEM_ERROR', effect: true }],
  ] as const)('%s', async (_, trouble) => {
    const w = await complained()
    w.alipay.sandbox.misbehave({ on: refund, ...trouble })
    await all(w)
    await w.pass(6 * minute, 5_000)
    expect(money(w)).toEqual(['1990+0 of 1990'])
    expect(w.alipay.did('refund')).toHaveLength(1)
    expect(new Set(numbers(w)).size).toBe(1)
    expect(w.chat.texts(group).filter((text) => text.startsWith('#1 已退款 ¥19.90 到账'))).toHaveLength(1)
  })

  test('two who press at once give it once', async () => {
    const w = await complained()
    const offers = await Promise.all([1, 2].map(() => w.chat.pressLabel(chen, group, '#1', '退款')))
    const full = '全额退 ¥19.90'
    await Promise.all(offers.map(({ card: offer }) => pressOn(w, chen, offer, full)))
    await w.settle()
    await w.pass(2 * minute)
    expect([money(w), w.alipay.did('refund').length]).toEqual([['1990+0 of 1990'], 1])
  })

  test('a restart between the press and the answer: once', async () => {
    const w = await complained()
    w.alipay.sandbox.misbehave({ on: refund, how: 'lost-answer' })
    await all(w)
    await w.restart()
    await w.pass(6 * minute, 5_000)
    expect([money(w), w.alipay.did('refund').length]).toEqual([['1990+0 of 1990'], 1])
    expect(said(w)).toContain('#1 已退款 ¥19.90 到账')
  })
})

describe('what Alipay refuses is said with what to do next', () => {
  test.each([
    ['zh-CN', '商家余额不足：请充值后再退'],
    ['en', 'not enough balance: top up, then try again'],
  ] as const)('not enough money; topped up, it goes under the same number (%s)', async (language, why) => {
    const w = await complained({}, { language })
    const pid = w.alipay.merchants[0]?.pid ?? ''
    w.alipay.sandbox.setBalance(pid, 0)
    await all(w)
    expect([money(w), said(w)]).toEqual([['0+0 of 1990'], expect.stringContaining(why)])
    expect(labels(w)).toContain(language === 'en' ? 'Refund' : '退款')
    w.alipay.sandbox.setBalance(pid, 100_000)
    await all(w)
    await w.pass(2 * minute)
    expect(money(w)).toEqual(['1990+0 of 1990'])
    expect(new Set(numbers(w)).size).toBe(1)
  })

  test.each([
    ['zh-CN', '同一退款请求号下已有另一笔退款：请人工核对'],
    ['en', 'another refund stands under this number: a person must look'],
  ] as const)('another refund stands under its number (%s)', async (language, why) => {
    const w = await complained({}, { language })
    w.alipay.sandbox.misbehave({ on: refund, how: 'refused', subCode: 'ACQ.DISCORDANT_REPEAT_REQUEST' })
    await all(w)
    expect([money(w), said(w)]).toEqual([['0+0 of 1990'], expect.stringContaining(why)])
  })

  test.each([
    ['TRADE_FINISHED', '交易已结束，不能退款'],
    ['TRADE_CLOSED', '交易已关闭'],
  ] as const)('a trade that ends between the offer and the press: %s', async (state, why) => {
    const w = await complained()
    const offer = await w.chat.pressLabel(chen, group, '#1', '退款')
    await w.alipay.sandbox.trade({ pid: w.alipay.merchants[0]?.pid ?? '', tradeNo: tradeNo(w), state })
    await pressOn(w, chen, offer.card, '全额退 ¥19.90')
    await w.settle()
    await w.pass(2 * minute)
    expect([money(w), said(w)]).toEqual([['0+0 of 1990'], expect.stringContaining(why)])
    // Looked at anew there is nothing to be had.
    const again = await w.chat.pressLabel(chen, group, '#1', '退款')
    expect(again.card?.buttons ?? []).toEqual([])
  })

  test('more than is left is refused before anything is asked for', async () => {
    const w = await complained()
    const answer = await w.chat.say(chen, group, '/refund 1 19.91')
    expect(words(answer)).toContain('最多 ¥19.90')
    expect(numbers(w)).toEqual([])
  })

  test('where Alipay cannot be asked what the trade cost nothing is offered, and it is said why', async () => {
    const w = await complained()
    w.alipay.sandbox.misbehave({ on: 'alipay.trade.query', how: 'html', status: 502, times: 3 })
    const answer = await patiently(w, w.chat.pressLabel(chen, group, '#1', '退款'))
    expect(answer.card).toBeUndefined()
    expect(words(answer)).toContain('支付宝')
    expect(money(w)).toEqual(['0+0 of 1990'])
    const offer = await w.chat.pressLabel(chen, group, '#1', '退款')
    expect(offer.card?.title).toBe('#1 退款')
  })
})

describe('who may', () => {
  test('an agent may not, an admin may', async () => {
    const w = await complained()
    expect(words(await w.chat.pressLabel(li, group, '#1', '退款'))).toContain('可退款')
    expect(numbers(w)).toEqual([])
  })

  test('where the account does not refund there is no button, and the command says how to switch it on', async () => {
    const w = await complained({}, { settings: { refunds: false } })
    expect(labels(w)).not.toContain('退款')
    const answer = await w.chat.say(chen, group, '/refund 1 5')
    expect(words(answer)).toContain('refunds: true')
    expect(numbers(w)).toEqual([])
  })
})

describe('after all went back', () => {
  test('the complaint does not turn by itself: it is finished with that result after ten minutes, once', async () => {
    const w = await complained({}, { rules: { refundTurns: false } })
    await all(w)
    await w.pass(9 * minute, minute)
    expect(w.alipay.did('finish')).toEqual([])
    await w.pass(20 * minute, minute)
    expect(w.alipay.did('finish').map(({ code }) => code)).toEqual(['REFUND'])
    expect(w.alipay.sandbox.riskComplaints().map(({ status }) => status)).toEqual(['PROCESSED'])
    expect(said(w)).toContain('#1 已结束：处理完成')
    expect(labels(w)).toEqual(['详情'])
    await w.pass(30 * minute, minute)
    expect(w.alipay.did('finish')).toHaveLength(1)
  })

  test('a part that went back finishes nothing', async () => {
    const w = await complained({}, { rules: { refundTurns: false } })
    const check = await w.chat.say(chen, group, '/refund 1 5')
    await pressOn(w, chen, check.card, '确认退款 ¥5.00')
    await w.settle()
    await w.pass(30 * minute, minute)
    expect(w.alipay.deeds()).toEqual(['refund 500', 'refund-success 500'])
  })

  test('one of two trades finishes nothing; both do', async () => {
    const w = await complained({ trades: [{ total: 1990 }, { total: 500 }] }, { rules: { refundTurns: false } })
    await all(w)
    await w.pass(30 * minute, minute)
    expect(w.alipay.did('finish')).toEqual([])
    await all(w, '5.00')
    await w.pass(30 * minute, minute)
    expect(w.alipay.did('finish').map(({ code }) => code)).toEqual(['REFUND'])
    expect(money(w)).toEqual(['1990+0 of 1990', '500+0 of 500'])
  })

  test('when it cannot be read again for a day, a person is asked to end it, once', async () => {
    const w = await complained({}, { rules: { refundTurns: false } })
    await all(w)
    const [app] = w.alipay.apps
    const [merchant] = w.alipay.merchants
    await w.alipay.sandbox.revoke(app?.appId ?? '', merchant?.pid ?? '', { silent: true })
    await w.pass(24 * 60 * minute, 20 * minute)
    expect(said(w)).not.toContain('没有自动发起')
    await w.pass(60 * minute, 20 * minute)
    const told = () => said(w).match(/#1 完结没有自动发起.*\/finish 1/g)
    expect(told()).toHaveLength(1)
    await w.pass(180 * minute, 20 * minute)
    expect(told()).toHaveLength(1)
    expect(w.alipay.did('finish')).toEqual([])
  })
})
