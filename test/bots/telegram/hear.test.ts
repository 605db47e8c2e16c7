import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asButtonToken, asId } from '../../../src/core/words.ts'
import { no } from './fake.ts'
import { aWhile, group, li, pictures, until, type World, world } from './world.ts'

let w: World
beforeEach(async () => {
  w = await world()
  await w.start()
})
afterEach(() => w.close())

const said = async (count = 1) => {
  await until(() => w.heard.length >= count, `${count} heard`)
  return w.heard
}
const sent = async (method: string, count = 1) => {
  await until(() => w.telegram.of(method).length >= count, `${count} ${method}`)
  return w.telegram.of(method).map(({ payload }) => payload)
}
const me = { message_id: 3, from: { id: 42, is_bot: true, first_name: 'Redress' } }
const photo = (id: string) => [
  { file_id: `${id}-small`, file_size: 900 },
  { file_id: id, file_size: 90_000 },
]

describe('words', () => {
  test('are heard with who said them, where, and in answer to what', async () => {
    w.message({ text: '已联系用户', reply_to_message: me })
    expect(await said()).toEqual([
      {
        id: '-1001:11',
        spot: { chat: '-1001' },
        alone: false,
        title: '投诉处理群',
        user: { id: '7', name: '文博 李' },
        text: '已联系用户',
        replyTo: '-1001:3',
      },
    ])
  })

  test('in a topic the topic is the place, and its first message nothing that is answered to', async () => {
    const topic = { is_topic_message: true, message_thread_id: 9 }
    w.message({ text: 'a', ...topic, reply_to_message: { message_id: 9, forum_topic_created: { name: '退款' } } })
    w.message({ text: 'b', ...topic, reply_to_message: { message_id: 12 } })
    w.message({ text: 'c', message_thread_id: 12, reply_to_message: { message_id: 12 } })
    const [a, b, c] = await said(3)
    expect(a).toMatchObject({ spot: { chat: '-1001', topic: '9' } })
    expect(a).not.toHaveProperty('replyTo')
    expect(b).toMatchObject({ spot: { chat: '-1001', topic: '9' }, replyTo: '-1001:12' })
    expect(c).toMatchObject({ spot: { chat: '-1001' }, replyTo: '-1001:12' })
    expect(c?.spot).not.toHaveProperty('topic')
  })

  test.each([
    ['/list@RedressBot open', '/list open'],
    ['/list@redressbot', '/list'],
    ['/list', '/list'],
    ['/start K3F9', '/bind K3F9'],
    ['/start@RedressBot K3F9', '/bind K3F9'],
    ['/start', '/start'],
    ['@RedressBot 退款', '退款'],
    ['请 @redressbot 看一下，@RedressBot2 也看', '请 看一下，@RedressBot2 也看'],
    ['@RedressBot /list', '/list'],
  ])('%s is heard as %s', async (text, heard) => {
    w.message({ text })
    expect((await said())[0]?.text).toBe(heard)
  })

  test('a private chat is private', async () => {
    w.message({ chat: { id: 7, type: 'private' }, text: '/start K3F9' })
    expect((await said())[0]).toMatchObject({ alone: true, spot: { chat: '7' }, text: '/bind K3F9' })
  })

  test.each([
    ['a command for another bot', { text: '/list@OtherBot' }],
    ['another bot', { text: 'x', from: { id: 9, is_bot: true, first_name: 'b' } }],
    ['a channel', { text: 'x', chat: { id: -5, type: 'channel' } }],
    ['what a linked channel posts', { text: '/list', is_automatic_forward: true, sender_chat: { id: -5 } }],
    ['an anonymous word that is none for us', { text: 'x', sender_chat: { id: -1001 } }],
    ['somebody who came', { new_chat_members: [li] }],
    ['a sticker', { sticker: { file_id: 's' } }],
  ])('%s is not heard', async (_what, message) => {
    w.message(message)
    w.message({ text: 'end' })
    await said()
    await aWhile(30)
    expect(w.heard.map(({ text }) => text)).toEqual(['end'])
    expect(w.telegram.of('sendMessage')).toEqual([])
  })

  test('what was edited later is not asked for', async () => {
    w.message({ text: 'end' })
    await said()
    expect(w.telegram.of('getUpdates')[0]?.payload.allowed_updates).toEqual([
      'message',
      'callback_query',
      'my_chat_member',
    ])
  })

  test('an anonymous administrator is asked to speak as a person', async () => {
    w.message({
      text: '/refund 128 all',
      from: { id: 1087968824, is_bot: true, first_name: 'Group' },
      sender_chat: group,
    })
    const [answer] = await sent('sendMessage')
    expect(answer).toMatchObject({ text: expect.stringContaining('匿名管理员'), reply_parameters: { message_id: 11 } })
    expect(w.heard).toEqual([])
  })

  test('one person is heard in order, even when the first takes long; another does not wait', async () => {
    let go = () => {}
    const held = new Promise<void>((resolve) => {
      go = resolve
    })
    w.answer = async ({ text }) => {
      if (text === '1') await held
      return {}
    }
    w.message({ text: '1' })
    w.message({ text: '2' })
    w.message({ text: '3', from: { ...li, id: 8 } })
    await said(2)
    expect(w.heard.map(({ text }) => text)).toEqual(['1', '3'])
    go()
    await said(3)
    expect(w.heard.map(({ text }) => text)).toEqual(['1', '3', '2'])
  })

  test('a handler that takes long does not keep the next updates away', async () => {
    w.answer = async ({ text }) => (text === 'slow' ? new Promise(() => {}) : {})
    w.message({ text: 'slow' })
    await said()
    w.message({ text: 'next', from: { ...li, id: 8 } })
    await aWhile()
    expect(w.heard).toHaveLength(1)
    w.clock.advance(8_000)
    expect((await said(2))[1]?.text).toBe('next')
    w.bot.stop = async () => {}
  })
})

