import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Json } from '../../sandbox/wecom/index.ts'
import {
  bot,
  card,
  cardMessage,
  type Link,
  markdown,
  message,
  openWorld,
  other,
  picture,
  type World,
} from './wecom-world.ts'

let world: World
let link: Link
beforeEach(async () => {
  world = await openWorld()
  link = await world.subscribed()
})
afterEach(() => world.close())

const push = (body: Json, chatid = world.group.chatid) => link.ask('aibot_send_msg', { chatid, ...body })
const spoken = async () => {
  world.li.say(world.group, 'hello', { to: bot.botId })
  return (await link.heard(message)).headers.req_id
}

describe('a push (chat.md §1.1)', () => {
  test('needs somebody who has spoken to the bot there', async () => {
    expect(await push(markdown('x'))).toMatchObject({ errcode: 93001 })
    world.li.say(world.group, 'hello')
    expect(await push(markdown('x'))).toMatchObject({ errcode: 93001 })
    await spoken()
    expect(await push(markdown('x'))).toMatchObject({ errcode: 0 })
    expect(world.last(world.wang)).toMatchObject({ from: bot.botId, kind: 'markdown', text: 'x' })
  })

  test('93006 for a chat that does not exist, 93008 for one it is not in, 93001 for a person who never wrote', async () => {
    await spoken()
    expect(await push(markdown('x'), 'wr000')).toMatchObject({ errcode: 93006 })
    world.group.remove(bot.botId)
    expect(await push(markdown('x'))).toMatchObject({ errcode: 93008 })
    expect(await push(markdown('x'), 'wangfang')).toMatchObject({ errcode: 93001 })
    world.wecom.single(world.wang, bot.botId)
    expect(await push(markdown('x'), 'wangfang')).toMatchObject({ errcode: 93001 })
  })

  test('reaches a person by userid, in any case; chat_type says which of the two is meant', async () => {
    await spoken()
    const chat = world.wecom.single(world.li, bot.botId)
    world.li.say(chat, 'hi')
    expect(await push(markdown('one'), 'liming')).toMatchObject({ errcode: 0 })
    expect(await push({ ...markdown('two'), chat_type: 1 }, 'LiMing')).toMatchObject({ errcode: 0 })
    expect(await push({ ...markdown('x'), chat_type: 2 }, 'LiMing')).toMatchObject({ errcode: 93006 })
    expect(await push({ ...markdown('x'), chat_type: 1 })).toMatchObject({ errcode: 93006 })
    expect(await push({ ...markdown('three'), chat_type: 2 })).toMatchObject({ errcode: 0 })
    expect(chat.seenBy(world.li).map(({ text }) => text)).toEqual(['hi', 'one', 'two'])
    expect(world.last().text).toBe('three')
  })

  test.each(['text', 'markdown_v2', 'stream', 'news', 'mpnews', undefined])('not of the type %s', async (msgtype) => {
    await spoken()
    const body = { msgtype, text: { content: 'x' }, markdown_v2: { content: 'x' } }
    expect(await push(body)).toMatchObject({ errcode: 40008 })
  })

  test('of 20480 bytes, not one more; never of none', async () => {
    await spoken()
    const most = `${'客'.repeat(6826)}xx`
    expect(Buffer.byteLength(most)).toBe(20480)
    expect(await push(markdown(most))).toMatchObject({ errcode: 0 })
    const over = await push(markdown(`${most}x`))
    expect(over).toMatchObject({ errcode: 40058, errmsg: expect.stringContaining('markdown.content') })
    expect(await push(markdown(''))).toMatchObject({ errcode: 40058 })
    expect(await push({ msgtype: 'markdown' })).toMatchObject({ errcode: 40058 })
  })

  test('is read without its marks', async () => {
    await spoken()
    const source = [
      '# 投诉 **#A7**',
      '> 货*没*到，[订单](https://example.com/a_b)',
      '- `a*b*c` \\*\\*not bold\\*\\* a_b_c',
      '---',
      '![图](https://example.com/p.png)',
      '```',
      '**kept**',
      '```',
      '<@LiMing> <font color="info">x</font>',
    ].join('\n')
    await push(markdown(source))
    expect(world.last()).toMatchObject({
      links: ['https://example.com/a_b', 'https://example.com/p.png'],
      mentions: [],
    })
    expect(world.last().text.split('\n')).toEqual([
      '投诉 #A7',
      '货没到，订单',
      '- a*b*c **not bold** a_b_c',
      '图',
      '**kept**',
      '<@LiMing> <font color="info">x</font>',
    ])
  })

  test('triggers no other bot (N2)', async () => {
    world.group.add(other.botId)
    const stranger = await world.subscribed(other.botId)
    await spoken()
    await push(markdown(`@${other.name} x`))
    world.li.say(world.group, 'hello', { to: other.botId })
    expect((await stranger.heard(message)).body.text?.content).toBe(`@${other.name} hello`)
  })
})

