import { expect, test } from 'vitest'
import { fen } from '../../src/core/words.ts'
import { setBreakerMost } from '../../src/storage/breakers.ts'
import { chen, words } from '../chat/people.ts'
import type { Person } from '../support/chat.ts'
import { onEachDatabase } from '../support/databases.ts'
import { group, people } from '../support/world.ts'
import {
  automatic,
  complaintOf,
  labels,
  miniComplaint,
  minute,
  note,
  outcomes,
  paidBack,
  plenty,
  refundAll,
  refundCalls,
  rule,
  states,
} from './rules.ts'

const { li, wang } = people

onEachDatabase('rules', (kind) => {
  test('a mini program: the refund, and then the answer with its number', async () => {
    const w = await automatic({ kind })
    await rule(w, '小额', refundAll)
    await miniComplaint(w)
    expect(note(w)).toBe('20:01:00 自动退款 ¥19.90（规则：小额）')
    expect(labels(w)[0]).toBe('取消自动退款')
    await w.pass(45_000)
    expect(refundCalls(w)).toBe(0)
    await w.pass(3 * minute)
    expect(paidBack(w)).toEqual([1990])
    expect(w.effects()).toEqual([expect.stringMatching(/^respond agree 退款 ¥19\.90 已受理，退款单号 rd/)])
    expect(note(w)).toContain('已退款 ¥19.90')
    expect(note(w)).toContain('规则「小额」')
    expect(labels(w)).not.toContain('取消自动退款')
    await w.pass(30 * minute, minute)
    expect([paidBack(w), w.effects().length]).toEqual([[1990], 1])
  })

  test('WeChat Pay, where the user asked for the money: yes first, then the refund', async () => {
    const w = await automatic({ kind })
    await rule(w, '小额', refundAll, { delay: 0 })
    await w.pay.complain({ amount: 1990, type: 'REFUND' })
    await w.pass(2 * minute)
    expect(w.pay.did('approve')).toHaveLength(1)
    expect(paidBack(w)).toEqual([1990])
  })

  test('caps of a day, and of a customer and day; tomorrow is another day', async () => {
    const w = await automatic({ kind })
    await rule(w, '小额', refundAll, { delay: 0, caps: { each: fen(2_000), day: fen(5_000), payerDay: fen(3_000) } })
    const complain = async (phone: string) => {
      const order = await w.pay.sandbox.order({ mchid: w.pay.merchants[0]?.mchid ?? '', total: 1990 })
      await w.complain({ transactionId: order.transactionId, phone })
      await w.pass(minute)
    }
    for (const phone of ['13800000001', '13800000001', '13800000002', '13800000003']) await complain(phone)
    expect(await Promise.all([1, 2, 3, 4].map(async (n) => (await outcomes(w, n))[0]))).toEqual([
      '小额 done',
      '小额 skipped cap-payer',
      '小额 done',
      '小额 skipped cap-day',
    ])
    await w.pass(24 * 60 * minute, 60 * minute)
    await complain('13800000001')
    expect((await outcomes(w, 5))[0]).toBe('小额 done')
    expect(paidBack(w)).toEqual([1990, 1990, 1990])
  })

  test('what waits when it trips is skipped at once, and its cards say so', async () => {
    const w = await automatic({ kind })
    await w.storage.transaction((tx) => setBreakerMost(tx, w.tenant.id, 2))
    await rule(w, '小额', refundAll, { caps: plenty })
    for (let one = 0; one < 6; one++)
      await w.pay.sandbox.complain({ mchid: w.pay.merchants[0]?.mchid ?? '', amount: 1_990 })
    await w.settle()
    expect(await states(w)).toEqual({ waiting: 6 })
    await w.pass(2 * minute)
    expect(paidBack(w)).toHaveLength(2)
    expect(await states(w)).toEqual({ done: 2, 'skipped breaker': 4 })
    const notes = w.chat.cards(group).filter(({ note }) => note?.includes('自动退款已停（次数过多）'))
    expect(notes).toHaveLength(4)
  })

  test('the button stops it; twice is harmless; nothing ever goes', async () => {
    const w = await automatic({ kind })
    await rule(w, '小额', refundAll)
    await miniComplaint(w)
    const card = w.chat.card(group, '#1')
    const button = card.card.buttons.find(({ label }) => label === '取消自动退款')
    const press = async (who: Person = li) =>
      words(await w.chat.press(who, group, card.id, button?.token ?? ('' as never)))
    expect(await press(wang)).toContain('你的角色不能做这件事')
    expect(await press()).toBe('#1 已取消，不会自动执行')
    expect(await press(chen)).toBe('#1 自动退款 ¥19.90已由 小李 取消')
    await w.settle()
    expect(w.chat.texts(group)).toContain('#1 小李 取消了自动退款 ¥19.90（规则：小额）')
    expect(labels(w)).not.toContain('取消自动退款')
    // The user writes on; whoever stopped it has taken it in hand.
    await w.wechat.move(Number((await complaintOf(w)).number), { kind: 'message', content: '快点' })
    await w.pass(20 * minute, 30_000)
    expect([refundCalls(w), w.effects()]).toEqual([0, []])
  })

  test('a cancel and the time at once: one of them, and what is said is what happens', async () => {
    for (let round = 0; round < 6; round++) {
      const w = await automatic({ kind })
      await rule(w, '小额', refundAll)
      await miniComplaint(w)
      w.clock.advance(minute)
      const [said] = await Promise.all([w.chat.say(li, group, '/undo 1'), w.settle()])
      await w.pass(3 * minute)
      const stopped = words(said).includes('已取消')
      expect(paidBack(w)).toEqual(stopped ? [] : [1990])
    }
  })

  test('a restart in between loses nothing and doubles nothing', async () => {
    const w = await automatic({ kind })
    await rule(w, '小额', refundAll)
    await miniComplaint(w)
    await w.restart()
    await w.pass(45_000)
    expect(refundCalls(w)).toBe(0)
    await w.restart()
    await w.pass(3 * minute)
    expect([paidBack(w), w.effects().length]).toEqual([[1990], 1])
  })
})