describe('answers to words', () => {
  test('answer the message, pictures too', async () => {
    w.answer = async () => ({ text: '收到', pictures: [pictures.png], onlyFor: ['7'] })
    w.message({ text: '/whoami' })
    const [photo] = await sent('sendPhoto')
    expect(photo).toMatchObject({ caption: '收到' })
    expect(String(photo?.reply_parameters)).toContain('"message_id":11')
  })

  test('are left alone between two', async () => {
    w.answer = async () => ({ text: '收到' })
    w.message({ chat: { id: 7, type: 'private' }, text: 'x' })
    expect((await sent('sendMessage'))[0]).not.toHaveProperty('reply_parameters')
  })

  test('wait as long as Telegram asks, and no longer than is sensible', async () => {
    w.answer = async () => ({ text: '收到' })
    w.telegram.script('sendMessage', no(429, 'Too Many Requests: retry after 3', { retry_after: 3 }))
    w.message({ text: 'x' })
    await sent('sendMessage')
    await aWhile()
    expect(w.telegram.of('sendMessage')).toHaveLength(1)
    w.clock.advance(3_000)
    await sent('sendMessage', 2)
    w.telegram.script('sendMessage', no(429, 'Too Many Requests: retry after 600', { retry_after: 600 }))
    w.message({ text: 'y' })
    await until(() => w.log.some((line) => line.includes('could not be shown')))
  })

  test('tell the app which post the card of a complaint is', async () => {
    await w.bot.stop()
    const posted: unknown[] = []
    await w.start({ posted: async (...all) => void posted.push(all) })
    w.answer = async () => ({ card: { title: '#1', tone: 'calm', lines: [], buttons: [] }, about: asId('cmp_1') })
    w.message({ text: '/show 1' })
    await until(() => posted.length > 0)
    expect(posted).toEqual([[{ chat: '-1001' }, '-1001:101', 'cmp_1', undefined]])
  })

  test('say so when the app fell over', async () => {
    w.answer = async () => {
      throw new Error('boom')
    }
    w.message({ text: 'x' })
    expect((await sent('sendMessage'))[0]?.text).toContain('请稍后再试')
  })
})

