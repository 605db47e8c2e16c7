import type { Abilities, Answer, Bot, BotKind, Card, Events, Heard, Say } from '../../src/chat/chat.ts'
import { InputError, OutsideError } from '../../src/core/errors.ts'
import type { Picture } from '../../src/core/picture.ts'
import { asPostId, type BotId, type ButtonToken, type PostId } from '../../src/core/words.ts'

/** What hangs in a chat. */
export interface Hung {
  readonly id: PostId
  readonly chat: string
  say: Say
  edits: number
}

export interface Person {
  readonly id: string
  readonly name: string
}

export interface Words {
  readonly pictures?: readonly Picture[]
  readonly replyTo?: PostId
  readonly lost?: number
  readonly id?: string
  /** Said to the others, although a question of the bot is open. */
  readonly aside?: true
}

/** A chat server inside the test: people speak and press, posts hang there, and it fails when told to. */
export interface TestChat {
  readonly kind: BotKind
  readonly posts: Hung[]
  /** Every call of ours, in order. */
  readonly sent: { readonly what: 'post' | 'edit'; readonly chat: string; readonly say: Say }[]
  /** Thrown by the next so many posts and edits. */
  failing: { times: number; error: Error } | undefined
  /** What the chat will never take. */
  refuses: (say: Say) => boolean
  can: Abilities
  /** What a bot of this chat has to tell besides what people do. */
  events(bot: BotId): Events
  say(who: Person, chat: string, text: string, more?: Words): Promise<Answer>
  press(who: Person, chat: string, post: PostId, token: ButtonToken, how?: { readonly refresh?: true }): Promise<Answer>
  /** The card of an answer hangs in the chat from now on. */
  hang(bot: BotId, chat: string, answer: Answer): Promise<PostId>
  /** The newest card in the chat whose title begins so. */
  card(chat: string, title: string): Hung & { readonly card: Card }
  cards(chat: string): readonly Card[]
  /** Line by line: several may come in one message. */
  texts(chat: string): readonly string[]
  /** Presses the button of that label on the newest card of that title. */
  pressLabel(who: Person, chat: string, title: string, label: string): Promise<Answer>
}

export const alone = (who: Person): string => `alone:${who.id}`

/** A chat whose cards change only while they are pressed, and that hears only what is said to the bot. */
export const onPress = { buttons: 6, edit: 'on-press', toast: false, hears: 'addressed', faces: true } as const

export function testChat({ can = {} }: { readonly can?: Partial<Abilities> } = {}): TestChat {
  const events = new Map<BotId, Events>()
  let hear: (heard: Heard) => Promise<Answer> = async () => ({})
  let count = 0
  const posts: Hung[] = []
  const mayFail = (say: Say) => {
    if (chat.refuses(say)) throw new OutsideError('refused', 'the chat will not show this')
    if (!chat.failing || chat.failing.times <= 0) return
    chat.failing.times -= 1
    throw chat.failing.error
  }
  const bot = (options: Parameters<BotKind['make']>[0]): Bot => ({
    id: options.id,
    name: options.name,
    can: chat.can,
    async start(listener, told = {}) {
      hear = listener
      events.set(options.id, told)
    },
    async post(spot, say) {
      mayFail(say)
      const id = asPostId(`p${++count}`)
      posts.push({ id, chat: spot.chat, say, edits: 0 })
      chat.sent.push({ what: 'post', chat: spot.chat, say })
      return id
    },
    async edit(spot, post, say) {
      mayFail(say)
      const known = posts.find((one) => one.id === post && one.chat === spot.chat)
      if (chat.can.edit !== 'any-time') chat.sent.push({ what: 'edit', chat: spot.chat, say })
      if (chat.can.edit !== 'any-time') return 'cannot'
      if (!known) return 'gone'
      known.say = { ...known.say, ...say }
      known.edits += 1
      chat.sent.push({ what: 'edit', chat: spot.chat, say })
      return 'edited'
    },
    async stop() {
      hear = async () => ({})
    },
  })
  const heardBy = (who: Person, name: string) => ({
    id: `e${++count}`,
    spot: { chat: name },
    alone: name.startsWith('alone:'),
    user: { id: who.id, name: who.name },
  })
  /** Who has a question of the bot before him, and where. */
  const asked = new Set<string>()
  const answered = async (who: Person, name: string, heard: Heard) => {
    const answer = await hear(heard)
    if (heard.answering) asked.delete(`${who.id} ${name}`)
    if (answer.ask) asked.add(`${who.id} ${name}`)
    return answer
  }
  const chat: TestChat = {
    posts,
    sent: [],
    failing: undefined,
    refuses: () => false,
    can: {
      ...{ buttons: 12, edit: 'any-time', onlyFor: true, toast: true, hears: 'all', pace: { burst: 1000, every: 0 } },
      ...can,
    },
    events: (bot) => events.get(bot) ?? {},
    kind: {
      kind: 'browser',
      check(settings) {
        if (settings.bad) throw new InputError([{ field: 'settings.bad', fix: 'leave it out' }])
      },
      make: bot,
    },
    async say(who, name, text, { aside, ...more } = {}) {
      const toUs = chat.can.hears === 'addressed' || asked.has(`${who.id} ${name}`)
      const answering = toUs && !aside && !/^\s*[/／]/.test(text)
      return answered(who, name, { ...heardBy(who, name), text, ...more, ...(answering ? { answering: true } : {}) })
    },
    press: (who, name, post, token, how = {}) =>
      answered(who, name, { ...heardBy(who, name), press: { post, token, ...how } }),
    async hang(bot, name, { card, about, current }) {
      if (!card) throw new Error('no card in the answer')
      const id = asPostId(`p${++count}`)
      posts.push({ id, chat: name, say: { card }, edits: 0 })
      if (about) await chat.events(bot).posted?.({ chat: name }, id, about, current)
      return id
    },
    card(name, title) {
      const found = posts.findLast((post) => post.chat === name && post.say.card?.title.startsWith(title))
      if (!found?.say.card)
        throw new Error(`no card "${title}" in ${name}: ${chat.cards(name).map((card) => card.title)}`)
      return { ...found, card: found.say.card }
    },
    cards: (name) => posts.flatMap((post) => (post.chat === name && post.say.card ? [post.say.card] : [])),
    texts: (name) => posts.flatMap((post) => (post.chat === name ? (post.say.text?.split(/\n(?=#)/) ?? []) : [])),
    async pressLabel(who, name, title, label) {
      const post = chat.card(name, title)
      const button = post.card.buttons.find((one) => one.label === label)
      if (!button) throw new Error(`no button "${label}" on "${title}": ${post.card.buttons.map((one) => one.label)}`)
      return chat.press(who, name, post.id, button.token)
    },
  }
  return chat
}
