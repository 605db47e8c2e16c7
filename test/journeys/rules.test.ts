import { describe, expect, test } from 'vitest'
import { tryRule } from '../../src/actions/rule-trial.ts'
import { defaultCaps } from '../../src/complaints/rule.ts'
import { OutsideError } from '../../src/core/errors.ts'
import { fen } from '../../src/core/words.ts'
import { keepPicture } from '../../src/storage/pictures.ts'
import { removeRule, saveRule } from '../../src/storage/rules.ts'
import { createTemplate } from '../../src/storage/templates.ts'
import { chen, picture, words } from '../chat/people.ts'
import { onPress } from '../support/chat.ts'
import { group, type PayWorld, people } from '../support/world.ts'
import {
  automatic,
  complaintOf,
  kinds,
  miniComplaint,
  minute,
  note,
  outcomes,
  paidBack,
  payAccount,
  refundAll,
  refundCalls,
  refundedInConsole,
  rule,
  switchRefunds,
} from './rules.ts'

const { li } = people
const until = async (w: PayWorld, is: () => boolean) => {
  for (let seconds = 0; !is() && seconds < 120; seconds++) await w.pass(1_000)
}
const agree = { kind: 'respond', stance: 'agree', text: '抱歉，{商品} 马上补发' } as const

describe('an answer by itself', () => {
  test('with its words and pictures, once, in the name of the rule', async () => {
    const w = await automatic()
    const shot = await picture('png', 40)
    const hash = await w.storage.transaction((tx) => keepPicture(tx, shot))
    await rule(w, '自动同意', { ...agree, pictures: [hash] })
    await w.complain({ product: '保温杯' })
    expect(note(w)).toBe('20:01:00 自动回应（规则：自动同意）')
    expect(w.effects()).toEqual([])
    await w.pass(3 * minute)
    expect(w.effects()).toEqual(['respond agree 抱歉，保温杯 马上补发'])
    const [answer] = w.wechat.ledger().filter(({ by }) => by === 'merchant')
    expect(answer?.media?.map(({ sha256 }) => sha256)).toEqual([hash])
    expect(note(w)).toContain('同意和解已提交 · 规则「自动同意」')
    expect(paidBack(w)).toEqual([])
  })

  test('by a template, as it is when it goes; a changed template is another decision', async () => {
    const w = await automatic()
    const of = { tenant: w.tenant.id, name: '补发', for: [], reasons: [], platforms: [] } as const
    const template = await w.storage.transaction((tx) =>
      createTemplate(tx, { ...of, text: '{店铺}：订单 {订单号} 已补发' }),
    )
    await rule(w, '模板', { kind: 'respond', stance: 'agree', template: template?.id ?? ('' as never) })
    await w.complain({ outTradeNo: 'T1' })
    await w.pass(2 * minute)
    expect(w.effects()).toEqual(['respond agree 小店：订单 T1 已补发'])
    await w.complain({ outTradeNo: 'T2' })
    await w.storage.transaction((tx) =>
      tx.db.updateTable('template').set({ text: '别的' }).where('name', '=', '补发').execute(),
    )
    await w.pass(2 * minute)
    expect(await outcomes(w, 2)).toEqual(['模板 skipped changed'])
    expect(w.effects()).toHaveLength(1)
  })

  test('a picture that lies there for longer than two days and a half is uploaded again', async () => {
    const w = await automatic()
    const shot = await picture('png', 40)
    const hash = await w.storage.transaction((tx) => keepPicture(tx, shot))
    await rule(w, '自动同意', { ...agree, pictures: [hash] }, { delay: 0 })
    const sent = async () => {
      await w.complain()
      await w.pass(minute)
      return w.wechat.ledger().findLast(({ by }) => by === 'merchant')?.media ?? []
    }
    const days = (n: number) => w.pass(n * 24 * 60 * minute, 12 * 60 * minute)
    const first = await sent()
    await days(2)
    expect(await sent()).toEqual(first)
    await days(1)
    // The first is unknown to them by now.
    const third = await sent()
    expect(third.map(({ sha256 }) => sha256)).toEqual([hash])
    expect(third).not.toEqual(first)
    expect(w.effects()).toHaveLength(3)
  })

  test('without its template it says nothing, says so to the group once, and is off until a person changes it', async () => {
    const w = await automatic()
    const of = { tenant: w.tenant.id, name: '补发', for: [], reasons: [], platforms: [] } as const
    const template = await w.storage.transaction((tx) => createTemplate(tx, { ...of, text: '好' }))
    await rule(w, '模板', { kind: 'respond', stance: 'agree', template: template?.id ?? ('' as never) })
    const gone = '⚠ 规则「模板」已停用：它要用的模板已不在'
    await w.complain()
    // No one can remove it by our means; a restored backup, or a hand in the database, can.
    await w.storage.transaction((tx) => tx.db.deleteFrom('template').where('name', '=', '补发').execute())
    await w.pass(2 * minute)
    await w.complain()
    await w.pass(2 * minute)
    expect([await outcomes(w), await outcomes(w, 2), w.effects()]).toEqual([['模板 skipped template-gone'], [], []])
    expect(w.chat.texts(group).filter((line) => line.startsWith(gone))).toHaveLength(1)
    expect(w.chat.texts(group)).toContain('#1 自动回应没有执行（规则：模板）：模板已不在；请管理员改规则')
    expect(words(await w.chat.say(chen, group, '/rules'))).toContain('1. 模板 · 回应 · 停用')
    expect(words(await w.chat.say(chen, group, '/rules on 模板'))).toContain('规则「模板」的模板已不在')
    expect(words(await w.chat.say(chen, group, '/rules'))).toContain('停用')
  })

  test('gone before it was decided: the same', async () => {
    const w = await automatic()
    await rule(w, '模板', { kind: 'respond', stance: 'agree', template: 'tpl_gone' as never })
    await w.complain()
    await w.complain()
    await w.pass(2 * minute)
    expect(w.chat.texts(group).filter((line) => line.startsWith('⚠ 规则「模板」已停用'))).toHaveLength(1)
    expect([await outcomes(w), await outcomes(w, 2), w.effects()]).toEqual([['模板 skipped template-gone'], [], []])
  })

  test('words that the platform does not take stay here, and the group reads why', async () => {
    const w = await automatic()
    await rule(w, '太长', { kind: 'respond', stance: 'talk', text: '长'.repeat(201) }, { accounts: [payAccount(w)] })
    await w.pay.complain()
    await w.pass(2 * minute)
    expect(await outcomes(w)).toEqual(['太长 skipped words'])
    expect(w.chat.texts(group)).toContain('#1 自动回应没有执行（规则：太长）：平台不收这些文字或图片；请管理员改规则')
    expect(w.pay.did('reply')).toEqual([])
  })

  test('one rule for one complaint: the first that fits; a note beside it, for the team', async () => {
    const w = await automatic()
    await rule(w, '律师', { kind: 'note', text: '提到律师：#{编号}' }, { when: { has: ['律师'] }, delay: 0 })
    await rule(w, '夜里', { ...agree, text: '夜' }, { when: { hours: { from: 22, to: 8 } } })
    await rule(w, '白天', { ...agree, text: '昼' })
    await rule(w, '其余', { ...agree, text: '余' })
    await w.complain({ text: '我要找 律师' })
    expect(w.chat.texts(group)).toContain('#1 备注 · 律师：提到律师：#1')
    await w.pass(2 * minute)
    expect(w.effects()).toEqual(['respond agree 昼'])
    expect(await outcomes(w)).toEqual(['律师 done', '白天 done', '其余 skipped after'])
  })
})

