import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BrowserBot } from '../../../bots/browser/index.ts'
import { createTranscript } from '../../../bots/browser/transcript.ts'
import { manualClock } from '../../../src/core/clock.ts'
import { InputError, OutsideError } from '../../../src/core/errors.ts'
import { pictureLimit } from '../../../src/core/picture.ts'
import { asPostId } from '../../../src/core/words.ts'
import { cards, counter, dot, group, menu } from './group.ts'
import { makeBot, visit } from './stage.ts'

const ops = { chat: 'ops' }
const start = Date.parse('2026-07-21T06:00:00Z')
const clock = manualClock(start)
let bot: BrowserBot
let page: Awaited<ReturnType<typeof visit>>
let app: ReturnType<typeof counter>

beforeEach(async () => {
  bot = makeBot({}, clock)
  app = counter(clock.now)
  await bot.start(app.hear)
  page = await visit(bot)
})
afterEach(() => bot.stop())

const posted = async (card = cards.calm(start)) => {
  const id = await bot.post(ops, { card })
  if (!id) throw new Error('nothing was posted')
  return id
}

describe('what a person does is heard', () => {
  test('words, with what they answer to and their pictures', async () => {
    const id = await posted()
    const picture = await page.upload(dot)
    const said = await page.act('say', { as: 'li', chat: 'ops', text: ' 坏果照片 ', replyTo: id, pictures: [picture] })
    expect(said.status).toBe(200)
    expect(app.heard).toEqual([
      {
        id: said.post,
        spot: ops,
        alone: false,
        user: { id: 'li', name: '李文博' },
        text: '坏果照片',
        pictures: [dot],
        replyTo: id,
      },
    ])
  })

  test('a press, with the card it was on; each press is another event', async () => {
    const id = await posted()
    const press = { as: 'zhang', chat: 'ops', post: id, token: 'claim' }
    expect(await page.act('press', press)).toEqual({ status: 200, toast: '已认领' })
    await page.act('press', press)
    expect(app.heard[0]).toMatchObject({ user: { id: 'zhang' }, press: { token: 'claim', post: id } })
    expect(new Set(app.heard.map((heard) => heard.id)).size).toBe(2)
  })

  test('a private chat is heard as such, and nobody else may speak there', async () => {
    await page.act('say', { as: 'wang', chat: 'alone:wang', text: '/bind 123456' })
    expect(app.heard[0]).toMatchObject({ alone: true, spot: { chat: 'alone:wang' }, text: '/bind 123456' })
    expect(await page.act('say', { as: 'li', chat: 'alone:wang', text: '?' })).toMatchObject({
      status: 404,
      error: 'refused.chat',
    })
    expect((await page.get('/api/rooms/alone:wang?as=li')).status).toBe(404)
  })

  test.each([
    ['an unknown person', { as: 'nobody', chat: 'ops', text: 'x' }, 404, 'refused.person'],
    ['an unknown room', { as: 'li', chat: 'cellar', text: 'x' }, 404, 'refused.chat'],
    ['an unknown post', { as: 'li', chat: 'ops', text: 'x', replyTo: 'p1' }, 404, 'refused.post'],
    ['an unknown picture', { as: 'li', chat: 'ops', pictures: ['ab'] }, 404, 'refused.picture'],
    ['nothing said', { as: 'li', chat: 'ops', text: '  ' }, 422, 'refused.nothing'],
    ['no person', { chat: 'ops', text: 'x' }, 400, 'refused.request'],
    ['too many words', { as: 'li', chat: 'ops', text: 'x'.repeat(70_000) }, 413, 'refused.size'],
  ])('%s is refused and not heard', async (_what, body, status, error) => {
    expect(await page.act('say', body)).toMatchObject({ status, error })
    expect(app.heard).toEqual([])
  })

  test('only pictures of at most 10 MB are taken', async () => {
    const big = new Uint8Array(pictureLimit + 1)
    big.set(dot.bytes)
    expect((await page.send('/api/pictures', big)).status).toBe(413)
    expect((await page.send('/api/pictures', '<svg onload=alert(1)>')).status).toBe(415)
    const shown = await page.get(`/api/pictures/${await page.upload(dot)}`)
    expect(shown.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(dot.bytes)
  })
})

describe('what the app answers is shown', () => {
  test('the pressed card as it is now, and a refusal that must be read', async () => {
    const id = await posted()
    await page.act('press', { as: 'zhang', chat: 'ops', post: id, token: 'claim' })
    const [shown] = await page.entries('ops', 'li')
    expect(JSON.stringify(shown?.card)).toContain('张晓兰')
    const refused = await page.act('press', { as: 'li', chat: 'ops', post: id, token: 'refuse' })
    expect(refused).toMatchObject({ alert: true, toast: '没有退款权限，请联系管理员开通。' })
  })

  test('words for one person are seen by nobody else', async () => {
    const id = await posted()
    await page.act('press', { as: 'li', chat: 'ops', post: id, token: 'detail' })
    expect(await page.entries('ops', 'li')).toMatchObject([
      { id, only: false },
      { only: true, about: id },
    ])
    expect(await page.entries('ops', 'zhang')).toHaveLength(1)
    const events = await page.events('/api/events?as=zhang', (all) => all.some(({ name }) => name === 'ready'))
    expect(JSON.stringify(events)).not.toContain('已通知用户')
    const secret = (await page.entries('ops', 'li'))[1]
    expect(await page.act('press', { as: 'zhang', chat: 'ops', post: secret?.id, token: 'detail' })).toMatchObject({
      status: 404,
    })
  })

  test('a question stays open until words come, and giving it up is heard as a press', async () => {
    const id = await posted()
    const asks = async () =>
      ((await (await page.get('/api/rooms?as=li')).json()) as { asks: { ask: { post: string } }[] }).asks
    await page.act('press', { as: 'li', chat: 'ops', post: id, token: 'agree' })
    expect(await asks()).toMatchObject([{ chat: 'ops', ask: { post: id, pictures: true } }])
    await page.act('say', { as: 'li', chat: 'ops', text: '好的', replyTo: id })
    expect(await asks()).toEqual([])
    await page.act('press', { as: 'li', chat: 'ops', post: id, token: 'agree' })
    expect(await page.act('cancel', { as: 'li', chat: 'ops' })).toMatchObject({ toast: '已取消' })
    expect(app.heard.at(-1)).toMatchObject({ press: { token: 'never-mind', post: id } })
    expect(await asks()).toEqual([])
    await page.act('press', { as: 'li', chat: 'ops', post: id, token: 'agree' })
    clock.advance(600_001)
    expect(await asks()).toEqual([])
  })

  test('an app that falls over is told to the person who waits', async () => {
    expect(await page.act('say', { as: 'li', chat: 'ops', text: 'boom' })).toMatchObject({
      status: 500,
      error: 'refused.failed',
    })
    expect(await page.act('say', { as: 'li', chat: 'ops', text: '还在吗' })).toMatchObject({ status: 200 })
  })

  test('an app that does not answer keeps nobody waiting for ever; its late answer is shown', async () => {
    await bot.stop()
    let answer = (_: { text: string }) => {}
    await bot.start(() => new Promise((resolve) => (answer = resolve)))
    const other = await visit(bot)
    const waiting = other.act('say', { as: 'li', chat: 'ops', text: '在吗' })
    for (let tries = 0; (await other.entries('ops', 'li')).length === 0 && tries < 50; tries++);
    clock.advance(30_000)
    expect(await waiting).toMatchObject({ status: 504, error: 'refused.slow' })
    answer({ text: '来晚了' })
    expect((await other.entries('ops', 'li')).at(-1)).toMatchObject({ text: '来晚了' })
  })
})

describe('posts and pages', () => {
  test('an edit shows the new card in the old place; pictures stay', async () => {
    const id = await bot.post(ops, { card: cards.calm(start), pictures: [dot] })
    await posted(cards.late(start))
    expect(await bot.edit(ops, id ?? asPostId(''), { card: cards.settled() })).toBe('edited')
    const [first] = await page.entries('ops', 'li')
    expect(first).toMatchObject({ id, edited: true, card: { title: '#117 小程序「鲜果日记」 · 已完结' } })
    expect(first?.pictures).toHaveLength(1)
  })

  test('a post of another room or of an earlier start is gone; what a person said cannot be edited', async () => {
    const id = await posted()
    expect(await bot.edit({ chat: 'finance' }, id, { text: 'x' })).toBe('gone')
    const before = makeBot({}, clock)
    await before.start(app.hear)
    expect(await before.edit(ops, id, { text: 'x' })).toBe('gone')
    await before.stop()
    const said = await page.act('say', { as: 'li', chat: 'ops', text: '我说的' })
    expect(await bot.edit(ops, asPostId(said.post ?? ''), { text: 'x' })).toBe('cannot')
  })

  test('an unknown room, and a bot that does not run, are outside errors', async () => {
    await expect(bot.post({ chat: 'cellar' }, { text: 'x' })).rejects.toThrow(OutsideError)
    await bot.stop()
    await expect(bot.post(ops, { text: 'x' })).rejects.toMatchObject({ trouble: 'unreachable' })
  })

  test('a page that comes back gets only what it has not seen', async () => {
    const first = await posted()
    await posted(cards.late(start))
    const ready = (all: readonly { name: string }[]) => all.some(({ name }) => name === 'ready')
    const all = await page.events('/api/events?as=li', ready)
    expect(all.map(({ name }) => name)).toEqual(['hello', 'entry', 'entry', 'ready'])
    const last = all.at(-1)?.id ?? ''
    await bot.edit(ops, first, { card: cards.settled() })
    await bot.post(ops, { text: '新消息' })
    const rest = await page.events('/api/events?as=li', ready, { 'last-event-id': last })
    expect(rest.filter(({ name }) => name === 'entry').map(({ data }) => data.id)).toHaveLength(2)
    expect(rest.at(1)?.data).toMatchObject({ id: first, edited: true })
  })

  test('an open page is told at once: posts, questions, commands', async () => {
    const id = await posted()
    const told = page.events('/api/events?as=li', (all) => all.some(({ name }) => name === 'menu'))
    await page.entries('ops', 'li')
    await bot.post(ops, { text: '新消息' })
    await page.act('press', { as: 'li', chat: 'ops', post: id, token: 'agree' })
    await page.act('press', { as: 'wang', chat: 'ops', post: id, token: 'agree' })
    await bot.menu(menu)
    const events = await told
    expect(events.filter(({ name }) => name === 'ask')).toHaveLength(1)
    expect(events.at(-1)?.data).toMatchObject({ entries: menu })
  })

  test('the transcript is bounded: the oldest post goes', () => {
    const transcript = createTranscript('m', () => {}, 3)
    const ids = ['一', '二', '三', '四'].map((text) => transcript.add({ chat: 'ops', at: 0, text }).id)
    expect(transcript.in('ops').map(({ text }) => text)).toEqual(['二', '三', '四'])
    expect(transcript.change(ids[0] ?? asPostId(''), { text: 'x' })).toBeUndefined()
  })
})

describe('settings', () => {
  test.each([
    [{ rooms: [] }, 'rooms', 'name at least one room'],
    [{ rooms: [{ chat: 'alone:li', title: 'x' }] }, 'rooms.0.chat', /letters, digits/],
    [{ people: [...group.people, group.people[0]] }, 'people', 'two people have the same id'],
    [{ people: [{ id: 'li', name: '李', colour: 'red' }] }, 'people.0.colour', 'write the colour as #rrggbb'],
    [{ panes: [{ title: 'x', url: 'https://example.com/' }] }, 'panes.0.url', /this machine/],
    [{ port: -1 }, 'port', '0 or more'],
    [{ language: 'fr' }, 'language', 'zh-CN or en'],
    [{ prot: 1 }, 'prot', /no such setting/],
  ])('%o is refused with its field and a fix', (settings, field, fix) => {
    try {
      makeBot(settings)
      expect.fail('it was taken')
    } catch (error) {
      expect(error).toBeInstanceOf(InputError)
      expect((error as InputError).problems).toContainEqual({
        field,
        fix: typeof fix === 'string' ? fix : expect.stringMatching(fix),
      })
    }
  })

  test('a port that is taken is named', async () => {
    const taken = makeBot({ port: Number(new URL(page.origin).port) })
    await expect(taken.start(app.hear)).rejects.toThrow(/port: port \d+ is not free/)
  })
})
