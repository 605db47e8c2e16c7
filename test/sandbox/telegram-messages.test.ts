import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { button, openWorld, otherToken, token, type World } from './telegram-world.ts'

// facts/chat.md §3.2 "Limits" and §3.3 "telegraf internals to know"; grammyjs/types 5.0.0, comments of the methods.
let w: World
beforeEach(async () => {
  w = await openWorld()
})
afterEach(() => w.close())

const sent = (body: Readonly<Record<string, unknown>>) => w.call('sendMessage', { chat_id: w.group.chat, ...body })
const refusal = async (answer: Promise<{ description?: string; error_code?: number }>) => {
  const { error_code, description } = await answer
  return `${error_code} ${description}`
}

describe('the door', () => {
  test('getMe tells privacy mode', async () => {
    expect((await w.call('getMe')).result).toMatchObject({
      id: 42,
      is_bot: true,
      username: 'redress_bot',
      can_read_all_group_messages: false,
    })
    expect((await w.call('getMe', {}, otherToken)).result.can_read_all_group_messages).toBe(true)
  })

  test('a wrong token is 401, a thing that is no token and an unknown method are 404', async () => {
    expect(await (await fetch(`${w.url}/bot42:wrong/getMe`)).json()).toEqual({
      ok: false,
      error_code: 401,
      description: 'Unauthorized',
    })
    expect((await fetch(`${w.url}/botnothing/getMe`)).status).toBe(404)
    expect(await refusal(w.call('sendNothing'))).toBe('404 Not Found: method not found')
  })

  test('GET with a query, a form and names in any case say the same as JSON', async () => {
    const query = new URLSearchParams({ chat_id: String(w.group.chat), text: 'by GET' })
    const form = new URLSearchParams({
      chat_id: String(w.group.chat),
      text: 'by form',
      reply_markup: JSON.stringify(button('详情', 'd')),
    })
    await fetch(`${w.url}/bot${token}/sendmessage?${query}`)
    await fetch(`${w.url}/bot${token}/SENDMESSAGE`, { method: 'POST', body: form })
    expect(w.group.messages().map(({ text, buttons }) => [text, buttons])).toEqual([
      ['by GET', []],
      ['by form', [['详情']]],
    ])
  })

  test('the log knows the call and never the token', async () => {
    await w.send('投诉 #1')
    await sent({ text: '' })
    expect(w.telegram.calls()).toMatchObject([
      { bot: 'redress_bot', method: 'sendMessage', chat: w.group.chat, code: 200, messages: [2], ran: 'yes' },
      { method: 'sendMessage', code: 400, description: 'Bad Request: message text is empty', ran: 'no' },
    ])
    expect(JSON.stringify(w.telegram.calls())).not.toContain('redress-token')
  })
})