describe('money back by itself', () => {
  test('WeChat Pay: the refund, and an answer, for nobody else would say it', async () => {
    const w = await automatic()
    await rule(w, '小额', refundAll, { delay: 0 })
    await w.pay.complain({ amount: 1990 })
    await w.pass(2 * minute)
    expect(paidBack(w)).toEqual([1990])
    expect(w.pay.did('reply').map(({ text }) => text)).toEqual([expect.stringContaining('¥19.90')])
  })

  test('every order, one after the other, as far as the platform goes; with "only", none of several', async () => {
    const w = await automatic()
    const both = await twoOrders(w)
    await rule(w, '单笔', refundAll)
    await rule(w, '全部', { kind: 'refund', orders: 'every', reason: '' }, { delay: 0 })
    await both()
    expect(await outcomes(w)).toEqual(['单笔 skipped several', '全部 begun'])
    await w.pass(12 * minute, 30_000)
    // This platform calls the complaint paid back with the first of its orders, and takes no more: a person must see it.
    expect(paidBack(w)).toEqual([1990])
    expect(await outcomes(w)).toEqual(['单笔 skipped several', '全部 skipped not-open'])
    expect(w.chat.texts(group)).toContain(
      '#1 自动退款 ¥34.90只完成一部分，其余没有执行（规则：全部）：现在不能做这一步',
    )
  })

  test.each([
    ['the switch of the account is off', 'not-automatic'],
    ['it costs more than the rule may give', 'cap-each'],
    ['it takes two people', 'second-person'],
    ['the order shows refunds that are not ours', 'others'],
    ['somebody has claimed it', 'in-hand'],
  ] as const)('%s: nothing goes, and the card says why', async (_, why) => {
    const w = await automatic()
    const caps = { each: fen(30_000), day: fen(90_000), payerDay: fen(90_000) }
    await rule(w, '小额', refundAll, { caps: why === 'cap-each' ? defaultCaps : caps })
    if (why === 'not-automatic') await switchRefunds(w, false)
    const total = why === 'cap-each' ? 5_001 : why === 'second-person' ? 20_000 : 1990
    if (why === 'others') {
      const order = await w.pay.sandbox.order({ mchid: w.pay.merchants[0]?.mchid ?? '', total })
      await refundedInConsole(w, order.transactionId, 500, total)
      await w.complain({ transactionId: order.transactionId })
    } else await miniComplaint(w, total)
    if (why === 'in-hand') await w.chat.pressLabel(li, group, '#1', '认领')
    const before = paidBack(w).length
    await w.pass(2 * minute)
    expect(await outcomes(w)).toEqual([`小额 skipped ${why}`])
    expect(paidBack(w)).toHaveLength(before)
    expect(w.effects()).toEqual([])
    if (why !== 'in-hand') expect(note(w)).toMatch(/^规则「小额」没有自动退款/)
  })

  test('what another complaint has given back already is shown as done', async () => {
    const w = await automatic()
    await rule(w, '小额', refundAll, { delay: 0 })
    const transactionId = await miniComplaint(w)
    await w.pass(3 * minute)
    await w.complain({ transactionId })
    await w.pass(2 * minute)
    expect(await outcomes(w, 2)).toEqual(['小额 skipped refunded'])
    expect(note(w, 2)).toBe('规则「小额」没有自动退款：该订单已全额退款，不用再退')
    expect(paidBack(w)).toEqual([1990])
  })

  test('given back in the console while it waited: not once more', async () => {
    const w = await automatic()
    await rule(w, '小额', refundAll, { delay: 600 })
    const transactionId = await miniComplaint(w)
    await refundedInConsole(w, transactionId, 1990)
    await w.pass(10 * minute)
    expect(await outcomes(w)).toEqual(['小额 skipped others'])
    expect(paidBack(w)).toEqual([1990])
  })

  test('whoever would pay does not answer: asked again, and nothing is guessed', async () => {
    const w = await automatic()
    await rule(w, '小额', refundAll, { delay: 0 })
    w.pay.sandbox.misbehave({ on: 'order', how: 'http', status: 403, code: 'NO_AUTH', times: 2 })
    await miniComplaint(w)
    expect(await outcomes(w)).toEqual([])
    await w.pass(3 * minute)
    expect(paidBack(w)).toEqual([1990])
    w.pay.sandbox.misbehave({ on: 'order', how: 'http', status: 403, code: 'NO_AUTH', times: 99 })
    await miniComplaint(w)
    await w.pass(20 * minute, 30_000)
    expect(await outcomes(w, 2)).toEqual(['小额 skipped away'])
  })
})

