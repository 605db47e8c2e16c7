import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type FeedbackCode, type ProcessCode, processCodes } from '../../sandbox/alipay/index.ts'
import { feedbackCodes } from '../../sandbox/alipay/trade-complaint.ts'
import type { Card } from '../../src/chat/chat.ts'
import { onPress } from '../support/chat.ts'
import { type AlipayWorld, group, type WorldOptions, world } from '../support/world.ts'
import { cardId, chen, li, picture, pictures, pressOn, wang, words } from './people.ts'

const how = '#1 完结：处理结果是？'
const check = '#1 提交前请核对'

async function risk(options: WorldOptions = {}): Promise<AlipayWorld> {
  const w = await world({ ...options, alipay: { rules: { riskMessage: 'method' } } })
  await w.alipay.risk({ text: '自动续费', amount: 1990 })
  return w
}

async function trade(options: WorldOptions = {}): Promise<AlipayWorld> {
  const w = await world({ ...options, alipay: true })
  await w.alipay.trade({ text: '一直不发货', amount: 1990 })
  return w
}

const labels = (card: Card | undefined) => card?.buttons.map(({ label }) => label)
const line = (card: Card | undefined, label: string) => card?.lines.find((one) => one.label === label)?.text
const hashed = ({ bytes }: { readonly bytes: Uint8Array }) => createHash('sha256').update(bytes).digest('hex')
const media = (w: AlipayWorld, what: string) => w.alipay.did(what).map((one) => one.media?.map(({ sha256 }) => sha256))
const open = (w: AlipayWorld) => w.chat.pressLabel(li, group, '#1', '完结')

/** Looked at, and sent: nothing went before. */
async function sent(w: AlipayWorld, card: Card | undefined, label = '确认提交'): Promise<string> {
  expect(w.alipay.deeds()).toEqual([])
  const said = words(await pressOn(w, li, card, label))
  await w.settle()
  return said
}

const five: readonly (readonly [ProcessCode, zh: string, en: string])[] = [
  ['CONSENSUS_WITH_CLIENT', '已联系到用户，协商一致', 'Agreed with the customer'],
  ['REFUND', '已退款，用户无异议', 'Refunded, no objection'],
  ['RECTIFICATION_NO_REFUND', '不涉及退款，已整改', 'No refund due, put right'],
  ['SUBMIT_PROOF_NOT_CONTACTED', '已提交证明材料', 'Proof submitted'],
  ['ORTHER', '其他', 'Other'],
]
const six: readonly (readonly [FeedbackCode, zh: string, en: string])[] = [
  ['02', '通过其他方式退款', 'Refunded in another way'],
  ['03', '已发货', 'Shipped'],
  ['05', '已完成售后服务', 'After-sales service done'],
  ['06', '非我方责任', 'Not our fault'],
  ['194', '反馈处理结果（安心付）', 'Result reported (pay later)'],
  ['04', '其他', 'Other'],
]
const buttonsOf = (results: typeof five | typeof six) => results.map(([, zh], at) => `${at + 1} ${zh}`)

test('every result of the platform has a button', () => {
  expect(five.map(([code]) => code).sort()).toEqual([...processCodes].sort())
  expect(six.map(([code]) => code).sort()).toEqual([...feedbackCodes].sort())
})

