import { describe, expect, test } from 'vitest'
import { withoutMention } from '../../../bots/wecom/mention.ts'
import { chatOf, readMessage, sceneOf } from '../../../bots/wecom/read.ts'
import { parseSettings } from '../../../bots/wecom/settings.ts'
import { troubleOf } from '../../../bots/wecom/trouble.ts'
import { reads } from '../../../bots/wecom/wire.ts'
import { InputError } from '../../../src/core/errors.ts'
import { secrets } from './stage.ts'

describe('our name is taken out of what is said to us', () => {
  const known = { botId: 'aib1', name: 'Redress 客诉' }
  const unknown = { botId: 'aib1' }
  test.each([
    ['@Redress 客诉 /list', '/list'],
    ['@Redress 客诉\u2005/list', '/list'],
    ['＠redress  客诉 ／同意128 好的', '／同意128 好的'],
    ['@Redress 客诉 非常抱歉 /见附件', '非常抱歉 /见附件'],
    ['好的 @Redress 客诉', '好的'],
    ['好的@Redress 客诉 谢谢', '好的谢谢'],
    ['@王思远 @Redress 客诉 /assign 128 @王思远', '@王思远 /assign 128 @王思远'],
    ['@aib1 /list', '/list'],
    ['@Redress 客诉', ''],
    ['@Redress 客诉组 /list', '/list'],
    ['mail@Redress 客诉', 'mail@Redress 客诉'],
    ['@Redress 客诉\n第一行\n第二行', '第一行\n第二行'],
  ])('known: %s', (said, left) => {
    expect(withoutMention(said, known)).toBe(left)
  })
  test.each([
    ['@Redress 客诉 /list open', '/list open'],
    ['@Redress /list', '/list'],
    ['@Redress ／list', '／list'],
    ['@Redress 非常抱歉', '非常抱歉'],
    ['@Redress @王思远 好的', '好的'],
    ['没有提到谁 a/b', '没有提到谁 a/b'],
    ['@Redress 1/2 的货坏了', '1/2 的货坏了'],
    [`@Redress ${'很长'.repeat(40)} /x`, `${'很长'.repeat(40)} /x`],
    ['@Redress 第一行\n/x', '第一行\n/x'],
  ])('unknown: %s', (said, left) => {
    expect(withoutMention(said, unknown)).toBe(left)
  })
})

describe('what is read', () => {
  const us = { botId: 'aib1', name: 'Redress' }
  const base = { msgid: 'm1', chatid: 'wr1', chattype: 'group', from: { userid: 'LiWenbo' } }
  const read = (body: object) => {
    const { body: message } = reads.message.parse({ headers: { req_id: 'r' }, body: { ...base, ...body } })
    const scene = sceneOf(message)
    if (!scene) throw new Error('nobody')
    return readMessage(message, scene, us)
  }

  test('who and where: ids in small letters, a chat alone named after the person', () => {
    expect(sceneOf(base)).toEqual({
      spot: { chat: 'wr1' },
      alone: false,
      user: { id: 'liwenbo', name: 'LiWenbo' },
      userid: 'LiWenbo',
    })
    const alone = sceneOf({ msgid: 'm', chattype: 'single', from: { userid: 'LiWenbo' } })
    expect(alone).toMatchObject({ spot: { chat: 'single:LiWenbo' }, alone: true })
    expect(alone && chatOf(alone.spot)).toEqual({ chatid: 'LiWenbo', chat_type: 1 })
    expect(chatOf({ chat: 'wr1' })).toEqual({ chatid: 'wr1', chat_type: 2 })
  })

  test('nobody is heard as a person', () => {
    expect(sceneOf({ ...base, from: { userid: '' } })).toBeUndefined()
    expect(sceneOf({ ...base, from: { userid: 'sys' } })).toBeUndefined()
  })

  test('words and pictures of one message, and the pictures of the one it quotes', () => {
    const image = (url: string) => ({ msgtype: 'image', image: { url, aeskey: 'k' } })
    const said = read({
      msgtype: 'mixed',
      mixed: {
        msg_item: [{ msgtype: 'text', text: { content: '@Redress /evidence 128 发货单' } }, image('https://a/1')],
      },
      quote: {
        msgtype: 'mixed',
        mixed: { msg_item: [{ msgtype: 'text', text: { content: '旧的话' } }, image('https://a/2')] },
      },
    })
    expect(said).toEqual({
      text: '/evidence 128 发货单',
      quoted: '旧的话',
      media: [
        { url: 'https://a/1', aeskey: 'k' },
        { url: 'https://a/2', aeskey: 'k' },
      ],
      lost: 0,
    })
  })

  test('our name alone asks for help; with a quote it does not', () => {
    expect(read({ msgtype: 'text', text: { content: '@Redress ' } }).text).toBe('/help')
    const quote = { msgtype: 'text', text: { content: 'x' } }
    expect(read({ msgtype: 'text', text: { content: '@Redress ' }, quote }).text).toBeUndefined()
  })

  test('a voice is its words, a video is lost, the twenty-first picture too', () => {
    expect(read({ chattype: 'single', msgtype: 'voice', voice: { content: '你好' } }).text).toBe('你好')
    expect(read({ chattype: 'single', msgtype: 'video', video: { url: 'https://a/v' } })).toEqual({
      media: [],
      lost: 1,
    })
    const items = Array.from({ length: 21 }, (_, at) => ({ msgtype: 'image', image: { url: `https://a/${at}` } }))
    const many = read({ msgtype: 'mixed', mixed: { msg_item: items } })
    expect([many.media.length, many.lost]).toEqual([20, 1])
  })

  test('a press is read nested, as it comes, and flat, as the SDK has it', () => {
    const inner = { event_key: 'k', task_id: 't' }
    const frame = (event: object) => ({ headers: { req_id: 'r' }, body: { ...base, msgtype: 'event', event } })
    for (const event of [
      { eventtype: 'template_card_event', template_card_event: inner },
      { ...inner, eventtype: 'template_card_event' },
    ])
      expect(reads.press.parse(frame(event)).body.event).toMatchObject(inner)
    expect(reads.press.safeParse(frame({ eventtype: 'enter_chat' })).success).toBe(false)
  })
})

