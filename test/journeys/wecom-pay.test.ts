import { describe, expect, test } from 'vitest'
import { fen } from '../../src/core/words.ts'
import { createTemplate } from '../../src/storage/templates.ts'
import { arrive, changed, paidBack } from '../chat/pay-people.ts'
import { driveWecom, labels, type WecomDriver, wecomBot } from '../support/wecom.ts'
import { type PayWorld, type WecomWorld, world } from '../support/world.ts'

type Both = PayWorld & WecomWorld

interface Stage extends WecomDriver {
  readonly w: Both
  readonly complaint: string
  /** Money takes its minutes. */
  arrived(): Promise<void>
}

const one = '#1 青禾优选'

/** A complaint that asks for money, and its card in the group; 小王 may refund, as 阿陈 may. */
async function stage(amount = 1990): Promise<Stage> {
  const w = (await world({ wecom: true, pay: ['青禾优选'] })) as Both
  const driver = driveWecom(w)
  await changed(w, 'wang', { role: 'refunder' })
  const { id: complaint } = await w.pay.complain({ text: '少发一件', type: 'REFUND', amount })
  await driver.calm()
  return {
    ...{ w, complaint },
    ...driver,
    async arrived() {
      await arrive(w)
      await driver.calm()
    },
  }
}

const did = (w: Both, what: string) => w.pay.did(what).map(({ text = '' }) => text)
/** Messages that the group reads and that say this. */
const lines = ({ w, read }: Stage, words: RegExp) => read(w.wecom.people.li).filter((line) => words.test(line))
const arrival = (yuan: string, by: string) =>
  new RegExp(`^#1 已退款 ¥${yuan.replace('.', '\\.')} 到账 \\d\\d:\\d\\d · ${by}$`, 'um')

test('a push becomes a card with its buttons; the seventh stands in the menu', async () => {
  const { w, card } = await stage()
  const shown = card(w.wecom.people.li, one)
  expect(labels(shown)).toEqual(['回复', '完结', '同意退款', '拒绝退款', '退款', '认领'])
  expect(shown.buttons.filter(({ menu }) => menu).map(({ label }) => label)).toEqual(['详情', '刷新'])
})

test('what stands in the menu works like a button', async () => {
  const { w, press } = await stage()
  expect((await press(w.wecom.people.li, one, '详情')).said[0]?.text).toContain('#1 详情')
})