describe('a risk complaint, where words may be missing', () => {
  test('is asked how, for the presser alone', async () => {
    const w = await risk()
    const asked = await open(w)
    expect([asked.card?.title, asked.onlyFor, labels(asked.card)]).toEqual([how, [li.id], [...buttonsOf(five), '取消']])
    expect([asked.card?.lines, asked.card?.note]).toEqual([
      [],
      '也可以直接发送 /finish 1 1 …（投诉编号、结果编号、说明）',
    ])
    expect(words(await pressOn(w, chen, asked.card, '5 其他'))).toBe('这个按钮只给发起的人；请自己发起一次')
    const left = await pressOn(w, li, asked.card, '取消')
    expect(words(left)).toBe('已取消，什么也没有提交')
    await w.settle()
    expect(w.alipay.deeds()).toEqual([])
  })

  test.each(five.map((row, at) => [...row, at] as const))(
    '%s by its button, without a word',
    async (code, zh, _, at) => {
      const w = await risk()
      const { card } = await open(w)
      const draft = await pressOn(w, li, card, buttonsOf(five)[at] ?? '')
      expect(draft.card?.title).toBe(check)
      expect(draft.card?.lines).toEqual([
        { label: '操作', text: '完结' },
        { label: '结果', text: zh },
        { label: '说明', text: '（无）' },
        { label: '图片', text: '0 张（最多 4 张）' },
      ])
      expect(draft.card?.note).toBe('– 没有写说明\n– 没有图片\n平台只收一次，提交后不能补充')
      expect(labels(draft.card)).toEqual(['确认提交', '写说明', '放弃'])
      // What is left of the question says what was chosen.
      expect([draft.fresh?.title, draft.fresh?.buttons]).toEqual([`完结 · ${zh}`, []])
      expect(await sent(w, draft.card)).toBe('已收到，正在提交平台：#1 完结')
      expect(w.alipay.deeds()).toEqual([`finish ${code}`])
      expect(w.chat.texts(group)).toContain('#1 完结已提交 · 小李')
    },
  )

  test.each(five.map((row, at) => [...row, at] as const))(
    '%s by its number, code or words',
    async (...[code, zh, en, at]) => {
      const w = await risk()
      const wide = String.fromCodePoint(0xff11 + at)
      for (const word of [
        `${at + 1}`,
        wide,
        code,
        code.toLowerCase(),
        zh,
        zh.replace('，', ','),
        en,
        en.toUpperCase(),
      ]) {
        const look = await w.chat.say(li, group, `/finish 1 ${word} 已电话联系 两次`)
        expect([word, line(look.card, '结果'), line(look.card, '说明')]).toEqual([word, zh, '已电话联系 两次'])
        expect(labels(look.card)).toEqual(['确认提交', '放弃'])
      }
      const { card } = await w.chat.say(li, group, `/finish 1  ${en}  已电话联系`)
      await sent(w, card)
      expect(w.alipay.deeds()).toEqual([`finish ${code} 已电话联系`])
    },
  )

  test.each(['6 天内处理', 'refunded in full', '其他人处理'])(
    '/finish 1 %s names no result: the words are kept for whichever is chosen',
    async (said) => {
      const w = await risk()
      const asked = await w.chat.say(li, group, `/finish 1 ${said}`)
      expect([asked.card?.title, asked.card?.note?.split('\n')[0]]).toEqual([how, `说明：${said}`])
      const draft = await pressOn(w, li, asked.card, '3 不涉及退款，已整改')
      expect([line(draft.card, '结果'), line(draft.card, '说明')]).toEqual(['不涉及退款，已整改', said])
      await sent(w, draft.card)
      expect(w.alipay.deeds()).toEqual([`finish RECTIFICATION_NO_REFUND ${said}`])
    },
  )

  test('words, and pictures with them, can still be said after a look', async () => {
    const w = await risk()
    const { card } = await open(w)
    const draft = await pressOn(w, li, card, '1 已联系到用户，协商一致')
    const asked = await pressOn(w, li, draft.card, '写说明')
    expect(asked.ask?.prompt).toBe('请说明 #1 的处理结果（最多 200 字，可附 4 张图片）')
    expect(asked.ask?.pictures).toBe(true)
    const photos = await pictures(2)
    const again = await w.chat.say(li, group, '已电话联系', { pictures: photos })
    expect([line(again.card, '结果'), line(again.card, '说明'), line(again.card, '图片')]).toEqual([
      '已联系到用户，协商一致',
      '已电话联系',
      '2 张（最多 4 张）',
    ])
    await sent(w, again.card)
    expect(w.alipay.deeds()).toEqual(['finish CONSENSUS_WITH_CLIENT 已电话联系'])
    expect(media(w, 'finish')).toEqual([photos.map(hashed)])
    // The first look is out of date.
    expect(words(await pressOn(w, li, draft.card, '确认提交'))).not.toContain('已收到')
    await w.settle()
    expect(w.alipay.deeds()).toHaveLength(1)
  })

  test('of two looks only the newer can be pressed; the question can be left again', async () => {
    const w = await risk()
    const draft = await w.chat.say(li, group, '/finish 1 2')
    const asked = await pressOn(w, li, draft.card, '写说明')
    expect([asked.fresh?.title, asked.fresh?.buttons]).toEqual(['完结 · 已退款，用户无异议', []])
    const left = await w.chat.press(li, group, cardId(w), asked.ask?.cancel as never)
    expect(words(left)).toBe('已取消')
    await w.chat.say(li, group, '算了')
    await w.settle()
    expect(w.alipay.deeds()).toEqual([])
  })

  test('200 characters are taken, one more is said before it goes, and asked for again', async () => {
    const w = await risk()
    const draft = await w.chat.say(li, group, '/finish 1 2')
    await pressOn(w, li, draft.card, '写说明')
    const long = await w.chat.say(li, group, '字'.repeat(201))
    expect([long.text, long.ask?.prompt]).toEqual([expect.stringContaining('201'), expect.stringContaining('#1')])
    const better = await w.chat.say(li, group, '字'.repeat(200))
    expect(better.card?.note).toContain('✓ 说明 200/200 字')
    expect(words(await w.chat.say(li, group, `/finish 1 2 ${'字'.repeat(201)}`))).toContain('201')
    await sent(w, better.card)
    expect(w.alipay.deeds()).toEqual([`finish REFUND ${'字'.repeat(200)}`])
  })

  test('pictures laid ready by answering the card go along', async () => {
    const w = await risk()
    const photos = await pictures(2)
    const ready = await w.chat.say(li, group, '', { pictures: photos, replyTo: cardId(w) })
    expect([ready.card?.title, labels(ready.card)]).toEqual(['#1 已收 2 张图片；完结时会一并提交', ['放弃']])
    const draft = await pressOn(w, li, (await open(w)).card, '4 已提交证明材料')
    expect(draft.card?.note).toContain('✓ 图片 2/4 张')
    await sent(w, draft.card)
    expect(media(w, 'finish')).toEqual([photos.map(hashed)])
  })

  test('a reply, which takes no pictures, neither takes them along nor fails for them', async () => {
    const w = await risk()
    const photos = await pictures(2)
    await w.chat.say(li, group, '', { pictures: photos, replyTo: cardId(w) })
    expect(words(await w.chat.say(li, group, '/reply 1 马上处理'))).not.toContain('图')
    await w.settle()
    const [reply] = w.alipay.deeds()
    expect(reply).toContain('马上处理')
    await pressOn(w, li, (await open(w)).card, '1 已联系到用户，协商一致').then(({ card }) =>
      pressOn(w, li, card, '确认提交'),
    )
    await w.settle()
    expect(media(w, 'finish')).toEqual([photos.map(hashed)])
  })

  test('words said with such pictures are not lost in silence: where they go is said', async () => {
    const w = await risk()
    const ready = await w.chat.say(li, group, '已电话联系', { pictures: [await picture()], replyTo: cardId(w) })
    expect(ready.card?.note).toContain('/finish 1 …')
  })

  test('pictures that come with the command go along, whenever the result is chosen; or are thrown away', async () => {
    const w = await risk()
    const photos = await pictures(3)
    const asked = await w.chat.say(li, group, '/finish 1 已电话联系', { pictures: photos })
    expect(labels(asked.card)).toEqual([...buttonsOf(five), '放弃'])
    const draft = await pressOn(w, li, asked.card, '5 其他')
    expect(line(draft.card, '图片')).toBe('3 张（最多 4 张）')
    await pressOn(w, li, draft.card, '放弃')
    const now = await w.chat.say(li, group, '/finish 1 5', { pictures: photos.slice(0, 1) })
    await sent(w, now.card)
    expect(media(w, 'finish')).toEqual([photos.slice(0, 1).map(hashed)])
  })

  test('more pictures than the platform takes: none of them, and that is said', async () => {
    const w = await risk()
    const many = await w.chat.say(li, group, '/finish 1', { pictures: await pictures(5) })
    expect([words(many), many.card]).toEqual([expect.stringContaining('4'), undefined])
    expect(line((await w.chat.say(li, group, '/finish 1 5')).card, '图片')).toBe('0 张（最多 4 张）')
  })

  test('whoever may not is told so, before anything is asked', async () => {
    const w = await risk()
    for (const said of [
      await w.chat.pressLabel(wang, group, '#1', '完结'),
      await w.chat.say(wang, group, '/finish 1'),
      await w.chat.say(wang, group, '/finish 1 2 好'),
    ])
      expect([words(said), said.card]).toEqual([expect.stringContaining('客服'), undefined])
    expect(w.alipay.deeds()).toEqual([])
  })

  test('pressed on a card that is out of date: the case has changed', async () => {
    const w = await risk()
    const { card, id } = w.chat.card(group, '#1')
    const stale = card.buttons.find(({ label }) => label === '完结')
    const drawn = await open(w)
    const look = await w.chat.say(li, group, '/finish 1 2')
    await w.chat.say(chen, group, '/reply 1 已关闭续费')
    await w.settle()
    const old = [
      await w.chat.press(li, group, id, stale?.token as never),
      await pressOn(w, li, drawn.card, '2 已退款，用户无异议'),
      await pressOn(w, li, look.card, '写说明'),
      await pressOn(w, li, look.card, '确认提交'),
    ]
    for (const said of old) expect([words(said), said.ask]).toEqual(['刚刚有变化，请再看一次', undefined])
    await w.settle()
    expect(w.alipay.deeds()).toEqual(['reply 已关闭续费'])
  })

  test('closed in the meantime: nothing is asked, nothing goes', async () => {
    const w = await risk()
    const drawn = await open(w)
    const look = await w.chat.say(li, group, '/finish 1 2')
    await w.alipay.sandbox.moveRisk(w.alipay.sandbox.riskComplaints()[0]?.id ?? 0, { kind: 'withdraw' })
    await w.pass(61 * 60_000, 2 * 60_000)
    expect(w.chat.card(group, '#1').card.title).toMatch(/ · 用户撤诉$/)
    for (const said of [await w.chat.say(li, group, '/finish 1'), await w.chat.say(li, group, '/finish 1 5 好')])
      expect([words(said), said.card]).toEqual([expect.stringContaining('用户撤诉'), undefined])
    for (const [card, label] of [[drawn.card, '5 其他'] as const, [look.card, '确认提交'] as const]) {
      const said = await pressOn(w, li, card, label)
      expect([words(said).includes('已收到'), said.card]).toEqual([false, undefined])
    }
    await w.settle()
    expect(w.alipay.deeds()).toEqual([])
  })

  test('while one is on its way, and after it, there is no second', async () => {
    const w = await risk()
    const [first, second] = [await w.chat.say(li, group, '/finish 1 2'), await w.chat.say(chen, group, '/finish 1 5')]
    await pressOn(w, li, first.card, '确认提交')
    expect(words(await w.chat.say(chen, group, '/finish 1'))).toContain('处理中')
    await pressOn(w, chen, second.card, '确认提交')
    await w.settle()
    await pressOn(w, li, first.card, '确认提交')
    await w.settle()
    expect(w.alipay.deeds()).toEqual(['finish REFUND'])
  })
})

