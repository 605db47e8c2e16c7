import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { button, openWorld, otherToken, picture, start, type World } from './telegram-world.ts'

// facts/chat.md §3.3: privacy mode, ForceReply flow, albums, anonymous admins, callback queries, supergroup migration, forum topics.
let w: World
beforeEach(async () => {
  w = await openWorld()
})
afterEach(() => w.close())

const heard = async (of?: string) => (await w.updates(of)).map(({ message }) => message?.text ?? message?.caption)

describe('privacy mode', () => {
  test('in a group the bot hears commands, replies to it, mentions of it', async () => {
    const id = await w.send('投诉 #1')
    const theirs = w.wang.say(w.group, '吃饭了吗')
    w.li.say(w.group, '/list')
    w.li.say(w.group, '/show@Redress_Bot 1')
    w.li.say(w.group, '/list@other_bot')
    w.li.say(w.group, '看看 /list')
    w.li.say(w.group, '/list状态')
    w.li.say(w.group, '@redress_bot 你好')
    w.li.say(w.group, '同意退款', { replyTo: id })
    w.li.say(w.group, '吃了', { replyTo: theirs.id })
    w.li.photo(w.group)
    w.li.photo(w.group, undefined, { caption: '/evidence 1' })
    expect(await heard()).toEqual(['/list', '/show@Redress_Bot 1', '@redress_bot 你好', '同意退款', '/evidence 1'])
  })

  test('an admin hears all, and so does a bot whose privacy mode is off; never each other', async () => {
    w.group.join('other_bot')
    w.group.promote('redress_bot')
    await w.updates()
    await w.updates(otherToken)
    w.li.say(w.group, '你好')
    await w.send('/list')
    expect(await heard()).toEqual(['你好'])
    expect(await heard(otherToken)).toEqual(['你好'])
  })

  test('general commands can be left to the bot that wrote last', async () => {
    w.telegram.setRules({ generalCommands: 'last-bot' })
    w.li.say(w.group, '/list')
    await w.send('hello')
    w.li.say(w.group, '/help')
    expect(await heard()).toEqual(['/help'])
  })

  test('entities of a command are in UTF-16 units', async () => {
    w.li.say(w.group, '/reply 😀 @redress_bot #128 #退款')
    expect((await w.updates())[0]?.message).toMatchObject({
      from: { first_name: '李', is_bot: false, language_code: 'zh' },
      entities: [
        { type: 'bot_command', offset: 0, length: 6 },
        { type: 'mention', offset: 10, length: 12 },
        { type: 'hashtag', offset: 28, length: 3 },
      ],
    })
  })
})

describe('buttons', () => {
  test('a press is an update with the presser; its answer is the toast', async () => {
    const id = await w.send('投诉 #1', { reply_markup: button('退款', 'r:1') })
    const press = w.li.press(w.group, id, '退款')
    const query = (await w.updates())[0]?.callback_query
    expect(query).toMatchObject({ from: { id: w.li.user.id }, data: 'r:1', message: { message_id: id } })
    const answer = { callback_query_id: query?.id, text: '只有李可确认', show_alert: true }
    expect((await w.call('answerCallbackQuery', answer)).result).toBe(true)
    expect(press.answer).toEqual({ text: '只有李可确认', alert: true, url: undefined, at: start })
    expect((await w.call('answerCallbackQuery', answer)).ok).toBe(false)
    expect(() => w.li.press(w.group, id, '没有')).toThrow('no button 没有; there are: 退款')
  })

  test('an answer comes too late', async () => {
    const id = await w.send('a', { reply_markup: button('x', 'x') })
    const press = w.li.press(w.group, id, 'x')
    await w.pass(w.telegram.rules.queryMs)
    expect(await w.call('answerCallbackQuery', { callback_query_id: press.id })).toEqual({
      ok: false,
      error_code: 400,
      description: 'Bad Request: query is too old and response timeout expired or query ID is invalid',
    })
    expect((await w.call('answerCallbackQuery', { callback_query_id: '1' })).error_code).toBe(400)
  })

  test('an older look, a forged button, a message that the bot cannot see', async () => {
    const id = await w.send('a', { reply_markup: button('退款', 'r') })
    await w.call('editMessageText', { chat_id: w.group.chat, message_id: id, text: 'b' })
    expect(() => w.li.press(w.group, id, '退款')).toThrow('there are: none')
    w.li.press(w.group, id, '退款', { stale: true })
    w.li.press(w.group, id, '', { forged: 'refund:all', inaccessible: true })
    const [stale, forged] = (await w.updates()).map(({ callback_query }) => callback_query)
    expect(stale?.data).toBe('r')
    expect(forged).toMatchObject({ data: 'refund:all', message: { message_id: id, date: 0 } })
    expect(forged?.message.text).toBeUndefined()
  })
})