describe('nobody can stop what nobody could read of', () => {
  const away = (w: PayWorld, times: number) => {
    w.chat.failing = { times, error: new OutsideError('unreachable', 'the chat does not answer') }
  }

  test('the chat was away: what was announced late waits, and the button works', async () => {
    const w = await automatic()
    await rule(w, '小额', refundAll)
    away(w, 1_000)
    await miniComplaint(w)
    await w.pass(3 * minute)
    expect([await outcomes(w), refundCalls(w)]).toEqual([['小额 waiting'], 0])
    w.chat.failing = undefined
    await until(w, () => w.chat.posts.length > 0)
    expect(note(w)).toBe('即将自动退款 ¥19.90（规则：小额）')
    const card = w.chat.card(group, '#1')
    const button = card.card.buttons.find(({ label }) => label === '取消自动退款')
    await w.pass(20_000, 5_000)
    expect(refundCalls(w)).toBe(0)
    await w.chat.press(li, group, card.id, button?.token ?? ('' as never))
    await w.pass(3 * minute)
    expect([await outcomes(w), refundCalls(w)]).toEqual([['小额 cancelled cancelled'], 0])
  })

  test('left alone it goes, half of its delay after it could be read', async () => {
    const w = await automatic()
    await rule(w, '小额', refundAll)
    away(w, 1_000)
    await miniComplaint(w)
    await w.pass(3 * minute)
    w.chat.failing = undefined
    await w.pass(3 * minute)
    expect([await outcomes(w), paidBack(w)]).toEqual([['小额 done'], [1990]])
  })

  test('away for longer than ten minutes: it is for the people', async () => {
    const w = await automatic()
    await rule(w, '小额', refundAll)
    away(w, 100_000)
    await miniComplaint(w)
    await w.pass(12 * minute, 15_000)
    expect([await outcomes(w), refundCalls(w)]).toEqual([['小额 skipped unseen'], 0])
    w.chat.failing = undefined
    await w.pass(20 * minute)
    expect(note(w)).toBe('规则「小额」没有自动退款 ¥19.90：群里没能看到预告')
    expect(refundCalls(w)).toBe(0)
  })

  test('no group at all: there is nobody to wait for', async () => {
    const w = await automatic()
    await rule(w, '小额', refundAll)
    await w.storage.transaction(async (tx) => void (await tx.db.deleteFrom('room').execute()))
    await miniComplaint(w)
    await w.pass(2 * minute)
    expect([await outcomes(w), paidBack(w)]).toEqual([['小额 done'], [1990]])
  })
})

