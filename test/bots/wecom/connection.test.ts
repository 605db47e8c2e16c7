import { afterEach, describe, expect, test } from 'vitest'
import { canvas, png } from '../../../sandbox/png.ts'
import type { Heard } from '../../../src/chat/chat.ts'
import { manualClock } from '../../../src/core/clock.ts'
import type { Logger } from '../../../src/core/logger.ts'
import { asButtonToken } from '../../../src/core/words.ts'
import { botId, secrets, type WecomStage, wecomStage } from './stage.ts'

const open: WecomStage[] = []
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close()
})

async function opened(options: Parameters<typeof wecomStage>[0] = {}): Promise<WecomStage> {
  const stage = await wecomStage(options)
  open.push(stage)
  return stage
}

const nobody = async () => ({})
const spotOf = ({ group }: WecomStage) => ({ chat: group.chatid })
const photo = (size: number) => ({
  type: 'image/png' as const,
  bytes: Buffer.concat([png(canvas(4, 4, [1, 2, 3])), Buffer.alloc(size)]),
})
const card = (label: string) => ({
  title: '#128',
  tone: 'calm' as const,
  lines: [],
  buttons: [{ label, token: asButtonToken(label), weight: 'main' as const }],
})

/** Everything that is logged, as it would stand in a file. */
function recorded(): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = []
  const write = (level: string) => (fields: object, message: string) =>
    void lines.push(JSON.stringify([level, fields, message]))
  const logger: Logger = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => logger,
  }
  return { logger, lines }
}

describe('the start', () => {
  test('is over when the connection stands; then a post goes', async () => {
    const s = await opened()
    await s.bot.start(nobody)
    expect(s.wecom.connected(botId)).toBe(true)
    expect(await s.bot.post(spotOf(s), { text: '你好' })).toBeUndefined()
    expect(s.seen().map(({ text }) => text)).toEqual(['你好'])
  })

  test('with a wrong secret says so at once, and can be tried again', async () => {
    const s = await opened({ secrets: { ...secrets, secret: 'X'.repeat(43) } })
    await expect(s.bot.start(nobody)).rejects.toMatchObject({
      name: 'OutsideError',
      trouble: 'forbidden',
      code: '853000',
    })
    await expect(s.bot.start(nobody)).rejects.toMatchObject({ trouble: 'forbidden' })
    const subscribed = s.wecom.calls().filter(({ cmd }) => cmd === 'aibot_subscribe').length
    await new Promise((resolve) => setTimeout(resolve, 1_300))
    expect(s.wecom.calls().filter(({ cmd }) => cmd === 'aibot_subscribe')).toHaveLength(subscribed)
  })

  test('where WeCom does not answer goes on in the background; a post says that nothing went', async () => {
    const clock = manualClock(Date.now())
    const s = await opened({ clock })
    s.wecom.misbehave({ on: 'aibot_subscribe', how: { errcode: -1 }, times: 2 })
    const starting = s.bot.start(nobody)
    await expect(s.bot.post(spotOf(s), { text: 'x' })).rejects.toMatchObject({ trouble: 'unreachable' })
    await expect.poll(() => s.wecom.calls().some(({ errcode }) => errcode === -1)).toBe(true)
    clock.advance(5_000)
    await starting
    await expect(s.bot.post(spotOf(s), { text: 'x' })).rejects.toMatchObject({ trouble: 'unreachable' })
    expect(await s.bot.inspect?.([spotOf(s)])).toMatchObject([{ level: 'bad' }])
    await expect.poll(() => s.wecom.connected(botId), { timeout: 10_000 }).toBe(true)
    await s.bot.post(spotOf(s), { text: 'y' })
    expect(await s.bot.inspect?.([spotOf(s)])).toEqual([{ level: 'ok', what: expect.anything() }])
  })
})

