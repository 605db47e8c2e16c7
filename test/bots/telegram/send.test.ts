import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Card } from '../../../src/chat/chat.ts'
import { asButtonToken, asPostId } from '../../../src/core/words.ts'
import { no, token } from './fake.ts'
import { pictures, spot, type World, world } from './world.ts'

const card: Card = {
  title: '#128',
  tone: 'calm',
  lines: [],
  buttons: [{ label: '详情', token: asButtonToken('tok'), weight: 'plain' }],
}

let w: World
beforeEach(async () => {
  w = await world()
  await w.start()
})
afterEach(() => w.close())

describe('posting', () => {
  test('a card is one HTML message without a link preview, its buttons below it', async () => {
    const post = await w.bot.post(spot, { card })
    expect(post).toBe('-1001:101')
    expect(w.telegram.of('sendMessage')[0]?.payload).toEqual({
      chat_id: -1001,
      text: '🔵 <b>#128</b>',
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
      reply_markup: { inline_keyboard: [[{ text: '详情', callback_data: 'tok' }]] },
    })
  })

  test('what belongs to a post answers it, even when that is gone', async () => {
    await w.bot.post(spot, { text: '已受理', about: asPostId('-1001:77') })
    expect(w.telegram.of('sendMessage')[0]?.payload.reply_parameters).toEqual({
      message_id: 77,
      allow_sending_without_reply: true,
    })
  })

  test.each([
    ['12', 12],
    ['1', undefined],
    ['', undefined],
  ])('topic %j', async (topic, thread) => {
    await w.bot.post({ ...spot, topic }, { text: 'x' })
    expect(w.telegram.of('sendMessage')[0]?.payload.message_thread_id).toBe(thread)
  })

  test('a server that takes no colours gets plain buttons, from then on', async () => {
    const buttons = [{ label: '退款', token: asButtonToken('tok'), weight: 'danger' as const }]
    w.telegram.script('sendMessage', no(400, "Bad Request: can't parse inline keyboard button: unknown style"))
    await w.bot.post(spot, { card: { ...card, buttons } })
    await w.bot.post(spot, { card: { ...card, buttons } })
    const sent = w.telegram.of('sendMessage').map(({ payload }) => JSON.stringify(payload.reply_markup))
    expect(sent.map((markup) => markup.includes('danger'))).toEqual([true, false, false])
  })

  test('a card that stands there already takes no colours away', async () => {
    const buttons = [{ label: '退款', token: asButtonToken('tok'), weight: 'danger' as const }]
    const same =
      'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message'
    w.telegram.script('editMessageText', no(400, same))
    expect(await w.bot.edit(spot, asPostId('-1001:77'), { card: { ...card, buttons } })).toBe('edited')
    await w.bot.post(spot, { card: { ...card, buttons } })
    expect(w.telegram.of('editMessageText')).toHaveLength(1)
    expect(JSON.stringify(w.telegram.of('sendMessage')[0]?.payload.reply_markup)).toContain('danger')
  })

  test('70 bytes on a button: refused, and nothing is sent', async () => {
    const buttons = [{ label: 'x', token: asButtonToken('a'.repeat(70)), weight: 'plain' as const }]
    await expect(w.bot.post(spot, { card: { ...card, buttons } })).rejects.toMatchObject({ trouble: 'refused' })
    expect(w.telegram.of('sendMessage')).toEqual([])
  })
})