describe('the allowance of a conversation (chat.md §1.1)', () => {
  test('30 a minute, replies and pushes together, then 45009; other conversations have their own', async () => {
    const reqId = await spoken()
    const chat = world.wecom.single(world.li, bot.botId)
    world.li.say(chat, 'hi')
    for (let count = 0; count < 15; count++) {
      expect(await push(markdown('x'))).toMatchObject({ errcode: 0 })
      expect(await link.ask('aibot_respond_msg', markdown('y'), reqId)).toMatchObject({ errcode: 0 })
    }
    expect(await push(markdown('x'))).toMatchObject({ errcode: 45009 })
    expect(await link.ask('aibot_respond_msg', markdown('y'), reqId)).toMatchObject({ errcode: 45009 })
    expect(world.group.seenBy(world.li)).toHaveLength(31)
    expect(await push(cardMessage(card('t1')))).toMatchObject({ errcode: 45009 })
    expect(await push(markdown('x'), 'LiMing')).toMatchObject({ errcode: 0 })
    await world.pass(60_000)
    expect(await push(cardMessage(card('t1')))).toMatchObject({ errcode: 0 })
  })

  test('and so many an hour', async () => {
    world.wecom.setRules({ perHour: 3 })
    await spoken()
    for (let count = 0; count < 3; count++) {
      await push(markdown('x'))
      await world.pass(61_000)
    }
    expect(await push(markdown('x'))).toMatchObject({ errcode: 45009 })
  })

  test('or what is over is dropped without a word (limits.md, F14)', async () => {
    world.wecom.setRules({ perMinute: 1, over: 'dropped' })
    await spoken()
    await push(markdown('first'))
    expect(await push(markdown('second'))).toMatchObject({ errcode: 0 })
    expect(world.last().text).toBe('first')
  })
})

describe('a reply (chat.md §1.1)', () => {
  const respond = (body: Json, reqId: string) => link.ask('aibot_respond_msg', body, reqId)

  test('is good for 24 hours, several times', async () => {
    const reqId = await spoken()
    expect(await respond(markdown('one'), reqId)).toMatchObject({ errcode: 0 })
    await world.pass(24 * 3_600_000)
    link = await world.subscribed()
    expect(await respond(cardMessage(card('t1')), reqId)).toMatchObject({ errcode: 0 })
    expect(await respond({ msgtype: 'text', text: { content: 'x' } }, reqId)).toMatchObject({ errcode: 40008 })
    await world.pass(1)
    expect(await respond(markdown('x'), reqId)).toMatchObject({ errcode: 846605 })
    expect(world.group.seenBy(world.wang).map(({ kind }) => kind)).toEqual(['text', 'markdown', 'card'])
  })

  test('a stream is one message that grows, until it is finished or six minutes old', async () => {
    const reqId = await spoken()
    const stream = (content: string, more: Json = {}) =>
      respond({ msgtype: 'stream', stream: { id: 's1', content, ...more } }, reqId)
    expect(await stream('查询')).toMatchObject({ errcode: 0 })
    expect(await stream('查询中', { finish: true })).toMatchObject({ errcode: 0 })
    expect(world.group.seenBy(world.wang).map(({ text }) => text)).toEqual([`@${bot.name} hello`, '查询中'])
    expect(await stream('x')).toMatchObject({ errcode: 846608 })
    expect(await stream('a', { id: 's2' })).toMatchObject({ errcode: 0 })
    await world.pass(6 * 60_000 + 1)
    link = await world.subscribed()
    expect(await stream('b', { id: 's2' })).toMatchObject({ errcode: 846608 })
    expect(world.last().text).toBe('a')
    expect(await stream('x', { id: undefined })).toMatchObject({ errcode: 40058 })
    expect(await stream('客'.repeat(6827), { id: 's3' })).toMatchObject({ errcode: 40058 })
  })

  test('a stream may come with a card', async () => {
    const reqId = await spoken()
    const body = { msgtype: 'stream_with_template_card', stream: { id: 's', content: 'a', finish: true } }
    expect(await respond({ ...body, template_card: card('t1') }, reqId)).toMatchObject({ errcode: 0 })
    expect(world.group.seenBy(world.li).map(({ kind }) => kind)).toEqual(['text', 'markdown', 'card'])
  })
})

