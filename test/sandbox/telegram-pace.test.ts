import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { paces } from '../../sandbox/telegram/index.ts'
import { openWorld, start, type World } from './telegram-world.ts'

// facts/limits.md §4.1 "The limits" and §4.3: 20 a minute in a group by a fixed and by a sliding window, about 1/s a chat, 30/s over all.
let w: World
beforeEach(async () => {
  w = await openWorld()
})
afterEach(() => w.close())

/** 'ok', or the seconds to wait. */
async function tryOnce(chat = w.group.chat): Promise<'ok' | number | undefined> {
  const answer = await w.call('sendMessage', { chat_id: chat, text: 'a' })
  if (answer.ok) return 'ok'
  expect([answer.error_code, answer.description]).toEqual([
    429,
    `Too Many Requests: retry after ${answer.parameters?.retry_after}`,
  ])
  return answer.parameters?.retry_after
}
const many = async (count: number, ms = 0) => {
  const got: unknown[] = []
  for (let n = 0; n < count; n++) {
    if (n > 0) w.clock.advance(ms)
    got.push(await tryOnce())
  }
  return got
}

describe('20 a minute in a group', () => {
  test('the sliding window: the 21st waits until the first is a minute old', async () => {
    w.telegram.setPace({ windows: ['sliding'] })
    expect(new Set(await many(20, 1000))).toEqual(new Set(['ok']))
    w.clock.advance(1000)
    expect(await tryOnce()).toBe(40)
    w.clock.advance(39_999)
    expect(await tryOnce()).toBe(1)
    w.clock.advance(1)
    expect(await tryOnce()).toBe('ok')
  })

  test('the fixed window: a new minute, a new twenty, and 40 within a minute of time', async () => {
    w.telegram.setPace({ windows: ['fixed'] })
    w.clock.advance(35_000)
    await many(20, 1000)
    w.clock.advance(1000)
    expect(await tryOnce()).toBe(5)
    w.clock.advance(5000)
    expect(new Set(await many(20, 1000))).toEqual(new Set(['ok']))
  })

  test('both: what one would allow the other may refuse', async () => {
    w.clock.advance(35_000)
    await many(20, 1000)
    w.clock.advance(6000)
    expect(w.clock.now() - start).toBe(60_000)
    expect(await tryOnce()).toBe(35)
  })

  test('a private chat has no such window', async () => {
    const own = w.li.start('redress_bot')
    const got = new Set<unknown>()
    for (let n = 0; n < 25; n++) {
      w.clock.advance(1000)
      got.add(await tryOnce(own.chat))
    }
    expect(got).toEqual(new Set(['ok']))
  })
})

test('a chat takes a burst of five, then one a second; another chat is free', async () => {
  expect(await many(6)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 1])
  const other = w.telegram.group({ title: '另一群', people: [w.li], bots: ['redress_bot'] })
  expect(await tryOnce(other.chat)).toBe('ok')
  w.clock.advance(1000)
  expect(await many(2)).toEqual(['ok', 1])
})

test('30 a second over all chats', async () => {
  const groups = Array.from({ length: 31 }, (_, n) =>
    w.telegram.group({ title: `群 ${n}`, people: [w.li], bots: ['redress_bot'] }),
  )
  const got: unknown[] = []
  for (const { chat } of groups) got.push(await tryOnce(chat))
  expect([got.filter((one) => one === 'ok').length, got.at(-1)]).toEqual([30, 1])
  w.clock.advance(1000)
  expect(await tryOnce(groups[30]?.chat)).toBe('ok')
})

test('edits count like messages, unless told otherwise; answers to presses never', async () => {
  const id = await w.send('a')
  const edit = (text: string) => w.call('editMessageText', { chat_id: w.group.chat, message_id: id, text })
  for (const text of ['b', 'c', 'd', 'e']) expect((await edit(text)).ok).toBe(true)
  expect((await edit('f')).error_code).toBe(429)
  w.telegram.setPace({ edits: false })
  expect((await edit('f')).ok).toBe(true)
})

test('strict: no burst, and knocking counts; off: nothing is counted; a refused call counts nothing', async () => {
  for (let n = 0; n < 9; n++) await w.call('sendMessage', { chat_id: w.group.chat, text: '' })
  w.telegram.setPace(paces.strict)
  w.clock.advance(10_000)
  expect(await many(4)).toEqual(['ok', 1, 2, 3])
  w.telegram.setPace(paces.off)
  expect(new Set(await many(60))).toEqual(new Set(['ok']))
})

test('an album counts each of its messages', async () => {
  w.telegram.setPace({ ...paces.off, groupPerMinute: 3 })
  await many(2)
  w.li.start('redress_bot')
  const photo = w.li.photo(w.group, undefined, { caption: '/evidence' })
  expect(photo.photo).toBeDefined()
  const id = (await w.updates()).at(-1)?.message?.photo.at(-1)?.file_id
  const media = [1, 2].map(() => ({ type: 'photo', media: id }))
  expect((await w.call('sendMediaGroup', { chat_id: w.group.chat, media })).error_code).toBe(429)
  expect(await tryOnce()).toBe('ok')
})
