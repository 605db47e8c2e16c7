import { afterEach, describe, expect, test } from 'vitest'
import { armFailpoints } from '../../src/core/failpoint.ts'
import { fen } from '../../src/core/words.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { factsOf } from '../../src/storage/facts.ts'
import { findRefund } from '../../src/storage/refunds.ts'
import { alone, type Person } from '../support/chat.ts'
import { group, type PayWorld, type World } from '../support/world.ts'
import { arrive, changed, li, paidBack, sun, withOrder, zhou } from './pay-people.ts'
import { cardId, chen, picture, pressOn, wang, withComplaint, words } from './people.ts'

const minute = 60_000
const undo = async (w: World, who: Person = li, what = '/undo 1') => words(await w.chat.say(who, group, what))
const note = (w: World, number = 1) => w.chat.card(group, `#${number}`).card.note ?? ''
const holder = (w: World, number = 1) =>
  w.chat.card(group, `#${number}`).card.lines.find(({ label }) => label === '处理人')?.text
const story = async (w: World, who: Person = li) => {
  const { card } = await w.chat.pressLabel(who, group, '#1', '详情')
  return card?.lines.map(({ text }) => text).join('\n') ?? ''
}
/** Laid ready in answer to the card. */
const lay = async (w: World, shade: number, number = 1) =>
  w.chat.say(li, group, '', { pictures: [await picture('png', shade)], replyTo: cardId(w, `#${number}`) })

afterEach(() => armFailpoints(undefined))

async function pay(w: PayWorld, amount: string, number = 1): Promise<string> {
  const { card, ...answer } = await w.chat.say(zhou, group, `/refund ${number} ${amount} 少发一件`)
  return card ? words(await pressOn(w, zhou, card, `确认退款 ¥${amount}`)) : words(answer)
}

/** ¥5 of an order have gone back, and ¥7 more wait for the platform's minute. */
async function waiting() {
  const w = await withOrder()
  await pay(w, '5.00')
  await w.settle()
  await w.pass(15_000, 5_000)
  expect(await pay(w, '7.00')).toBe('已收到，正在提交平台：#1 退款 ¥7.00')
  await w.settle()
  expect([paidBack(w), note(w)]).toEqual([[500], expect.stringContaining('退款 ¥7.00 已登记')])
  expect(note(w)).toContain('之前可撤回：/undo')
  return w
}

const refundsOf = async (w: World, number = 1) => {
  const complaint = await findRunning(w.storage.reads, w.tenant.id, number)
  const facts = complaint ? await factsOf(w.storage.reads, complaint.id, 50) : []
  const kept = facts
    .toReversed()
    .map(({ fact }) => fact.kind === 'requested' && findRefund(w.storage.reads, fact.action))
  return (await Promise.all(kept)).flatMap((one) => one || [])
}

describe('a refund that waits its minute', () => {
  test.each(['/undo 1', '／撤回　１', '/undo'])('%s takes it back: nothing of it ever goes out', async (said) => {
    const w = await waiting()
    const asked = w.pay.sandbox.calls().filter(({ on }) => on === 'refund').length
    expect(await undo(w, zhou, said)).toBe('#1 退款 ¥7.00已撤回，没有提交平台')
    await w.settle()
    expect(note(w)).not.toContain('¥7.00')
    expect(w.chat.texts(group)).toContain('#1 退款 ¥7.00已撤回，没有提交平台 · 老周')
    await arrive(w)
    expect(paidBack(w)).toEqual([500])
    expect(w.pay.sandbox.calls().filter(({ on }) => on === 'refund').length).toBe(asked)
  })
  test('its number is the next one’s, and what is left is what was left', async () => {
    const w = await waiting()
    await undo(w, zhou)
    const check = await w.chat.say(zhou, group, '/refund 1 14.90')
    expect(words(await pressOn(w, zhou, check.card, '确认退款 ¥14.90'))).toContain('已收到')
    await arrive(w)
    const kept = await refundsOf(w)
    expect(kept.map(({ ordinal, amount, state }) => [ordinal, amount, state])).toEqual([
      [1, 500, 'done'],
      [2, 700, 'failed'],
      [2, 1490, 'done'],
    ])
    expect(w.pay.sandbox.refunds().map(({ outRefundNo, amount }) => [outRefundNo, amount])).toEqual([
      [kept[0]?.number, 500],
      [kept[1]?.number, 1490],
    ])
  })
  test('the caps of the day forget it', async () => {
    const w = await waiting()
    await changed(w, 'zhou', { refundDay: fen(1500) })
    await w.pay.complain({ text: '另一单', amount: 990 })
    expect(await pay(w, '9.00', 2)).toContain('今天')
    await undo(w, zhou)
    expect(await pay(w, '9.00', 2)).toBe('已收到，正在提交平台：#2 退款 ¥9.00')
    await arrive(w)
    expect(paidBack(w)).toEqual([500, 900])
  })
  test('what was drawn before it was taken back is out of date', async () => {
    const w = await waiting()
    const { card } = await w.chat.pressLabel(zhou, group, '#1', '完结')
    await undo(w, zhou)
    expect(words(await pressOn(w, zhou, card, '确认完结'))).toBe('刚刚有变化，请再看一次')
  })
  test('is its author’s alone to take back', async () => {
    const w = await waiting()
    for (const who of [sun, chen, li, wang]) expect(await undo(w, who)).toContain('没有你在 #1 上可撤回的操作')
    for (const who of [sun, chen]) expect(await undo(w, who, '/undo')).toContain('要说明是哪一单')
    await arrive(w)
    expect(paidBack(w)).toEqual([500, 700])
  })
  test('once it has gone it cannot be taken back, however soon', async () => {
    const w = await waiting()
    await w.pass(minute)
    for (const said of ['/undo 1', '/undo'])
      expect(await undo(w, zhou, said)).toBe('#1 退款 ¥7.00已提交平台，无法撤回；可用 /show 1 看现在能做什么')
    await arrive(w)
    expect(paidBack(w)).toEqual([500, 700])
  })
  test('taken back twice at once is taken back once; then there is what came before it', async () => {
    const w = await waiting()
    const both = await Promise.all([undo(w, zhou), undo(w, zhou)])
    expect(both).toContain('#1 退款 ¥7.00已撤回，没有提交平台')
    expect(await undo(w, zhou)).toContain('退款 ¥5.00已提交平台，无法撤回')
    await arrive(w)
    expect(w.chat.texts(group).filter((line) => line.includes('已撤回')).length).toBe(1)
    expect(paidBack(w)).toEqual([500])
  })
  test('it is taken back while the process dies: it was, or it was not', async () => {
    for (const [point, back] of [
      ['withdraw.before-commit', false],
      ['withdraw.committed', true],
    ] as const) {
      const w = await waiting()
      let died = 0
      armFailpoints((name) => {
        if (name !== point) return
        died += 1
        throw new Error('dies')
      })
      expect(await undo(w, zhou)).toContain('我们这边出了点问题')
      armFailpoints(undefined)
      await w.restart()
      await arrive(w)
      expect([point, died, paidBack(w)]).toEqual([point, 1, back ? [500] : [500, 700]])
    }
  })
})

