import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { TradeComplaint } from '../../sandbox/alipay/index.ts'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import type { Picture } from '../../src/core/picture.ts'
import { pressOn } from '../chat/people.ts'
import { patiently } from '../support/alipay.ts'
import { type AlipayWorld, group, people, world } from '../support/world.ts'

const { li } = people
const minute = 60_000

const photo = (n: number): Picture => ({ type: 'image/png', bytes: parcelPhoto(n) })
const hashed = ({ bytes }: Picture) => createHash('sha256').update(bytes).digest('hex')
const labels = (w: AlipayWorld) => w.chat.card(group, '#1').card.buttons.map(({ label }) => label)
const calls = (w: AlipayWorld, on: string) =>
  w.alipay.sandbox.calls().filter((call) => call.on === `alipay.merchant.${on}`)
/** What the act of that name carried. */
const given = (w: AlipayWorld, what: string) =>
  w.alipay.did(what).map(({ media }) => media?.map(({ sha256 }) => sha256))

async function replied(w: AlipayWorld, words: string, pictures: readonly Picture[] = []): Promise<void> {
  await w.chat.pressLabel(li, group, '#1', '回复')
  await w.chat.say(li, group, words, { pictures })
  await w.settle()
}

async function moved(
  w: AlipayWorld,
  { id }: TradeComplaint,
  move: Parameters<AlipayWorld['alipay']['sandbox']['moveTrade']>[1],
) {
  await w.alipay.sandbox.moveTrade(id, move)
  await w.settle()
}