describe('a person is stronger', () => {
  test('/undo stops it too', async () => {
    const w = await automatic()
    await rule(w, '小额', refundAll)
    await miniComplaint(w)
    expect(words(await w.chat.say(li, group, '/undo 1'))).toBe('#1 已取消，不会自动执行')
    await w.pass(3 * minute)
    expect([refundCalls(w), w.effects()]).toEqual([0, []])
  })

  test('too late is said, and changes nothing', async () => {
    const w = await automatic()
    await rule(w, '小额', refundAll)
    await miniComplaint(w)
    const card = w.chat.card(group, '#1')
    const button = card.card.buttons.find(({ label }) => label === '取消自动退款')
    await w.pass(2 * minute)
    const answer = await w.chat.press(li, group, card.id, button?.token ?? ('' as never))
    expect(words(answer)).toBe('#1 自动退款 ¥19.90已经执行，来不及取消；请看最新卡片')
    expect(paidBack(w)).toEqual([1990])
  })

  test('who answers first is not overtaken', async () => {
    const w = await automatic()
    await rule(w, '小额', refundAll)
    await miniComplaint(w)
    await w.chat.say(li, group, '/refuse 1 已按约定发货')
    await w.pass(5 * minute)
    expect(w.effects()).toEqual(['respond refuse 已按约定发货'])
    expect(refundCalls(w)).toBe(0)
    expect((await outcomes(w))[0]).toBe('小额 skipped changed')
    expect((await outcomes(w)).slice(1).every((one) => one.endsWith('in-hand'))).toBe(true)
  })
})

