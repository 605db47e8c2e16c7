import { describe, expect, test } from 'vitest'
import { arrive, changed, paidBack } from '../chat/pay-people.ts'
import { card, cards, count, type Driver, drive } from '../support/telegram.ts'
import { type PayWorld, type TelegramWorld, world } from '../support/world.ts'

type Both = PayWorld & TelegramWorld

interface Stage extends Driver {
  readonly w: Both
  /** Money takes its minutes. */
  arrived(): Promise<void>
}

const one = '#1 青禾优选'

/** A complaint that asks for money, and its card in the group; 小王 may refund, as 阿陈 may. */
async function stage(amount = 1990): Promise<Stage> {
  const w = (await world({ telegram: true, pay: ['青禾优选'] })) as Both
  const driver = drive(w)
  await changed(w, 'wang', { role: 'refunder' })
  await w.pay.complain({ text: '少发一件', type: 'REFUND', amount })
  await driver.calm()
  return {
    w,
    ...driver,
    async arrived() {
      await arrive(w)
      await driver.calm()
    },
  }
}

const did = (w: Both, what: string) => w.pay.did(what).map(({ text = '' }) => text)
const arrival = (yuan: string, by: string) =>
  new RegExp(`^#1 已退款 ¥${yuan.replace('.', '\\.')} 到账 \\d\\d:\\d\\d · ${by}$`, 'um')

test('a push becomes a card with its keyboard', async () => {
  const { w } = await stage()
  expect(card(w.played.group, one).buttons).toEqual([
    ['回复', '完结'],
    ['同意退款', '拒绝退款'],
    ['退款', '认领'],
    ['详情'],
    ['打开处理页'],
  ])
})

describe('money', () => {
  test('by button: what can be had, all of it, and the line when it has arrived', async () => {
    const { w, press, arrived } = await stage()
    const { chen } = w.played.people
    await press(chen, card(w.played.group, one), '退款')
    const offer = card(w.played.group, '#1 退款')
    expect(offer.text).toContain('已付 ¥19.90 · 已退 ¥0.00 · 在途 ¥0.00 · 可退 ¥19.90')
    expect((await press(chen, offer, '全额退 ¥19.90')).toast).toBe('已收到，正在提交平台：#1 退款 ¥19.90')
    await arrived()
    expect(paidBack(w)).toEqual([1990])
    expect(count(w.played.group, arrival('19.90', '阿陈'))).toBe(1)
    expect(cards(w.played.group, one)).toBe(1)
  })

  test('by button: a part, with the amount and why in answer to the question', async () => {
    const { w, press, answer, arrived } = await stage()
    const { chen } = w.played.people
    await press(chen, card(w.played.group, one), '退款')
    await press(chen, card(w.played.group, '#1 退款'), '退部分')
    await answer(chen, '12.5 少发一件')
    expect(paidBack(w)).toEqual([])
    await press(chen, card(w.played.group, '#1 退款 ¥12.50：请核对'), '确认退款 ¥12.50')
    await arrived()
    expect(w.pay.sandbox.refunds()).toMatchObject([{ amount: 1250, reason: '少发一件', status: 'SUCCESS' }])
    expect(count(w.played.group, arrival('12.50', '阿陈'))).toBe(1)
  })

  test.each([
    ['/refund 1 12.5 少发一件', false],
    ['/refund 12.5 少发一件', true],
    ['／退款 １２．５ 少发一件', true],
  ])('by command: %s, in answer to the card: %s', async (said, inReply) => {
    const { w, say, press, arrived } = await stage()
    const { chen } = w.played.people
    const replyTo = card(w.played.group, one).id
    const [check] = await say(chen, said, inReply ? { replyTo } : {})
    if (!check) throw new Error('no answer')
    expect(check.text).toContain('壹拾贰元伍角整')
    expect(paidBack(w)).toEqual([])
    await press(chen, check, '确认退款 ¥12.50')
    await arrived()
    expect(w.pay.sandbox.refunds()).toMatchObject([{ amount: 1250, reason: '少发一件', status: 'SUCCESS' }])
  })

  test('of an agent: none, by button or command', async () => {
    const { w, say, press, arrived } = await stage()
    const { li } = w.played.people
    const no = '需要「可退款」'
    expect((await press(li, card(w.played.group, one), '退款')).toast).toContain(no)
    expect((await say(li, '/refund 1 all'))[0]?.text).toContain(no)
    await arrived()
    expect(paidBack(w)).toEqual([])
  })
})