describe('pictures', () => {
  test('one goes with its line as caption, and the answered post is not lost on the way', async () => {
    const about = asPostId('-1001:77')
    await w.bot.post(spot, { text: '用户补充 <图>', pictures: [pictures.jpeg], about })
    const [call] = w.telegram.of('sendPhoto')
    expect(call?.payload).toMatchObject({ chat_id: '-1001', caption: '用户补充 &lt;图&gt;', parse_mode: 'HTML' })
    // An object would have been dropped beside bytes.
    expect(JSON.parse(String(call?.payload.reply_parameters))).toEqual({
      message_id: 77,
      allow_sending_without_reply: true,
    })
    expect(call?.files).toMatchObject([{ field: 'photo', filename: 'picture-1.jpg', bytes: pictures.jpeg.bytes }])
    expect(w.telegram.of('sendMessage')).toEqual([])
  })

  test('several go as one album in the topic, whose post is the first one', async () => {
    const post = await w.bot.post({ ...spot, topic: '9' }, { pictures: [pictures.jpeg, pictures.png, pictures.webp] })
    const [call] = w.telegram.of('sendMediaGroup')
    expect(JSON.parse(String(call?.payload.media))).toHaveLength(3)
    expect(call?.payload.message_thread_id).toBe('9')
    expect(call?.files.map(({ filename }) => filename)).toEqual(['picture-1.jpg', 'picture-2.png', 'picture-3.webp'])
    expect(post).toBe('-1001:101')
  })

  test('eleven go as ten and one', async () => {
    await w.bot.post(spot, { pictures: Array.from({ length: 11 }, () => pictures.jpeg) })
    expect(w.telegram.of('sendMediaGroup')).toHaveLength(1)
    expect(w.telegram.of('sendPhoto')).toHaveLength(1)
  })

  test('a GIF goes as a file, beside photos in a message of its own', async () => {
    await w.bot.post(spot, { pictures: [pictures.gif, pictures.jpeg] })
    expect(w.telegram.of('sendDocument')[0]?.files).toMatchObject([{ field: 'document', filename: 'picture-1.gif' }])
    expect(w.telegram.of('sendPhoto')).toHaveLength(1)
  })

  test('more than 10 MB go as a file', async () => {
    const big = { type: 'image/jpeg', bytes: Buffer.concat([pictures.jpeg.bytes, Buffer.alloc(10_000_000)]) } as const
    await w.bot.post(spot, { pictures: [big] })
    expect(w.telegram.of('sendDocument')[0]?.files[0]?.bytes).toHaveLength(big.bytes.length)
  })

  test('what Telegram does not take as a photo goes as a file', async () => {
    w.telegram.script('sendPhoto', no(400, 'Bad Request: PHOTO_INVALID_DIMENSIONS'))
    await w.bot.post(spot, { pictures: [pictures.png] })
    expect(w.telegram.of('sendDocument')).toHaveLength(1)
  })

  test('a card stands even when its pictures do not come', async () => {
    w.telegram.script('sendPhoto', no(429, 'Too Many Requests: retry after 9', { retry_after: 9 }))
    expect(await w.bot.post(spot, { card, pictures: [pictures.png] })).toBe('-1001:101')
    expect(w.telegram.of('sendMessage')).toHaveLength(1)
  })
})

describe('editing', () => {
  const post = asPostId('-1001:77')

  test('words and buttons are replaced', async () => {
    expect(await w.bot.edit(spot, post, { card: { ...card, buttons: [] } })).toBe('edited')
    expect(w.telegram.of('editMessageText')[0]?.payload).toMatchObject({
      chat_id: -1001,
      message_id: 77,
      text: '🔵 <b>#128</b>',
      reply_markup: { inline_keyboard: [] },
    })
  })

  test.each([
    ['Bad Request: message is not modified: specified new message content is exactly the same', 'edited'],
    ['Bad Request: message to edit not found', 'gone'],
    ['Bad Request: MESSAGE_ID_INVALID', 'gone'],
    ["Bad Request: message can't be edited", 'cannot'],
    ['Bad Request: there is no text in the message to edit', 'cannot'],
  ])('%s → %s', async (description, outcome) => {
    w.telegram.script('editMessageText', no(400, description))
    expect(await w.bot.edit(spot, post, { card })).toBe(outcome)
  })

  test('a post that is none of ours, or of another chat, is gone without a question', async () => {
    expect(await w.bot.edit(spot, asPostId('0-1'), { card })).toBe('gone')
    expect(await w.bot.edit(spot, asPostId('-9:77'), { card })).toBe('gone')
    expect(w.telegram.of('editMessageText')).toEqual([])
  })
})

