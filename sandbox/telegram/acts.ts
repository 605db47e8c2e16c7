import type { Telegram } from './telegram.ts'
import {
  type Body,
  groupIn,
  numberOf,
  personIn,
  placeIn,
  readGroup,
  readMisbehaviour,
  readPace,
  readPerson,
  readPhotos,
  readRights,
  readRules,
  replyOf,
  textOf,
  whoIn,
} from './wishes.ts'

/** What POST /sandbox/api/… can do; gives what is answered. */
export async function act(telegram: Telegram, path: string, body: Body): Promise<unknown> {
  const [noun = '', id = '', verb = ''] = path.split('/').map(decodeURIComponent)
  if (noun === 'chats') return inChat(telegram, id, verb, body)
  if (noun === 'misbehave' && verb) return ofTrouble(telegram, Number(id), verb)
  const person = () => personIn(telegram, body.person)
  switch (noun) {
    case 'persons':
      return telegram.person(readPerson(body)).user
    case 'groups':
      return { chat: telegram.group(readGroup(telegram, body)).chat }
    case 'start': {
      const payload = body.payload === undefined ? undefined : textOf(body, 'payload')
      return { key: person().start(textOf(body, 'bot'), payload).room.key }
    }
    case 'block':
      return done(person().block(textOf(body, 'bot')))
    case 'misbehave':
      return { id: telegram.misbehave(readMisbehaviour(body)).id }
    case 'rules':
      return done(telegram.setRules(readRules(body)))
    case 'pace':
      return done(telegram.setPace(readPace(body)))
    case 'advance':
      return done(await telegram.advance(typeof body.now === 'number' ? body.now : undefined))
    default:
      throw new Error(`no such wish: ${path}`)
  }
}

const done = (_: unknown) => ({ done: true })

function ofTrouble(telegram: Telegram, id: number, verb: string): unknown {
  const handle = telegram.misbehaviours().find((one) => one.id === id)
  if (!handle || (verb !== 'stop' && verb !== 'release')) throw new Error('no such misbehaviour')
  return done(handle[verb]())
}

/** What one person does in a chat; what is not there is the owner's to do. */
function inChat(telegram: Telegram, key: string, verb: string, body: Body): unknown {
  if (body.person === undefined) return byOwner(telegram, key, verb, body)
  const person = personIn(telegram, body.person)
  const place = placeIn(telegram, key, body.thread)
  const caption = typeof body.caption === 'string' ? { caption: body.caption } : {}
  switch (verb) {
    case 'say':
      return { id: person.say(place, textOf(body, 'text'), replyOf(body)).id }
    case 'edit':
      return { id: person.edit(place, numberOf(body, 'message'), textOf(body, 'text')).id }
    case 'photo': {
      const photos = readPhotos(body)
      const how = { ...caption, ...replyOf(body) }
      const shown = photos.length > 1 ? person.album(place, photos, how) : [person.photo(place, photos[0], how)]
      return { ids: shown.map(({ id }) => id) }
    }
    case 'document': {
      const file = { name: textOf(body, 'name'), bytes: Buffer.from(textOf(body, 'base64'), 'base64') }
      return { id: person.document(place, file, { ...caption, ...replyOf(body) }).id }
    }
    case 'press': {
      const forged = body.forged === undefined ? {} : { forged: textOf(body, 'forged') }
      const how = { stale: body.stale === true, inaccessible: body.inaccessible === true, ...forged }
      return { press: person.press(place, numberOf(body, 'message'), String(body.button), how).id }
    }
    default:
      throw new Error(`no such deed of a person: ${verb}`)
  }
}

function byOwner(telegram: Telegram, key: string, verb: string, body: Body): unknown {
  const group = groupIn(telegram, key)
  const who = () => whoIn(telegram, body)
  switch (verb) {
    case 'topic':
      return { thread: group.topic(textOf(body, 'name')).thread }
    case 'close-topic':
      return done(group.closeTopic(numberOf(body, 'thread'), body.closed !== false))
    case 'join':
    case 'leave':
    case 'kick':
    case 'demote':
    case 'restrict':
      return done(group[verb](who()))
    case 'promote':
      return done(group.promote(who(), readRights(body), body.anonymous === true))
    case 'open':
      return done(group.setOpen(body.open === true))
    case 'rename':
      return done(group.rename(textOf(body, 'title')))
    case 'migrate':
      return { chat: group.migrate().chat }
    case 'post':
      return done(group.post(textOf(body, 'text')))
    default:
      throw new Error(`no such deed of an owner: ${verb}; a person's deed names the person`)
  }
}
