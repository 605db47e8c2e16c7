import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Json } from '../../sandbox/wecom/index.ts'
import { card, event, openWorld, picture, settled, type World } from './wecom-world.ts'

let world: World
let key: string
beforeEach(async () => {
  world = await openWorld()
  key = world.group.webhook()
})
afterEach(() => world.close())

interface Answer {
  readonly errcode: number
  readonly errmsg: string
  readonly media_id?: string
  readonly type?: string
}

const send = (body: Json | string, of = key) =>
  ask('send', `key=${of}`, typeof body === 'string' ? body : JSON.stringify(body))
const ask = async (path: string, query: string, body: string | FormData): Promise<Answer> => {
  const headers = typeof body === 'string' ? { 'content-type': 'application/json' } : {}
  const answer = await fetch(`${world.url}/cgi-bin/webhook/${path}?${query}`, { method: 'POST', headers, body })
  return (await answer.json()) as Answer
}
const upload = (bytes: Buffer, name = '投诉.csv', type = 'file', field = 'media') => {
  const form = new FormData()
  form.append(field, new Blob([new Uint8Array(bytes)]), name)
  return ask('upload_media', `key=${key}&type=${type}`, form)
}
const text = (content: string, more: Json = {}): Json => ({ msgtype: 'text', text: { content, ...more } })
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')
const image = (bytes: Buffer, sum = md5(bytes)): Json => ({
  msgtype: 'image',
  image: { base64: bytes.toString('base64'), md5: sum },
})

describe('a group webhook (chat.md §1.7)', () => {
  test('posts for whoever has its key, and for nobody else', async () => {
    expect(await send(text('hello'))).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(world.last(world.wang)).toMatchObject({ from: `webhook:${key}`, kind: 'text', text: 'hello', mentions: [] })
    expect(await send(text('x'), 'wrong')).toMatchObject({ errcode: 93000 })
    expect(await ask('send', '', '{}')).toMatchObject({ errcode: 93000 })
    expect(world.group.seenBy(world.li)).toHaveLength(1)
    expect(world.group.webhook()).not.toBe(key)
  })

  test('mentions people, in a list or in the words', async () => {
    await send(text('看 <@LiMing> <@nobody>', { mentioned_list: ['wangfang', '@all'] }))
    expect(world.last()).toMatchObject({ text: '看 @李明 <@nobody>', mentions: ['LiMing', 'wangfang', '@all'] })
    await send({
      msgtype: 'markdown',
      markdown: { content: '**急** <@wangfang> <font color="warning">今天</font> *x*' },
    })
    expect(world.last()).toMatchObject({ kind: 'markdown', text: '急 @王芳 今天 *x*', mentions: ['wangfang'] })
    await send({ msgtype: 'markdown_v2', markdown_v2: { content: '*急* <@wangfang> <font color="warning">x</font>' } })
    expect(world.last()).toMatchObject({ text: '急 <@wangfang> <font color="warning">x</font>', mentions: [] })
  })

  test.each([
    ['text', 2048],
    ['markdown', 4096],
    ['markdown_v2', 4096],
  ])('%s of at most %i bytes', async (msgtype, most) => {
    const body = (content: string) => ({ msgtype, [msgtype]: { content } })
    expect(await send(body('x'.repeat(most)))).toMatchObject({ errcode: 0 })
    const over = await send(body(`${'客'.repeat(Math.floor(most / 3) + 1)}`))
    expect(over).toMatchObject({ errcode: 40058, errmsg: expect.stringContaining(`${msgtype}.content`) })
    expect(await send(body(''))).toMatchObject({ errcode: 40058 })
  })

  test('pictures of at most 2 MB, JPG or PNG, with their md5', async () => {
    const bytes = picture(6, 6)
    expect(await send(image(bytes))).toMatchObject({ errcode: 0 })
    expect(world.last().pictures).toEqual([bytes])
    expect(await send(image(bytes, md5(Buffer.from('x'))))).toMatchObject({ errcode: 301019 })
    expect(await send(image(Buffer.from('GIF89a and more')))).toMatchObject({ errcode: 40005 })
    const most = Buffer.concat([bytes, Buffer.alloc(2 * 1024 * 1024 - bytes.length)])
    expect(await send(image(most))).toMatchObject({ errcode: 0 })
    expect(await send(image(Buffer.concat([most, Buffer.alloc(1)])))).toMatchObject({ errcode: 93018 })
  })

  test('news of one to eight articles', async () => {
    const article = { title: '日报', description: '7 件', url: 'https://example.com/day' }
    const news = (articles: readonly Json[]) => send({ msgtype: 'news', news: { articles } })
    expect(await news([article, { ...article, title: '周报' }])).toMatchObject({ errcode: 0 })
    expect(world.last()).toMatchObject({ kind: 'news', text: '日报\n7 件\n周报\n7 件' })
    expect(world.last().links).toEqual([article.url, article.url])
    expect(await news([])).toMatchObject({ errcode: 40058 })
    expect(await news(Array.from({ length: 9 }, () => article))).toMatchObject({ errcode: 40058 })
    expect((await news([{ ...article, title: '客'.repeat(43) }])).errmsg).toContain('articles[0].title')
    expect((await news([{ title: 'x' }])).errmsg).toContain('articles[0].url')
  })

  test('text and news notices, but no buttons, menus or task_id', async () => {
    const notice = {
      card_type: 'text_notice',
      main_title: { title: '日报' },
      card_action: { type: 1, url: 'https://a.b' },
    }
    const post = (of: Json) => send({ msgtype: 'template_card', template_card: of })
    expect(await post(notice)).toMatchObject({ errcode: 0 })
    expect(world.last()).toMatchObject({ kind: 'card', text: '日报', buttons: [] })
    expect(() => world.li.press(world.group, world.last(), 'x')).toThrow('not a bot’s card')
    const attachment = { keyname: '附件', value: 'a.csv', type: 2, media_id: 'm' }
    expect(await post({ ...notice, horizontal_content_list: [attachment] })).toMatchObject({ errcode: 0 })
    expect((await post(card('t1'))).errmsg).toContain('card_type')
    expect((await post({ ...notice, task_id: 't' })).errmsg).toContain('task_id')
    const action_menu = { desc: 'x', action_list: [{ text: 'x', key: 'k' }] }
    expect((await post({ ...notice, action_menu })).errmsg).toContain('action_menu')
    expect((await post({ ...notice, card_action: undefined })).errmsg).toContain('card_action')
  })

  test('files that were uploaded with the same key', async () => {
    const { errcode, media_id, type } = await upload(Buffer.from('a,b\n1,2\n'))
    expect([errcode, type]).toEqual([0, 'file'])
    const body = { msgtype: 'file', file: { media_id } }
    expect(await send(body)).toMatchObject({ errcode: 0 })
    expect(world.last()).toMatchObject({ kind: 'file', text: '投诉.csv' })
    expect(await send(body, world.group.webhook())).toMatchObject({ errcode: 40007 })
    await world.pass(3 * 86_400_000)
    expect(await send(body)).toMatchObject({ errcode: 40007 })
  })

  test('of 5 bytes to 20 MB, as `media`, file or voice', async () => {
    expect(await upload(Buffer.alloc(20 * 1024 * 1024))).toMatchObject({ errcode: 0 })
    expect(await upload(Buffer.alloc(20 * 1024 * 1024 + 1))).toMatchObject({ errcode: 40006 })
    expect(await upload(Buffer.alloc(4))).toMatchObject({ errcode: 40006 })
    expect(await upload(Buffer.alloc(9), 'a', 'image')).toMatchObject({ errcode: 40004 })
    expect(await upload(Buffer.alloc(9), 'a', 'voice')).toMatchObject({ errcode: 40005 })
    expect(await upload(Buffer.alloc(9), 'a', 'file', 'file')).toMatchObject({ errcode: 41005 })
  })

  test.each([
    ['', 93017],
    ['[]', 47001],
    ['{', 47001],
    ['{}', 40008],
    ['{"msgtype":"voice_call"}', 40008],
    ['{"msgtype":"text"}', 40058],
  ])('refuses %j with %i', async (body, errcode) => {
    expect(await send(body)).toMatchObject({ errcode })
  })

  test('20 a minute, each key for itself; what is refused does not count', async () => {
    await send(text(''))
    for (let count = 0; count < 20; count++) expect(await send(text('x'))).toMatchObject({ errcode: 0 })
    expect(await send(text('x'))).toMatchObject({ errcode: 45009 })
    world.wecom.setRules({ webhookOver: 130101 })
    expect(await send(text('x'))).toMatchObject({ errcode: 130101 })
    expect(await send(text('x'), world.group.webhook())).toMatchObject({ errcode: 0 })
    world.wecom.setRules({ over: 'dropped' })
    expect(await send(text('dropped'))).toMatchObject({ errcode: 0 })
    expect(world.group.seenBy(world.li).map((shown) => shown.text)).not.toContain('dropped')
    await world.pass(60_000)
    expect(await send(text('again'))).toMatchObject({ errcode: 0 })
    expect(world.last().text).toBe('again')
  })

  test('tells bots nothing', async () => {
    const link = await world.subscribed()
    await send(text('@客诉 助手 hello'))
    await settled()
    expect(link.frames.filter(({ cmd }) => cmd !== undefined && cmd !== event)).toEqual([])
  })
})

