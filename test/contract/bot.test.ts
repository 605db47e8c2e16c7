import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Answer, Bot, Card, Heard } from '../../src/chat/chat.ts'
import { type Picture, pictureHash } from '../../src/core/picture.ts'
import { asButtonToken, asPostId, type PostId } from '../../src/core/words.ts'
import { dot } from '../bots/browser/group.ts'
import { makeBot, visit } from '../bots/browser/stage.ts'
import * as telegram from '../bots/telegram/stage.ts'
import * as wecom from '../bots/wecom/stage.ts'

/** A bot with its chat around it, and one person in a group of that chat. Every bot joins with one more stage. */
interface Stage {
  readonly bot: Bot
  readonly room: string
  readonly person: { readonly id: string; readonly name: string }
  /** After the bot's start: the person is there. */
  enter(): Promise<void>
  say(words: {
    readonly text?: string
    readonly replyTo?: PostId
    readonly pictures?: readonly Picture[]
  }): Promise<void>
  sayAlone(text: string): Promise<void>
  /** What the person is shown at the button. */
  press(post: PostId, token: string): Promise<{ readonly toast?: string; readonly alert?: boolean }>
  /** All that the person can read in the room, oldest first, as plain text with the buttons' labels. */
  read(): Promise<readonly string[]>
  close(): Promise<void>
}

function browserStage(): Stage {
  const bot = makeBot()
  let page: Awaited<ReturnType<typeof visit>>
  const me = { as: 'li', chat: 'ops' }
  return {
    bot,
    room: 'ops',
    person: { id: 'li', name: '李文博' },
    enter: async () => {
      page = await visit(bot)
    },
    say: async ({ pictures = [], ...words }) => {
      const ids = await Promise.all(pictures.map((picture) => page.upload(picture)))
      await page.act('say', { ...me, ...words, pictures: ids })
    },
    sayAlone: async (text) => {
      await page.act('say', { as: 'li', chat: 'alone:li', text })
    },
    press: (post, token) => page.act('press', { ...me, post, token }),
    read: async () => (await page.entries('ops', 'li')).map((entry) => JSON.stringify([entry.text, entry.card])),
    close: () => bot.stop(),
  }
}

async function telegramStage(): Promise<Stage> {
  const stage = await telegram.telegramStage({ privacy: false })
  const { li, group, bot } = stage
  const alone = li.start(telegram.username)
  await stage.forget()
  return {
    bot,
    room: String(group.chat),
    person: { id: String(li.user.id), name: '李文博' },
    enter: () => stage.settled(),
    say: async ({ text, replyTo, pictures: [picture] = [] }) => {
      const how = replyTo === undefined ? {} : { replyTo: numberOf(replyTo) }
      if (picture) li.photo(group, picture.bytes, { ...how, ...(text && { caption: text }) })
      else li.say(group, text ?? '', how)
      await stage.settled()
    },
    sayAlone: async (text) => {
      li.say(alone, text)
      await stage.settled()
    },
    press: async (post, token) => {
      const press = li.press(group, numberOf(post), token)
      await stage.settled()
      return { toast: press.answer?.text ?? '', alert: press.answer?.alert ?? false }
    },
    read: async () =>
      group
        .messages()
        .filter(({ service }) => !service)
        .map(({ text, buttons }) => JSON.stringify([text, buttons])),
    close: () => stage.close(),
  }
}

async function wecomStage(): Promise<Stage> {
  const stage = await wecom.wecomStage()
  const { li, group, bot } = stage
  const to = { to: wecom.botId }
  return {
    bot,
    room: group.chatid,
    person: { id: 'liwenbo', name: 'LiWenbo' },
    enter: () => stage.settled(),
    // What is quoted comes without its id: it cannot be told what somebody answers to.
    say: async ({ text = '', pictures = [] }) => {
      if (pictures.length > 0) li.mixed(group, [text, ...pictures.map(({ bytes }) => bytes)], to)
      else li.say(group, text, to)
      await stage.settled()
    },
    sayAlone: async (text) => {
      li.say(stage.wecom.single(li, wecom.botId), text)
      await stage.settled()
    },
    press: async (post, token) => {
      const shown = stage.seen().find(({ taskId }) => taskId === post)
      if (shown) li.press(group, shown, token)
      await stage.settled()
      return {}
    },
    read: async () => stage.seen().map(({ text, buttons }) => JSON.stringify([text, buttons])),
    close: () => stage.close(),
  }
}

const numberOf = (post: PostId) => Number(post.split(':')[1])

const card = (title: string, labels: readonly string[] = []): Card => ({
  title,
  tone: 'calm',
  lines: [{ label: '金额', text: '¥39.90' }],
  quote: '坏了两个 <b>&amp;</b>',
  buttons: labels.map((label, at) => ({ label, token: asButtonToken(`t${at}`), weight: at === 0 ? 'main' : 'plain' })),
})

