import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { RiskComplain, RiskMove } from '../../sandbox/alipay/index.ts'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { pressOn, words } from '../chat/people.ts'
import type { AlipayWish } from '../support/alipay.ts'
import { type AlipayWorld, group, people, type WorldOptions, world } from '../support/world.ts'

const { li, chen } = people
const minute = 60_000
const hour = 60 * minute

const card = (w: AlipayWorld, n = 1) => w.chat.card(group, `#${n} `).card
const labels = (w: AlipayWorld) => card(w).buttons.map(({ label }) => label)
const calls = (w: AlipayWorld, on: string) =>
  w.alipay.sandbox.calls().filter((call) => call.on === `alipay.security.risk.complaint.${on}`)
/** Nobody is told of these: it is asked for. */
const asked = (w: AlipayWorld) => w.pass(16 * minute, minute)
const hashed = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** A complaint, and its card in the group. */
async function complained(more: Partial<RiskComplain> = {}, how: AlipayWish & Pick<WorldOptions, 'language'> = {}) {
  const { language, ...alipay } = how
  const w = await world({ alipay, ...(language && { language }) })
  const complaint = await w.alipay.risk({ text: '自动续费，无法取消', amount: 1990, ...more })
  await asked(w)
  return { w, complaint }
}

async function moved(w: AlipayWorld, id: number, move: RiskMove): Promise<void> {
  await w.alipay.sandbox.moveRisk(id, move)
  // What is open is asked for every hour.
  await w.pass(61 * minute, 2 * minute)
}

