import { describe, expect, test } from 'vitest'
import { realmOf } from '../../src/chat/bind.ts'
import type { Answer } from '../../src/chat/chat.ts'
import { search } from '../../src/chat/search.ts'
import { silent } from '../../src/core/logger.ts'
import { instant } from '../../src/core/words.ts'
import { membersBehind } from '../../src/storage/members.ts'
import { createRoom, roomAt } from '../../src/storage/rooms.ts'
import type { Person } from '../support/chat.ts'
import { group, type World, world } from '../support/world.ts'
import { chen, li, wang, words } from './people.ts'

/** `/search …` as this person sends it there. */
async function ask(w: World, rest: string, who: Person = li, chat = group): Promise<Answer> {
  const { storage, engine, platforms, metrics, bot, tenant } = w
  const room = await roomAt(storage.reads, bot.id, { chat })
  const [member] = await membersBehind(storage.reads, { realm: realmOf(bot), user: who.id, tenant: tenant.id })
  if (!room || !member) throw new Error('nobody, or nowhere')
  const parts = { storage, engine, platforms, metrics, logger: silent }
  const heard = { id: 'e1', spot: { chat }, alone: false, user: who, text: `/search ${rest}` }
  return search({ parts, bot, can: w.chat.can, tenant, room, member, heard }, { rest })
}

/** Numbers of a list; the title of a card; else the words. */
const told = (answer: Answer): string =>
  answer.card && !answer.about ? answer.card.lines.map(({ label }) => label).join(' ') : words(answer)
const found = async (w: World, rest: string, who?: Person, chat?: string) => told(await ask(w, rest, who, chat))

const what =
  '可以搜：编号、投诉单号、订单号、退款单号、手机号后四位、@处理人，或近一年投诉内容、商品、备注里的词，例如 /search 碎了'
const none = `没有找到。${what}`
const short = `按内容搜，至少要有连着的两个字。${what}`
const day = 24 * 3600_000

const transaction = '4200001234202611210000000001'

async function threeComplaints() {
  const w = await world()
  await w.complain({ text: '杯子碎了', product: '保温杯', phone: '13800136688', transactionId: transaction })
  await w.complain({ text: '杯子没收到', product: '茶壶', phone: '13800130000', outTradeNo: 'M20261121A' })
  await w.complain({ text: '尺码不对', product: '毛衣', phone: '13900136688', nickname: '乙' })
  return w
}

