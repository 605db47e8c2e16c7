import { describe, expect, test } from 'vitest'
import type { Card } from '../../src/chat/chat.ts'
import { fen } from '../../src/core/words.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { factsOf } from '../../src/storage/facts.ts'
import { alone, type Person } from '../support/chat.ts'
import { group, type PayWorld } from '../support/world.ts'
import { arrive, changed, li, paidBack, sun, withOrder, zhou } from './pay-people.ts'
import { chen, pressOn, words } from './people.ts'

const labels = (card: Card | undefined) => card?.buttons.map(({ label }) => label)
const line = (card: Card | undefined, label: string) => card?.lines.find((one) => one.label === label)?.text

/** 老周 wants ¥250 back, and the room is asked. */
async function asked(who: Person = zhou) {
  const w = await withOrder({ amount: 30_000 })
  const check = await w.chat.say(who, group, '/refund 1 250 少发一箱')
  const answer = await pressOn(w, who, check.card, '确认退款 ¥250.00')
  return { w, check, answer, card: answer.card }
}

async function requested(w: PayWorld) {
  const complaint = await findRunning(w.storage.reads, w.tenant.id, 1)
  const facts = complaint ? await factsOf(w.storage.reads, complaint.id, 50) : []
  return facts.flatMap(({ fact }) => (fact.kind === 'requested' ? [fact.by] : []))
}