describe('a complaint of which nobody tells us', () => {
  test.each(['key', 'certificate'] as const)('is found by asking, is one card, and is answered (%s)', async (mode) => {
    const photos = [parcelPhoto(1)]
    const { w, complaint } = await complained({ photos, contact: '13912345678' }, { apps: [mode] })
    expect(w.chat.cards(group)).toHaveLength(1)
    expect(card(w)).toMatchObject({ quote: '自动续费，无法取消', due: '2026-03-02T12:00:00.000Z' })
    expect(card(w).title).toMatch(/^#1 .* · 待处理$/)
    expect(card(w).lines).toEqual(
      expect.arrayContaining([
        { label: '投诉所示金额', text: '¥19.90' },
        { label: '原因', text: expect.stringContaining(`投诉单号 ${complaint.taskId}`) },
        { label: '投诉人', text: expect.stringContaining('5678') },
      ]),
    )
    expect(JSON.stringify(w.chat.posts)).not.toContain('13912345678')
    const shown = w.chat.posts.flatMap(({ say }) => say.pictures ?? [])
    expect(shown.map(({ bytes }) => hashed(bytes))).toEqual(photos.map(hashed))

    const question = await w.chat.pressLabel(li, group, '#1', '回复')
    expect(question.ask?.pictures).toBe(false)
    expect(question.ask?.prompt).toBe('#1 回复：请写内容，用户看得到（不超过 200 字）')
    await w.chat.say(li, group, '已为您关闭续费')
    await w.settle()
    expect(w.alipay.deeds()).toEqual(['reply 已为您关闭续费'])
    expect(w.alipay.sandbox.riskComplaint(complaint.id)?.replies.map(({ text }) => text)).toEqual(['已为您关闭续费'])
    expect(w.chat.texts(group)).toEqual(['#1 回复已提交 · 小李'])
    await w.pass(2 * hour, 5 * minute)
    expect(w.chat.cards(group)).toHaveLength(1)
    expect(w.alipay.deeds()).toHaveLength(1)
  })

  test('in English, too', async () => {
    const { w, complaint } = await complained({}, { language: 'en' })
    expect(card(w).lines).toEqual(
      expect.arrayContaining([{ label: 'Reason', text: expect.stringContaining(complaint.taskId) }]),
    )
    const question = await w.chat.pressLabel(li, group, '#1', 'Reply')
    expect(question.ask?.prompt).toBe('#1 reply: write to the customer (at most 200 characters)')
    await w.chat.say(li, group, 'We have stopped it')
    await w.settle()
    expect(w.alipay.deeds()).toEqual(['reply We have stopped it'])
    expect(w.chat.texts(group)).toEqual(['#1 Reply submitted · 小李'])
  })

  test.each(['method', 'service'] as const)(
    'a message that hints at it (%s) has it asked for at once',
    async (riskMessage) => {
      const w = await world({ alipay: { rules: { riskMessage } } })
      await w.pass(2 * minute, minute)
      const before = calls(w, 'info.batchquery').length
      await w.alipay.risk({ text: '自动续费' })
      expect(calls(w, 'info.batchquery').length).toBeGreaterThan(before)
      expect(card(w).quote).toBe('自动续费')
    },
  )

  test.each<AlipayWish['quirks'] & object>([
    { emptyList: 'empty', listOrder: 'oldest-first' },
    { rowIds: 'number', blanks: true, escapedSlashes: false },
    { certifyInfo: 'absent', contact: 'absent' },
  ])('in the shape %j it is the same', async (quirks) => {
    const { w } = await complained({}, { quirks })
    expect(card(w)).toMatchObject({ quote: '自动续费，无法取消', due: '2026-03-02T12:00:00.000Z' })
    expect(labels(w)).toEqual(expect.arrayContaining(['回复', '退款', '认领', '详情']))
  })

  test('more than a page of them: each is one card, in whatever order they come', async () => {
    const w = await world({ alipay: true })
    for (let n = 0; n < 23; n++)
      await w.alipay.sandbox.complainRisk({ pid: w.alipay.merchants[0]?.pid ?? '', text: `第 ${n} 件` })
    await asked(w)
    await w.pass(5 * minute, minute)
    const quotes = w.chat.cards(group).map(({ quote }) => quote)
    expect([quotes.length, new Set(quotes).size]).toEqual([23, 23])
  })
})

describe('what happens to it', () => {
  test('the user takes it back: it is over', async () => {
    const { w, complaint } = await complained()
    await moved(w, complaint.id, { kind: 'withdraw' })
    expect(card(w).title).toMatch(/ · 用户撤诉$/)
    expect(labels(w)).toEqual(['详情'])
    expect(w.chat.texts(group)).toContain('#1 已结束：用户撤诉')
    expect((await w.chat.say(li, group, '/reply 1 好的')).text).toContain('用户撤诉')
    expect(w.alipay.deeds()).toEqual([])
  })

  test('the user insists: urgent, with the words', async () => {
    const { w, complaint } = await complained()
    expect(card(w).tone).toBe('calm')
    await moved(w, complaint.id, { kind: 'upgrade', text: '三天没人理' })
    expect(card(w).tone).toBe('urgent')
    expect(w.chat.texts(group)).toContain('#1 用户：三天没人理')
  })

  test('its time runs out: late, and still to be dealt with', async () => {
    const { w } = await complained({ overdueMs: 2 * hour })
    await w.pass(2 * hour, 5 * minute)
    expect(card(w)).toMatchObject({ tone: 'late' })
    expect(card(w).title).toMatch(/ · 超时未处理$/)
    await w.chat.pressLabel(li, group, '#1', '回复')
    await w.chat.say(li, group, '抱歉久等')
    await w.settle()
    expect(w.alipay.deeds()).toEqual(['reply 抱歉久等'])
  })

  test('what Alipay marks is said on the card', async () => {
    const { w } = await complained({ labels: ['高风险', '平台已介入'] })
    expect(card(w).note).toContain('注意：支付宝标记为高风险')
    expect(card(w).note).toContain('注意：平台已介入')
  })
})

describe('words of which nobody can be sure', () => {
  const on = 'alipay.security.risk.complaint.reply.send'
  test.each([
    ['the answer is lost', { how: 'lost-answer' }, ['reply 已为您处理']],
    ['the answer is not signed', { how: 'unverifiable', fault: 'missing' }, ['reply 已为您处理']],
    ['the request is lost', { how: 'lost-request' }, []],
    ['20000', { how: 'unknown-error' }, []],
  ] as const)('%s: never said twice by itself; the group reads that a person must look', async (_, trouble, deeds) => {
    const { w } = await complained()
    w.alipay.sandbox.misbehave({ on, ...trouble })
    await w.chat.pressLabel(li, group, '#1', '回复')
    await w.chat.say(li, group, '已为您处理')
    await w.settle()
    await w.pass(hour, minute)
    expect(w.alipay.deeds()).toEqual(deeds)
    expect(calls(w, 'reply.send')).toHaveLength(1)
    const said = w.chat.texts(group).join('\n')
    expect(said).toContain('#1 回复未成功 · 小李')
    expect(said).toContain('请到平台后台核实后再操作')
    expect(labels(w)).toContain('回复')
  })
})

describe('several trades in one complaint', () => {
  const trades = [{ total: 1990 }, { total: 500 }, { total: 700 }]
  const money = (w: AlipayWorld) => w.alipay.sandbox.money().map(({ paid, returned }) => `${returned}/${paid}`)

  test('each is given back by its own button; with the last of them the complaint is over', async () => {
    const { w, complaint } = await complained({ trades })
    const tails = complaint.trades.map(({ tradeNo }) => `…${tradeNo.slice(-6)}`)
    expect(card(w).lines.find(({ label }) => label === '商品')?.text).toContain('¥7.00 待处理')
    for (const [at, yuan] of ['19.90', '5.00', '7.00'].entries()) {
      const offer = await w.chat.pressLabel(chen, group, '#1', '退款')
      const button = at < 2 ? `${tails[at]} 全额退 ¥${yuan}` : `全额退 ¥${yuan}`
      expect(words(await pressOn(w, chen, offer.card, button))).toContain('已收到')
      await w.settle()
      await asked(w)
      expect(w.chat.texts(group).filter((text) => text.startsWith(`#1 已退款 ¥${yuan} 到账`))).toHaveLength(1)
    }
    expect(money(w)).toEqual(['1990/1990', '500/500', '700/700'])
    expect(w.alipay.did('refund').map(({ tradeNo }) => tradeNo)).toEqual(complaint.trades.map(({ tradeNo }) => tradeNo))
    expect(new Set(w.alipay.did('refund').map(({ outRequestNo }) => outRequestNo)).size).toBe(3)
    expect(card(w).title).toMatch(/ · 处理完成$/)
    expect(labels(w)).toEqual(['详情'])
    await w.pass(20 * minute, minute)
    expect(w.alipay.did('finish')).toEqual([])
  })

  test('a command that names no trade asks which', async () => {
    const { w, complaint } = await complained({ trades })
    const which = await w.chat.say(chen, group, '/refund 1 3 少发一件')
    const [, second] = complaint.trades.map(({ tradeNo }) => `…${tradeNo.slice(-6)}`)
    const button = which.card?.buttons.find(({ label }) => label.includes(second ?? ''))
    const check = await pressOn(w, chen, which.card, button?.label ?? '')
    expect(check.card?.title).toBe('#1 退款 ¥3.00：请核对')
    await pressOn(w, chen, check.card, '确认退款 ¥3.00')
    await w.settle()
    expect(money(w)).toEqual(['0/1990', '300/500', '0/700'])
    expect(w.alipay.deeds()).toEqual(['refund 300 少发一件', 'refund-success 300'])
  })

  test('more than a card shows can all be reached, one after the other', async () => {
    const { w } = await complained({ trades: [...trades, { total: 900 }, { total: 1100 }] })
    for (let n = 0; n < 5; n++) {
      const offer = await w.chat.pressLabel(chen, group, '#1', '退款')
      const button = offer.card?.buttons.find(({ label }) => label.includes('全额退'))
      await pressOn(w, chen, offer.card, button?.label ?? '')
      await w.settle()
      await asked(w)
    }
    expect(money(w)).toEqual(['1990/1990', '500/500', '700/700', '900/900', '1100/1100'])
    expect(card(w).title).toMatch(/ · 处理完成$/)
  })
})