describe('/search', () => {
  test('one that is found is shown as it hangs in the room', async () => {
    const w = await threeComplaints()
    const [, second] = w.wechat.complaints()
    const shown = await w.chat.say(li, group, '/show 2')
    for (const said of [
      ...['2', '#2', '＃２', '# 2', '２'],
      ...[String(second?.id), 'M20261121A', '0000', '·0000', '茶壶', '没收到', '杯子 茶壶', '　茶壶　'],
    ]) {
      const answer = await ask(w, said)
      expect(answer.card?.title, said).toBe('#2 小店 · 待处理')
      expect(answer, said).toEqual(shown)
    }
    for (const said of [transaction, `payorder@_${transaction}`, `payorder@${transaction}`, '碎了', '保温杯碎了'])
      expect(await found(w, said), said).toBe(said === '保温杯碎了' ? none : '#1 小店 · 待处理')
  })

  test('several are listed as /list has them, the newest first', async () => {
    const w = await threeComplaints()
    const { card, about } = await ask(w, '杯子')
    expect([card?.title, card?.tone, card?.buttons, about]).toEqual(['找到的投诉（最新在前）', 'calm', [], undefined])
    const listed = (await w.chat.say(li, group, '/list all')).card?.lines
    expect(card?.lines).toEqual(listed?.slice(1))
    expect(await found(w, '6688')).toBe('#3 #1')
  })

  test('what is named goes before what is said', async () => {
    const w = await threeComplaints()
    await w.complain({ text: '说好 0000 包邮', phone: '13800139999' })
    expect(await found(w, '0000')).toBe('#2 小店 · 待处理')
    expect(await found(w, '0000 包邮')).toBe('#4 小店 · 待处理')
    // A number with its sign, a person with theirs, and nothing else.
    expect([await found(w, '#0000'), await found(w, '#6688'), await found(w, '@杯子')]).toEqual([none, none, none])
  })

  test('by who has claimed it, and by notes', async () => {
    const w = await threeComplaints()
    await w.chat.say(chen, group, '/claim 1')
    await w.chat.say(chen, group, '/claim 3')
    await w.chat.say(li, group, '/note 2 等仓库 回复')
    for (const said of ['@chen', '＠ｃｈｅｎ', '@ chen', 'chen']) expect(await found(w, said), said).toBe('#3 #1')
    expect([await found(w, '@li'), await found(w, '@nobody')]).toEqual([none, none])
    expect(await found(w, '仓库')).toBe('#2 小店 · 待处理')
    expect(await found(w, '杯子 仓库', wang)).toBe('#2 小店 · 待处理')
  })

  test('nothing asked, nothing found, too little asked: says what can be searched', async () => {
    const w = await threeComplaints()
    for (const said of ['', ' 　']) expect(await found(w, said)).toBe('用法：/search 碎了')
    for (const said of ['鞋子', '99', '4200009', '毛衣 碎了', '杯子茶壶']) expect(await found(w, said), said).toBe(none)
    for (const said of ['碎', '9', '碎 了', '！？', '🔥']) expect(await found(w, said), said).toBe(short)
    // A single character is compared all the same.
    expect(await found(w, '杯子 没')).toBe('#2 小店 · 待处理')
  })

  test('in English', async () => {
    const w = await world({ language: 'en' })
    await w.complain({ text: 'Cup is BROKEN' })
    expect(await found(w, '')).toBe('Usage: /search broken')
    expect(await found(w, 'teapot')).toMatch(
      /^Nothing found\. You can search by number, .* For example \/search broken$/,
    )
    expect(await found(w, 'x')).toMatch(/^Words to search by need two characters or more\. You can/)
    expect(await found(w, 'broken cup')).toMatch(/^#1 /)
  })

  test('at most twenty, and that there are more', async () => {
    const w = await world()
    for (let count = 0; count < 21; count++)
      await w.wechat.complain({ appid: w.program.appid, text: '杯子碎了', phone: `1380013${6700 + count}` })
    await w.settle()
    const { card } = await ask(w, '碎了')
    expect([card?.lines.length, card?.note]).toEqual([20, '只显示前 20 条'])
    expect(card?.lines.map(({ label }) => label)).toEqual(Array.from({ length: 20 }, (_, at) => `#${21 - at}`))
  })

  test('no phone is shown, nor is what was asked repeated', async () => {
    const w = await threeComplaints()
    for (const said of ['13800136688', '6688', '碎了', '99'])
      expect(JSON.stringify(await ask(w, said)), said).not.toMatch(/1380013|1390013/)
  })

  test('a room that is told of one account finds nothing of the other', async () => {
    const w = await world({ others: ['小满零食'] })
    const [snacks] = w.others
    if (!snacks) throw new Error('no second account')
    const told = { tenant: w.tenant.id, bot: w.bot.id, topic: '', alone: false, language: 'zh-CN' } as const
    await w.storage.transaction((tx) =>
      createRoom(tx, { ...told, chat: 'snacks', title: '零食', accounts: [snacks.account] }),
    )
    const same = { text: '包装破了', phone: '13800136688', transactionId: transaction }
    const ours = await w.complain(same)
    await w.chat.say(chen, group, '/claim 1')
    await w.complain({ ...same, appid: snacks.program.appid })
    expect([await found(w, '破了'), await found(w, '6688'), await found(w, transaction)]).toEqual(
      Array(3).fill('#2 #1'),
    )
    for (const said of ['破了', '6688', transaction])
      expect(await found(w, said, li, 'snacks'), said).toMatch(/^#2 小满零食/)
    for (const said of ['#1', '@chen', `${ours.id}`]) expect(await found(w, said, li, 'snacks'), said).not.toMatch(/^#/)
  })
})

describe('by the clock', () => {
  test('words are forgotten after a year; what names a complaint is not', async () => {
    const w = await threeComplaints()
    const yearAgo = instant(w.clock.now() - 366 * day)
    await w.storage.transaction(({ db }) => db.updateTable('complaint').set({ created_at: yearAgo }).execute())
    await w.complain({ text: '又碎了', phone: '13800130001' })
    expect(await found(w, '碎了')).toBe('#4 #1')
    w.clock.advance(day / 2)
    await w.pass(120_000, 60_000)
    expect([await found(w, '碎了'), await found(w, '茶壶')]).toEqual(['#4 小店 · 待处理', none])
    expect(await found(w, transaction)).toMatch(/^#1 /)
  })

  test('complaints from before there was a search come to be found, all of them', async () => {
    const w = await threeComplaints()
    for (let count = 0; count < 60; count++)
      await w.wechat.complain({ appid: w.program.appid, text: '杯子碎了', phone: '13800130002' })
    await w.settle()
    await w.storage.transaction(async ({ db }) => {
      await db.deleteFrom('term').execute()
      await db.updateTable('complaint').set({ grams: null, phone_tail: null }).execute()
    })
    expect([await found(w, '茶壶'), await found(w, '6688')]).toEqual([none, none])
    await w.pass(11 * 60_000, 60_000)
    expect([await found(w, '茶壶'), await found(w, '6688')]).toEqual(['#2 小店 · 待处理', '#3 #1'])
    const { db } = w.storage.reads
    expect(await db.selectFrom('complaint').select('running').where('grams', 'is', null).execute()).toEqual([])
  })
})