describe('settings', () => {
  const problems = (settings: Record<string, unknown>, more: Record<string, string> = {}) => {
    try {
      parseSettings({ settings, secrets: { ...secrets, ...more } })
      return []
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      return error.problems.map(({ field }) => field)
    }
  }

  test('nothing but the secrets is needed', () => {
    expect(parseSettings({ settings: {}, secrets })).toEqual({
      ...secrets,
      url: 'wss://openws.work.weixin.qq.com',
      pause: 60_000,
    })
    expect(parseSettings({ settings: { name: '＠客诉 ', pauseSeconds: 30 }, secrets })).toMatchObject({
      name: '客诉',
      pause: 30_000,
    })
  })

  test('each mistake is named with its field', () => {
    expect(problems({ url: 'ws://127.0.0.1:1' })).toEqual([])
    expect(problems({ url: 'ws://openws.work.weixin.qq.com' })).toEqual(['settings.url'])
    expect(problems({ url: 'https://openws.work.weixin.qq.com' })).toEqual(['settings.url'])
    expect(problems({ url: 'wss://u:p@x' })).toEqual(['settings.url'])
    expect(problems({ name: '' })).toEqual(['settings.name'])
    expect(problems({ nmae: 'x', pauseSeconds: 1 })).toEqual(['settings.pauseSeconds', 'settings.nmae'])
    expect(problems({}, { secret: 'has a blank' })).toEqual(['secrets.secret'])
    expect(problems({}, { botId: '' })).toEqual(['secrets.botId'])
  })
})

describe('what WeCom says no with', () => {
  const bot = { pause: 60_000, secret: 'S'.repeat(43) }

  test.each([
    [45009, 'busy'],
    [-1, 'busy'],
    [93001, 'forbidden'],
    [93006, 'forbidden'],
    [93008, 'forbidden'],
    [86008, 'forbidden'],
    [853000, 'forbidden'],
    [846605, 'refused'],
    [846608, 'refused'],
    [42014, 'refused'],
    [40016, 'refused'],
    [40008, 'refused'],
  ])('%i is %s', (errcode, trouble) => {
    const error = troubleOf({ headers: { req_id: 'r' }, errcode, errmsg: 'theirs' }, 'send', bot)
    expect(error).toMatchObject({ trouble, code: String(errcode) })
  })

  test('a sentence that repeats what was sent is passed on without the secret', () => {
    const { message } = troubleOf({ errcode: 40058, errmsg: `bad: {"secret":"${bot.secret}"}` }, 'send', bot)
    expect(message).toContain('bad: {"secret":"…"}')
  })

  test('too many: rest as long as the settings say; a person is told what to do', () => {
    expect(troubleOf({ errcode: 45009, errmsg: 'x' }, 'send', { ...bot, pause: 7_000 }).wait).toBe(7_000)
    expect(troubleOf({ errcode: 93001, errmsg: 'x' }, 'send', bot).message).toMatch(/somebody must @ it/)
  })

  test("the SDK's sentences: never sent, no answer, cut, a failed upload", () => {
    const of = (message: string) => troubleOf(new Error(message), 'send', bot)
    expect(of('WebSocket not connected, unable to send data').trouble).toBe('unreachable')
    expect(of('Reply ack timeout (5000ms) for reqId: x')).toMatchObject({ trouble: 'unknown', code: 'timeout' })
    expect(of('WebSocket connection closed (code: 1006), reply for reqId: x cancelled')).toMatchObject({
      trouble: 'unknown',
      code: 'cut',
    })
    const upload = 'Upload failed: 1 chunk(s) failed. First error: Chunk 0 upload failed after 3 attempts: '
    expect(of(`${upload}{"headers":{"req_id":"x"},"errcode":45009,"errmsg":"y"}`).trouble).toBe('busy')
    expect(of(`${upload}WebSocket not connected, unable to send data`).trouble).toBe('unreachable')
  })
})
