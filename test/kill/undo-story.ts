import { expect } from 'vitest'
import type { KillWorld } from '../support/kill-world.ts'
import { people } from '../support/world.ts'
import { keeper, until } from './person.ts'
import { linesOf, type RefundStory, refund } from './refund-story.ts'

const waits = /退款 ¥3\.00 已登记/
const takenBack = /退款 ¥3\.00已撤回/
const paidToo = /已退款 ¥3\.00/

/** A second refund of the order, which must wait for its minute. */
export async function refundTwice(w: KillWorld, story: RefundStory): Promise<void> {
  await refund(w, story)
  await keeper(w.chat, people.chen).does(story.quote, {
    button: '退款',
    words: '3 补偿',
    steps: ['退部分', '确认退款 ¥3.00'],
    done: waits,
  })
}

/** Whoever asked for it thinks better of it, again and again, until it is clear what became of it. */
export async function undo(w: KillWorld, { quote }: RefundStory): Promise<void> {
  const chen = keeper(w.chat, people.chen)
  const is = (line: RegExp) => linesOf(w, quote).some((said) => line.test(said))
  for (let tries = 0; tries < 10 && !is(takenBack) && !is(paidToo); tries++) await chen.says('/undo')
  await until(() => is(takenBack) || is(paidToo), `what became of the second refund of "${quote}" was said`)
}

/** Taken back or paid, and the group reads which; never both. */
export function undoVerdict(w: KillWorld, { quote, order }: RefundStory): void {
  const paid = w.pay.refunds(order).map(({ amount, status }) => [amount, status])
  const said = linesOf(w, quote)
  const back = said.some((line) => takenBack.test(line))
  const first = [1_250, 'SUCCESS']
  expect(paid).toEqual(back ? [first] : [first, [300, 'SUCCESS']])
  expect(said.some((line) => paidToo.test(line))).toBe(!back)
  expect(w.integrity()).toEqual(['ok'])
}
