import { expect } from 'vitest'
import type { KillWorld } from '../support/kill-world.ts'
import { people } from '../support/world.ts'
import { keeper, until } from './person.ts'

/** One complaint whose money goes back, in part, and whose customer is told so. */
export interface RefundStory {
  readonly id: number
  readonly quote: string
  /** transaction_id of the order. */
  readonly order: string
}

/** Of an order that has enough left to be refunded twice. */
const [paid, back] = [10_000, 1_250]
const arrived = /已退款 ¥12\.50/
const ending = /已结束/

/** @returns once its card hangs */
export async function complainOfOrder(w: KillWorld, quote: string, total = paid): Promise<RefundStory> {
  const { transactionId: order } = await w.pay.order(total)
  const { id } = await w.wechat.complain({ appid: w.program.appid, text: quote, transactionId: order })
  await keeper(w.chat).sees(quote, () => true, 'hung')
  return { id, quote, order }
}

/** Until the money has arrived. */
export async function refund(w: KillWorld, { quote }: RefundStory): Promise<void> {
  await keeper(w.chat, people.chen).does(quote, {
    button: '退款',
    words: '12.50 少发一件',
    steps: ['退部分', '确认退款 ¥12.50'],
    done: arrived,
  })
}

/** Whoever asked, the group sees it arrive: else the end of the case may be said first. */
export async function seenToArrive(w: KillWorld, { quote }: RefundStory): Promise<void> {
  await keeper(w.chat).sees(quote, ({ note = '' }) => arrived.test(note), 'said that the money arrived')
}

/** Nobody but us answers the customer; then the platform closes the case. */
export async function answered(w: KillWorld, { id, quote }: RefundStory): Promise<void> {
  const chen = keeper(w.chat, people.chen)
  await chen.sees(quote, ({ note = '' }) => /同意和解已提交/.test(note), 'said that the customer was answered')
  await w.wechat.set(id, { status: 205 })
  await chen.sees(quote, ({ tone, note = '' }) => tone === 'settled' && arrived.test(note), 'ended')
  // The last line of a room is said after all others.
  await until(() => ending.test(linesOf(w, quote).at(-1) ?? ''), `the end of "${quote}" was said`)
}

/** Only the platforms and the chat are asked what happened. */
export function refundVerdict(w: KillWorld, { id, quote, order }: RefundStory, deaths: number): void {
  const refunds = w.pay.refunds(order)
  expect(refunds.map(({ amount, status }) => [amount, status])).toEqual([[back, 'SUCCESS']])
  // Under its number the platform would hide a second call: what may have been done is looked for.
  expect(w.pay.asked(order), 'calls that refund').toBe(1)
  const told = w.effects(id).map(({ what, choice, text }) => ({ what, choice, text }))
  const number = refunds[0]?.outRefundNo ?? '?'
  expect(told).toEqual([{ what: 'respond', choice: 'agree', text: expect.stringContaining(number) }])
  expect(w.chat.card(quote)?.note).toMatch(arrived)
  expect(w.chat.posts.filter(({ first }) => first.card?.quote === quote).length).toBeLessThanOrEqual(1 + deaths)
  const lines = linesOf(w, quote)
  expect(
    lines.filter((line) => /未成功|没有自动发起/.test(line)),
    'what failed',
  ).toEqual([])
  const said = lines.filter((line) => arrived.test(line)).length
  expect(said, 'the arrival was said').toBeGreaterThan(0)
  expect(said).toBeLessThanOrEqual(1 + deaths)
  expect(w.integrity()).toEqual(['ok'])
}

/** What was said beside its card. */
export function linesOf(w: KillWorld, quote: string): readonly string[] {
  const running = /#\d+ /.exec(w.chat.card(quote)?.title ?? '')?.[0] ?? '?'
  return w.chat.posts.flatMap(({ first }) => first.text?.split('\n') ?? []).filter((line) => line.startsWith(running))
}