describe('misbehaviour', () => {
  test('an error, and nothing is done', async () => {
    world.wecom.misbehave({ on: 'webhook', how: { errcode: -1, errmsg: 'system error' } })
    expect(await send(text('x'))).toEqual({ errcode: -1, errmsg: 'system error' })
    expect(world.group.seenBy(world.li)).toEqual([])
    expect(await send(text('y'))).toMatchObject({ errcode: 0 })
  })

  test('an answer that never comes, done or not', async () => {
    world.wecom.misbehave({ on: 'webhook', how: { lost: 'answer' } })
    await expect(send(text('done'))).rejects.toThrow()
    world.wecom.misbehave({ on: 'webhook', how: { lost: 'request' } })
    await expect(send(text('not done'))).rejects.toThrow()
    expect(world.group.seenBy(world.li).map((shown) => shown.text)).toEqual(['done'])
    expect(world.wecom.calls().map(({ botId, cmd, errcode }) => [botId, cmd, errcode])).toEqual([
      [`webhook:${key}`, 'webhook', 0],
    ])
  })

  test('an answer that comes late; an upload that fails', async () => {
    world.wecom.misbehave({ on: 'webhook', how: { lateMs: 30_000 } })
    let answered = false
    const late = send(text('x')).then(() => {
      answered = true
    })
    await settled()
    expect([answered, world.group.seenBy(world.li).length]).toEqual([false, 1])
    await world.pass(30_000)
    await late
    world.wecom.misbehave({ on: 'webhook_upload', how: { errcode: 45009 } })
    expect(await upload(Buffer.alloc(9))).toMatchObject({ errcode: 45009 })
    expect(await upload(Buffer.alloc(9))).toMatchObject({ errcode: 0 })
  })
})
