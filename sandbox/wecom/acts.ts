import type { Desk } from './desk.ts'
import { showPost } from './shown.ts'
import type { Chat, Json, Person, Shown } from './wecom.ts'

/** What POST /sandbox/api/… can do; gives what is answered. */
export function act(desk: Desk, path: string, body: Json): Json {
  switch (path) {
    case 'say':
      return say(desk, body)
    case 'press':
      return press(desk, body)
    case 'cut':
      return done(cut(desk, body))
    case 'trouble': {
      const { over } = body
      if (over !== 'refused' && over !== 'dropped') throw new Error('over is refused or dropped')
      return done(desk.trouble(over))
    }
    default:
      throw new Error(`no such wish: ${path}`)
  }
}

/** All the bots of the chat. */
function cut(desk: Desk, body: Json): void {
  const { room } = desk.open(desk.person(body.person), textOf(body, 'chat'))
  for (const bot of room.bots) desk.wecom.cut(bot)
}

const done = (_: unknown): Json => ({ done: true })

function textOf(body: Json, name: string): string {
  const value = body[name]
  if (typeof value !== 'string' || value === '') throw new Error(`${name} must be a text`)
  return value
}

/** Words, 图文混排 when pictures come with words or with a quote, else pictures, a message each. */
function say(desk: Desk, body: Json): Json {
  const person = desk.person(body.person)
  const { chat, room } = desk.open(person, textOf(body, 'chat'))
  const text = body.text === undefined ? '' : String(body.text).trim()
  const photos = readPhotos(body)
  const quote = body.quote === undefined ? undefined : showPost(desk.post(room, body.quote), person.userid)
  const made = spoken(person, chat, { text, photos, quote })
  if (made.length === 0) throw new Error('nothing is said')
  if (quote) for (const { id } of made) desk.quotes.set(id, quote.id)
  return { ids: made.map(({ id }) => id) }
}

interface Words {
  readonly text: string
  readonly photos: readonly Buffer[]
  readonly quote: Shown | undefined
}

function spoken(person: Person, chat: Chat, { text, photos, quote }: Words): readonly Shown[] {
  const how = quote ? { quote } : {}
  if (photos.length === 0) return text === '' ? [] : [person.say(chat, text, how)]
  if (text === '' && !quote) return photos.map((photo) => person.picture(chat, photo))
  return [person.mixed(chat, [...(text === '' ? [] : [text]), ...photos], how)]
}

function readPhotos({ photos = [] }: Json): readonly Buffer[] {
  if (!Array.isArray(photos)) throw new Error('photos is a list of base64')
  return photos.map((one) => Buffer.from(String(one), 'base64'))
}

function press(desk: Desk, body: Json): Json {
  const person = desk.person(body.person)
  const { chat, room } = desk.open(person, textOf(body, 'chat'))
  const post = desk.post(room, body.message)
  const choose = body.choose === undefined ? {} : { choose: textOf(body, 'choose') }
  const made = person.press(chat, showPost(post, person.userid), textOf(body, 'button'), choose)
  desk.pressed(person, post, made)
  return { state: made.state }
}