describe('a trade complaint, where words are wanted', () => {
  test.each(six.map((row, at) => [...row, at] as const))('%s by its button asks for them', async (code, zh, _, at) => {
    const w = await trade()
    const { card } = await open(w)
    expect(labels(card)).toEqual([...buttonsOf(six), '取消'])
    const asked = await pressOn(w, li, card, buttonsOf(six)[at] ?? '')
    expect([asked.ask?.prompt, asked.ask?.pictures]).toEqual([expect.stringContaining('#1'), true])
    const photo = await picture()
    const draft = await w.chat.say(li, group, '今天已经发出', { pictures: [photo] })
    expect([line(draft.card, '结果'), line(draft.card, '说明')]).toEqual([zh, '今天已经发出'])
    expect(labels(draft.card)).toEqual(['确认提交', '放弃'])
    await sent(w, draft.card)
    expect(w.alipay.deeds()).toEqual([`feedback ${code} 今天已经发出`])
    expect(media(w, 'feedback')).toEqual([[hashed(photo)]])
    expect(labels(w.chat.card(group, '#1').card)).toEqual(['回复', '退款', '认领', '详情'])
  })

  test('each by its number, code or words', async () => {
    const w = await trade()
    for (const [at, [code, zh, en]] of six.entries())
      for (const word of [`${at + 1}`, code, zh, en]) {
        const { card } = await w.chat.say(li, group, `/finish 1 ${word} 单号 SF1`)
        expect([word, line(card, '结果'), line(card, '说明')]).toEqual([word, zh, '单号 SF1'])
      }
    await sent(w, (await w.chat.say(li, group, '/finish 1 4 单号 SF1')).card)
    // The fourth of the list, whose code is another number.
    expect(w.alipay.deeds()).toEqual(['feedback 06 单号 SF1'])
  })

  test('a result alone asks for the words; pictures alone are no words, and stay', async () => {
    const w = await trade()
    const photos = await pictures(2)
    const asked = await w.chat.say(li, group, '/finish 1 已发货', { pictures: photos.slice(0, 1) })
    expect(asked.ask?.prompt).toContain('#1')
    await w.pass(1_000)
    const still = await w.chat.say(li, group, '', { pictures: photos.slice(1) })
    expect([still.text, still.ask?.prompt]).toEqual(['还缺文字；请写清楚后重发', expect.stringContaining('#1')])
    const draft = await w.chat.say(li, group, '今天已经发出')
    expect(line(draft.card, '图片')).toBe('2 张（最多 4 张）')
    await sent(w, draft.card)
    expect(media(w, 'feedback')).toEqual([photos.map(hashed)])
  })

  test('too many pictures with a result alone: said, and asked for again', async () => {
    const w = await trade()
    const asked = await w.chat.say(li, group, '/finish 1 已发货', { pictures: await pictures(5) })
    expect([asked.text, asked.ask?.prompt]).toEqual([expect.stringContaining('4'), expect.stringContaining('#1')])
    const draft = await w.chat.say(li, group, '今天已经发出')
    expect(line(draft.card, '图片')).toBe('0 张（最多 4 张）')
  })
})