describe('what is with the platform cannot be taken back', () => {
  test('an answer that has gone, and what was done before it stays as it is', async () => {
    const w = await withComplaint()
    await w.chat.say(li, group, '/claim 1')
    await w.chat.say(li, group, '/agree 1 马上处理')
    await w.settle()
    for (const said of ['/undo 1', '/undo'])
      expect(await undo(w, li, said)).toBe('#1 同意和解已提交平台，无法撤回；可用 /show 1 看现在能做什么')
    await w.settle()
    expect([w.effects(), holder(w)]).toEqual([['respond agree 马上处理'], '小李'])
  })
  test('an answer that never reached it can: it never goes, and the step is open again', async () => {
    const w = await withComplaint()
    const away = w.wechat.misbehave({ on: 'respond', how: 'http', status: 503, times: 99 })
    await w.chat.say(li, group, '/agree 1 好的')
    expect(await undo(w)).toBe('#1 同意和解已撤回，没有提交平台')
    away.stop()
    await w.pass(5 * minute)
    expect(w.effects()).toEqual([])
    await w.chat.say(li, group, '/refuse 1 已发货')
    await w.settle()
    expect(w.effects()).toEqual(['respond refuse 已发货'])
  })
})

describe('a claim', () => {
  test('is given back, and said so', async () => {
    const w = await withComplaint()
    await w.chat.say(li, group, '/claim 1')
    await w.settle()
    expect(holder(w)).toBe('小李')
    expect(await undo(w)).toBe('#1 已放回，大家都可以认领')
    await w.settle()
    expect([holder(w), w.chat.texts(group).at(-1)]).toEqual([undefined, '#1 由 小李 放回'])
    expect(await undo(w)).toContain('没有你在 #1 上可撤回的操作')
  })
  test('of somebody else stays; so does what somebody else gave', async () => {
    const w = await withComplaint()
    await w.chat.say(li, group, '/claim 1')
    expect(await undo(w, chen)).toContain('没有你在 #1 上可撤回的操作')
    await w.chat.say(li, group, '/release 1')
    await w.chat.say(chen, group, '/assign 1 @li')
    for (const said of ['/undo 1', '/undo']) await undo(w, li, said)
    await w.settle()
    expect(holder(w)).toBe('小李')
  })
  test('that went on to somebody else since is theirs', async () => {
    const w = await withComplaint()
    await w.chat.say(li, group, '/claim 1')
    await w.chat.say(chen, group, '/assign 1 @chen')
    expect(await undo(w)).toContain('没有你在 #1 上可撤回的操作')
    await w.settle()
    expect(holder(w)).toBe('阿陈')
  })
})