describe('the connection', () => {
  test('whose subscription is never answered is made anew', async () => {
    const clock = manualClock(Date.now())
    const s = await opened({ clock })
    s.wecom.misbehave({ on: 'aibot_subscribe', how: { lost: 'answer' } })
    const starting = s.bot.start(nobody)
    await expect.poll(() => s.wecom.calls().some(({ cmd }) => cmd === 'aibot_subscribe')).toBe(true)
    clock.advance(5_000)
    await starting
    await expect(s.bot.post(spotOf(s), { text: 'x' })).rejects.toMatchObject({ trouble: 'unreachable' })
    clock.advance(5_000)
    await expect
      .poll(() =>
        s.bot.post(spotOf(s), { text: 'y' }).then(
          () => 'sent',
          () => 'not sent',
        ),
      )
      .toBe('sent')
    expect(s.wecom.calls().filter(({ cmd }) => cmd === 'aibot_subscribe')).toHaveLength(2)
  })

  test('comes back by itself, and what people do is heard again', async () => {
    const s = await opened()
    const heard: Heard[] = []
    await s.bot.start(async (thing) => {
      heard.push(thing)
      return {}
    })
    s.wecom.cut(botId)
    await expect.poll(() => s.wecom.connected(botId)).toBe(false)
    await expect.poll(() => s.wecom.connected(botId)).toBe(true)
    s.li.say(s.group, '/list', { to: botId })
    await s.settled()
    expect(heard).toHaveLength(1)
  })

  test('taken by another process is left to it: said once, and no more posts', async () => {
    const { logger, lines } = recorded()
    const s = await opened({ logger })
    let taken = 0
    await s.bot.start(nobody, { taken: async () => void taken++ })
    const other = s.another()
    await other.start(nobody)
    await expect.poll(() => taken).toBe(1)
    await expect(s.bot.post(spotOf(s), { text: 'x' })).rejects.toMatchObject({ trouble: 'forbidden', code: 'taken' })
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(taken).toBe(1)
    await other.post(spotOf(s), { text: '我在' })
    expect(await s.bot.inspect?.([spotOf(s)])).toMatchObject([{ level: 'bad' }])
    expect(lines.filter((line) => line.startsWith('["error"'))).toHaveLength(1)
  })

  test('without an answer to a post: unknown; with a no: in our words', async () => {
    const s = await opened()
    await s.bot.start(nobody)
    s.wecom.misbehave({ on: 'aibot_send_msg', how: { cut: 'after' } })
    await expect(s.bot.post(spotOf(s), { text: 'x' })).rejects.toMatchObject({ trouble: 'unknown', code: 'cut' })
    await expect.poll(() => s.wecom.connected(botId)).toBe(true)
    s.wecom.misbehave({ on: 'aibot_send_msg', how: { lost: 'answer' } })
    await expect(s.bot.post(spotOf(s), { text: 'x' })).rejects.toMatchObject({ trouble: 'unknown', code: 'timeout' })
    s.wecom.misbehave({ on: 'aibot_send_msg', how: { errcode: 45009 } })
    await expect(s.bot.post(spotOf(s), { text: 'x' })).rejects.toMatchObject({ trouble: 'busy', wait: 60_000 })
  })

  test('a group that nobody has spoken to us in, or that we are not in: a person must do something', async () => {
    const s = await opened()
    await s.bot.start(nobody)
    const silent = s.wecom.group({ name: '新群', people: [s.li], bots: [botId] })
    await expect(s.bot.post({ chat: silent.chatid }, { text: 'x' })).rejects.toMatchObject({
      trouble: 'forbidden',
      message: expect.stringContaining('@'),
    })
    s.group.remove(botId)
    await expect(s.bot.post(spotOf(s), { text: 'x' })).rejects.toMatchObject({ trouble: 'forbidden' })
    await expect(s.bot.post({ chat: 'wrNONE' }, { text: 'x' })).rejects.toMatchObject({ trouble: 'forbidden' })
  })

  test('a chat alone is written to by the person', async () => {
    const s = await opened()
    await s.bot.start(nobody)
    const alone = s.wecom.single(s.li, botId)
    s.li.say(alone, '你好')
    await s.settled()
    await s.bot.post({ chat: 'single:LiWenbo' }, { text: '在' })
    expect(alone.seenBy(s.li).at(-1)?.text).toBe('在')
  })
})

