import { afterEach, describe, expect, test } from 'vitest'
import { canvas, png } from '../../../sandbox/png.ts'
import type { Answer, Card, Events, Heard } from '../../../src/chat/chat.ts'
import { asButtonToken, asId, type PostId } from '../../../src/core/words.ts'
import { type TelegramStage, telegramStage, username } from './stage.ts'
import { until } from './world.ts'

/** The bot beside the sandbox's Telegram, which knows what real chats do and keeps nothing of ours. */
const open: TelegramStage[] = []
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close()
})

interface Played extends TelegramStage {
  readonly heard: Heard[]
  answer: (heard: Heard) => Promise<Answer>
}

async function play(options: Parameters<typeof telegramStage>[0] = {}, events?: Events): Promise<Played> {
  const stage = await telegramStage(options)
  open.push(stage)
  const heard: Heard[] = []
  const played: Played = { ...stage, heard, answer: async () => ({}) }
  await stage.bot.start((thing) => {
    heard.push(thing)
    return played.answer(thing)
  }, events)
  await stage.settled()
  return played
}

const photo = (grey: number) => png(canvas(400, 300, [grey, grey, grey]))
const card = (title: string): Card => ({
  title,
  tone: 'urgent',
  lines: [{ label: '金额', text: '¥39.90' }],
  quote: '坏了 <b>两个</b> & "一直"没人回',
  buttons: [{ label: '认领', token: asButtonToken('claim'), weight: 'main' }],
})
const spotOf = ({ group }: TelegramStage) => ({ chat: String(group.chat) })
const numberOf = (post: PostId | undefined) => Number(post?.split(':')[1])

describe('in privacy mode', () => {
  test('commands, presses, replies and the answer to a question are heard; talk is not', async () => {
    const s = await play()
    s.answer = async ({ press }) =>
      press ? { ask: { prompt: '要对用户说什么？', ttl: 60_000, suggest: ['抱歉'] } } : {}
    const post = await s.bot.post(spotOf(s), { card: card('#128') })
    s.li.say(s.group, '今天好忙')
    s.li.say(s.group, '/list')
    s.li.press(s.group, numberOf(post), '认领')
    await until(() => s.li.asked(s.group) !== undefined)
    expect(s.wang.asked(s.group)).toBeUndefined()
    s.li.say(s.group, '非常抱歉', { replyTo: Number(s.li.asked(s.group)?.id) })
    await s.settled()
    expect(s.heard.map(({ text, press, replyTo, answering }) => [text ?? press?.token, replyTo, answering])).toEqual([
      ['/list', undefined, undefined],
      ['claim', undefined, undefined],
      ['非常抱歉', post, true],
    ])
  })

  test('an answer to a question that was asked before a restart is one', async () => {
    const s = await play()
    s.answer = async ({ press }) => (press ? { ask: { prompt: '要对用户说什么？', ttl: 60_000 } } : {})
    const post = await s.bot.post(spotOf(s), { card: card('#128') })
    s.li.press(s.group, numberOf(post), '认领')
    await until(() => s.li.asked(s.group) !== undefined)
    await s.settled()
    await s.bot.stop()
    s.li.say(s.group, '非常抱歉', { replyTo: Number(s.li.asked(s.group)?.id) })
    const heard: Heard[] = []
    await s.bot.start(async (thing) => {
      heard.push(thing)
      return {}
    })
    await s.settled()
    expect(heard).toMatchObject([{ text: '非常抱歉', answering: true }])
  })

  test('an album in answer to the card is one thing with all its pictures', async () => {
    const s = await play()
    const post = await s.bot.post(spotOf(s), { card: card('#128') })
    s.li.album(s.group, [photo(1), photo(2), photo(3)], { caption: '发货单', replyTo: numberOf(post) })
    await until(() => s.heard.length > 0)
    expect(s.heard).toMatchObject([{ text: '发货单', replyTo: post }])
    expect(s.heard[0]?.pictures?.map(({ bytes }) => bytes.equals(photo(1)) || bytes.length)).toHaveLength(3)
    expect(s.heard[0]?.pictures?.[1]?.bytes.equals(photo(2))).toBe(true)
  })

  test('the doctor finds nothing wrong', async () => {
    const s = await play()
    const found = (await s.bot.inspect?.([spotOf(s)])) ?? []
    expect(found.map(({ level }) => level)).toEqual(['ok', 'ok', 'ok'])
    s.group.kick(username)
    expect((await s.bot.inspect?.([spotOf(s)]))?.at(-1)).toMatchObject({ level: 'bad' })
  })
})