describe('what Telegram refuses', () => {
  test.each([
    [
      '429 says how long',
      no(429, 'Too Many Requests: retry after 17', { retry_after: 17 }),
      { trouble: 'busy', wait: 17_000 },
    ],
    ['the bot was removed', no(403, 'Forbidden: bot was kicked from the supergroup chat'), { trouble: 'forbidden' }],
    ['blocked by the person', no(403, 'Forbidden: bot was blocked by the user'), { trouble: 'forbidden' }],
    [
      'no rights',
      no(400, 'Bad Request: not enough rights to send text messages to the chat'),
      { trouble: 'forbidden' },
    ],
    ['no such chat', no(400, 'Bad Request: chat not found'), { trouble: 'forbidden' }],
    ['a closed topic', no(400, 'Bad Request: TOPIC_CLOSED'), { trouble: 'forbidden' }],
    ['nonsense', no(400, "Bad Request: can't parse entities"), { trouble: 'refused' }],
    ['a bad gateway', { status: 502, body: '<html>' }, { trouble: 'unknown' }],
    ['a page in place of an answer', { status: 200, body: '<html>' }, { trouble: 'unknown' }],
    ['a line that breaks', 'broken', { trouble: 'unknown' }],
  ] as const)('%s', async (_what, reply, error) => {
    w.telegram.script('sendMessage', reply)
    const failed = await w.bot.post(spot, { text: '秘密' }).catch((error: unknown) => error)
    expect(failed).toMatchObject({ name: 'OutsideError', ...error })
    // Neither the token nor what was to be said is in what we log of it.
    const all = failed instanceof Error ? `${failed.message} ${failed.stack} ${JSON.stringify(failed)}` : ''
    expect(all).not.toContain(token.slice(3))
    expect(all).not.toContain('秘密')
    expect(failed).not.toHaveProperty('cause')
  })

  test('no answer within 20 s may have arrived', async () => {
    w.telegram.script('sendMessage', 'silence')
    const posting = w.bot.post(spot, { text: 'x' }).catch((error: unknown) => error)
    const advance = setInterval(() => w.clock.advance(5_000), 20)
    expect(await posting).toMatchObject({ trouble: 'unknown', code: 'timeout' })
    clearInterval(advance)
  })

  test('nobody at the address: nothing was sent', async () => {
    const other = await world({ apiRoot: 'http://127.0.0.1:1' })
    const starting = other.start()
    while (!other.log.some((line) => line.includes('broken'))) await new Promise((resolve) => setTimeout(resolve, 5))
    other.clock.advance(5_000)
    await starting
    await expect(other.bot.post(spot, { text: 'x' })).rejects.toMatchObject({
      trouble: 'unreachable',
      code: 'ECONNREFUSED',
    })
    await other.close()
  })
})

describe('a group that became a supergroup', () => {
  const migrated = no(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: -1002 })

  test('is posted to at its new id, once, and the app is told', async () => {
    await w.bot.stop()
    const moved: unknown[] = []
    await w.start({ moved: async (...both) => void moved.push(both) })
    w.telegram.script('sendMessage', migrated)
    expect(await w.bot.post({ chat: '-5' }, { text: 'x' })).toBe('-1002:101')
    expect(await w.bot.post({ chat: '-5' }, { text: 'y', about: asPostId('-5:3') })).toBe('-1002:102')
    expect(moved).toEqual([[{ chat: '-5' }, { chat: '-1002' }]])
    expect(w.telegram.of('sendMessage').map(({ payload }) => payload.chat_id)).toEqual([-5, -1002, -1002])
    // What it would answer stayed behind.
    expect(w.telegram.of('sendMessage')[2]?.payload.reply_parameters).toBeUndefined()
    expect(await w.bot.edit({ chat: '-5' }, asPostId('-5:3'), { card })).toBe('gone')
    expect(await w.bot.edit({ chat: '-5' }, asPostId('-1002:101'), { card })).toBe('edited')
  })

  test('is said again when the app could not write it down', async () => {
    await w.bot.stop()
    let tries = 0
    await w.start({
      moved: async () => {
        if (++tries === 1) throw new Error('the database is away')
      },
    })
    w.telegram.script('sendMessage', migrated)
    await w.bot.post({ chat: '-5' }, { text: 'x' })
    w.telegram.script('sendMessage', migrated)
    w.message({ chat: { id: -5, type: 'group' }, migrate_to_chat_id: -1002 })
    while (tries < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  })
})