describe('in English', () => {
  test.each([
    ['risk', risk, five],
    ['trade', trade, six],
  ] as const)('a %s complaint: no Chinese', async (source, make, results) => {
    const w = await make({ language: 'en' })
    const asked = await w.chat.pressLabel(li, group, '#1', 'Finish')
    expect(labels(asked.card)).toEqual([...results.map(([, , en], at) => `${at + 1} ${en}`), 'Cancel'])
    const first = labels(asked.card)?.[0] ?? ''
    const then = await pressOn(w, li, asked.card, first)
    const look = source === 'risk' ? then : await w.chat.say(li, group, 'Refunded by bank')
    expect(line(look.card, 'Result')).toBe(results[0]?.[2])
    expect(JSON.stringify([asked.card, then.ask ?? null, then.fresh ?? null, look])).not.toMatch(/\p{Script=Han}/u)
    await sent(w, look.card, labels(look.card)?.[0])
    expect(w.alipay.deeds()).toHaveLength(1)
  })
})

describe('where buttons are few', () => {
  test('WeCom: what finds no room is reached by its number', async () => {
    const w = await trade({ can: onPress })
    const asked = await open(w)
    expect(labels(asked.card)).toEqual([...buttonsOf(six).slice(0, 5), '取消'])
    expect(asked.card?.lines).toEqual(six.map(([, zh], at) => ({ label: `${at + 1}`, text: zh })))
    expect(asked.card?.note).toBe('也可以直接发送 /finish 1 6 …（投诉编号、结果编号、说明）')
    const draft = await w.chat.say(li, group, '/finish 1 6 已协商')
    expect(line(draft.card, '结果')).toBe('其他')
    await sent(w, draft.card)
    expect(w.alipay.deeds()).toEqual(['feedback 04 已协商'])
  })
  test('WeCom: the look takes the question’s place, the question for words that of the look', async () => {
    const w = await risk({ can: onPress })
    const { card } = await open(w)
    expect(labels(card)).toEqual([...buttonsOf(five), '取消'])
    expect(card?.lines).toHaveLength(5)
    const press = (of: Card | undefined, label: string) => {
      const token = of?.buttons.find((one) => one.label === label)?.token
      return w.chat.press(li, group, cardId(w), token as never)
    }
    const look = await press(card, '1 已联系到用户，协商一致')
    expect(look.card?.title).toBe(check)
    const asked = await press(look.card, '写说明')
    expect([asked.card, asked.fresh, asked.ask?.prompt]).toEqual([undefined, undefined, expect.stringContaining('#1')])
    const draft = await w.chat.say(li, group, '已电话联系')
    await w.chat.press(li, group, await w.chat.hang(w.bot.id, group, draft), draft.card?.buttons[0]?.token as never)
    await w.settle()
    expect(w.alipay.deeds()).toEqual(['finish CONSENSUS_WITH_CLIENT 已电话联系'])
  })
  test('Telegram: all of them, and each in a line of its own', async () => {
    const w = await trade({ can: { buttons: 8 } })
    const { card } = await open(w)
    expect(labels(card)).toEqual([...buttonsOf(six), '取消'])
    expect(card?.lines).toHaveLength(6)
  })
})