describe('a trade complaint from its message to its end', () => {
  test.each(['key', 'certificate'] as const)('signed by %s', async (mode) => {
    const w = await world({ alipay: { apps: [mode] } })
    const photos = [photo(1), photo(2)]
    const complaint = await w.alipay.trade({
      ...{ text: '一直不发货', amount: 1990, phone: '13912345678', category: '未收到货', reason: '商家未发货' },
      photos: photos.map(({ bytes }) => bytes),
    })
    const { card } = w.chat.card(group, '#1')
    expect(card).toMatchObject({ tone: 'calm', quote: '一直不发货', due: '2026-03-02T12:00:00.000Z' })
    expect(card.title).toMatch(/^#1 .* · 待商家处理$/)
    expect(card.lines).toEqual(
      expect.arrayContaining([
        { label: '投诉所示金额', text: '¥19.90' },
        { label: '原因', text: '未收到货 · 商家未发货' },
        { label: '投诉人', text: expect.stringContaining('5678') },
      ]),
    )
    expect(card.note).toContain('24 小时是我们的提醒')
    expect(JSON.stringify(w.chat.posts)).not.toContain('13912345678')
    const shown = w.chat.posts.flatMap(({ say }) => say.pictures ?? [])
    expect(shown.map(hashed)).toEqual(photos.map(hashed))

    await replied(w, '今天发出，单号见图', [photo(3)])
    expect(w.alipay.deeds()).toEqual(['reply 今天发出，单号见图'])
    expect(given(w, 'reply')).toEqual([[hashed(photo(3))]])
    expect(w.chat.texts(group)).toContain('#1 回复已提交 · 小李')

    await moved(w, complaint, { kind: 'reply', text: '还是没有收到' })
    expect(w.chat.texts(group)).toContain('#1 用户：还是没有收到')

    await moved(w, complaint, { kind: 'ask-platform' })
    expect(w.chat.card(group, '#1').card.title).toMatch(/ · 客服处理中$/)
    await w.chat.pressLabel(li, group, '#1', '补充凭证')
    const draft = await w.chat.say(li, group, '签收记录', { pictures: [photo(4), photo(5)] })
    expect(w.alipay.deeds()).toHaveLength(1)
    await pressOn(w, li, draft.card, '确认提交')
    await w.settle()
    expect(w.alipay.deeds().slice(1)).toEqual(['supplement 签收记录'])
    expect(given(w, 'supplement')).toEqual([[hashed(photo(4)), hashed(photo(5))]])

    await moved(w, complaint, { kind: 'platform-reply', text: '正在核实' })
    expect(w.chat.texts(group)).toContain('#1 平台：正在核实')
    await moved(w, complaint, { kind: 'platform-finish', text: '经核实，商家已发货' })
    expect(w.chat.texts(group)).toContain('#1 已结束：客服处理完结')
    expect(labels(w)).toEqual(['详情'])
    expect(w.chat.cards(group).filter(({ title }) => title.startsWith('#1 支付宝'))).toHaveLength(1)
  })

  test('what the user takes back is over, and said to be', async () => {
    const w = await world({ alipay: true })
    await moved(w, await w.alipay.trade(), { kind: 'cancel' })
    expect(w.chat.texts(group).filter((text) => text.includes('投诉已撤销'))).toEqual(['#1 已结束：投诉已撤销'])
    expect(labels(w)).toEqual(['详情'])
    expect((await w.chat.say(li, group, '/reply 1 好的')).text).toContain('投诉已撤销')
    expect(w.alipay.deeds()).toEqual([])
  })
})

describe('what Alipay does not take', () => {
  test.each([
    ['zh-CN', '#1 回复未成功 · 小李：', '内容没有通过支付宝的审核：请换一种说法', /[a-z]{3}/],
    ['en', '#1 Reply failed · 小李: ', 'Alipay does not let these words pass: say it in another way', /审核/],
  ] as const)('words that it forbids are said to be so, in %s; others go', async (language, line, why, foreign) => {
    const w = await world({ alipay: true, language })
    await w.alipay.trade()
    const reply = language === 'en' ? 'Reply' : '回复'
    await w.chat.pressLabel(li, group, '#1', reply)
    await w.chat.say(li, group, '你是骗子')
    await w.settle()
    const said = w.chat.texts(group).find((text) => text.startsWith(line)) ?? ''
    expect(said).toContain(why)
    expect(said.replace('SUBMIT_CONTENT_VIOLATION', '')).not.toMatch(foreign)
    expect(w.alipay.deeds()).toEqual([])
    await w.chat.pressLabel(li, group, '#1', reply)
    await w.chat.say(li, group, '非常抱歉')
    await w.settle()
    expect(w.alipay.deeds()).toEqual(['reply 非常抱歉'])
  })

  test.each([
    ['zh-CN', '回复', '支付宝没有接受'],
    ['en', 'Reply', 'Alipay did not accept it'],
  ] as const)('a word that no table has is shown with what Alipay says of it, in %s', async (language, reply, why) => {
    const w = await world({ alipay: true, language })
    await w.alipay.trade()
    const on = 'alipay.merchant.tradecomplain.reply.submit'
    w.alipay.sandbox.misbehave({ on, how: 'refused', subCode: 'NEVER_SEEN', message: '今天不行' })
    await w.chat.pressLabel(li, group, '#1', reply)
    await w.chat.say(li, group, '好的')
    await w.settle()
    const said = w.chat.texts(group).join('\n')
    expect(said).toContain('NEVER_SEEN')
    expect(said).toContain(why)
    expect(said).toContain('今天不行')
    expect(w.alipay.deeds()).toEqual([])
  })

  test('where the user was faster the card says so, and nothing goes', async () => {
    const w = await world({ alipay: true })
    const complaint = await w.alipay.trade()
    w.alipay.sandbox.misbehave({ on: 'push', how: 'withheld' })
    await moved(w, complaint, { kind: 'cancel' })
    await replied(w, '今天发出')
    expect(calls(w, 'tradecomplain.reply.submit').map(({ subCode }) => subCode)).toEqual(['STATUS_CHANGED'])
    expect(w.alipay.deeds()).toEqual([])
    expect(w.chat.texts(group).join('\n')).toContain('#1 回复未成功 · 小李：投诉已变为「投诉已撤销」')
    expect(w.chat.card(group, '#1').card.title).toMatch(/ · 投诉已撤销$/)
    expect(labels(w)).toEqual(['详情'])
  })

  test('a waiting refund stands in the way of words, and is named', async () => {
    const w = await world({ alipay: true })
    await w.alipay.trade()
    const on = 'alipay.merchant.tradecomplain.reply.submit'
    w.alipay.sandbox.misbehave({ on, how: 'refused', subCode: 'WAITING_REFUND' })
    await replied(w, '已退款')
    expect(w.chat.texts(group).join('\n')).toContain('正在退款：稍后再处理')
    expect(labels(w)).toContain('回复')
  })
})

describe('when nobody knows whether it went', () => {
  test.each([
    ['the answer is lost', { how: 'lost-answer' }],
    ['the answer is not signed', { how: 'unverifiable', fault: 'missing' }],
    ['the answer is signed by somebody else', { how: 'unverifiable', fault: 'key' }],
    ['the answer is signed by the old rule', { how: 'unverifiable', fault: 'sha1' }],
    ['the answer was changed', { how: 'tampered' }],
    ['the answer is cut off', { how: 'malformed' }],
    ['the answer is about something else', { how: 'wrong-key' }],
    ['a page of the front server stands for it', { how: 'html', status: 502, effect: true }],
    ['Alipay says 20000 and does it', { how: 'unknown-error', effect: true }],
    ['Alipay says error_response and does it', { how: 'error-response', subCode: 'isp.unknow-error', effect: true }],
    ['it happens half a minute later', { how: 'late-effect', ms: 30_000 }],
  ] as const)('%s: it is looked for, found, and said once', async (_, trouble) => {
    const w = await world({ alipay: true })
    await w.alipay.trade()
    w.alipay.sandbox.misbehave({ on: 'alipay.merchant.tradecomplain.reply.submit', ...trouble })
    await replied(w, '今天发出，请留意物流信息')
    await w.pass(3 * minute, 5_000)
    expect(w.alipay.deeds()).toEqual(['reply 今天发出，请留意物流信息'])
    // What happens late is entered once more when it does.
    expect(calls(w, 'tradecomplain.reply.submit').filter(({ how }) => how !== 'late')).toHaveLength(1)
    expect(w.chat.texts(group).filter((text) => text === '#1 回复已提交 · 小李')).toHaveLength(1)
    expect(labels(w)).toContain('回复')
  })

  test.each([
    ['the request is lost', { how: 'lost-request' }],
    ['Alipay says 20000 and does nothing', { how: 'unknown-error' }],
    ['a page of the front server stands for it', { how: 'html', status: 502 }],
  ] as const)('%s: nothing went, and a person decides whether it goes again', async (_, trouble) => {
    const w = await world({ alipay: true })
    await w.alipay.trade()
    w.alipay.sandbox.misbehave({ on: 'alipay.merchant.tradecomplain.reply.submit', ...trouble })
    await replied(w, '今天发出，请留意物流信息')
    expect(labels(w)).not.toContain('回复')
    await w.pass(3 * minute, 5_000)
    expect(w.alipay.deeds()).toEqual([])
    expect(w.chat.texts(group).join('\n')).toContain('#1 回复未成功 · 小李')
    await replied(w, '今天发出，请留意物流信息')
    expect(w.alipay.deeds()).toEqual(['reply 今天发出，请留意物流信息'])
  })

  test('too often is not refused: it goes when it may', async () => {
    const w = await world({ alipay: true })
    await w.alipay.trade()
    const on = 'alipay.merchant.tradecomplain.reply.submit'
    w.alipay.sandbox.misbehave({ on, how: 'call-limited', times: 3 })
    await replied(w, '今天发出')
    await w.pass(2 * minute, 5_000)
    expect(w.alipay.deeds()).toEqual(['reply 今天发出'])
    expect(w.chat.texts(group)).toEqual(['#1 回复已提交 · 小李'])
  })
})

describe('a message names no merchant', () => {
  const merchants = ['街角咖啡', '半页书店', '云杉茶具']

  test.each(['refuse', 'all'] as const)(
    'its merchant is found among several (without a token: %s)',
    async (withoutToken) => {
      const w = await world({ alipay: { merchants, rules: { withoutToken } } })
      const [, , third] = w.alipay.merchants
      const complaint = await w.alipay.trade({ pid: third?.pid ?? '', text: '茶杯碎了' })
      expect(w.chat.card(group, '#1').card.quote).toBe('茶杯碎了')
      await replied(w, '今天补发')
      expect(w.alipay.deeds()).toEqual(['reply 今天补发'])
      // In its own name from then on.
      const spoken = calls(w, 'tradecomplain.reply.submit').map(({ pid }) => pid)
      expect(spoken).toEqual([third?.pid])
      const before = w.alipay.sandbox.calls().length
      await moved(w, complaint, { kind: 'reply', text: '好' })
      const since = w.alipay.sandbox.calls().slice(before)
      expect(since.map(({ on, pid, code }) => [on, pid, code])).toEqual([
        ['alipay.merchant.tradecomplain.query', third?.pid, '10000'],
      ])
    },
  )

  test('two of them at once are two cards, each of its own', async () => {
    const w = await world({ alipay: { merchants } })
    const [first, second] = w.alipay.merchants
    await Promise.all([
      w.alipay.trade({ pid: second?.pid ?? '', text: '书页缺了' }),
      w.alipay.trade({ pid: first?.pid ?? '', text: '咖啡凉了' }),
    ])
    expect(
      w.chat
        .cards(group)
        .map(({ quote }) => quote)
        .sort(),
    ).toEqual(['书页缺了', '咖啡凉了'])
  })

  test.each([
    [
      'zh-CN',
      '未能读取详情：没有已授权的商家能看到这张投诉单：请核对单号，或请商家重新授权',
      ['再读一次', '认领', '详情'],
    ],
    ['en', 'no merchant that has authorised this account can see this complaint', ['Read again', 'Claim', 'Detail']],
  ] as const)(
    'which nobody here may see: it is kept, with words that say what is missing, in %s',
    async (language, why, shown) => {
      const w = await world({ alipay: { merchants }, language })
      await w.alipay.sandbox.say(w.alipay.apps[0]?.appId ?? '', {
        method: 'alipay.merchant.tradecomplain.changed',
        biz: { complain_event_id: '2026030112345678901234567890' },
      })
      await w.settle()
      await w.pass(70_000, 10_000)
      expect(w.chat.card(group, '#1').card.note).toContain(why)
      expect(labels(w)).toEqual(shown)
    },
  )
})

describe('the detail cannot be had', () => {
  test.each([
    ['20000', { how: 'unknown-error' }],
    ['40005', { how: 'call-limited' }],
    ['a page of the front server', { how: 'html', status: 502 }],
    ['no signature', { how: 'unverifiable', fault: 'missing' }],
    ['another key', { how: 'unverifiable', fault: 'key' }],
    ['error_response', { how: 'error-response' }],
  ] as const)('%s: after a minute the message stands for it, and becomes the real card', async (_, trouble) => {
    const w = await world({ alipay: true })
    const script = w.alipay.sandbox.misbehave({ on: 'any', ...trouble, times: 1_000_000 })
    await patiently(w, w.alipay.trade({ text: '一直不发货' }))
    expect(w.chat.posts).toEqual([])
    await patiently(w, w.pass(70_000, 5_000))
    const makeshift = w.chat.card(group, '#1')
    expect(makeshift.card.note).toContain('未能读取详情')
    expect(labels(w)).toEqual(['再读一次', '认领', '详情'])
    script.stop()
    await w.pass(16 * minute, minute)
    const real = w.chat.card(group, '#1')
    expect([real.id, real.card.quote, real.card.note?.includes('未能读取')]).toEqual([
      makeshift.id,
      '一直不发货',
      false,
    ])
    expect(labels(w)).toContain('回复')
  })

  test('a state that no table knows is believed, shown, and offers nothing', async () => {
    const w = await world({ alipay: { quirks: { status: 'MERCHANT_DREAMING' } } })
    await w.alipay.trade()
    const { card } = w.chat.card(group, '#1')
    expect(card.title).toContain('MERCHANT_DREAMING')
    expect(card.note).toContain('不认识的状态')
    expect(labels(w)).toEqual(['认领', '详情'])
  })
})