describe('a note', () => {
  test('is not told any more; that there was one is', async () => {
    const w = await withComplaint()
    await w.chat.say(li, group, '/note 1 第一条')
    w.clock.advance(1_000)
    await w.chat.say(li, group, '/note 1 第二条')
    expect(await story(w)).toMatch(/第一条[\s\S]*第二条/)
    expect(await undo(w)).toBe('#1 的备注已撤回')
    expect([(await story(w)).includes('第一条'), (await story(w)).includes('第二条')]).toEqual([true, false])
    await w.settle()
    expect(w.chat.texts(group)).toContain('#1 小李 撤回了一条备注')
    expect(await undo(w)).toBe('#1 的备注已撤回')
    expect(await story(w)).not.toContain('备注')
    expect(await undo(w)).toContain('没有你在 #1 上可撤回的操作')
  })
  test('taken back twice at once is said once', async () => {
    const w = await withComplaint()
    await w.chat.say(li, group, '/note 1 写错了')
    await Promise.all([undo(w), undo(w)])
    await w.settle()
    expect(w.chat.texts(group).filter((line) => line.includes('撤回'))).toEqual(['#1 小李 撤回了一条备注'])
  })
  test('of somebody else stays', async () => {
    const w = await withComplaint()
    await w.chat.say(li, group, '/note 1 已联系仓库')
    expect(await undo(w, chen)).toContain('没有你在 #1 上可撤回的操作')
    expect(await story(w)).toContain('已联系仓库')
  })
})

describe('pictures laid ready', () => {
  test('are taken away, and go along with nothing', async () => {
    const w = await withComplaint()
    await lay(w, 1)
    expect(await undo(w)).toBe('#1 放好的图片已拿走，没有提交')
    expect(words(await w.chat.say(li, group, '/agree 1 好的'))).toBe('已收到，正在提交平台：#1 同意和解')
  })
  test('of this complaint, also where others were laid ready later for another', async () => {
    const w = await withComplaint()
    await w.complain({ text: '另一单' })
    await lay(w, 1)
    w.clock.advance(1_000)
    await lay(w, 2, 2)
    expect(await undo(w)).toBe('#1 放好的图片已拿走，没有提交')
    expect(words(await w.chat.say(li, group, '/agree 1 好的'))).toBe('已收到，正在提交平台：#1 同意和解')
    expect(words(await w.chat.say(li, group, '/agree 2 好的'))).toContain('附图 1 张')
  })
  test('stay where something was done after them: that is taken back first', async () => {
    const w = await withComplaint()
    await lay(w, 1)
    w.clock.advance(1_000)
    await w.chat.say(li, group, '/note 1 等仓库回话')
    expect(await undo(w)).toBe('#1 的备注已撤回')
    expect(await undo(w)).toBe('#1 放好的图片已拿走，没有提交')
  })
  test('of somebody else, or in another chat, stay', async () => {
    const w = await withComplaint()
    await lay(w, 1)
    expect(await undo(w, chen)).toContain('没有你在 #1 上可撤回的操作')
    expect(words(await w.chat.say(li, alone(li), '/undo 1'))).toContain('没有你在 #1 上可撤回的操作')
    expect(words(await w.chat.say(li, group, '/agree 1 好的'))).toContain('附图 1 张')
  })
})

describe('without a number', () => {
  test('the newest goes first, whatever and wherever it is, and then the one before', async () => {
    const w = await withComplaint()
    await w.complain({ text: '第二单' })
    await w.complain({ text: '第三单' })
    for (const said of ['/claim 2', '/note 1 一', '/claim 3']) {
      w.clock.advance(1_000)
      await w.chat.say(li, group, said)
    }
    w.clock.advance(1_000)
    await lay(w, 1, 2)
    const answers = []
    for (let time = 0; time < 5; time++) answers.push(await undo(w, li, '/undo'))
    expect(answers).toEqual([
      '#2 放好的图片已拿走，没有提交',
      '#3 已放回，大家都可以认领',
      '#1 的备注已撤回',
      '#2 已放回，大家都可以认领',
      '要说明是哪一单：/show 128，或回复那张卡片',
    ])
  })
  test('in answer to a card it is that one', async () => {
    const w = await withComplaint()
    await w.complain({ text: '第二单' })
    await w.chat.say(li, group, '/claim 1')
    w.clock.advance(1_000)
    await w.chat.say(li, group, '/claim 2')
    expect(words(await w.chat.say(li, group, '/undo', { replyTo: cardId(w, '#1') }))).toBe('#1 已放回，大家都可以认领')
    await w.settle()
    expect([holder(w, 1), holder(w, 2)]).toEqual([undefined, '小李'])
  })
})

test('after ten minutes it stands', async () => {
  const w = await withComplaint()
  await lay(w, 1)
  await w.chat.say(li, group, '/claim 1')
  await w.chat.say(li, group, '/note 1 已联系')
  w.clock.step(10 * minute)
  expect(await undo(w)).toContain('10 分钟内没有你在 #1 上可撤回的操作')
  expect(await undo(w, li, '/undo')).toContain('要说明是哪一单')
  await w.settle()
  expect([holder(w), await story(w)]).toEqual(['小李', expect.stringContaining('已联系')])
})

test('with nothing done there is nothing to undo', async () => {
  const w = await withComplaint()
  expect(await undo(w)).toContain('没有你在 #1 上可撤回的操作')
  expect(await undo(w, li, '/undo 7')).toContain('没有找到投诉 #7')
})