describe('the case changes', () => {
  test('the user writes meanwhile: judged anew, with the new words and a new delay', async () => {
    const w = await automatic()
    await rule(w, '小额', refundAll, { when: { lacks: ['律师'] } })
    await w.pay.complain({ amount: 1990 })
    await w.pass(45_000)
    const id = w.pay.sandbox.complaints()[0]?.id ?? ''
    await w.pay.sandbox.move(id, { kind: 'message', text: '快一点' })
    await w.settle()
    expect(await outcomes(w)).toEqual(['小额 skipped changed', '小额 waiting'])
    await w.pass(30_000)
    expect(refundCalls(w)).toBe(0)
    await w.pay.sandbox.move(id, { kind: 'message', text: '我找律师了' })
    await w.pass(5 * minute)
    expect(await outcomes(w)).toEqual(['小额 skipped changed', '小额 skipped changed'])
    expect(refundCalls(w)).toBe(0)
  })

  test.each(['off', 'gone', 'changed', 'account'] as const)('the rule is %s by then: nothing goes', async (how) => {
    const w = await automatic()
    const made = await rule(w, '小额', refundAll)
    await miniComplaint(w)
    await w.storage.transaction(async (tx) => {
      if (how === 'off') await saveRule(tx, { ...made, mode: 'off' })
      if (how === 'gone') await removeRule(tx, made.tenant, made.id)
      if (how === 'changed') await saveRule(tx, { ...made, caps: { ...defaultCaps, each: fen(1_000) } })
      if (how === 'account')
        await tx.db.updateTable('account').set({ enabled: 0 }).where('id', '=', w.account).execute()
    })
    await w.pass(5 * minute)
    const why = { off: 'off', gone: 'off', changed: 'cap-each', account: 'not-open' }[how]
    expect(await outcomes(w)).toEqual([`小额 skipped ${why}`])
    expect(refundCalls(w)).toBe(0)
  })

  test('what was never read is nobody’s to refund; once it is read, the rule speaks', async () => {
    const w = await automatic()
    await rule(w, '小额', refundAll, { delay: 0 })
    w.wechat.misbehave({ on: 'detail', how: 'errcode', errcode: 48001, times: 99 } as never)
    const order = await w.pay.sandbox.order({ mchid: w.pay.merchants[0]?.mchid ?? '', total: 1990 })
    await w.complain({ transactionId: order.transactionId })
    await w.pass(3 * minute)
    expect((await complaintOf(w)).provisional).toBeDefined()
    expect([await kinds(w), refundCalls(w)]).toEqual([['opened', 'provisional'], 0])
  })
})