describe('ForceReply', () => {
  test('opens the reply field of whoever is named or answered, and nobody else’s', async () => {
    const id = w.li.say(w.group, '/reply 1').id
    const markup = { force_reply: true, selective: true, input_field_placeholder: '回复内容' }
    await w.send('请写回复', { reply_markup: markup, reply_parameters: { message_id: id } })
    expect([w.li.asked(w.group)?.text, w.wang.asked(w.group)?.text]).toEqual(['请写回复', undefined])
    await w.send(`<a href="tg://user?id=${w.wang.user.id}">王</a> 多少？`, { parse_mode: 'HTML', reply_markup: markup })
    const asked = w.wang.asked(w.group)
    expect(asked?.text).toBe('王 多少？')
    w.wang.say(w.group, '12.00', { replyTo: asked?.id ?? 0 })
    expect((await w.updates()).at(-1)?.message).toMatchObject({
      text: '12.00',
      reply_to_message: { message_id: asked?.id, from: { id: 42 } },
    })
  })
})

describe('pictures', () => {
  test('an album is separate messages of one media_group_id; the caption stands under the first', async () => {
    const id = await w.send('请发凭证')
    w.li.album(w.group, [picture(40, 30), picture(30, 40)], { caption: '凭证', replyTo: id })
    const told = (await w.updates()).map(({ message }) => message)
    expect(told.map((one) => [one?.caption, one?.reply_to_message?.message_id])).toEqual([
      ['凭证', id],
      [undefined, id],
    ])
    expect(new Set(told.map((one) => one?.media_group_id)).size).toBe(1)
    w.telegram.setRules({ albumReply: 'first' })
    w.li.album(w.group, [picture(40, 30), picture(30, 40)], { replyTo: id })
    expect(await w.updates()).toHaveLength(1)
  })
})

describe('who speaks', () => {
  test('an anonymous admin is GroupAnonymousBot with a sender_chat', async () => {
    w.group.promote(w.wang, ['can_manage_chat'], true)
    w.wang.say(w.group, '/list')
    expect((await w.updates()).at(-1)?.message).toMatchObject({
      from: { id: 1087968824, username: 'GroupAnonymousBot', is_bot: true },
      sender_chat: { id: w.group.chat, type: 'supergroup' },
    })
    const id = await w.send('a', { reply_markup: button('x', 'x') })
    w.wang.press(w.group, id, 'x')
    w.telegram.setRules({ anonymousPress: 'group-bot' })
    w.wang.press(w.group, id, 'x')
    const from = (await w.updates()).map(({ callback_query }) => callback_query?.from.id)
    expect(from).toEqual([w.wang.user.id, 1087968824])
  })

  test('a channel posts in its own name', async () => {
    const channel = w.telegram.group({ title: '公告', kind: 'channel', people: [w.li], bots: ['redress_bot'] })
    channel.post('通知')
    const [update] = await w.updates()
    expect(update?.channel_post).toMatchObject({ text: '通知', sender_chat: { id: channel.chat, type: 'channel' } })
    expect(update?.channel_post?.from).toBeUndefined()
    const { result } = await w.call('sendMessage', { chat_id: channel.chat, text: '收到' })
    expect(
      (await w.call('editMessageText', { chat_id: channel.chat, message_id: result.message_id, text: '好' })).ok,
    ).toBe(true)
  })

  test('a person edits a message: edited_message', async () => {
    const { id } = w.li.say(w.group, '/reply 1 同意')
    w.li.edit(w.group, id, '/reply 1 不同意')
    expect((await w.updates()).map(({ message, edited_message: edited }) => [message?.text, edited?.text])).toEqual([
      ['/reply 1 同意', undefined],
      [undefined, '/reply 1 不同意'],
    ])
  })
})