describe('cards', () => {
  test('are read as they were written, edited in place, their presses answered', async () => {
    const s = await play()
    const post = await s.bot.post(spotOf(s), { card: card('#128') })
    expect(s.group.last()?.text).toBe('🟠 #128\n金额：¥39.90\n坏了 <b>两个</b> & "一直"没人回')
    expect(s.group.last()?.buttons).toEqual([['认领']])
    s.answer = async () => ({ toast: '已认领', fresh: { ...card('#128 李'), buttons: [] } })
    const press = s.li.press(s.group, numberOf(post), '认领')
    await s.settled()
    expect(press.answer).toMatchObject({ text: '已认领', alert: false })
    expect(s.group.last()).toMatchObject({ id: numberOf(post), buttons: [], edited: true })
    const again = { card: { ...card('#128 李'), buttons: [] } }
    expect(post && (await s.bot.edit(spotOf(s), post, again))).toBe('edited')
  })

  test('a press of a message that Telegram no longer shows is heard all the same', async () => {
    const s = await play()
    const post = await s.bot.post(spotOf(s), { card: card('#128') })
    s.li.press(s.group, numberOf(post), '认领', { inaccessible: true })
    await s.settled()
    expect(s.heard).toMatchObject([{ press: { post, token: 'claim' } }])
  })

  test('of 5,000 characters stay one message', async () => {
    const s = await play()
    await s.bot.post(spotOf(s), { card: { ...card('#128'), quote: '&'.repeat(5000) } })
    expect(s.group.last()?.text.length).toBeGreaterThan(4000)
    expect(s.group.messages().filter(({ service }) => !service)).toHaveLength(1)
  })

  test('their pictures answer them, as an album, a still photo, a file', async () => {
    const s = await play()
    const about = await s.bot.post(spotOf(s), { card: card('#128') })
    if (!about) throw new Error('no post')
    const picture = (grey: number) => ({ type: 'image/png' as const, bytes: photo(grey) })
    await s.bot.post(spotOf(s), { text: '用户补充', about, pictures: [picture(1), picture(2)] })
    const [, first, second] = s.group.messages().filter(({ service }) => !service)
    expect([first?.text, first?.replyTo, first?.album !== undefined]).toEqual(['用户补充', numberOf(about), true])
    expect(second?.photo?.equals(photo(2))).toBe(true)
    await s.bot.post(spotOf(s), { about, pictures: [{ type: 'image/png', bytes: png(canvas(1000, 10, [1, 2, 3])) }] })
    expect(s.group.last()).toMatchObject({ document: { name: 'picture-1.png' }, replyTo: numberOf(about) })
  })
})

describe('places', () => {
  test('a topic is its own place, General is the group', async () => {
    const s = await play()
    const forum = s.telegram.group({ title: '客诉', forum: true, people: [s.li], bots: [username] })
    const topic = forum.topic('退款')
    s.answer = async () => ({ text: '收到' })
    s.li.say(topic, '/list')
    s.li.say(forum, '/due')
    await s.settled()
    expect(s.heard.map(({ spot, replyTo }) => [spot.topic, replyTo])).toEqual([
      [String(topic.thread), undefined],
      [undefined, undefined],
    ])
    expect(topic.last()?.text).toBe('收到')
    await s.bot.post({ chat: String(forum.chat), topic: String(topic.thread) }, { text: '在这里' })
    expect(topic.last()?.text).toBe('在这里')
  })

  test('a group that becomes a supergroup is heard, posted to and told of under its new id', async () => {
    const moved: unknown[] = []
    const s = await play({ kind: 'group' }, { moved: async (...both) => void moved.push(both) })
    const old = spotOf(s)
    const post = await s.bot.post(old, { card: card('#128') })
    const next = s.group.migrate()
    await s.settled()
    expect(moved).toEqual([[old, { chat: String(next.chat) }]])
    expect(await s.bot.post(old, { text: '还在' })).toMatch(`${next.chat}:`)
    expect(next.last()?.text).toBe('还在')
    expect(post && (await s.bot.edit(old, post, { card: card('#128') }))).toBe('gone')
  })

  test('one that became so while nobody listened is found when posting', async () => {
    const moved: unknown[] = []
    const s = await telegramStage({ kind: 'group' })
    open.push(s)
    const next = s.group.migrate()
    await s.forget()
    await s.bot.start(async () => ({}), { moved: async (...both) => void moved.push(both) })
    expect(await s.bot.post(spotOf(s), { text: '还在' })).toMatch(`${next.chat}:`)
    expect(moved).toHaveLength(1)
  })

  test('out of a group nothing can be posted', async () => {
    const s = await play()
    s.group.kick(username)
    await expect(s.bot.post(spotOf(s), { text: 'x' })).rejects.toMatchObject({ trouble: 'forbidden' })
  })

  test('an anonymous administrator is asked to speak as a person, by command and by press', async () => {
    const s = await play()
    const post = await s.bot.post(spotOf(s), { card: card('#128') })
    s.telegram.setRules({ anonymousPress: 'group-bot' })
    s.group.promote(s.wang, undefined, true)
    s.wang.say(s.group, '/list')
    const press = s.wang.press(s.group, numberOf(post), '认领')
    await s.settled()
    expect(s.heard).toEqual([])
    expect(press.answer).toMatchObject({ alert: true, text: expect.stringContaining('匿名') })
    expect(s.group.last()?.text).toContain('匿名')
  })

  test('a link with a code binds', async () => {
    const s = await play()
    s.li.start(username, 'K3F9')
    const other = s.telegram.group({ title: '二群', people: [s.li] })
    other.addBot(username, { by: s.li, payload: 'G7H2' })
    await s.settled()
    expect(s.heard.map(({ text, alone }) => [text, alone])).toEqual([
      ['/bind K3F9', true],
      ['/bind G7H2', false],
    ])
  })
})