describe('sendMessage', () => {
  test('gives the message back as it stands in the chat', async () => {
    const { result } = await sent({ text: '<b>退款</b> &lt;12&gt; /list@redress_bot', parse_mode: 'HTML' })
    expect(result).toEqual({
      message_id: 2,
      from: { id: 42, is_bot: true, first_name: 'Redress', username: 'redress_bot' },
      chat: { id: w.group.chat, title: '客诉群', type: 'supergroup' },
      date: 1795226400,
      text: '退款 <12> /list@redress_bot',
      entities: [
        { type: 'bold', offset: 0, length: 2 },
        { type: 'bot_command', offset: 8, length: 17 },
      ],
    })
  })

  test.each([
    ['<b>未完', 'Can\'t find end tag corresponding to start tag "b"'],
    ['退<blink>x</blink>', 'Unsupported start tag "blink" at byte offset 3'],
    ['<br/>', 'Unsupported start tag "br/" at byte offset 0'],
    ['a < b', 'Unsupported start tag "" at byte offset 2'],
    ['<b>a</i>', 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
    ['a</b>', 'Unexpected end tag at byte offset 1'],
    ['<a href="x', 'Unclosed start tag at byte offset 0'],
    ['<span>a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ])('HTML that is none is refused: %s', async (text, why) => {
    expect(await refusal(sent({ text, parse_mode: 'HTML' }))).toBe(`400 Bad Request: can't parse entities: ${why}`)
  })

  test('each tag of the list, nested ones, links and mentions', async () => {
    const text =
      '<i>i</i><u>u</u><s>s</s><code>/c</code><pre>p</pre><blockquote expandable>q</blockquote><tg-spoiler>t</tg-spoiler>' +
      `<a href="https://example.com/?a=1&amp;b=2">l</a><a href="tg://user?id=${w.li.user.id}">李</a><a href="tg://user?id=5">谁</a><b><i>n</i></b>`
    const { result } = await sent({ text, parse_mode: 'HTML' })
    expect(result.text).toBe('ius/cpqtl李谁n')
    expect(result.entities.map(({ type, offset }) => [type, offset])).toEqual([
      ['italic', 0],
      ['underline', 1],
      ['strikethrough', 2],
      ['code', 3],
      ['pre', 5],
      ['expandable_blockquote', 6],
      ['spoiler', 7],
      ['text_link', 8],
      ['text_mention', 9],
      ['italic', 11],
      ['bold', 11],
    ])
    expect(result.entities[7]?.url).toBe('https://example.com/?a=1&b=2')
    expect(result.entities[8]?.user?.first_name).toBe('李')
  })

  test('4096 UTF-16 units after the tags are gone, not one more; blanks around do not count', async () => {
    const full = '投'.repeat(4094)
    expect((await sent({ text: ` <b>${full}</b>😀\n`, parse_mode: 'HTML' })).ok).toBe(true)
    expect(await refusal(sent({ text: `<b>${full}</b>😀!`, parse_mode: 'HTML' }))).toBe(
      '400 Bad Request: message is too long',
    )
    expect(await refusal(sent({ text: ' \n ' }))).toBe('400 Bad Request: message text is empty')
    expect(await refusal(sent({ text: '*x*', parse_mode: 'MarkdownV2' }))).toBe(
      '400 Bad Request: unsupported parse_mode',
    )
  })

  test('callback_data: 1 to 64 bytes, and a Chinese character is three', async () => {
    expect((await sent({ text: 'a', reply_markup: button('x', '投'.repeat(21)) })).ok).toBe(true)
    expect(await refusal(sent({ text: 'a', reply_markup: button('x', '投'.repeat(22)) }))).toBe(
      '400 Bad Request: BUTTON_DATA_INVALID',
    )
    expect(await refusal(sent({ text: 'a', reply_markup: button('x', '') }))).toBe(
      '400 Bad Request: BUTTON_DATA_INVALID',
    )
    const local = { inline_keyboard: [[{ text: 'x', url: 'http://localhost:3000/' }]] }
    expect(await refusal(sent({ text: 'a', reply_markup: local }))).toContain('Wrong HTTP URL')
    const rows = { inline_keyboard: Array.from({ length: 101 }, () => [{ text: 'x', callback_data: 'x' }]) }
    expect(await refusal(sent({ text: 'a', reply_markup: rows }))).toBe('400 Bad Request: REPLY_MARKUP_TOO_LONG')
  })

  test('a button keeps its style (Bot API 9.4)', async () => {
    const danger = { inline_keyboard: [[{ text: '退款', callback_data: 'r', style: 'danger' }]] }
    expect((await sent({ text: 'a', reply_markup: danger })).result.reply_markup).toEqual(danger)
  })

  test('a reply to a message that is not there', async () => {
    const missing = { message_id: 99 }
    expect(await refusal(sent({ text: 'a', reply_parameters: missing }))).toBe(
      '400 Bad Request: message to be replied not found',
    )
    const lenient = await sent({ text: 'b', reply_parameters: { ...missing, allow_sending_without_reply: true } })
    expect([lenient.ok, lenient.result.reply_to_message]).toEqual([true, undefined])
    const id = await w.send('c')
    expect((await sent({ text: 'd', reply_parameters: { message_id: id } })).result.reply_to_message?.text).toBe('c')
    expect((await sent({ text: 'e', reply_to_message_id: id })).result.reply_to_message?.text).toBe('c')
    expect(await refusal(sent({ text: 'f', ephemeral_message_parameters: { receiver_user_id: 1 } }))).toContain('400')
  })
})

describe('edits', () => {
  const edit = (id: number, body: Readonly<Record<string, unknown>>) =>
    w.call('editMessageText', { chat_id: w.group.chat, message_id: id, ...body })

  test('every look is kept; an edit without a keyboard takes the keyboard away', async () => {
    const id = await w.send('投诉 #1', { reply_markup: button('退款', 'r') })
    await w.pass(5000)
    const { result } = await edit(id, { text: '投诉 #1 已退款' })
    expect([result.date, result.edit_date, result.reply_markup]).toEqual([1795226400, 1795226405, undefined])
    expect(w.group.message(id)?.looks.map(({ text, buttons }) => [text, buttons])).toEqual([
      ['投诉 #1', [['退款']]],
      ['投诉 #1 已退款', []],
    ])
    expect(w.group.transcript()).toBe('02:00:00 2 Redress: 投诉 #1 已退款 (edited)')
  })

  test('message is not modified', async () => {
    const id = await w.send('<b>一</b>', { parse_mode: 'HTML', reply_markup: button('退款', 'r') })
    const same = { text: ' <strong>一</strong> ', parse_mode: 'HTML', reply_markup: button('退款', 'r') }
    expect(await refusal(edit(id, same))).toContain('400 Bad Request: message is not modified')
    expect((await edit(id, { ...same, reply_markup: button('退款', 's') })).ok).toBe(true)
    expect((await edit(id, { ...same, text: '一' })).ok).toBe(true)
  })

  test('what cannot be edited', async () => {
    expect(await refusal(edit(99, { text: 'a' }))).toBe('400 Bad Request: message to edit not found')
    const asked = await w.send('多少？', { reply_markup: { force_reply: true } })
    expect(await refusal(edit(asked, { text: 'a' }))).toBe("400 Bad Request: message can't be edited")
    const theirs = w.li.say(w.group, '/list').id
    expect(await refusal(edit(theirs, { text: 'a' }))).toBe("400 Bad Request: message can't be edited")
    const id = await w.send('a')
    expect(await refusal(edit(id, { text: 'x'.repeat(4097) }))).toBe('400 Bad Request: MESSAGE_TOO_LONG')
    expect(await refusal(w.call('editMessageCaption', { chat_id: w.group.chat, message_id: id, caption: 'c' }))).toBe(
      '400 Bad Request: there is no caption in the message to edit',
    )
  })

  test('editMessageReplyMarkup changes the keyboard alone', async () => {
    const id = await w.send('a', { reply_markup: button('退款', 'r') })
    const change = { chat_id: w.group.chat, message_id: id, reply_markup: button('确认', 'c') }
    expect((await w.call('editMessageReplyMarkup', change)).result.text).toBe('a')
    expect(await refusal(w.call('editMessageReplyMarkup', change))).toContain('message is not modified')
    expect(w.group.message(id)?.buttons).toEqual([['确认']])
  })

  test('deleteMessage: own ones within 48 hours, others only with the right', async () => {
    const remove = (id: number) => w.call('deleteMessage', { chat_id: w.group.chat, message_id: id })
    const young = await w.send('young')
    const old = await w.send('old')
    const theirs = w.li.say(w.group, 'hi').id
    expect((await remove(young)).result).toBe(true)
    expect(await refusal(remove(young))).toBe('400 Bad Request: message to delete not found')
    expect(await refusal(edit(young, { text: 'a' }))).toBe('400 Bad Request: message to edit not found')
    expect(await refusal(remove(theirs))).toBe("400 Bad Request: message can't be deleted")
    await w.pass(48 * 3_600_000)
    expect(await refusal(remove(old))).toBe("400 Bad Request: message can't be deleted")
    w.group.promote('redress_bot', ['can_delete_messages'])
    expect((await remove(old)).ok && (await remove(theirs)).ok).toBe(true)
  })
})
