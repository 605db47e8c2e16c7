import { expect } from 'vitest'
import type { KillAlipay } from '../support/kill-alipay.ts'
import type { KillWorld } from '../support/kill-world.ts'
import { people } from '../support/world.ts'
import { keeper, until } from './person.ts'
import { linesOf } from './refund-story.ts'

/** A trade whose customer complains at both desks: one tells us, at the other we have to ask. */
export interface AlipayStory {
  readonly alipay: KillAlipay
  /** trade_no */
  readonly trade: string
  /** The customer's words at each desk. */
  readonly quotes: { readonly told: string; readonly asked: string }
  /** The numbers of what was complained, as far as it was. */
  readonly numbers: { told?: string; asked?: string }
}

const paid = 1_250
const reply = '今天发出，抱歉久等'
const replied = /回复已提交/
const shipped = '今天已经发出，单号 SF1'
const finished = /完结已提交/
const arrived = /已退款 ¥12\.50/

export async function buys(w: KillWorld, words: string): Promise<AlipayStory> {
  const { alipay } = w
  if (!alipay) throw new Error('nobody plays Alipay here')
  const { tradeNo } = await alipay.trade(paid)
  return { alipay, trade: tradeNo, quotes: { told: `${words} 交易投诉`, asked: `${words} 消费者投诉` }, numbers: {} }
}

/** 交易投诉: a message tells of it; the customer gets an answer. */
export async function complainsAndIsAnswered(w: KillWorld, { alipay, trade, quotes, numbers }: AlipayStory) {
  const { pid } = alipay
  numbers.told = (await alipay.sandbox.complainTrade({ pid, tradeNo: trade, text: quotes.told })).id
  await keeper(w.chat).does(quotes.told, { button: '回复', words: reply, done: replied })
}

/** 反馈: how it was settled is chosen, the words are asked for, all of it is looked at. */
export const isFinished = (w: KillWorld, { quotes }: AlipayStory): Promise<void> =>
  keeper(w.chat).does(quotes.told, {
    button: '完结',
    words: shipped,
    steps: ['2 已发货', '确认提交'],
    done: finished,
  })

/** 消费者投诉: nobody tells of it. @returns once its card hangs */
export async function complainsUnheard(w: KillWorld, { alipay, trade, quotes, numbers }: AlipayStory) {
  const { pid } = alipay
  numbers.asked = String((await alipay.sandbox.complainRisk({ pid, trades: [trade], text: quotes.asked })).id)
  await keeper(w.chat).sees(quotes.asked, () => true, 'hung')
}

/** All of it: then the complaint of the one desk is over by itself. */
export async function isPaidBack(w: KillWorld, { quotes }: AlipayStory): Promise<void> {
  const chen = keeper(w.chat, people.chen)
  await chen.does(quotes.asked, {
    button: '退款',
    words: '12.50 少发一件',
    steps: ['全额退 ¥12.50', '确认退款 ¥12.50'],
    done: arrived,
  })
  await chen.sees(quotes.asked, ({ tone, note = '' }) => tone === 'settled' && arrived.test(note), 'ended')
  await until(() => /已结束/.test(linesOf(w, quotes.asked).at(-1) ?? ''), `the end of "${quotes.asked}" was said`)
}

/** Only Alipay and the chat are asked what happened. */
export function alipayVerdict(w: KillWorld, { alipay, trade, quotes, numbers }: AlipayStory, deaths: number): void {
  const money = alipay.sandbox.money().find(({ tradeNo }) => tradeNo === trade)
  expect(money?.refunds.map(({ amount, status }) => [amount, status])).toEqual([[paid, 'SUCCESS']])
  // Under its number Alipay would hide a second call: what may have been done is looked for.
  expect(alipay.asked(trade), 'calls that refund').toBe(1)
  const said = alipay.effects(numbers.told ?? '').map(({ what, code, text }) => [what, code, text])
  expect(said).toEqual([
    ['reply', undefined, reply],
    ['feedback', '03', shipped],
  ])
  expect(alipay.effects(numbers.asked ?? '')).toEqual([])
  for (const quote of [quotes.told, quotes.asked])
    expect(w.chat.posts.filter(({ first }) => first.card?.quote === quote).length).toBeLessThanOrEqual(1 + deaths)
  const lines = linesOf(w, quotes.asked)
  expect(
    lines.filter((line) => line.includes('未成功')),
    'what failed',
  ).toEqual([])
  const told = lines.filter((line) => arrived.test(line)).length
  expect(told, 'the arrival was said').toBeGreaterThan(0)
  expect(told).toBeLessThanOrEqual(1 + deaths)
  expect(w.integrity()).toEqual(['ok'])
}