describe('money', () => {
  test('by button: what can be had, all of it, and the line when it has arrived', async () => {
    const on = await stage()
    const { w, press, card, arrived } = on
    const { chen, li } = w.wecom.people
    const before = card(li, one).text
    const offer = await press(chen, one, '退款')
    expect(offer.face.text).toContain('已付 ¥19.90 · 已退 ¥0.00 · 在途 ¥0.00 · 可退 ¥19.90')
    expect(labels(offer.face)).toEqual(['全额退 ¥19.90', '退部分', '取消'])
    expect(card(li, one).text).toBe(before)
    const taken = await press(chen, offer.face, '全额退 ¥19.90')
    expect(taken.face.text).toContain('已收到，正在提交平台：#1 退款 ¥19.90')
    await arrived()
    expect(paidBack(w)).toEqual([1990])
    expect(lines(on, arrival('19.90', '阿陈'))).toHaveLength(1)
  })

  test('by button: a part, with the amount and why as the next words', async () => {
    const on = await stage()
    const { w, press, say, arrived } = on
    const { chen } = w.wecom.people
    const { face } = await press(chen, one, '退款')
    const question = await press(chen, face, '退部分')
    expect(question.face.text).toContain('请写金额和原因')
    const [check] = await say(chen, '12.5 少发一件')
    if (!check) throw new Error('no confirm')
    expect(check.text).toContain('壹拾贰元伍角整')
    expect(paidBack(w)).toEqual([])
    await press(chen, check, '确认退款 ¥12.50')
    await arrived()
    expect(w.pay.sandbox.refunds()).toMatchObject([{ amount: 1250, reason: '少发一件', status: 'SUCCESS' }])
    expect(lines(on, arrival('12.50', '阿陈'))).toHaveLength(1)
  })

  test.each(['/refund 1 12.5 少发一件', '退款 1 12.50元 少发一件', '／退款　＃１　１２．５　少发一件'])(
    'by command: %s',
    async (said) => {
      const { w, say, press, arrived } = await stage()
      const { chen, li } = w.wecom.people
      const [check] = await say(chen, said)
      if (!check) throw new Error('no answer')
      expect(check.text).toContain('壹拾贰元伍角整')
      expect((await press(li, check, '确认退款 ¥12.50')).face.text).toContain('这个按钮只给发起的人')
      await arrived()
      expect(paidBack(w)).toEqual([])
      const [again] = await say(chen, said)
      if (!again) throw new Error('no answer')
      await press(chen, again, '确认退款 ¥12.50')
      await arrived()
      expect(w.pay.sandbox.refunds()).toMatchObject([{ amount: 1250, reason: '少发一件', status: 'SUCCESS' }])
    },
  )

  test('取消 leads back to the card, and nothing goes', async () => {
    const { w, press, card, arrived } = await stage()
    const { chen } = w.wecom.people
    const { face } = await press(chen, one, '退款')
    await press(chen, face, '取消')
    expect(labels(card(chen, one))).toContain('退款')
    await arrived()
    expect(paidBack(w)).toEqual([])
  })

  test('a confirm is good for two minutes, and for the complaint as it was', async () => {
    const { w, complaint, press, say, arrived } = await stage()
    const { chen } = w.wecom.people
    const { face } = await press(chen, one, '退款')
    await w.pass(3 * 60_000, 60_000)
    expect((await press(chen, face, '全额退 ¥19.90')).face.text).toContain('这个按钮已过期')
    const [check] = await say(chen, '退款 1 5')
    await w.pay.sandbox.move(complaint, { kind: 'message', text: '还没退吗' })
    await w.settle()
    if (!check) throw new Error('no answer')
    expect((await press(chen, check, '确认退款 ¥5.00')).face.text).toContain('刚刚有变化，请再看一次')
    await arrived()
    expect(paidBack(w)).toEqual([])
  })

  test('of two orders: each button says first of which it is', async () => {
    const { w, complaint, press, arrived } = await stage()
    const { chen } = w.wecom.people
    const mchid = w.pay.merchants[0]?.mchid ?? ''
    const other = await w.pay.sandbox.order({ mchid, total: 1990 })
    const before = w.pay.sandbox.complaint(complaint)?.orders ?? []
    const { transactionId, outTradeNo, total: amount } = other
    const orders = [...before, { transactionId, outTradeNo, amount }]
    await w.pay.sandbox.set(complaint, { orders, push: 'USER_RESPONSE' })
    await w.settle()
    await press(chen, one, '刷新')
    const { face } = await press(chen, one, '退款')
    const [mine, its] = [before[0]?.transactionId ?? '', transactionId].map((order) => `…${order.slice(-6)}`)
    // Ten 字 are read; half an amount would be another one.
    expect(labels(face)).toEqual([`${mine} 全额退…`, `退部分（${mine}）`, `${its} 全额退…`, `退部分（${its}）`, '取消'])
    await press(chen, face, `${its} 全额退…`)
    await arrived()
    expect(w.pay.sandbox.refunds()).toMatchObject([{ transactionId: other.transactionId, amount: 1990 }])
  })

  test('pressed twice goes once', async () => {
    const { w, press, arrived } = await stage()
    const { chen } = w.wecom.people
    const { face } = await press(chen, one, '退款')
    chen.press(w.wecom.group, face, '全额退 ¥19.90')
    chen.press(w.wecom.group, face, '全额退 ¥19.90')
    await w.wecom.heard()
    await arrived()
    expect(paidBack(w)).toEqual([1990])
  })

  test('of an agent: none, by button or command', async () => {
    const { w, say, press, arrived } = await stage()
    const { li } = w.wecom.people
    expect((await press(li, one, '退款')).face.text).toContain('需要「可退款」')
    expect((await say(li, '退款 1 全额'))[0]?.text).toContain('需要「可退款」')
    await arrived()
    expect(paidBack(w)).toEqual([])
  })

  test('above one’s own most: refused in words, after a question with the question once more', async () => {
    const { w, say, press, arrived } = await stage()
    const { wang } = w.wecom.people
    await changed(w, 'wang', { refundEach: fen(1000) })
    expect((await say(wang, '退款 1 15'))[0]?.text).toContain('超过你的单笔上限，最多 ¥10.00')
    const { face } = await press(wang, one, '退款')
    expect((await press(wang, face, '全额退 ¥19.90')).face.text).toContain('超过你的单笔上限，最多 ¥10.00')
    await press(wang, one, '刷新')
    const offer = await press(wang, one, '退款')
    await press(wang, offer.face, '退部分')
    const said = await say(wang, '15')
    expect(said.map(({ text }) => text).join('\n')).toContain('超过你的单笔上限')
    expect(said.at(-1)?.text).toContain('请写金额和原因')
    const [check] = await say(wang, '9.99')
    if (!check) throw new Error('no answer')
    await press(wang, check, '确认退款 ¥9.99')
    await arrived()
    expect(paidBack(w)).toEqual([999])
  })

  test.each([
    ['退款 1 30', '超过可退金额，最多 ¥19.90'],
    ['退款 1 0', '是零'],
    ['退款 1 1.234', '小数太多'],
    ['退款 1 多少', '不是金额'],
    ['退款 9 1', '没有找到投诉 #9'],
    ['退款', '要说明是哪一单'],
  ])('%s is refused in words', async (said, why) => {
    const { w, say } = await stage()
    expect((await say(w.wecom.people.chen, said))[0]?.text).toContain(why)
    expect(paidBack(w)).toEqual([])
  })
})