describe('when Telegram misbehaves', () => {
  test('what was heard before a crash of the connection is not heard twice', async () => {
    const s = await play()
    s.telegram.misbehave({ on: 'update', how: 'duplicate' })
    s.telegram.misbehave({ on: 'getUpdates', how: 'lost-answer' })
    s.li.say(s.group, '/list')
    await until(() => s.heard.length > 0)
    s.li.say(s.group, '/due')
    await until(() => s.heard.length > 1)
    await s.settled()
    expect(s.heard.map(({ text }) => text).sort()).toEqual(['/due', '/list'])
  })

  test('a second copy with the same token gets out of the way by itself', async () => {
    const s = await play()
    s.telegram.misbehave({ on: 'getUpdates', how: 'conflict', times: 1 })
    s.li.say(s.group, '/list')
    s.li.say(s.group, '/due')
    await until(() => s.heard.length === 2)
  })

  test('a flood says how long, an answer that is cut off may have arrived', async () => {
    const s = await play()
    s.telegram.misbehave({ on: 'sendMessage', how: 'flood', retryAfter: 7 })
    await expect(s.bot.post(spotOf(s), { text: 'x' })).rejects.toMatchObject({ trouble: 'busy', wait: 7_000 })
    s.telegram.misbehave({ on: 'sendMessage', how: 'malformed' })
    await expect(s.bot.post(spotOf(s), { text: 'x' })).rejects.toMatchObject({ trouble: 'unknown' })
  })

  test('a picture whose file does not come at first is had all the same', async () => {
    const s = await play({ privacy: false })
    s.telegram.misbehave({ on: 'file', how: 'http', status: 502 })
    s.li.photo(s.group, photo(9))
    await until(() => s.heard.length > 0)
    expect(s.heard[0]?.pictures?.[0]?.bytes.equals(photo(9))).toBe(true)
  })

  test('the outcome of a press that can no longer be answered is said in the chat', async () => {
    const s = await play()
    const post = await s.bot.post(spotOf(s), { card: card('#128') })
    s.telegram.setRules({ queryMs: 0 })
    s.answer = async () => ({ toast: '已提交' })
    s.li.press(s.group, numberOf(post), '认领')
    await s.settled()
    expect(s.group.last()?.text).toBe('李文博\n已提交')
  })
})

test('called back in place of asking, it hears the same, albums too', async () => {
  const s = await telegramStage({ settings: { mode: 'webhook', publicUrl: 'http://127.0.0.1' }, privacy: false })
  open.push(s)
  const heard: Heard[] = []
  await s.bot.start(async (thing) => {
    heard.push(thing)
    return { text: '收到' }
  })
  await until(() => s.telegram.calls().some(({ method }) => method === 'setWebhook'))
  s.li.say(s.group, '/list')
  s.li.album(s.group, [photo(1), photo(2)])
  await until(() => heard.length === 2)
  expect(heard[1]?.pictures).toHaveLength(2)
  await until(() => s.group.messages().filter(({ text }) => text === '收到').length === 2)
  expect(await s.bot.inspect?.([])).not.toContainEqual(expect.objectContaining({ level: 'bad' }))
})

test('a restart hears what was said meanwhile, once', async () => {
  const s = await play()
  s.li.say(s.group, '/list')
  await s.settled()
  await s.bot.stop()
  s.li.say(s.group, '/due')
  const heard: Heard[] = []
  await s.bot.start(async (thing) => {
    heard.push(thing)
    return {}
  })
  await s.settled()
  expect(heard.map(({ text }) => text)).toEqual(['/due'])
  expect(s.heard.map(({ text }) => text)).toEqual(['/list'])
})

test('the menu is what people see while they type', async () => {
  const s = await play()
  await s.bot.menu?.([{ name: 'list', help: '查看投诉', en: 'list complaints' }])
  const chinese = s.telegram.person({ name: '赵', language: 'zh' })
  s.group.join(chinese)
  expect(s.telegram.menu(s.group, chinese, username)).toMatchObject([{ command: 'list', description: '查看投诉' }])
  expect(s.telegram.menu(s.group, s.li, username)).toMatchObject([{ description: 'list complaints' }])
})

test('the card of an answer can be answered to', async () => {
  const posted: unknown[] = []
  const s = await play({}, { posted: async (...all) => void posted.push(all) })
  s.answer = async () => ({ card: card('#7'), about: asId('cmp_7') })
  s.li.say(s.group, '/show 7')
  await s.settled()
  expect(posted).toEqual([[spotOf(s), `${s.group.chat}:${s.group.last()?.id}`, 'cmp_7', undefined]])
})
