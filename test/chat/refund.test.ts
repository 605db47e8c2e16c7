import { describe, expect, test } from 'vitest'
import type { Order } from '../../sandbox/wechat-pay/index.ts'
import type { Card } from '../../src/chat/chat.ts'
import { fen } from '../../src/core/words.ts'
import { changeAccount } from '../../src/storage/accounts.ts'
import { setCaps } from '../../src/storage/tenants.ts'
import { group, type PayWorld, world } from '../support/world.ts'
import { arrive, changed, li, paidBack, sun, withOrder, zhou } from './pay-people.ts'
import { cardId, chen, pressOn, words } from './people.ts'

const labels = (card: Card | undefined) => card?.buttons.map(({ label }) => label)
const line = (card: Card | undefined, label: string) => card?.lines.find((one) => one.label === label)?.text
const note = (w: PayWorld) => w.chat.card(group, '#1').card.note ?? ''
const transaction = (w: PayWorld) => w.pay.sandbox.orders()[0]?.transactionId ?? ''
const mchid = (w: PayWorld) => w.pay.merchants[0]?.mchid ?? ''

describe('the button', () => {
  test('shows what was paid and what is left, to the presser alone; the whole of it is one press away', async () => {
    const w = await withOrder()
    const { card, onlyFor } = await w.chat.pressLabel(zhou, group, '#1', '退款')
    expect(onlyFor).toEqual([zhou.id])
    expect(card?.title).toBe('#1 退款')
    expect(line(card, '订单')).toBe(
      `…${transaction(w).slice(-6)} · 已付 ¥19.90 · 已退 ¥0.00 · 在途 ¥0.00 · 可退 ¥19.90`,
    )
    expect(card?.buttons.map(({ label, weight }) => `${label} ${weight}`)).toEqual([
      '全额退 ¥19.90 danger',
      '退部分 plain',
      '取消 plain',
    ])
    expect(paidBack(w)).toEqual([])
    expect(words(await pressOn(w, zhou, card, '全额退 ¥19.90'))).toBe('已收到，正在提交平台：#1 退款 ¥19.90')
    await arrive(w)
    expect(paidBack(w)).toEqual([1990])
    expect(w.chat.texts(group).filter((text) => text.includes('已退款'))).toEqual([
      expect.stringMatching(/^#1 已退款 ¥19\.90 到账 \d\d:\d\d · 老周$/),
    ])
  })
  test('pressed twice, and by somebody else, pays once', async () => {
    const w = await withOrder()
    const { card } = await w.chat.pressLabel(zhou, group, '#1', '退款')
    expect(words(await pressOn(w, sun, card, '全额退 ¥19.90'))).toContain('这个按钮只给发起的人')
    await Promise.all([pressOn(w, zhou, card, '全额退 ¥19.90'), pressOn(w, zhou, card, '全额退 ¥19.90')])
    await arrive(w)
    expect(words(await pressOn(w, zhou, card, '全额退 ¥19.90'))).toBe('已经提交过了：退款 ¥19.90 · 老周')
    expect(paidBack(w)).toEqual([1990])
  })
  test('is no use after two minutes, nor after the case has changed', async () => {
    const w = await withOrder()
    const first = await w.chat.pressLabel(zhou, group, '#1', '退款')
    w.clock.step(120_000)
    expect(words(await pressOn(w, zhou, first.card, '全额退 ¥19.90'))).toContain('已过期')
    const second = await w.chat.pressLabel(zhou, group, '#1', '退款')
    const [complaint] = w.pay.sandbox.complaints()
    await w.pay.sandbox.move(complaint?.id ?? '', { kind: 'message', text: '不用退了' })
    await w.settle()
    expect(words(await pressOn(w, zhou, second.card, '全额退 ¥19.90'))).toBe('刚刚有变化，请再看一次')
    await arrive(w)
    expect(paidBack(w)).toEqual([])
  })
  test('is for those who may refund; nobody else is shown amounts', async () => {
    const w = await withOrder()
    const answer = await w.chat.pressLabel(li, group, '#1', '退款')
    expect([answer.card, words(answer)]).toEqual([undefined, '你的角色不能做这件事，需要「可退款」；请找管理员调整'])
    expect(w.pay.sandbox.calls().filter(({ on }) => on === 'order')).toEqual([])
  })
  test('cancelled does nothing', async () => {
    const w = await withOrder()
    const { card } = await w.chat.pressLabel(zhou, group, '#1', '退款')
    const left = await pressOn(w, zhou, card, '取消')
    expect([words(left), left.fresh?.buttons]).toEqual(['已取消，什么也没有提交', []])
    await arrive(w)
    expect(paidBack(w)).toEqual([])
  })
  test('while the account cannot be asked says so and does nothing', async () => {
    const w = await withOrder()
    w.pay.sandbox.misbehave({ on: 'order', how: 'http', status: 403, code: 'NO_AUTH', times: 9 })
    const answer = await w.chat.pressLabel(zhou, group, '#1', '退款')
    expect(words(answer)).toMatch(/^现在问不到付款的账号，没有退款：.+。请稍后再试$/)
    expect(words(await w.chat.say(zhou, group, '/refund 1 all'))).toContain('现在问不到付款的账号')
    expect(paidBack(w)).toEqual([])
  })
  test('with nothing left says so, and what was given back when', async () => {
    const w = await withOrder()
    await pressOn(w, zhou, (await w.chat.pressLabel(zhou, group, '#1', '退款')).card, '全额退 ¥19.90')
    await arrive(w)
    expect(words(await w.chat.say(zhou, group, '/refund 1'))).toContain('现在不能做这一步')
    const id = w.pay.sandbox.complaints()[0]?.id ?? ''
    await w.pay.sandbox.set(id, { fullRefunded: false, push: 'USER_RESPONSE' })
    await w.settle()
    const { card } = await w.chat.say(zhou, group, '/refund 1 5')
    expect(card?.title).toBe('#1 没有可退的金额了')
    expect([card?.buttons, card?.lines.at(-1)?.text]).toEqual([[], '¥19.90 · 老周'])
    expect(card?.lines.at(-1)?.label).toMatch(/^\d\d-\d\d \d\d:\d\d$/)
    expect(line(card, '订单')).toContain('已退 ¥19.90 · 在途 ¥0.00 · 可退 ¥0.00')
  })
})

describe('where nobody pays', () => {
  test('refunds are off: no button, and the command says what to set', async () => {
    const w = await withOrder()
    await switchOff(w)
    expect(labels((await w.chat.say(zhou, group, '/show 1')).card)).not.toContain('退款')
    expect(words(await w.chat.say(zhou, group, '/refund 1 5'))).toBe(
      '这个账号没有开通退款，或已停用；请管理员检查账号的设置（refunds: true）',
    )
    await arrive(w)
    expect(paidBack(w)).toEqual([])
  })
  test('a mini program pays through the account that it names', async () => {
    const w = await withOrder()
    const order = await w.pay.sandbox.order({ mchid: mchid(w), total: 1500 })
    await w.complain({ transactionId: order.transactionId })
    const { card } = await w.chat.pressLabel(zhou, group, '#2', '退款')
    expect(line(card, '订单')).toContain('可退 ¥15.00')
    await pressOn(w, zhou, card, '全额退 ¥15.00')
    await arrive(w)
    expect(paidBack(w)).toEqual([1500])
    expect(w.chat.texts(group).join()).toMatch(/#2 已退款 ¥15\.00 到账/)
  })
  test('a mini program without such an account has no button for it', async () => {
    const w = await world()
    await w.complain()
    expect(labels(w.chat.card(group, '#1').card)).toEqual(['同意和解', '拒绝和解', '认领', '详情'])
    expect(words(await w.chat.say(chen, group, '/refund 1 5'))).toContain('这个账号没有开通退款')
  })
})

async function switchOff(w: PayWorld): Promise<void> {
  const account = w.pay.merchants[0]?.account
  if (!account) throw new Error('no merchant')
  const settings = { ...account.settings, refunds: false }
  await w.storage.transaction((tx) => changeAccount(tx, w.tenant.id, account.id, { settings }))
}

describe('a part of it', () => {
  test('asks how much and why, shows it, and sends it', async () => {
    const w = await withOrder()
    const { card } = await w.chat.pressLabel(zhou, group, '#1', '退款')
    const asked = await pressOn(w, zhou, card, '退部分')
    expect(asked.ask?.prompt).toContain('#1 退款：请写金额和原因，例如 12.50 少发一件')
    expect(asked.ask?.prompt).toContain('80 字节')
    const check = await w.chat.say(zhou, group, '１２．５　少发一件')
    expect(check.onlyFor).toEqual([zhou.id])
    expect(check.card?.title).toBe('#1 退款 ¥12.50：请核对')
    expect([line(check.card, '金额'), line(check.card, '大写'), line(check.card, '原因（用户可见）')]).toEqual([
      '¥12.50',
      '壹拾贰元伍角整',
      '少发一件',
    ])
    expect(line(check.card, '订单')).toContain(transaction(w).slice(-6))
    expect(labels(check.card)).toEqual(['确认退款 ¥12.50', '取消'])
    expect(paidBack(w)).toEqual([])
    await pressOn(w, zhou, check.card, '确认退款 ¥12.50')
    await arrive(w)
    expect(w.pay.sandbox.refunds().map(({ amount, reason }) => [amount, reason])).toEqual([[1250, '少发一件']])
  })
  test.each([
    ['0', '「0」是零'],
    ['-1', '「-1」是负数'],
    ['0.001', '「0.001」小数太多'],
    ['12.345', '「12.345」小数太多'],
    ['1e3', '「1e3」不是金额'],
    ['9007199254740993', '「9007199254740993」太大'],
    ['19.91', '超过可退金额，最多 ¥19.90'],
    ['少发一件', '「少发一件」不是金额'],
    [`5 ${'字'.repeat(27)}`, '太长了：81 字节，最多 80 字节'],
    ['5 少发😀一件', '平台不接受这些字符：😀；可以改发：少发一件'],
  ])('%s: the problem and an example, and the question again', async (said, problem) => {
    const w = await withOrder()
    const { card } = await w.chat.pressLabel(zhou, group, '#1', '退款')
    await pressOn(w, zhou, card, '退部分')
    const answer = await w.chat.say(zhou, group, said)
    expect(answer.text).toContain(problem)
    if (!said.startsWith('5 ')) expect(answer.text).toMatch(/例如 \/refund 1 \d+\.\d\d/)
    expect([answer.card, answer.ask?.prompt]).toEqual([undefined, expect.stringContaining('请写金额')])
    expect((await w.chat.say(zhou, group, '5 少发')).card?.title).toBe('#1 退款 ¥5.00：请核对')
    await arrive(w)
    expect(paidBack(w)).toEqual([])
  })
})

describe('/refund', () => {
  const confirms: readonly (readonly [said: string, amount: string, reason: string])[] = [
    ['/refund 1 12.5 少发一件', '12.50', '少发一件'],
    ['／退款　１　１２．５', '12.50', '（无）'],
    ['/退钱 #1 all', '19.90', '（无）'],
    ['/退款 1 全部 七天无理由', '19.90', '七天无理由'],
    ['/退款 1 全额', '19.90', '（无）'],
    [`/refund 1 5 ${'字'.repeat(26)}`, '5.00', '字'.repeat(26)],
  ]
  test.each(confirms)('%s is shown, and not sent', async (said, amount, reason) => {
    const w = await withOrder()
    const { card } = await w.chat.say(zhou, group, said)
    expect([card?.title, line(card, '原因（用户可见）')]).toEqual([`#1 退款 ¥${amount}：请核对`, reason])
    await arrive(w)
    expect(paidBack(w)).toEqual([])
  })
  test('in answer to the card needs no number; without an amount it is the button', async () => {
    const w = await withOrder()
    const replyTo = cardId(w)
    expect((await w.chat.say(zhou, group, '/退款 12.5 少发', { replyTo })).card?.title).toBe('#1 退款 ¥12.50：请核对')
    expect((await w.chat.say(zhou, group, '/退款 7', { replyTo })).card?.title).toBe('#1 退款 ¥7.00：请核对')
    expect((await w.chat.say(zhou, group, '/退款', { replyTo })).card?.title).toBe('#1 退款')
    expect((await w.chat.say(zhou, group, '/退款 1')).card?.title).toBe('#1 退款')
  })
  test.each(['0', '-1', '0.001', '1e3', '12.345', '9007199254740993', '19.91', '２０'])(
    '%s is refused with an example, and nothing happens',
    async (amount) => {
      const w = await withOrder()
      const answer = await w.chat.say(zhou, group, `/refund 1 ${amount}`)
      expect([answer.card, answer.text]).toEqual([undefined, expect.stringMatching(/例如 \/refund 1 \d+\.\d\d/)])
      await arrive(w)
      expect(paidBack(w)).toEqual([])
    },
  )
  test('goes out once however often its confirm is pressed; a second part is another refund', async () => {
    const w = await withOrder()
    const first = await w.chat.say(zhou, group, '/refund 1 5')
    await pressOn(w, zhou, first.card, '确认退款 ¥5.00')
    await pressOn(w, zhou, first.card, '确认退款 ¥5.00')
    await arrive(w)
    const second = await w.chat.say(zhou, group, '/refund 1 5')
    expect(line(second.card, '订单')).toContain('已退 ¥5.00 · 在途 ¥0.00 · 可退 ¥14.90')
    await pressOn(w, zhou, second.card, '确认退款 ¥5.00')
    await arrive(w)
    expect(paidBack(w)).toEqual([500, 500])
  })
  test('while one is on its way is not begun again; it is said whose', async () => {
    const w = await withOrder()
    const mine = await w.chat.say(zhou, group, '/refund 1 5')
    const yours = await w.chat.say(sun, group, '/refund 1 6')
    await pressOn(w, zhou, mine.card, '确认退款 ¥5.00')
    expect(words(await pressOn(w, sun, yours.card, '确认退款 ¥6.00'))).toContain('退款 ¥5.00由 老周 提交')
    expect(words(await w.chat.say(sun, group, '/refund 1 6'))).toContain('退款 ¥5.00由 老周 提交')
    await arrive(w)
    expect(paidBack(w)).toEqual([500])
  })
  test('above one’s own limit is refused before anything is confirmed', async () => {
    const w = await withOrder()
    await changed(w, 'zhou', { refundEach: fen(1000) })
    expect(words(await w.chat.say(zhou, group, '/refund 1 10.01'))).toBe(
      '超过你的单笔上限，最多 ¥10.00；请少退，或请管理员调整：redress member update … --refund-each',
    )
    expect((await w.chat.say(zhou, group, '/refund 1 10')).card).toBeDefined()
  })
  test('a role’s limit holds for whoever has none of their own, and for no admin', async () => {
    const w = await withOrder()
    await w.storage.transaction((tx) => setCaps(tx, w.tenant.id, { refunderEach: fen(600), refunderDay: fen(1000) }))
    expect(words(await w.chat.say(zhou, group, '/refund 1 6.01'))).toContain('超过你的单笔上限，最多 ¥6.00')
    const six = await w.chat.say(zhou, group, '/refund 1 6')
    await pressOn(w, zhou, six.card, '确认退款 ¥6.00')
    await arrive(w)
    expect(words(await w.chat.say(zhou, group, '/refund 1 5'))).toContain('今天还能退 ¥4.00')
    await changed(w, 'zhou', { refundEach: fen(700), refundDay: fen(2000) })
    expect((await w.chat.say(zhou, group, '/refund 1 6.5')).card).toBeDefined()
    expect((await w.chat.say(chen, group, '/refund 1 11')).card).toBeDefined()
    expect(paidBack(w)).toEqual([600])
  })
  test('what the user was promised is what the role allows at the press', async () => {
    const w = await withOrder()
    const { card } = await w.chat.say(zhou, group, '/refund 1 5')
    await changed(w, 'zhou', { role: 'agent' })
    expect(words(await pressOn(w, zhou, card, '确认退款 ¥5.00'))).toContain('需要「可退款」')
    await arrive(w)
    expect(paidBack(w)).toEqual([])
  })
  test('other refunds of the order are warned of, and a person may go on', async () => {
    const w = await withOrder()
    await otherRefund(w, 300)
    const { card } = await w.chat.say(zhou, group, '/refund 1 5')
    expect(card?.note).toContain('该订单另有退款，金额未知')
    expect((await w.chat.say(zhou, group, '/refund 1')).card?.note).toContain('该订单另有退款，金额未知')
    await pressOn(w, zhou, card, '确认退款 ¥5.00')
    await arrive(w)
    expect(paidBack(w)).toEqual([300, 500])
  })
  test('of several orders asks which, and keeps the amount', async () => {
    const w = await withOrder()
    const other = await w.pay.sandbox.order({ mchid: mchid(w), total: 3000 })
    await alsoAbout(w, other)
    const { card } = await w.chat.say(zhou, group, '/refund 1 12.5 少发')
    expect(card?.title).toBe('#1 退款 12.5 少发：退哪个订单？')
    const check = await pressOn(w, zhou, card, `订单 …${other.transactionId.slice(-6)} · 可退 ¥30.00`)
    expect([check.card?.title, line(check.card, '原因（用户可见）')]).toEqual(['#1 退款 ¥12.50：请核对', '少发'])
    await pressOn(w, zhou, check.card, '确认退款 ¥12.50')
    await arrive(w)
    expect(w.pay.sandbox.refunds().map(({ transactionId, amount }) => [transactionId, amount])).toEqual([
      [other.transactionId, 1250],
    ])
  })
  test('without an amount shows each of several orders', async () => {
    const w = await withOrder()
    const other = await w.pay.sandbox.order({ mchid: mchid(w), total: 3000 })
    await alsoAbout(w, other)
    const { card } = await w.chat.say(zhou, group, '/refund 1')
    const [one, two] = [transaction(w), other.transactionId].map((order) => `…${order.slice(-6)}`)
    expect(labels(card)).toEqual([
      `${one} 全额退 ¥19.90`,
      `退部分（${one}）`,
      `${two} 全额退 ¥30.00`,
      `退部分（${two}）`,
      '取消',
    ])
    const asked = await pressOn(w, zhou, card, `退部分（${two}）`)
    expect(asked.ask).toBeDefined()
    const check = await w.chat.say(zhou, group, 'all')
    await pressOn(w, zhou, check.card, '确认退款 ¥30.00')
    await arrive(w)
    expect(paidBack(w)).toEqual([3000])
  })
  test('in English', async () => {
    const w = await withOrder({}, { language: 'en' })
    const { card } = await w.chat.say(zhou, group, '/refund 1 12.5 missing')
    expect([card?.title, labels(card)]).toEqual(['#1 refund of ¥12.50: please check', ['Refund ¥12.50', 'Cancel']])
    expect(JSON.stringify(card)).not.toMatch(/\p{Script=Han}/u)
  })
})

/** In the console, not by us. */
async function otherRefund(w: PayWorld, amount: number): Promise<void> {
  const [merchant] = w.pay.merchants
  if (!merchant) throw new Error('no merchant')
  const platform = w.pay.platform()
  await platform.payments.createRefund(
    { account: merchant.account },
    { number: 'console1', order: { transaction: transaction(w) }, amount: fen(amount), total: fen(1990) },
  )
  await w.pass(3 * 60_000)
}

/** The complaint is about this order too. */
async function alsoAbout(w: PayWorld, { transactionId, outTradeNo, total }: Order): Promise<void> {
  const [complaint] = w.pay.sandbox.complaints()
  const orders = [...(complaint?.orders ?? []), { transactionId, outTradeNo, amount: total }]
  await w.pay.sandbox.set(complaint?.id ?? '', { orders, push: 'USER_RESPONSE' })
  await w.settle()
}

describe('the card', () => {
  test('says how far the money has come, and "refunded" only when it is there', async () => {
    const w = await withOrder()
    const { card } = await w.chat.say(zhou, group, '/refund 1 12')
    await pressOn(w, zhou, card, '确认退款 ¥12.00')
    await w.settle()
    expect(note(w)).toMatch(/退款 ¥12\.00 已受理，等待到账 · 退款单号 \S+ · 老周/)
    expect(note(w)).not.toContain('已退款')
    expect(labels(w.chat.card(group, '#1').card)).not.toContain('退款')
    await arrive(w)
    expect(note(w)).toMatch(/已退款 ¥12\.00，\d\d:\d\d 到账（支付用户零钱）· 老周/)
  })
  test('a second part within the minute waits, and the card says until when', async () => {
    const w = await withOrder()
    await pressOn(w, zhou, (await w.chat.say(zhou, group, '/refund 1 5')).card, '确认退款 ¥5.00')
    await w.settle()
    const [money] = w.pay.sandbox.refunds()
    await w.pay.sandbox.endRefund(mchid(w), money?.outRefundNo ?? '', 'SUCCESS')
    await w.settle()
    await w.settle()
    await pressOn(w, zhou, (await w.chat.say(zhou, group, '/refund 1 6')).card, '确认退款 ¥6.00')
    await w.settle()
    expect(note(w)).toMatch(/退款 ¥6\.00 已登记，\d\d:\d\d 起执行 · 老周/)
    expect(paidBack(w)).toEqual([500])
    await arrive(w)
    expect(paidBack(w)).toEqual([500, 600])
  })
  test('money that the user’s account does not take', async () => {
    const w = await withOrder()
    await w.pay.sandbox.order({ mchid: mchid(w), transactionId: transaction(w), refundEnds: 'ABNORMAL' })
    await pressOn(w, zhou, (await w.chat.say(zhou, group, '/refund 1 5')).card, '确认退款 ¥5.00')
    await w.pass(10 * 60_000)
    expect(note(w)).toContain('退款 ¥5.00：用户账户无法入账，请到商户平台处理')
    expect(w.chat.texts(group)).toContain('#1 退款 ¥5.00：用户账户无法入账，请到商户平台处理 · 老周')
    expect(w.chat.texts(group).join()).not.toContain('已退款')
  })
  test('money that came back to us', async () => {
    const w = await withOrder()
    await w.pay.sandbox.order({ mchid: mchid(w), transactionId: transaction(w), refundEnds: 'CLOSED' })
    await pressOn(w, zhou, (await w.chat.say(zhou, group, '/refund 1 5')).card, '确认退款 ¥5.00')
    await w.pass(10 * 60_000)
    expect(note(w)).toContain('退款 ¥5.00未成功 · 老周：退款已关闭，钱已退回我方')
    expect(w.chat.texts(group).join()).toContain('#1 退款 ¥5.00未成功 · 老周：退款已关闭')
    expect(labels(w.chat.card(group, '#1').card)).toContain('退款')
  })
})
