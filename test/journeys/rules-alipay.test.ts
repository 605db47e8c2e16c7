import { describe, expect, test } from 'vitest'
import { words } from '../chat/people.ts'
import type { AlipayWish } from '../support/alipay.ts'
import { type AlipayWorld, group, people, world } from '../support/world.ts'
import { labels, minute, note, outcomes, rule } from './rules.ts'

// As the article has it: the app's switch and the merchant's, and money goes back by itself. Judged by what Alipay has in its books.

const refundCall = 'alipay.trade.refund'

interface Shop {
  readonly account?: boolean
  readonly merchant?: boolean
  readonly rules?: AlipayWish['rules']
}

/** A shop as an admin sets it up, with a rule that gives back what costs little. */
async function shop({ account = true, merchant = true, rules = {} }: Shop = {}): Promise<AlipayWorld> {
  const w = await world({ alipay: { rules: { riskMessage: 'method', ...rules }, settings: { refunds: true } } })
  const [app] = w.alipay.apps
  const at = `/tenants/${app?.tenant}/accounts/${app?.account}`
  if (account) await w.alipay.admin('PATCH', at, { settings: { autoRefund: true } })
  const { items } = await w.alipay.admin('GET', `${at}/merchants`)
  const [one] = items as readonly { readonly id: string }[]
  await w.alipay.admin('PATCH', `${at}/merchants/${one?.id}`, { autoRefund: merchant })
  return w
}

const small = (w: AlipayWorld, orders: 'only' | 'every' = 'every') =>
  rule(w, '小额', { kind: 'refund', orders, reason: '小额快速退款' }, { delay: 60 })
const said = (w: AlipayWorld) => w.chat.texts(group)
/** Where the money is: returned, on its way, of what was paid. Fen. */
const money = (w: AlipayWorld) =>
  w.alipay.sandbox.money().map(({ returned, promised, paid }) => `${returned}+${promised} of ${paid}`)
const refunds = (w: AlipayWorld) => w.alipay.sandbox.calls().filter(({ on }) => on === refundCall).length
const pid = (w: AlipayWorld) => w.alipay.merchants[0]?.pid ?? ''
const status = (w: AlipayWorld) => w.alipay.sandbox.riskComplaints().map((one) => one.status)
const ends = (w: AlipayWorld) => w.alipay.did('finish').map(({ code }) => code)