describe('presses', () => {
  test('are heard with their post and answered at the button, once', async () => {
    w.answer = async () => ({ toast: '已认领' })
    w.press()
    expect((await said())[0]).toEqual({
      id: 'q11',
      spot: { chat: '-1001' },
      alone: false,
      title: '投诉处理群',
      user: { id: '7', name: '文博 李' },
      press: { token: 't0', post: '-1001:50' },
    })
    expect(await sent('answerCallbackQuery')).toEqual([{ callback_query_id: 'q11', text: '已认领' }])
    await aWhile(30)
    expect(w.telegram.of('answerCallbackQuery')).toHaveLength(1)
    expect(w.telegram.of('sendMessage')).toEqual([])
  })

  test('a refusal is an alert', async () => {
    w.answer = async () => ({ toast: '没有权限', alert: true })
    w.press()
    expect((await sent('answerCallbackQuery'))[0]).toMatchObject({ text: '没有权限', show_alert: true })
  })

  test('more than 200 characters are cut at the button and said whole in the chat', async () => {
    w.answer = async () => ({ toast: '长'.repeat(250) })
    w.press()
    expect((await sent('answerCallbackQuery'))[0]?.text).toBe(`${'长'.repeat(199)}…`)
    expect((await sent('sendMessage'))[0]?.text).toBe(`<a href="tg://user?id=7">文博 李</a>\n${'长'.repeat(250)}`)
  })

  test('the pressed card is shown as it is now, in its topic; equal is as good', async () => {
    w.telegram.script('editMessageText', no(400, 'Bad Request: message is not modified'))
    w.answer = async () => ({ fresh: { title: '#1', tone: 'settled', lines: [], buttons: [] } })
    w.press({ message: { message_id: 50, chat: group, is_topic_message: true, message_thread_id: 9, date: 0 } })
    expect((await sent('editMessageText'))[0]).toMatchObject({ chat_id: -1001, message_id: 50, text: '✅ <b>#1</b>' })
    expect(w.heard[0]?.spot).toEqual({ chat: '-1001', topic: '9' })
    expect(w.log.join()).not.toContain('could not')
  })

  test('what concerns the presser names them and answers the card', async () => {
    w.answer = async ({ user }) => ({
      card: { title: '详情', tone: 'calm', lines: [], buttons: [] },
      onlyFor: [user.id],
    })
    w.press()
    expect((await sent('sendMessage'))[0]).toMatchObject({
      text: '<a href="tg://user?id=7">文博 李</a>\n🔵 <b>详情</b>',
      reply_parameters: { message_id: 50 },
    })
  })

  test('a slow app does not keep the person waiting: the outcome follows as a message', async () => {
    let go = () => {}
    w.answer = () =>
      new Promise((resolve) => {
        go = () => resolve({ toast: '已提交' })
      })
    w.press()
    await said()
    w.clock.advance(4_000)
    expect((await sent('answerCallbackQuery'))[0]?.text).toContain('处理中')
    go()
    expect((await sent('sendMessage'))[0]?.text).toContain('已提交')
    expect(w.telegram.of('answerCallbackQuery')).toHaveLength(1)
  })

  test('one that is too old for Telegram is done all the same, and its outcome said in the chat', async () => {
    w.telegram.script('answerCallbackQuery', no(400, 'Bad Request: query is too old and response timeout expired'))
    w.answer = async () => ({ toast: '已提交' })
    w.press()
    expect((await sent('sendMessage'))[0]?.text).toContain('已提交')
    expect(w.telegram.of('answerCallbackQuery')).toHaveLength(1)
  })

  test.each([
    ['of no message', { message: undefined }],
    ['of a game', { data: undefined }],
    ['by an anonymous administrator', { from: { id: 1087968824, is_bot: true, first_name: 'Group' } }],
  ])('%s: answered, not heard', async (_what, query) => {
    w.press(query)
    await sent('answerCallbackQuery')
    expect(w.heard).toEqual([])
  })
})