describe('coming and going', () => {
  const send = async (chat: number) => {
    const { error_code, description } = await w.call('sendMessage', { chat_id: chat, text: 'a' })
    return `${error_code} ${description}`
  }

  test('a bot joins by its group link and hears the payload', async () => {
    const group = w.telegram.group({ title: '新群', people: [w.wang] })
    expect(await send(group.chat)).toBe('400 Bad Request: chat not found')
    group.addBot('redress_bot', { by: w.wang, payload: 'K3F9' })
    expect(await w.updates()).toMatchObject([
      { my_chat_member: { old_chat_member: { status: 'left' }, new_chat_member: { status: 'member' } } },
      { message: { from: { id: w.wang.user.id }, new_chat_members: [{ id: 42 }] } },
      { message: { text: '/start@redress_bot K3F9' } },
    ])
  })

  test('kicked, left, muted', async () => {
    w.group.restrict('redress_bot')
    expect(await send(w.group.chat)).toBe('400 Bad Request: not enough rights to send text messages to the chat')
    w.group.kick('redress_bot')
    expect(await send(w.group.chat)).toBe('403 Forbidden: bot was kicked from the supergroup chat')
    expect((await w.updates()).at(-1)).toMatchObject({ my_chat_member: { new_chat_member: { status: 'kicked' } } })
    w.group.join('redress_bot')
    expect((await w.call('leaveChat', { chat_id: w.group.chat })).result).toBe(true)
    expect(await send(w.group.chat)).toBe('403 Forbidden: bot is not a member of the supergroup chat')
  })

  test('a person must begin, by a deep link if there is one, and can block', async () => {
    expect(await send(w.li.user.id)).toBe("403 Forbidden: bot can't initiate conversation with a user")
    expect(await send(5)).toBe('400 Bad Request: chat not found')
    const own = w.li.start('redress_bot', 'K3F9')
    expect((await w.updates())[0]?.message).toMatchObject({
      text: '/start K3F9',
      chat: { id: w.li.user.id, type: 'private' },
    })
    expect(await send(w.li.user.id)).toBe('undefined undefined')
    w.li.block('redress_bot')
    expect(await send(w.li.user.id)).toBe('403 Forbidden: bot was blocked by the user')
    w.li.start('redress_bot')
    expect(await w.updates()).toMatchObject([
      { my_chat_member: { new_chat_member: { status: 'kicked' } } },
      { my_chat_member: { new_chat_member: { status: 'member' } } },
      { message: { text: '/start' } },
    ])
    expect(own.messages()).toHaveLength(3)
  })

  test('a basic group becomes a supergroup with another id', async () => {
    const old = w.telegram.group({ title: '小群', kind: 'group', people: [w.li], bots: ['redress_bot'] })
    const before = (await w.call('sendMessage', { chat_id: old.chat, text: 'a' })).result.message_id
    const group = old.migrate()
    expect(await w.updates()).toMatchObject([
      { message: { chat: { id: old.chat, type: 'group' }, migrate_to_chat_id: group.chat } },
      { message: { chat: { id: group.chat, type: 'supergroup' }, migrate_from_chat_id: old.chat } },
    ])
    expect(await w.call('sendMessage', { chat_id: old.chat, text: 'b' })).toEqual({
      ok: false,
      error_code: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: group.chat },
    })
    const edit = { chat_id: group.chat, message_id: before, text: 'c' }
    expect((await w.call('editMessageText', edit)).description).toBe('Bad Request: message to edit not found')
    expect(await send(group.chat)).toBe('undefined undefined')
  })
})

describe('forum topics', () => {
  test('a message stands in its topic; General takes no thread', async () => {
    const forum = w.telegram.group({ title: '论坛', forum: true, people: [w.li], bots: ['redress_bot'] })
    const topic = forum.topic('投诉 #1')
    await w.updates()
    const send = (more: object) => w.call('sendMessage', { chat_id: forum.chat, text: 'a', ...more })
    const { result } = await send({ message_thread_id: topic.thread })
    expect(result).toMatchObject({
      message_thread_id: topic.thread,
      is_topic_message: true,
      reply_to_message: { forum_topic_created: { name: '投诉 #1' } },
    })
    expect((await send({})).result.message_thread_id).toBeUndefined()
    expect((await send({ message_thread_id: 1 })).description).toBe('Bad Request: message thread not found')
    expect((await send({ reply_parameters: { message_id: result.message_id } })).result.message_thread_id).toBe(
      topic.thread,
    )
    expect([topic.messages().length, forum.messages().length]).toEqual([3, 4])
    w.li.say(topic, '/list')
    expect((await w.updates()).at(-1)?.message?.message_thread_id).toBe(topic.thread)
    forum.closeTopic(topic.thread ?? 0, true)
    expect((await send({ message_thread_id: topic.thread })).description).toBe('Bad Request: TOPIC_CLOSED')
  })

  test('what nobody has verified can be set the other way', async () => {
    const forum = w.telegram.group({ title: '论坛', forum: true, people: [w.li], bots: ['redress_bot'] })
    const topic = forum.topic('投诉 #1')
    w.telegram.setRules({ generalThread: 'taken', topicReply: false, answerTwice: true })
    const send = async (thread?: number) =>
      (await w.call('sendMessage', { chat_id: forum.chat, text: 'a', message_thread_id: thread })).result
    expect((await send(1)).message_thread_id).toBeUndefined()
    expect((await send(topic.thread)).reply_to_message).toBeUndefined()
    const id = await w.send('b', { reply_markup: button('x', 'x') })
    const { id: callback_query_id } = w.li.press(w.group, id, 'x')
    const answer = () => w.call('answerCallbackQuery', { callback_query_id })
    expect([(await answer()).ok, (await answer()).ok]).toEqual([true, true])
  })

  test('the bot makes topics only as an admin with the right', async () => {
    const forum = w.telegram.group({ title: '论坛', forum: true, people: [w.li], bots: ['redress_bot'] })
    const make = () => w.call('createForumTopic', { chat_id: forum.chat, name: '投诉 #2' })
    expect((await make()).description).toBe('Bad Request: not enough rights to create a topic')
    forum.promote('redress_bot', ['can_manage_topics'])
    const { result } = await make()
    const thread = { chat_id: forum.chat, message_thread_id: result.message_thread_id }
    expect((await w.call('editForumTopic', { ...thread, name: '已结' })).ok).toBe(true)
    expect((await w.call('closeForumTopic', thread)).ok).toBe(true)
    expect((await w.call('closeForumTopic', thread)).description).toBe('Bad Request: TOPIC_NOT_MODIFIED')
  })
})
