import { createDecipheriv } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  bot,
  card,
  cardMessage,
  event,
  type Link,
  markdown,
  message,
  openWorld,
  other,
  picture,
  settled,
  start,
  type World,
} from './wecom-world.ts'

let world: World
let link: Link
beforeEach(async () => {
  world = await openWorld()
  link = await world.subscribed()
})
afterEach(() => world.close())

const messages = () => link.frames.filter(({ cmd }) => cmd === message)
const events = () => link.frames.filter(({ cmd }) => cmd === event)

/** By the words of chat.md §1.3: AES-256-CBC, IV = the key's first 16 bytes, PKCS#7 to 32. */
async function download({ url, aeskey }: { url: string; aeskey: string }) {
  const answer = await fetch(url)
  const sealed = Buffer.from(await answer.arrayBuffer())
  const key = Buffer.from(aeskey, 'base64')
  const cipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([cipher.update(sealed), cipher.final()])
  const pad = padded.at(-1) ?? 0
  expect(padded.length % 32).toBe(0)
  expect([...padded.subarray(-pad)].every((byte) => byte === pad)).toBe(true)
  return { key, bytes: padded.subarray(0, -pad), disposition: answer.headers.get('content-disposition') }
}

describe('what a bot hears in a group (chat.md §1.3)', () => {
  test('a text that @s it, as typed, with who and where', async () => {
    world.li.say(world.group, `@${bot.name} /list`)
    const { headers, body } = await link.heard(message)
    expect(headers.req_id).not.toBe('')
    expect(body).toEqual({
      msgid: expect.any(String),
      aibotid: bot.botId,
      chatid: world.group.chatid,
      chattype: 'group',
      from: { userid: 'LiMing' },
      create_time: start / 1000,
      msgtype: 'text',
      text: { content: `@${bot.name} /list` },
    })
  })

  test.each([`＠${bot.name} a`, `看 @${bot.name}列表`, `@李明 @${bot.name} b`])('also by %s', async (text) => {
    world.wang.say(world.group, text)
    expect((await link.heard(message)).body.text?.content).toBe(text)
  })

  test('and nothing else: no talk, no other name, no plain picture or file', async () => {
    world.li.say(world.group, 'hello')
    world.li.say(world.group, bot.name)
    world.li.say(world.group, '@李明 look')
    world.li.say(world.group, `@${other.name} look`)
    world.li.picture(world.group, picture(4, 4))
    world.li.file(world.group, { name: 'a.txt', bytes: Buffer.from('hello') })
    world.li.mixed(world.group, ['look', picture(4, 4)])
    world.li.say(world.group, `@${bot.name} now`)
    await link.heard(message)
    await settled()
    expect(messages().map(({ body }) => body.text?.content)).toEqual([`@${bot.name} now`])
    expect(world.group.seenBy(world.wang)).toHaveLength(8)
  })

  test('of two bots the one with the longer name, when one name begins the other', async () => {
    world.group.add(other.botId)
    const second = await world.subscribed(other.botId)
    world.li.say(world.group, `@${bot.name} x`)
    world.li.say(world.group, `@${other.name} y`)
    await second.heard(message)
    await settled()
    expect(messages()).toHaveLength(1)
    expect(second.frames.filter(({ cmd }) => cmd === message).map(({ body }) => body.text?.content)).toEqual([
      `@${other.name} y`,
    ])
  })

  test('text and pictures in one message, each picture with an address and key of its own', async () => {
    const [first, second] = [picture(4, 4), picture(9, 3)]
    world.li.mixed(world.group, ['/evidence A7', first, second], { to: bot.botId })
    const { body } = await link.heard(message)
    const items = body.mixed?.msg_item ?? []
    expect(items.map(({ msgtype }) => msgtype)).toEqual(['text', 'image', 'image'])
    expect(items[0]?.text?.content).toBe(`@${bot.name} /evidence A7`)
    const got = await Promise.all(items.flatMap(({ image }) => (image ? [download(image)] : [])))
    expect(got.map(({ bytes }) => bytes)).toEqual([first, second])
    expect(got[0]?.key).not.toEqual(got[1]?.key)
    expect(got[0]?.key).toHaveLength(32)
  })

  test('what is quoted: text, a picture, both, and the words of a card', async () => {
    const bytes = picture(4, 4)
    const text = world.wang.say(world.group, '货没到')
    const plain = world.wang.picture(world.group, bytes)
    const both = world.wang.mixed(world.group, ['看', bytes])
    for (const quote of [text, plain, both]) world.li.say(world.group, '记下', { to: bot.botId, quote })
    const { body: third } = await link.heard(message, 2)
    expect(messages().map(({ body }) => body.quote?.msgtype)).toEqual(['text', 'image', 'mixed'])
    expect(messages()[0]?.body.quote?.text?.content).toBe('货没到')
    const image = messages()[1]?.body.quote?.image
    expect(image && (await download(image)).bytes).toEqual(bytes)
    expect(third.quote?.mixed?.msg_item.map(({ msgtype }) => msgtype)).toEqual(['text', 'image'])
    await link.ask('aibot_send_msg', { chatid: world.group.chatid, ...cardMessage(card('t1')) })
    world.li.say(world.group, '这个', { to: bot.botId, quote: world.last() })
    expect((await link.heard(message, 3)).body.quote).toEqual({ msgtype: 'text', text: { content: '交易投诉 #A7' } })
  })

  test('nothing once it or the person has left', async () => {
    world.group.remove(bot.botId)
    world.li.say(world.group, `@${bot.name} a`)
    world.group.add(bot.botId)
    world.group.remove(world.li)
    expect(() => world.li.say(world.group, `@${bot.name} b`)).toThrow('is not in')
    expect(world.group.seenBy(world.li)).toEqual([])
    world.group.add('liming')
    world.li.say(world.group, `@${bot.name} c`)
    expect((await link.heard(message)).body.text?.content).toBe(`@${bot.name} c`)
    expect(world.group.seenBy(world.li).map(({ text }) => text)).toContain(`@${bot.name} c`)
  })
})