describe('pictures', () => {
  const put = (id: string, bytes: Buffer) => w.telegram.files.set(`photos/${id}.jpg`, bytes)

  test('the largest size comes, with its caption as text', async () => {
    put('p1', pictures.jpeg.bytes)
    w.message({ photo: photo('p1'), caption: '/evidence@RedressBot 128 发货单' })
    expect((await said())[0]).toMatchObject({ text: '/evidence 128 发货单', pictures: [pictures.jpeg] })
    expect(w.heard[0]).not.toHaveProperty('lost')
    expect(w.telegram.fetched).toEqual(['photos/p1.jpg'])
  })

  test.each([
    ['WebP', pictures.webp, 'image/webp'],
    ['GIF', pictures.gif, 'image/gif'],
    ['PNG that calls itself JPEG', pictures.png, 'image/jpeg'],
  ])('a %s as a file', async (_what, picture, mime_type) => {
    put('d1', picture.bytes)
    w.message({ document: { file_id: 'd1', file_size: 80, mime_type } })
    expect((await said())[0]?.pictures).toEqual([picture])
  })

  test.each([
    ['a PDF', { document: { file_id: 'd', file_size: 80, mime_type: 'application/pdf' } }],
    ['25 MB', { document: { file_id: 'd', file_size: 25_000_000, mime_type: 'image/png' } }],
    ['a moving picture', { animation: { file_id: 'd' }, document: { file_id: 'd', mime_type: 'video/mp4' } }],
    ['a film', { video: { file_id: 'd' } }],
  ])('%s is counted as lost, without being asked for', async (_what, message) => {
    w.message(message)
    expect((await said())[0]).toMatchObject({ lost: 1 })
    expect(w.heard[0]).not.toHaveProperty('pictures')
    expect(w.telegram.of('getFile')).toEqual([])
  })

  test('bytes that are no picture, whatever they are called, are lost', async () => {
    put('d1', Buffer.from('<svg onload=alert(1)>'))
    w.message({ document: { file_id: 'd1', mime_type: 'image/svg+xml' } })
    expect((await said())[0]).toMatchObject({ lost: 1 })
  })

  test('bytes beyond 10 MB are not read to the end', async () => {
    put('d1', Buffer.concat([pictures.png.bytes, Buffer.alloc(11_000_000)]))
    w.message({ document: { file_id: 'd1', mime_type: 'image/png' } })
    expect((await said())[0]).toMatchObject({ lost: 1 })
  })

  test('what does not come at first is fetched once more', async () => {
    put('p1', pictures.jpeg.bytes)
    w.telegram.script('getFile', { status: 502, body: 'Bad Gateway' })
    w.message({ photo: photo('p1') })
    await sent('getFile')
    await aWhile(30)
    w.clock.advance(1_000)
    expect((await said())[0]).toMatchObject({ pictures: [pictures.jpeg] })
  })

  test('a path that leads elsewhere is not followed', async () => {
    w.telegram.script('getFile', { status: 200, body: { ok: true, result: { file_path: '/var/lib/x.jpg' } } })
    w.message({ photo: photo('p1') })
    expect((await said())[0]).toMatchObject({ lost: 1 })
    expect(w.telegram.fetched).toEqual([])
  })

  test('an album is one thing, whole a second after its last part', async () => {
    for (const id of ['a', 'b', 'c']) put(id, pictures.jpeg.bytes)
    const part = (id: string, more = {}) =>
      w.message({ photo: photo(id), media_group_id: 'g1', reply_to_message: id === 'a' ? me : undefined, ...more })
    part('a')
    await aWhile(30)
    w.clock.advance(900)
    part('b', { caption: '三张' })
    await aWhile(30)
    w.clock.advance(900)
    part('c')
    await aWhile(30)
    w.clock.advance(999)
    await aWhile(30)
    expect(w.heard).toEqual([])
    w.clock.advance(1)
    const [album] = await said()
    expect(album).toMatchObject({ id: '-1001:11', text: '三张', replyTo: '-1001:3' })
    expect(album?.pictures).toHaveLength(3)
  })

  test('halves of an album that come in the wrong order are put right', async () => {
    put('a', pictures.jpeg.bytes)
    put('b', pictures.png.bytes)
    w.message({ message_id: 52, photo: photo('b'), media_group_id: 'g1' })
    w.message({ message_id: 51, photo: photo('a'), media_group_id: 'g1', caption: '两张', reply_to_message: me })
    await aWhile(30)
    w.clock.advance(1_000)
    const [album] = await said()
    expect(album).toMatchObject({ id: '-1001:51', text: '两张', replyTo: '-1001:3' })
    expect(album?.pictures?.map(({ type }) => type)).toEqual(['image/jpeg', 'image/png'])
  })

  test('words after an album are heard after it', async () => {
    put('a', pictures.jpeg.bytes)
    w.message({ photo: photo('a'), media_group_id: 'g1' })
    w.message({ text: '就这些' })
    await aWhile()
    w.clock.advance(1_000)
    expect((await said(2)).map(({ text }) => text)).toEqual([undefined, '就这些'])
  })

  test('an album that is underway at the stop is heard before it', async () => {
    put('a', pictures.jpeg.bytes)
    w.message({ photo: photo('a'), media_group_id: 'g1' })
    await aWhile()
    await w.bot.stop()
    expect(w.heard).toHaveLength(1)
  })
})