describe('an amount that takes two', () => {
  const title = '#1 退款 ¥250.00 需要第二人批准'

  /** 阿陈 wants ¥250 back, and the group is asked. */
  async function asked() {
    const on = await stage(30_000)
    const { w, say, press, card } = on
    const { chen, wang } = w.wecom.people
    const [check] = await say(chen, '退款 1 250 少发一箱')
    if (!check) throw new Error('no answer')
    const { face, said } = await press(chen, check, '确认退款 ¥250.00')
    expect(face.text).toContain('已在群里请第二人批准')
    expect(said.filter(({ kind }) => kind === 'card')).toHaveLength(1)
    return { ...on, question: card(wang, title) }
  }

  test('is asked of the whole group, in a card of its own', async () => {
    const { w, question, card } = await asked()
    const { chen, li, wang } = w.wecom.people
    for (const who of [chen, li, wang]) expect(labels(card(who, title))).toEqual(['批准', '撤回'])
    expect(question.text).toContain('由 阿陈 发起')
    expect(paidBack(w)).toEqual([])
  })

  test('from the button of the offer, too; and the card of the complaint is a card again', async () => {
    const { w, press, card } = await stage(30_000)
    const { chen, wang } = w.wecom.people
    const { face } = await press(chen, one, '退款')
    const after = await press(chen, face, '全额退 ¥300.00')
    expect(after.face.text).toContain('已在群里请第二人批准')
    expect(labels(after.face)).toContain('退款')
    expect(labels(card(wang, '#1 退款 ¥300.00 需要第二人批准'))).toEqual(['批准', '撤回'])
  })

  test('goes when another one who may refund says yes', async () => {
    const on = await asked()
    const { w, press, face, arrived, question } = on
    const { li, chen, wang } = w.wecom.people
    expect((await press(chen, question, '批准')).face.text).toContain('要由另一个人批准')
    expect((await press(li, question, '批准')).face.text).toContain('批准要另一位「可退款」')
    await arrived()
    expect(paidBack(w)).toEqual([])
    expect((await press(wang, question, '批准')).face.text).toContain('已收到，正在提交平台：#1 退款 ¥250.00')
    for (const who of [li, chen]) expect(labels(face(who, question))).toEqual(['刷新'])
    await arrived()
    expect(paidBack(w)).toEqual([25_000])
    expect(lines(on, arrival('250.00', '阿陈（小王 批准）'))).toHaveLength(1)
  })

  test('whoever was refused finds the way back, and can still withdraw it', async () => {
    const { w, press, arrived, question } = await asked()
    const { chen, wang } = w.wecom.people
    const { face: refused } = await press(chen, question, '批准')
    expect(refused.text).toContain('要由另一个人批准')
    expect(labels(refused)).toEqual(['批准', '撤回'])
    expect(labels((await press(chen, refused, '刷新')).face)).toEqual(['批准', '撤回'])
    expect((await press(chen, refused, '撤回')).face.text).toContain('已撤回，没有退')
    // Whoever looks at it anew finds nothing to say yes to.
    expect(labels((await press(wang, question, '刷新')).face)).not.toContain('批准')
    expect(labels((await press(chen, question, '刷新')).face)).not.toContain('批准')
    await arrived()
    expect(paidBack(w)).toEqual([])
  })

  test('is withdrawn; a yes to what hung there does nothing', async () => {
    const { w, press, arrived, question, face } = await asked()
    const { chen, wang } = w.wecom.people
    const key = question.buttons.find(({ label }) => label === '批准')?.key ?? ''
    expect((await press(chen, question, '撤回')).face.text).toContain('#1 退款 ¥250.00 已撤回，没有退 · 阿陈')
    const left = face(wang, question)
    expect(labels(left)).toEqual(['刷新'])
    await press(wang, question, '刷新', { forged: key })
    await arrived()
    expect(paidBack(w)).toEqual([])
  })

  test('alone with the bot there is nobody to ask', async () => {
    const { w, say, press, arrived } = await stage(30_000)
    const { chen } = w.wecom.people
    const alone = w.wecom.wecom.single(chen, wecomBot.botId)
    const [check] = await say(chen, '退款 1 250', { in: alone })
    if (!check) throw new Error('no answer')
    const { face } = await press(chen, check, '确认退款 ¥250.00', { in: alone })
    expect(face.text).toContain('请到群里发起')
    await arrived()
    expect(paidBack(w)).toEqual([])
  })

  test('after ten minutes nobody can say yes', async () => {
    const { w, press, arrived, question } = await asked()
    const { wang } = w.wecom.people
    await w.pass(11 * 60_000, 60_000)
    expect((await press(wang, question, '批准')).face.text).toContain('已过期')
    await arrived()
    expect(paidBack(w)).toEqual([])
  })
})