describe('what was open before a rule was switched on', () => {
  test('is left alone; a trial says what it would do there and does nothing; what happens there later wakes it', async () => {
    const w = await automatic()
    const made = await rule(w, '小额', refundAll, { mode: 'off', when: { lacks: ['律师'] } })
    await miniComplaint(w)
    await miniComplaint(w, 5_001)
    await miniComplaint(w, 1_000, { text: '我找律师' })
    const before = w.pay.sandbox.calls().length
    const { tried, more } = await tryRule({ ...w, platforms: w.platforms }, w.tenant, made)
    expect(more).toBe(false)
    expect(
      tried.map(({ complaint, decision }) => [complaint.running, decision.outcome, 'why' in decision && decision.why]),
    ).toEqual([
      [1, 'act', false],
      [2, 'would', 'cap-each'],
      [3, 'skip', 'lacks'],
    ])
    // Asked were two orders, and nobody for money.
    expect([w.pay.sandbox.calls().length - before, refundCalls(w)]).toEqual([2, 0])
    expect(words(await w.chat.say(chen, group, '/rules on 小额'))).toBe(
      '规则「小额」已启用\n已在处理中的投诉不会自动执行（有新动静时才会重新判断），其中 2 单符合；redress rule try 小额 可查看',
    )
    await w.pass(60 * minute, 20 * minute)
    expect([await outcomes(w), refundCalls(w), w.effects()]).toEqual([[], 0, []])
    await w.wechat.move(Number((await complaintOf(w)).number), { kind: 'message', content: '快点' })
    await w.pass(3 * minute)
    expect([await outcomes(w), paidBack(w)]).toEqual([['小额 done'], [1990]])
  })
})

describe('in the chat', () => {
  test('where cards do not change by themselves, one line says what goes and how to stop it', async () => {
    const w = await automatic({ can: onPress })
    await rule(w, '小额', refundAll)
    await miniComplaint(w)
    expect(w.chat.texts(group)).toContain('#1 20:01:00 自动退款 ¥19.90（规则：小额）；取消请发送 /undo 1')
    await w.chat.say(li, group, '/undo 1')
    await w.settle()
    expect(w.chat.texts(group)).toContain('#1 小李 取消了自动退款 ¥19.90（规则：小额）')
  })

  test('/rules lists them; an admin switches them', async () => {
    const w = await automatic()
    expect(words(await w.chat.say(li, group, '/rules'))).toBe('还没有自动规则；由管理员添加')
    await rule(w, '小额', refundAll)
    await rule(w, '自动同意', agree, { mode: 'off', delay: 0 })
    expect(words(await w.chat.say(li, group, '/规则'))).toBe(
      '自动规则（按先后）\n1. 小额 · 退款 · 启用 · 等 60 秒\n2. 自动同意 · 回应 · 停用 · 等 0 秒',
    )
    expect(words(await w.chat.say(li, group, '/rules off 小额'))).toContain('管理员')
    expect(words(await w.chat.say(chen, group, '/rules off 小额'))).toBe('规则「小额」已停用，等待中的不再执行')
    expect(words(await w.chat.say(chen, group, '/规则 启用 自动'))).toBe('规则「自动同意」已启用')
    expect(words(await w.chat.say(chen, group, '/rules on 没有'))).toBe(
      '没有唯一的规则叫「没有」；可选：小额 / 自动同意',
    )
    expect(words(await w.chat.say(chen, group, '/rules what'))).toContain('用法')
    expect(words(await w.chat.say(chen, group, '/rules reset'))).toBe('自动退款没有停，不用恢复')
  })
})

/** A complaint about two orders, when it is called. */
async function twoOrders(w: Awaited<ReturnType<typeof automatic>>): Promise<() => Promise<void>> {
  const mchid = w.pay.merchants[0]?.mchid ?? ''
  const second = await w.pay.sandbox.order({ mchid, total: 1500 })
  return async () => {
    w.pay.sandbox.misbehave({ on: 'push', how: 'withheld', times: 1 })
    const { id } = await w.pay.complain({ amount: 1990 })
    const [complaint] = w.pay.sandbox.complaints()
    const { transactionId, outTradeNo, total } = second
    const orders = [...(complaint?.orders ?? []), { transactionId, outTradeNo, amount: total }]
    await w.pay.sandbox.set(id, { orders, push: 'USER_RESPONSE' })
    await w.settle()
  }
}