describe('an amount that takes two', () => {
  /** 阿陈 wants ¥250 back, and the group is asked. */
  async function asked() {
    const on = await stage(30_000)
    const { w, say, press } = on
    const { chen } = w.played.people
    await say(chen, '/refund 1 250 少发一箱')
    await press(chen, card(w.played.group, '#1 退款 ¥250.00：请核对'), '确认退款 ¥250.00')
    return { ...on, question: card(w.played.group, '#1 退款 ¥250.00 需要第二人批准 · 由 阿陈 发起') }
  }

  test('goes when another one who may refund says yes', async () => {
    const { w, press, arrived, question } = await asked()
    const { li, chen, wang } = w.played.people
    expect((await press(chen, question, '批准')).toast).toContain('要由另一个人批准')
    expect((await press(li, question, '批准')).toast).toContain('批准要另一位「可退款」')
    await arrived()
    expect(paidBack(w)).toEqual([])
    expect((await press(wang, question, '批准')).toast).toBe('已收到，正在提交平台：#1 退款 ¥250.00')
    await arrived()
    expect(paidBack(w)).toEqual([25_000])
    expect(w.played.group.message(question.id)?.buttons).toEqual([])
    expect(count(w.played.group, arrival('250.00', '阿陈（小王 批准）'))).toBe(1)
  })

  test('is withdrawn; a yes to what hung there does nothing', async () => {
    const { w, press, arrived, question } = await asked()
    const { chen } = w.played.people
    expect((await press(chen, question, '撤回')).toast).toBe('#1 退款 ¥250.00 已撤回，没有退 · 阿陈')
    expect(w.played.group.message(question.id)).toMatchObject({ buttons: [] })
    await arrived()
    expect(paidBack(w)).toEqual([])
  })
})

describe('without money', () => {
  test('/reply, and the button 回复', async () => {
    const { w, say, press, answer } = await stage()
    const { li } = w.played.people
    await say(li, '/reply 今天补发', { replyTo: card(w.played.group, one).id })
    expect(did(w, 'reply')).toEqual(['今天补发'])
    await w.pass(60_000)
    await press(li, card(w.played.group, one), '回复')
    await answer(li, '已发出')
    expect(did(w, 'reply')).toEqual(['今天补发', '已发出'])
    expect(count(w.played.group, '#1 回复已提交 · 小李')).toBe(2)
  })

  test('/approve: with the money, once the platform has the yes', async () => {
    const { w, say, press, arrived } = await stage()
    const { chen } = w.played.people
    const [offer] = await say(chen, '/approve 1')
    if (!offer) throw new Error('no answer')
    expect(offer.text).toContain('同意本身不会退钱')
    expect(did(w, 'approve')).toEqual([])
    await press(chen, offer, '同意并全额退 ¥19.90')
    await arrived()
    expect([did(w, 'approve').length, paidBack(w)]).toEqual([1, [1990]])
    expect(count(w.played.group, arrival('19.90', '阿陈'))).toBe(1)
  })

  test('/reject is looked at, then sent', async () => {
    const { w, say, press } = await stage()
    const { li } = w.played.people
    const [draft] = await say(li, '/reject 1 商品已签收三个月')
    if (!draft) throw new Error('no answer')
    expect(did(w, 'reject')).toEqual([])
    await press(li, draft, '确认提交')
    expect(did(w, 'reject')).toEqual(['商品已签收三个月'])
    expect(count(w.played.group, '#1 拒绝退款已提交 · 小李')).toBe(1)
  })

  test('/finish warns of a user whom nobody answered', async () => {
    const { w, say, press } = await stage()
    const { li } = w.played.people
    const [check] = await say(li, '/finish', { replyTo: card(w.played.group, one).id })
    if (!check) throw new Error('no answer')
    expect(check.text).toContain('还没有回复过用户')
    expect(w.pay.did('complete')).toEqual([])
    await press(li, check, '确认完结')
    expect(w.pay.did('complete')).toHaveLength(1)
    expect(count(w.played.group, '#1 完结已提交 · 小李')).toBe(1)
  })
})