describe('with both switches on', () => {
  test('a consumer complaint: announced, paid back, and turned by Alipay; the group reads each step', async () => {
    const w = await shop()
    await small(w)
    await w.alipay.risk({ text: '自动续费', amount: 1990 })
    expect(note(w)).toBe('20:01:00 自动退款 ¥19.90（规则：小额）')
    expect(refunds(w)).toBe(0)
    await w.pass(2 * minute)
    expect(money(w)).toEqual(['1990+0 of 1990'])
    expect(w.alipay.did('refund').map(({ text }) => text)).toEqual(['小额快速退款'])
    await w.pass(16 * minute, 4 * minute)
    expect(w.alipay.deeds()).toEqual(['refund 1990 小额快速退款', 'refund-success 1990'])
    expect(status(w)).toEqual(['PROCESSED'])
    expect(said(w)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^#1 已退款 ¥19\.90 到账 .*规则「小额」/), '#1 已结束：处理完成']),
    )
    expect(await outcomes(w)).toEqual(['小额 done'])
  })

  test('one that Alipay does not turn is finished with that result after ten minutes, once, in the name of the rule', async () => {
    const w = await shop({ rules: { refundTurns: false } })
    await small(w)
    await w.alipay.risk({ amount: 1990 })
    await w.pass(10 * minute, minute)
    expect([money(w), ends(w)]).toEqual([['1990+0 of 1990'], []])
    await w.pass(15 * minute, 3 * minute)
    expect([ends(w), status(w)]).toEqual([['REFUND'], ['PROCESSED']])
    expect(said(w)).toEqual(expect.arrayContaining(['#1 完结已提交 · 规则「小额」', '#1 已结束：处理完成']))
    await w.pass(60 * minute, 20 * minute)
    expect([ends(w), refunds(w)]).toEqual([['REFUND'], 1])
  })

  test('a trade complaint: paid back once; that it is settled is for the customer, or a person, to say', async () => {
    const w = await shop()
    await small(w)
    const { id } = await w.alipay.trade({ text: '一直不发货', amount: 1990 })
    await w.pass(2 * minute, 30_000)
    await w.pass(24 * minute, 12 * minute)
    expect(money(w)).toEqual(['1990+0 of 1990'])
    // None of their results means "refunded here".
    expect(w.alipay.deeds()).toEqual(['refund 1990 小额快速退款', 'refund-success 1990'])
    expect(said(w)).toEqual([expect.stringMatching(/^#1 已退款 ¥19\.90 到账 .* · 规则「小额」$/)])
    expect(labels(w)).toContain('完结')
    await w.alipay.sandbox.moveTrade(id, { kind: 'cancel' })
    await w.pass(16 * minute, 8 * minute)
    expect(said(w).at(-1)).toMatch(/^#1 已结束/)
    expect(await outcomes(w)).toEqual(['小额 done'])
  })

  test('several trades in one complaint: one after the other, and finished when nothing is left of any', async () => {
    const w = await shop({ rules: { refundTurns: false } })
    await small(w)
    await w.alipay.risk({ trades: [{ total: 1990 }, { total: 500 }] })
    expect(note(w)).toBe('20:01:00 自动退款 ¥24.90（规则：小额）')
    await w.pass(5 * minute)
    expect(money(w)).toEqual(['1990+0 of 1990', '500+0 of 500'])
    expect(ends(w)).toEqual([])
    await w.pass(20 * minute, 2 * minute)
    expect([ends(w), status(w), refunds(w)]).toEqual([['REFUND'], ['PROCESSED'], 2])
  })

  test('of several, "only" gives nothing back', async () => {
    const w = await shop()
    await small(w, 'only')
    await w.alipay.risk({ trades: [{ total: 1990 }, { total: 500 }] })
    await w.pass(3 * minute, minute)
    expect([await outcomes(w), refunds(w)]).toEqual([['小额 skipped several'], 0])
    expect(note(w)).toBe('规则「小额」没有自动退款：有多个订单')
  })
})

describe('with either switch off', () => {
  test.each([
    ['the app’s', { account: false }],
    ['the merchant’s', { merchant: false }],
    ['both', { account: false, merchant: false }],
  ] as const)('%s: nothing goes back, from either desk, and the card says why', async (_, off) => {
    const w = await shop(off)
    await small(w)
    await w.alipay.risk({ amount: 1990 })
    await w.alipay.trade({ amount: 1500 })
    await w.pass(20 * minute, 5 * minute)
    expect([money(w), refunds(w), w.alipay.deeds()]).toEqual([['0+0 of 1990', '0+0 of 1500'], 0, []])
    for (const n of [1, 2]) {
      expect(await outcomes(w, n)).toEqual(['小额 skipped not-automatic'])
      expect(note(w, n)).toContain('规则「小额」没有自动退款：自动退款没有打开（账号，以及它下面的商户）')
    }
  })

  test('switched off while it waits: nothing goes', async () => {
    const w = await shop()
    await small(w)
    await w.alipay.risk({ amount: 1990 })
    const [app] = w.alipay.apps
    const at = `/tenants/${app?.tenant}/accounts/${app?.account}/merchants`
    const { items } = await w.alipay.admin('GET', at)
    const [one] = items as readonly { readonly id: string }[]
    await w.alipay.admin('PATCH', `${at}/${one?.id}`, { autoRefund: false })
    await w.pass(5 * minute, minute)
    expect([await outcomes(w), refunds(w)]).toEqual([['小额 skipped not-automatic'], 0])
  })
})

describe('the second of several trades', () => {
  const two = async (rules: AlipayWish['rules'] = {}) => {
    const w = await shop({ rules: { refundTurns: false, ...rules } })
    await small(w)
    await w.alipay.risk({ trades: [{ total: 1990 }, { total: 500 }] })
    return w
  }

  test('an unknown outcome of the first in between: asked about first, then the second; each once', async () => {
    const w = await two()
    w.alipay.sandbox.misbehave({ on: refundCall, how: 'lost-answer' })
    await w.pass(10 * minute)
    expect(money(w)).toEqual(['1990+0 of 1990', '500+0 of 500'])
    expect(w.alipay.did('refund').map(({ amount }) => amount)).toEqual([1990, 500])
    expect(await outcomes(w)).toEqual(['小额 done'])
  })

  test('while nobody knows what became of the first, the second waits', async () => {
    const w = await two({ refundVisibleMs: 30 * minute })
    const dark = w.alipay.sandbox.misbehave({ on: refundCall, how: 'unknown-error', effect: true, times: 999 })
    await w.pass(20 * minute, 2 * minute)
    expect(money(w)).toEqual(['1990+0 of 1990', '0+0 of 500'])
    expect([await outcomes(w), note(w)]).toEqual([['小额 begun'], expect.stringContaining('自动退款 ¥24.90进行中')])
    dark.stop()
    await w.pass(60 * minute, 5 * minute)
    expect(money(w)).toEqual(['1990+0 of 1990', '500+0 of 500'])
    expect([w.alipay.did('refund').length, await outcomes(w)]).toEqual([2, ['小额 done']])
  })

  test('refused: what was paid stays paid, the group reads that the rest is for a person, and nothing is finished', async () => {
    const w = await two()
    await w.pass(90_000)
    expect(money(w)).toEqual(['1990+0 of 1990', '0+0 of 500'])
    w.alipay.sandbox.setBalance(pid(w), 0)
    await w.pass(30 * minute, 2 * minute)
    expect(money(w)).toEqual(['1990+0 of 1990', '0+0 of 500'])
    expect(said(w).filter((line) => line.includes('余额不足'))).toHaveLength(1)
    expect(ends(w)).toEqual([])
  })

  test('stopped by a person in between: the second stays', async () => {
    const w = await two()
    await w.pass(75_000)
    expect(money(w)).toEqual(['1990+0 of 1990', '0+0 of 500'])
    expect(words(await w.chat.say(people.li, group, '/undo 1'))).toBe('#1 已取消，不会自动执行')
    await w.pass(10 * minute, minute)
    expect(money(w)).toEqual(['1990+0 of 1990', '0+0 of 500'])
    expect(said(w).at(-1)).toBe('#1 小李 取消了自动退款 ¥24.90中还没有执行的部分（规则：小额）')
  })
})