describe.each([
  ['browser', async () => browserStage()],
  ['telegram', telegramStage],
  ['wecom', wecomStage],
] as const)('the %s bot', (_name, make) => {
  let stage: Stage
  let heard: Heard[]
  let answer: (heard: Heard) => Promise<Answer>
  const spot = () => ({ chat: stage.room })
  const hear = (thing: Heard): Promise<Answer> => {
    heard.push(thing)
    return answer(thing)
  }

  beforeEach(async () => {
    heard = []
    answer = async () => ({})
    stage = await make()
    await stage.bot.start(hear)
    await stage.enter()
  })
  afterEach(() => stage.close())

  const posted = async (labels = ['同意和解', '详情']): Promise<PostId> => {
    const id = await stage.bot.post(spot(), { card: card('#128', labels) })
    if (!id) throw new Error('a bot that edits gives the id of its post')
    return id
  }
  const all = async () => (await stage.read()).join('\n')

  test('a post has an id of its own and is read as it was written', async () => {
    const [first, second] = [await posted(), await posted()]
    expect(first).not.toBe(second)
    expect(await all()).toMatch(/#128.*¥39\.90.*坏了两个 <b>&amp;<\/b>.*同意和解.*详情/)
  })

  test('what the bot says it can edit, it edits in place; what it does not know is gone', async ({ skip }) => {
    if (stage.bot.can.edit !== 'any-time') skip(`this bot edits ${stage.bot.can.edit}`)
    const post = await posted()
    expect(await stage.bot.edit(spot(), post, { card: card('#128 已完结') })).toBe('edited')
    expect(await all()).toContain('#128 已完结')
    expect(await all()).not.toContain('同意和解')
    expect(await stage.read()).toHaveLength(1)
    expect(await stage.bot.edit(spot(), asPostId('0-1'), { text: 'x' })).toBe('gone')
  })

  test('a press is heard with its post, token and person, and its answer is shown at the button', async () => {
    answer = async () => ({ toast: '已认领' })
    const post = await posted()
    const shown = await stage.press(post, 't1')
    expect(heard).toMatchObject([{ spot: spot(), alone: false, user: stage.person, press: { token: 't1', post } }])
    if (stage.bot.can.toast) expect(shown.toast).toBe('已认领')
  })

  test('two presses are two events', async () => {
    const post = await posted()
    await stage.press(post, 't0')
    await stage.press(post, 't0')
    expect(new Set(heard.map(({ id }) => id)).size).toBe(2)
  })

  test('a refusal that must be read is marked so', async ({ skip }) => {
    if (!stage.bot.can.toast) skip('this bot has no toasts')
    answer = async () => ({ toast: '没有权限', alert: true })
    expect(await stage.press(await posted(), 't0')).toMatchObject({ toast: '没有权限', alert: true })
  })

  test('the pressed card is shown as it is now', async ({ skip }) => {
    if (stage.bot.can.edit === 'never') skip('this bot never edits')
    answer = async () => ({ fresh: card('#128 李文博 已认领') })
    await stage.press(await posted(), 't0')
    expect(await all()).toContain('#128 李文博 已认领')
    expect(await stage.read()).toHaveLength(1)
  })

  test('words are heard with what they answer to, and answered in the chat', async () => {
    answer = async () => ({ text: '收到' })
    const post = await posted()
    const answered = stage.bot.can.hears === 'all' ? { replyTo: post } : { answering: true }
    await stage.say({ text: '退款 128 全部', replyTo: post })
    expect(heard).toMatchObject([
      { spot: spot(), alone: false, user: stage.person, text: '退款 128 全部', ...answered },
    ])
    expect(heard[0]?.press).toBeUndefined()
    expect((await stage.read()).at(-1)).toContain('收到')
  })

  test('a private word is heard as private', async () => {
    await stage.sayAlone('/bind 123456')
    expect(heard).toMatchObject([{ alone: true, user: stage.person, text: '/bind 123456' }])
    expect(heard[0]?.spot.chat).not.toBe(stage.room)
  })

  test('pictures are heard as bytes', async () => {
    await stage.say({ text: '照片', pictures: [dot] })
    const pictures = heard.flatMap((thing) => thing.pictures ?? [])
    expect(pictures.map(({ type, bytes }) => [type, pictureHash(bytes)])).toEqual([[dot.type, pictureHash(dot.bytes)]])
    expect(heard.at(-1)?.lost ?? 0).toBe(0)
  })

  test('an app that falls over does not take the bot with it', async () => {
    answer = async () => {
      throw new Error('the app fell over')
    }
    await stage.press(await posted(), 't0')
    await stage.say({ text: '在吗' })
    answer = async () => ({ text: '在' })
    await stage.say({ text: '在吗' })
    expect(heard).toHaveLength(3)
    expect((await stage.read()).at(-1)).toContain('在')
  })

  test('a second start is refused, and the first goes on', async () => {
    await expect(stage.bot.start(hear)).rejects.toThrow()
    await stage.say({ text: '还在' })
    expect(heard).toHaveLength(1)
  })

  test('after the stop nothing is heard and nothing can be posted', async () => {
    await stage.bot.stop()
    await stage.say({ text: '有人吗' }).catch(() => undefined)
    expect(heard).toEqual([])
    await expect(stage.bot.post(spot(), { text: 'x' })).rejects.toMatchObject({ name: 'OutsideError' })
    await stage.bot.stop()
  })
})
