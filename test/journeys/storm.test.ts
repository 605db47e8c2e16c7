import { expect, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { group, type World, world } from '../support/world.ts'

const minute = 60_000
/** As Telegram counts: a group takes twenty messages a minute, edits among them. */
const likeTelegram = { burst: 4, every: 4_000 }
const photo = (number: number) => Buffer.concat([parcelPhoto(number), Buffer.from(String(number))])
const waiting = (w: World) => w.storage.reads.db.selectFrom('delivery').select('id').where('state', '=', 'waiting')

/** When the chat was called, and for how many messages each counted. */
function watched(w: World): readonly { readonly at: number; readonly chat: string }[] {
  const seen: { at: number; chat: string }[] = []
  const push = w.chat.sent.push.bind(w.chat.sent)
  w.chat.sent.push = (...calls) => {
    for (const { chat, say } of calls)
      for (let n = 0; n < Math.max(1, say.pictures?.length ?? 0); n++) seen.push({ at: w.clock.now(), chat })
    return push(...calls)
  }
  return seen
}

function most(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + minute).length))
}

test('sixty complaints at once: at most 19 messages in any minute, each gets its card, in order, and its news', async () => {
  const w = await world()
  Object.assign(w.chat.can, { pace: likeTelegram })
  const seen = watched(w)
  const ids: number[] = []
  for (let n = 1; n <= 60; n++) {
    const photos = n % 10 === 0 ? [photo(n)] : []
    ids.push((await w.complain({ text: `第 ${n} 单`, photos })).id)
  }
  for (const id of ids.slice(0, 20)) {
    w.clock.advance(1_000)
    await w.wechat.move(id, { kind: 'message', content: `快一点 ${id}` })
  }
  for (let n = 0; n < 60 && (n === 0 || (await waiting(w).execute()).length > 0); n++) await w.pass(10_000, 2_000)
  expect(await waiting(w).execute()).toEqual([])
  expect(most(seen.map(({ at }) => at))).toBeLessThanOrEqual(19)
  expect(w.chat.cards(group).map((card) => card.quote)).toEqual(ids.map((_, index) => `第 ${index + 1} 单`))
  expect(w.chat.texts(group)).toHaveLength(20)
  expect(new Set(w.chat.texts(group)).size).toBe(20)
  // Pictures came only when nobody waited; the others are behind Detail, and the card says how many there are.
  const albums = w.chat.posts.filter((post) => post.say.pictures).length
  expect(albums).toBeLessThanOrEqual(1)
  expect(w.chat.card(group, '#10').card.lines).toContainEqual({ label: '图片', text: '1 张' })
}, 60_000)

test('news that wait for one complaint are one message', async () => {
  const w = await world()
  Object.assign(w.chat.can, { pace: likeTelegram })
  const { id } = await w.complain()
  for (const content of ['甲', '乙', '丙']) {
    w.clock.advance(1_000)
    await w.wechat.move(id, { kind: 'message', content })
  }
  await w.pass(minute, 1_000)
  expect(w.chat.texts(group)).toEqual(['#1 用户：甲', '#1 用户：乙', '#1 用户：丙'])
  expect(w.chat.posts.filter((post) => post.say.text).length).toBeLessThan(3)
})