describe('without money', () => {
  test('回复, by command and by button', async () => {
    const on = await stage()
    const { w, say, press } = on
    const { li } = w.wecom.people
    await say(li, '回复 1 今天补发')
    expect(did(w, 'reply')).toEqual(['今天补发'])
    await w.pass(60_000)
    await press(li, one, '刷新')
    await press(li, one, '回复')
    await say(li, '已发出')
    expect(did(w, 'reply')).toEqual(['今天补发', '已发出'])
    expect(lines(on, /^#1 回复已提交 · 小李/mu)).toHaveLength(2)
  })

  test('同意退款, by button: with the money, once the platform has the yes', async () => {
    const on = await stage()
    const { w, press, arrived } = on
    const { chen } = w.wecom.people
    const offer = await press(chen, one, '同意退款')
    expect(offer.face.text).toContain('同意本身不会退钱')
    expect(did(w, 'approve')).toEqual([])
    await press(chen, offer.face, '同意并全额退 ¥19.90')
    await arrived()
    expect([did(w, 'approve').length, paidBack(w)]).toEqual([1, [1990]])
    expect(lines(on, arrival('19.90', '阿陈'))).toHaveLength(1)
  })

  test('同意退款 by command, the money later', async () => {
    const { w, say, press, arrived } = await stage()
    const { chen } = w.wecom.people
    const [offer] = await say(chen, '同意退款 1')
    if (!offer) throw new Error('no answer')
    await press(chen, offer, '只同意，钱稍后再退')
    await arrived()
    expect([did(w, 'approve').length, paidBack(w)]).toEqual([1, []])
  })

  test('拒绝退款 is looked at, then sent: by button and by command', async () => {
    const on = await stage()
    const { w, say, press } = on
    const { li } = w.wecom.people
    const question = await press(li, one, '拒绝退款')
    expect(question.face.text).toContain('请写原因')
    const [draft] = await say(li, '商品已签收三个月')
    if (!draft) throw new Error('no answer')
    await press(li, draft, '放弃')
    expect(did(w, 'reject')).toEqual([])
    const [again] = await say(li, '拒绝退款 1 商品已签收三个月')
    if (!again) throw new Error('no answer')
    await press(li, again, '确认提交')
    expect(did(w, 'reject')).toEqual(['商品已签收三个月'])
    expect(lines(on, /^#1 拒绝退款已提交 · 小李/mu)).toHaveLength(1)
  })

  test('完结 warns of a user whom nobody answered', async () => {
    const on = await stage()
    const { w, press } = on
    const { li } = w.wecom.people
    const check = await press(li, one, '完结')
    expect(check.face.text).toContain('还没有回复过用户')
    expect(w.pay.did('complete')).toEqual([])
    await press(li, check.face, '确认完结')
    expect(w.pay.did('complete')).toHaveLength(1)
    expect(lines(on, /^#1 完结已提交 · 小李/mu)).toHaveLength(1)
  })
})

describe('ready answers', () => {
  const texts = [
    ['道歉补发', '非常抱歉，今天补发，{shop}'],
    ['查物流', '已在查物流，请稍候'],
  ] as const

  async function withTemplates(): Promise<Stage> {
    const on = await stage()
    for (const [name, text] of texts)
      await on.w.storage.transaction((tx) =>
        createTemplate(tx, { tenant: on.w.tenant.id, name, text, for: ['talk'], reasons: [], platforms: [] }),
      )
    return on
  }

  test('one is chosen in the dropdown, looked at, and goes when it is confirmed', async () => {
    const { w, press, say, card } = await withTemplates()
    const { li, chen } = w.wecom.people
    const before = card(chen, one).text
    const question = await press(li, one, '回复')
    expect(question.face.choices.map(({ label }) => label)).toEqual(['道歉补发', '查物流'])
    expect(labels(question.face)).toEqual(['使用所选', '取消'])
    const preview = await press(li, question.face, '使用所选', { choose: '查物流' })
    expect(preview.face.text).toContain('已在查物流，请稍候')
    expect(labels(preview.face)).toEqual(['确认提交', '放弃'])
    expect(did(w, 'reply')).toEqual([])
    expect(card(chen, one).text).toBe(before)
    await press(li, preview.face, '确认提交')
    expect(did(w, 'reply')).toEqual(['已在查物流，请稍候'])
    // The question is over with it.
    expect((await say(li, '还有一句'))[0]?.text).toContain('我没有在等你的回答')
    expect(did(w, 'reply')).toHaveLength(1)
  })

  test('the first one where nobody touched the dropdown, as it stands there', async () => {
    const { w, press } = await withTemplates()
    const { li } = w.wecom.people
    const question = await press(li, one, '回复')
    const preview = await press(li, question.face, '使用所选')
    await press(li, preview.face, '确认提交')
    expect(did(w, 'reply')).toEqual(['非常抱歉，今天补发，青禾优选'])
  })

  test('by name', async () => {
    const { w, press, say } = await withTemplates()
    const { li } = w.wecom.people
    const [preview] = await say(li, '模板 1 查物流')
    if (!preview) throw new Error('no preview')
    await press(li, preview, '确认提交')
    expect(did(w, 'reply')).toEqual(['已在查物流，请稍候'])
  })

  test('a long one is seen whole before it goes', async () => {
    const { w, press, say } = await stage()
    const { li } = w.wecom.people
    const text = `${'非常抱歉给您带来不便。'.repeat(15)}完`
    await w.storage.transaction((tx) =>
      createTemplate(tx, { tenant: w.tenant.id, name: '长', text, for: ['talk'], reasons: [], platforms: [] }),
    )
    const [preview] = await say(li, '模板 1 长')
    if (!preview) throw new Error('no preview')
    expect(preview.text).toContain(text)
    await press(li, preview, '确认提交')
    expect(did(w, 'reply')).toEqual([text])
  })

  test('own words are still words', async () => {
    const { w, press, say } = await withTemplates()
    const { li } = w.wecom.people
    await press(li, one, '回复')
    await say(li, '我自己写的')
    expect(did(w, 'reply')).toEqual(['我自己写的'])
  })
})