describe('单聊 (chat.md §1.3, §1.4)', () => {
  test('the first visit of a day is told, by the days of Shanghai', async () => {
    world.wecom.single(world.li, bot.botId)
    world.wecom.single(world.li, bot.botId)
    const { body } = await link.heard(event)
    expect(body).toMatchObject({ chattype: 'single', from: { userid: 'LiMing' }, event: { eventtype: 'enter_chat' } })
    expect(body.chatid).toBeUndefined()
    // 10:00 in Shanghai; midnight is 14 hours away.
    await world.pass(14 * 3_600_000 - 1000)
    world.wecom.single(world.li, bot.botId)
    await world.pass(1000)
    // Silent for too long in between.
    link = await world.subscribed()
    world.wecom.single(world.li, bot.botId)
    await link.heard(event)
    await settled()
    expect(events()).toHaveLength(1)
  })

  test('every message arrives without an @, pictures and files too, and no chatid', async () => {
    const chat = world.wecom.single(world.li, bot.botId)
    const bytes = picture(5, 5)
    world.li.say(chat, '/whoami')
    world.li.picture(chat, bytes)
    world.li.file(chat, { name: '证据 1.pdf', bytes: Buffer.from('%PDF-1.7 x') })
    const { body } = await link.heard(message, 2)
    expect(messages().map((one) => [one.body.msgtype, one.body.chatid, one.body.chattype])).toEqual([
      ['text', undefined, 'single'],
      ['image', undefined, 'single'],
      ['file', undefined, 'single'],
    ])
    const image = messages()[1]?.body.image
    expect(image && (await download(image)).bytes).toEqual(bytes)
    const file = body.file && (await download(body.file))
    expect(file?.bytes.toString()).toBe('%PDF-1.7 x')
    expect(file?.disposition).toContain(`filename*=UTF-8''${encodeURIComponent('证据 1.pdf')}`)
  })

  test('is between two: nobody else sees it', () => {
    const chat = world.wecom.single(world.li, bot.botId)
    world.li.say(chat, 'psst')
    expect(chat.seenBy(world.li).map(({ text }) => text)).toEqual(['psst'])
    expect(chat.seenBy(world.wang)).toEqual([])
    expect(() => world.wang.say(chat, 'me too')).toThrow('is not in')
    expect(world.wecom.single(world.wang, bot.botId)).not.toBe(chat)
  })

  test('the welcome is one answer in five seconds, text or card (chat.md §1.1)', async () => {
    const chat = world.wecom.single(world.li, bot.botId)
    const { headers } = await link.heard(event)
    const hello = { msgtype: 'text', text: { content: '你好' } }
    expect(await link.ask('aibot_respond_welcome_msg', markdown('x'), headers.req_id)).toMatchObject({ errcode: 40008 })
    expect(await link.ask('aibot_respond_welcome_msg', hello, headers.req_id)).toMatchObject({ errcode: 0 })
    expect(chat.seenBy(world.li).map(({ text }) => text)).toEqual(['你好'])
    expect(await link.ask('aibot_respond_welcome_msg', hello, headers.req_id)).toMatchObject({ errcode: 846605 })
    world.wecom.single(world.wang, bot.botId)
    const second = await link.heard(event, 1)
    await world.pass(5001)
    expect(await link.ask('aibot_respond_welcome_msg', hello, second.headers.req_id)).toMatchObject({ errcode: 846605 })
  })
})

describe('addresses of pictures (chat.md §1.3)', () => {
  test('are good for five minutes', async () => {
    world.li.mixed(world.group, ['a', picture(4, 4)], { to: bot.botId })
    const image = (await link.heard(message)).body.mixed?.msg_item[1]?.image
    const url = image?.url ?? ''
    await world.pass(5 * 60_000 - 1)
    expect((await fetch(url)).status).toBe(200)
    await world.pass(1)
    expect((await fetch(url)).status).toBe(403)
    expect((await fetch(`${world.url}/media/0123`)).status).toBe(403)
  })

  test('what lies there is not the picture', async () => {
    const bytes = picture(4, 4)
    world.li.mixed(world.group, ['a', bytes], { to: bot.botId })
    const image = (await link.heard(message)).body.mixed?.msg_item[1]?.image
    const sealed = Buffer.from(await (await fetch(image?.url ?? '')).arrayBuffer())
    expect(sealed.includes(bytes.subarray(0, 16))).toBe(false)
  })
})