describe('an upload (chat.md §1.6)', () => {
  const chunk = 512 * 1024
  const big: Buffer = Buffer.concat([Buffer.from('%PDF'), Buffer.alloc(2 * chunk, 7)])
  const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')
  const init = (more: Json = {}) =>
    link.ask('aibot_upload_media_init', {
      type: 'file',
      filename: '投诉.csv',
      total_size: big.length,
      total_chunks: 3,
      md5: md5(big),
      ...more,
    })
  const idOf = async (answer: ReturnType<typeof init>) =>
    String(((await answer) as unknown as { body: Json }).body.upload_id)
  const piece = (upload_id: string, chunk_index: number, at: number, of = big) =>
    link.ask('aibot_upload_media_chunk', {
      upload_id,
      chunk_index,
      base64_data: of.subarray(at * chunk, (at + 1) * chunk).toString('base64'),
    })
  const finish = async (upload_id: string) => {
    const { errcode, errmsg, body } = await link.ask('aibot_upload_media_finish', { upload_id })
    return { errcode, errmsg, body: body as unknown as Json | undefined }
  }
  const whole = async (bytes: Buffer, type: string) => {
    const id = await idOf(init({ type, total_size: bytes.length, total_chunks: 1, md5: md5(bytes) }))
    await piece(id, 0, 0, bytes)
    return finish(id)
  }

  test.each([0, 1])(
    'in any order, repeated, counted from %i, over two connections; finish twice is one',
    async (from) => {
      await spoken()
      const id = await idOf(init())
      expect(await piece(id, from + 2, 2)).toMatchObject({ errcode: 0 })
      expect(await piece(id, from, 0)).toMatchObject({ errcode: 0 })
      expect(await finish(id)).toMatchObject({ errcode: 40058, errmsg: expect.stringContaining(`chunk ${from + 1}`) })
      world.wecom.cut(bot.botId)
      await link.over()
      link = await world.subscribed()
      expect(await piece(id, from, 0)).toMatchObject({ errcode: 0 })
      expect(await piece(id, from + 1, 1)).toMatchObject({ errcode: 0 })
      const done = await finish(id)
      expect(done.body).toEqual({ type: 'file', media_id: expect.any(String), created_at: expect.any(String) })
      expect((await finish(id)).body).toEqual(done.body)
      const file = { msgtype: 'file', file: { media_id: done.body?.media_id } }
      expect(await push(file)).toMatchObject({ errcode: 0 })
      expect(world.last(world.wang)).toMatchObject({ kind: 'file', text: '投诉.csv' })
    },
  )

  test('a picture is shown; its id is this bot’s, of this type, for three days', async () => {
    const bytes = picture(8, 8)
    await spoken()
    world.group.add(other.botId)
    world.li.say(world.group, 'hello', { to: other.botId })
    const { body } = await whole(bytes, 'image')
    const image = { msgtype: 'image', image: { media_id: body?.media_id } }
    expect(await push(image)).toMatchObject({ errcode: 0 })
    expect(world.last().pictures).toEqual([bytes])
    expect(await push({ msgtype: 'file', file: { media_id: body?.media_id } })).toMatchObject({ errcode: 40007 })
    expect(await push({ msgtype: 'image', image: { media_id: 'x' } })).toMatchObject({ errcode: 40007 })
    const own = link
    link = await world.subscribed(other.botId)
    expect(await push(image)).toMatchObject({ errcode: 40007 })
    link = own
    await world.pass(3 * 86_400_000)
    link = await world.subscribed()
    expect(await push(image)).toMatchObject({ errcode: 40007 })
  })

  test.each<[says: string, errcode: number, more: Json]>([
    ['type', 40004, { type: 'thumb' }],
    ['filename', 40058, { filename: '' }],
    ['too small', 40006, { total_size: 4 }],
    ['too big', 40006, { total_size: 20 * 1024 * 1024 + 1, total_chunks: 50 }],
    ['a picture too big', 40006, { type: 'image', total_size: 10 * 1024 * 1024 + 1, total_chunks: 50 }],
    ['a voice too big', 40006, { type: 'voice', total_size: 2 * 1024 * 1024 + 1, total_chunks: 50 }],
    ['no chunks', 40058, { total_chunks: 0 }],
    ['more than 100 chunks', 40058, { total_chunks: 101 }],
    ['chunks that cannot hold it', 40058, { total_chunks: 2 }],
    ['md5', 40058, { md5: 'x' }],
  ])('is refused at once: %s', async (_says, errcode, more) => {
    expect(await init(more)).toMatchObject({ errcode })
  })

  test('chunks of more than 512 KiB, out of range, or no base64 are refused', async () => {
    const id = await idOf(init())
    const send = (more: Json) => link.ask('aibot_upload_media_chunk', { upload_id: id, chunk_index: 0, ...more })
    expect(await send({ base64_data: Buffer.alloc(chunk + 1).toString('base64') })).toMatchObject({ errcode: 40058 })
    expect(await send({ base64_data: Buffer.alloc(chunk).toString('base64') })).toMatchObject({ errcode: 0 })
    expect(await send({ base64_data: 'a b' })).toMatchObject({ errcode: 40058 })
    expect(await send({ base64_data: 'aGk=', chunk_index: 4 })).toMatchObject({ errcode: 40058 })
    expect(await send({ base64_data: 'aGk=', chunk_index: -1 })).toMatchObject({ errcode: 40058 })
    expect(await send({ base64_data: 'aGk=', upload_id: 'x' })).toMatchObject({ errcode: 40058 })
  })

  test('what arrives must be what was announced', async () => {
    const pieces = [0, 1, 2]
    const wrong = await idOf(init({ md5: md5(Buffer.from('x')) }))
    for (const at of pieces) await piece(wrong, at, at)
    expect(await finish(wrong)).toMatchObject({ errcode: 40058, errmsg: expect.stringContaining('md5') })
    const short = await idOf(init({ md5: undefined, total_size: big.length + 1 }))
    for (const at of pieces) await piece(short, at, at)
    expect(await finish(short)).toMatchObject({ errcode: 40058, errmsg: expect.stringContaining('total_size') })
    expect(await whole(Buffer.from('not a picture'), 'image')).toMatchObject({ errcode: 40005 })
    expect(await whole(Buffer.from('not a voice'), 'voice')).toMatchObject({ errcode: 40005 })
    expect(await whole(Buffer.from('#!AMR\nvoice'), 'voice')).toMatchObject({ errcode: 0 })
  })

  test('is another bot’s business never, and forgotten after 30 minutes', async () => {
    const id = await idOf(init())
    const own = link
    link = await world.subscribed(other.botId)
    expect(await piece(id, 0, 0)).toMatchObject({ errcode: 40058 })
    link = own
    await world.pass(30 * 60_000)
    link = await world.subscribed()
    expect(await piece(id, 0, 0)).toMatchObject({ errcode: 40058 })
  })

  test('30 a minute', async () => {
    for (let count = 0; count < 30; count++) expect(await init()).toMatchObject({ errcode: 0 })
    expect(await init()).toMatchObject({ errcode: 45009 })
    await world.pass(60_000)
    expect(await init()).toMatchObject({ errcode: 0 })
  })
})