describe('pictures', () => {
  test('of several pieces arrive whole, each a message', async () => {
    const s = await opened()
    await s.bot.start(nobody)
    const big = photo(1_300_000)
    await s.bot.post(spotOf(s), { text: '两张', pictures: [big, photo(0)] })
    expect(s.seen().map(({ kind }) => kind)).toEqual(['markdown', 'image', 'image'])
    expect(s.seen()[1]?.pictures[0]?.equals(big.bytes)).toBe(true)
  })

  test('that cannot be sent: words that stand are not said again; pictures alone are tried again by whoever sent them', async () => {
    const s = await opened()
    await s.bot.start(nobody)
    s.wecom.misbehave({ on: 'aibot_upload_media_init', how: { errcode: 45009 } })
    await s.bot.post(spotOf(s), { text: '图', pictures: [photo(0)] })
    expect(s.seen()).toHaveLength(1)
    s.wecom.misbehave({ on: 'aibot_upload_media_init', how: { errcode: 45009 } })
    await expect(s.bot.post(spotOf(s), { pictures: [photo(0)] })).rejects.toMatchObject({ trouble: 'busy' })
    // An upload is seen by nobody: it may always be made once more.
    s.wecom.misbehave({ on: 'aibot_upload_media_finish', how: { cut: 'before' } })
    await expect(s.bot.post(spotOf(s), { pictures: [photo(0)] })).rejects.toMatchObject({ trouble: 'unreachable' })
    await expect.poll(() => s.wecom.connected(botId)).toBe(true)
    await s.bot.post(spotOf(s), { pictures: [photo(0)] })
    expect(s.seen()).toHaveLength(2)
  })

  test('in the middle of a break go on by themselves', async () => {
    const s = await opened()
    await s.bot.start(nobody)
    s.wecom.misbehave({ on: 'aibot_upload_media_chunk', how: { errcode: -1 } })
    await s.bot.post(spotOf(s), { pictures: [photo(0)] })
    expect(s.seen()).toHaveLength(1)
  })
})

describe('a card', () => {
  test('has an id that was never used, and cannot be edited', async () => {
    const s = await opened()
    await s.bot.start(nobody)
    const posts = await Promise.all(['甲', '乙', '丙'].map((label) => s.bot.post(spotOf(s), { card: card(label) })))
    expect(new Set(posts).size).toBe(3)
    for (const post of posts) expect(post).toMatch(/^c@[\w-]{16}$/)
    expect(posts[0] && (await s.bot.edit(spotOf(s), posts[0], { card: card('丁') }))).toBe('cannot')
  })

  test('with a sentence is one message, with a long text two', async () => {
    const s = await opened()
    await s.bot.start(nobody)
    await s.bot.post(spotOf(s), { text: '刚刚有变化', card: card('甲') })
    expect(s.seen().map(({ kind, text }) => [kind, text.includes('刚刚有变化')])).toEqual([['card', true]])
    await s.bot.post(spotOf(s), { text: '很长'.repeat(50), card: card('甲') })
    expect(s.seen().map(({ kind }) => kind)).toEqual(['card', 'markdown', 'card'])
  })
})

describe('what is written down about it', () => {
  test('holds no secret, no words of people, no address and no key of a picture', async () => {
    const { logger, lines } = recorded()
    const s = await opened({ logger })
    await s.bot.start(async () => ({ text: '收到暗号' }))
    s.wecom.misbehave({ on: 'media', how: { errcode: 404 } })
    s.li.mixed(s.group, ['天王盖地虎', png(canvas(4, 4, [1, 2, 3]))], { to: botId })
    s.li.press(s.group, await shownCard(s), '甲')
    await s.settled()
    s.wecom.cut(botId)
    await expect.poll(() => s.wecom.connected(botId)).toBe(true)
    await s.bot.stop()
    const all = lines.join('\n')
    expect(lines.length).toBeGreaterThan(10)
    expect(all).toContain('could not be fetched')
    expect(all).not.toContain(secrets.secret)
    expect(all).not.toMatch(/天王盖地虎|收到暗号|\/media\/|aeskey/)
  })
})

async function shownCard(s: WecomStage) {
  await s.bot.post(spotOf(s), { card: card('甲') })
  const shown = s.seen().find(({ kind }) => kind === 'card')
  if (!shown) throw new Error('no card')
  return shown
}

describe('the stop', () => {
  test('leaves no connection and no timer behind, also while WeCom is away', async () => {
    const clock = manualClock(Date.now())
    const s = await opened({ clock })
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = timers()
    await s.bot.start(nobody)
    await s.bot.stop()
    await expect.poll(() => s.wecom.connected(botId)).toBe(false)
    expect(timers()).toBeLessThanOrEqual(before)
    s.wecom.misbehave({ on: 'aibot_subscribe', how: { lost: 'answer' }, times: 5 })
    const starting = s.bot.start(nobody)
    await expect.poll(() => s.wecom.calls().filter(({ cmd }) => cmd === 'aibot_subscribe').length).toBeGreaterThan(1)
    await s.bot.stop()
    await starting
    expect(timers()).toBeLessThanOrEqual(before)
    await expect(s.bot.post(spotOf(s), { text: 'x' })).rejects.toMatchObject({ trouble: 'unreachable' })
  })
})