describe('questions', () => {
  const ask = { prompt: '要对用户说什么？', ttl: 600_000, suggest: ['抱歉'], cancel: asButtonToken('never') }
  beforeEach(() => {
    w.answer = async ({ press }) =>
      press?.token === 't0' ? { ask } : press?.token === 'never' ? { toast: '已取消' } : {}
  })

  test('open the answer field of who pressed; the answer is one to the pressed card', async () => {
    w.press()
    const [prompt] = await sent('sendMessage')
    expect(prompt).toMatchObject({
      text: expect.stringContaining('<a href="tg://user?id=7">文博 李</a>\n❓ 要对用户说什么？'),
      reply_markup: { force_reply: true, selective: true, input_field_placeholder: '抱歉' },
      reply_parameters: { message_id: 50 },
    })
    w.message({ text: '非常抱歉', reply_to_message: { message_id: 101 } })
    expect((await said(2))[1]).toMatchObject({ text: '非常抱歉', replyTo: '-1001:50', answering: true })
  })

  test('are not answered by talk, by others, or by an answer to the card', async () => {
    w.press()
    await sent('sendMessage')
    w.message({ text: '这个客户又来了' })
    w.message({ text: '我来答', from: { ...li, id: 8 }, reply_to_message: { message_id: 101 } })
    w.message({ text: '看这张', reply_to_message: { message_id: 50 } })
    for (const heard of (await said(4)).slice(1)) expect(heard).not.toHaveProperty('answering')
    w.message({ text: '非常抱歉', reply_to_message: { message_id: 101 } })
    expect((await said(5))[4]).toMatchObject({ answering: true })
  })

  test('of a process that is gone are still known by their looks, for whom they name', async () => {
    const entities = [{ type: 'text_mention', offset: 0, length: 2, user: { id: 7 } }]
    const question = { message_id: 101, from: me.from, text: '文博\n❓ 要对用户说什么？', entities }
    w.message({ text: '1', reply_to_message: question })
    w.message({ text: '2', reply_to_message: question, from: { ...li, id: 8 } })
    w.message({ text: '3', reply_to_message: { ...question, from: li } })
    w.message({ text: '4', reply_to_message: { ...question, text: '文博\n🔵 #128\n❓ 要对用户说什么？' } })
    w.message({ text: '5', reply_to_message: { ...question, entities: [] } })
    const alone = { ...question, text: '❓ 要对用户说什么？', entities: undefined }
    w.message({ text: '6', reply_to_message: alone, chat: { id: 7, type: 'private' } })
    await said(6)
    expect(w.heard.filter(({ answering }) => answering).map(({ text }) => text)).toEqual(['1', '6'])
  })

  test('/cancel gives the question up', async () => {
    w.press()
    await sent('sendMessage')
    w.message({ text: '/cancel@RedressBot' })
    expect((await said(2))[1]).toMatchObject({ press: { token: 'never', post: '-1001:50' }, user: { id: '7' } })
    expect((await sent('sendMessage', 2))[1]?.text).toBe('已取消')
  })

  test('/cancel of somebody else, later, or after the answer, is a command like any other', async () => {
    w.press()
    await sent('sendMessage')
    w.message({ text: '/cancel', from: { ...li, id: 8 } })
    expect((await said(2))[1]).toMatchObject({ text: '/cancel' })
    w.message({ text: '好', reply_to_message: { message_id: 101 } })
    w.message({ text: '/cancel' })
    expect((await said(4))[3]).toMatchObject({ text: '/cancel' })
    w.press()
    await sent('sendMessage', 2)
    // Heard after the question: so the question stands before its time runs out.
    w.message({ text: '稍等' })
    expect((await said(6))[5]).toMatchObject({ text: '稍等' })
    w.clock.step(600_001)
    w.message({ text: '/cancel' })
    expect((await said(7))[6]).toMatchObject({ text: '/cancel' })
  })
})

test('both signs of a migration are one', async () => {
  await w.bot.stop()
  const moved: unknown[] = []
  await w.start({ moved: async (...both) => void moved.push(both) })
  w.message({ chat: { id: -5, type: 'group' }, migrate_to_chat_id: -1002 })
  w.message({ chat: { id: -1002, type: 'supergroup' }, migrate_from_chat_id: -5 })
  w.message({ text: 'end' })
  await said()
  expect(moved).toEqual([[{ chat: '-5' }, { chat: '-1002' }]])
})