describe('an amount that takes two', () => {
  test('asks the whole room, and sends nothing yet', async () => {
    const { w, check, answer } = await asked()
    expect(check.card?.note).toContain('需要第二人批准')
    expect(answer.onlyFor).toBeUndefined()
    expect(answer.card?.title).toBe('#1 退款 ¥250.00 需要第二人批准 · 由 老周 发起 · 10 分钟内有效')
    expect([line(answer.card, '金额'), line(answer.card, '原因（用户可见）')]).toEqual(['¥250.00', '少发一箱'])
    expect(answer.card?.buttons.map(({ label, weight }) => `${label} ${weight}`)).toEqual(['批准 danger', '撤回 plain'])
    expect(answer.fresh?.buttons).toEqual([])
    await arrive(w)
    expect(paidBack(w)).toEqual([])
  })
  test('goes out when somebody else says yes; both are named in the timeline, on the card and in the line', async () => {
    const { w, card } = await asked()
    const yes = await pressOn(w, sun, card, '批准')
    expect([words(yes), yes.fresh]).toEqual([
      '已收到，正在提交平台：#1 退款 ¥250.00',
      { title: '#1 退款 ¥250.00 · 老周 发起 · 小孙 已批准', tone: 'settled', lines: [], buttons: [] },
    ])
    await arrive(w)
    expect(paidBack(w)).toEqual([25_000])
    expect(await requested(w)).toMatchObject([{ name: '老周', approved: { name: '小孙' } }])
    expect(w.chat.card(group, '#1').card.note).toContain('· 老周（小孙 批准）')
    expect(w.chat.texts(group).join()).toMatch(/#1 已退款 ¥250\.00 到账 \d\d:\d\d · 老周（小孙 批准）/)
  })
  test('whoever began it cannot say yes', async () => {
    const { w, card } = await asked()
    const own = await pressOn(w, zhou, card, '批准')
    expect([words(own), own.fresh]).toEqual(['要由另一个人批准；请同事来按', undefined])
    await arrive(w)
    expect(paidBack(w)).toEqual([])
    await pressOn(w, sun, card, '批准')
    await arrive(w)
    expect(paidBack(w)).toEqual([25_000])
  })
  test('nor can somebody who may not refund, or not that much', async () => {
    const { w, card } = await asked()
    const no = /^批准要另一位「可退款」，金额也要在其本人上限之内/
    expect(words(await pressOn(w, li, card, '批准'))).toMatch(no)
    await changed(w, 'sun', { refundEach: fen(24_999) })
    expect(words(await pressOn(w, sun, card, '批准'))).toMatch(no)
    await arrive(w)
    expect(paidBack(w)).toEqual([])
  })
  test('two who say yes at once make one refund', async () => {
    const { w, card } = await asked()
    const both = await Promise.all([pressOn(w, sun, card, '批准'), pressOn(w, chen, card, '批准')])
    expect(both.map(words).sort()).toEqual(
      [
        '已收到，正在提交平台：#1 退款 ¥250.00',
        expect.stringMatching(/^处理中：退款 ¥250\.00由 老周（.+ 批准） 提交/),
      ].sort(),
    )
    await arrive(w)
    expect(words(await pressOn(w, chen, card, '批准'))).toContain('已经提交过了')
    expect(paidBack(w)).toEqual([25_000])
  })
  test('what whoever began it may do is looked up at the yes', async () => {
    const { w, card } = await asked()
    await changed(w, 'zhou', { refundEach: fen(20_000) })
    expect(words(await pressOn(w, sun, card, '批准'))).toMatch(
      /^由 老周 发起，按其权限判断：超过你的单笔上限，最多 ¥200\.00/,
    )
    await changed(w, 'zhou', { refundEach: null, role: 'agent' })
    expect(words(await pressOn(w, sun, card, '批准'))).toMatch(/^由 老周 发起，按其权限判断：/)
    await changed(w, 'zhou', { role: 'refunder', enabled: false })
    expect(words(await pressOn(w, sun, card, '批准'))).toContain('发起的人已停用或不在了')
    await arrive(w)
    expect(paidBack(w)).toEqual([])
  })
  test('a yes that comes too late, or after the case has changed, is none; the question ends', async () => {
    const first = await asked()
    first.w.clock.step(10 * 60_000)
    const late = await pressOn(first.w, sun, first.card, '批准')
    expect([words(late), late.fresh?.buttons]).toEqual([expect.stringContaining('已过期'), []])
    const second = await asked()
    await second.w.pay.sandbox.move(second.w.pay.sandbox.complaints()[0]?.id ?? '', {
      kind: 'message',
      text: '不用退了',
    })
    await second.w.settle()
    const changedNow = await pressOn(second.w, sun, second.card, '批准')
    expect([words(changedNow), changedNow.fresh?.title]).toEqual(['刚刚有变化，请再看一次', '刚刚有变化，请再看一次'])
    for (const { w } of [first, second]) {
      await arrive(w)
      expect(paidBack(w)).toEqual([])
    }
  })
  test('is withdrawn by whoever began it or an admin; a yes then does nothing', async () => {
    const { w, card } = await asked()
    expect(words(await pressOn(w, sun, card, '撤回'))).toContain('只有发起的人或管理员能撤回')
    const gone = await pressOn(w, chen, card, '撤回')
    expect([words(gone), gone.fresh?.buttons]).toEqual(['#1 退款 ¥250.00 已撤回，没有退 · 阿陈', []])
    expect(words(await pressOn(w, sun, card, '批准'))).toContain('已过期')
    await arrive(w)
    expect(paidBack(w)).toEqual([])
    // Begun once more, it is asked once more.
    const again = await pressOn(
      w,
      zhou,
      (await w.chat.say(zhou, group, '/refund 1 250 少发一箱')).card,
      '确认退款 ¥250.00',
    )
    await pressOn(w, sun, again.card, '批准')
    await arrive(w)
    expect(paidBack(w)).toEqual([25_000])
  })
  test('cannot be withdrawn once somebody has said yes', async () => {
    const { w, card } = await asked()
    await pressOn(w, sun, card, '批准')
    expect(words(await pressOn(w, zhou, card, '撤回'))).toMatch(/^处理中：退款 ¥250\.00由 老周（小孙 批准） 提交/)
    await arrive(w)
    expect(paidBack(w)).toEqual([25_000])
  })
  test('yes and withdrawal at once: what is said is what happens', async () => {
    for (let race = 0; race < 8; race++) {
      const { w, card } = await asked()
      const yes = () => pressOn(w, sun, card, '批准')
      const no = () => pressOn(w, zhou, card, '撤回')
      const answers = race % 2 === 0 ? await Promise.all([yes(), no()]) : (await Promise.all([no(), yes()])).reverse()
      const [approved, withdrawn] = answers.map((answer) => words(answer) ?? '')
      await arrive(w)
      const back = withdrawn?.includes('已撤回，没有退') === true
      expect([back, approved?.includes('已收到')]).toEqual([back, !back])
      expect(paidBack(w)).toEqual(back ? [] : [25_000])
    }
  })
  test('the whole of it by one press asks too', async () => {
    const w = await withOrder({ amount: 30_000 })
    const { card } = await w.chat.pressLabel(zhou, group, '#1', '退款')
    const answer = await pressOn(w, zhou, card, '全额退 ¥300.00')
    expect([labels(answer.card), words(answer)]).toEqual([['批准', '撤回'], '#1 还没有退：已在群里请第二人批准'])
  })
  test('alone with the bot there is nobody to ask', async () => {
    const w = await withOrder({ amount: 30_000 })
    const check = await w.chat.say(zhou, alone(zhou), '/refund 1 250')
    const answer = await pressOn(w, zhou, check.card, '确认退款 ¥250.00', alone(zhou))
    expect([answer.card, words(answer)]).toEqual([undefined, '#1 这个金额需要第二人批准；请到群里发起'])
  })
  test('in English', async () => {
    const w = await withOrder({ amount: 30_000 }, { language: 'en' })
    const check = await w.chat.say(zhou, group, '/refund 1 250')
    const { card } = await pressOn(w, zhou, check.card, 'Refund ¥250.00')
    expect(card?.title).toBe('#1 refund of ¥250.00 takes a second person · begun by 老周 · for 10 min')
    expect(labels(card)).toEqual(['Approve', 'Withdraw'])
  })
})
