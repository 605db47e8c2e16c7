import { aboutRoom, eventBody, frames, messageBody, quoteOf, tell } from './callbacks.ts'
import { botNamed, type Core } from './core.ts'
import { buttonsOfCard, questionsOf } from './face.ts'
import { mentioned } from './mention.ts'
import { publish } from './publish.ts'
import type { Rooms } from './rooms.ts'
import { faceFor, showPost } from './shown.ts'
import { type Content, fold, type Handle, type Piece, type Post, type Room, type Someone } from './state.ts'
import type { Json, Person, Press, Pressing, Saying, Shown } from './wecom.ts'

export function personOf(core: Core, rooms: Rooms, me: Someone): Person {
  const send = (room: Room, said: Content, how: Saying = {}): Shown => {
    if (!room.people.has(fold(me.userid))) throw new Error(`${me.name} is not in ${room.name}`)
    const post = publish(core, room, me.userid, said)
    const quoted = how.quote && postOf(room, how.quote)
    hear(core, me, post, quoted && quoteOf(core, quoted, showPost(quoted, me.userid).text))
    return showPost(post, me.userid)
  }
  const to = (text: string, { to: botId }: Saying = {}) =>
    botId === undefined ? text : `@${botNamed(core, botId).name} ${text}`
  return {
    ...me,
    say(where, text, how) {
      const content = to(text, how)
      return send(rooms.of(where), { kind: 'text', content: { content }, pieces: [{ text: content }] }, how)
    },
    mixed(where, parts, how) {
      const [first, ...rest] = parts.map(
        (part): Piece => (typeof part === 'string' ? { text: part } : { picture: part }),
      )
      if (!first) throw new Error('a message needs a part')
      const begun =
        'text' in first ? [{ text: to(first.text, how) }] : how?.to ? [{ text: to('', how) }, first] : [first]
      const pieces = [...begun, ...rest]
      return send(rooms.of(where), { kind: 'mixed', content: {}, pieces }, how)
    },
    picture: (where, bytes) => send(rooms.of(where), { kind: 'image', content: {}, pieces: [{ picture: bytes }] }),
    file: (where, file) => send(rooms.of(where), { kind: 'file', content: { name: file.name }, pieces: [{ file }] }),
    press: (where, shown, button, how = {}) => press(core, me, postOf(rooms.of(where), shown), button, how),
  }
}

function postOf(room: Room, { id }: Shown): Post {
  const post = room.posts.find((one) => one.id === id)
  if (!post) throw new Error(`there is no message ${id} in ${room.name}`)
  return post
}

/** A group's bots hear what @s them; a plain picture or file cannot. */
function hear(core: Core, me: Someone, { room, said: { kind, pieces } }: Post, quote: Json | undefined): void {
  const words = pieces.flatMap((piece) => ('text' in piece ? [piece.text] : [])).join('\n')
  const group = room.kind === 'group'
  const bots = group ? mentioned(core, room, words) : [...room.bots].map((id) => botNamed(core, id))
  for (const bot of bots) {
    room.spokenTo.add(bot.botId)
    const body = {
      ...aboutRoom(core, bot, room, me),
      ...messageBody(core, { kind, pieces }),
      ...(quote ? { quote } : {}),
    }
    tell(core, bot, frames.message, body, { of: 'message', room, at: core.clock.now(), used: false })
  }
}

function press(core: Core, me: Someone, post: Post, button: string, how: Pressing): Press {
  const { room } = post
  if (!room.people.has(fold(me.userid)) || !post.viewers.has(fold(me.userid)))
    throw new Error(`${me.name} does not see this in ${room.name}`)
  const { kind, content: card } = faceFor(post, me.userid)
  const bot = core.bots.get(post.from)
  if (kind !== 'card' || !bot) throw new Error('the message is not a bot’s card')
  const buttons = buttonsOfCard(card)
  const found = buttons.find(({ label }) => label === button) ?? buttons.find(({ key }) => key === button)
  if (!found)
    throw new Error(`no button ${button}; there are: ${buttons.map(({ label }) => label).join(', ') || 'none'}`)
  const key = how.forged ?? found.key
  const at = core.clock.now()
  const handle: Handle = { of: 'card', room, at, post, used: false }
  const pressed = {
    card_type: card.card_type,
    event_key: key,
    task_id: post.taskId,
    ...(found.menu ? {} : chosen(card, how.choose)),
  }
  const event = { eventtype: 'template_card_event', template_card_event: pressed }
  tell(core, bot, frames.event, eventBody(aboutRoom(core, bot, room, me), event), handle)
  return {
    key,
    get state() {
      if (handle.used) return 'updated'
      return core.clock.now() - at > core.rules().eventMs ? 'late' : 'open'
    },
  }
}

/** What stands in the card's questions when its button is pressed. */
function chosen(card: Json, choose: string | undefined): Json {
  const questions = questionsOf(card)
  const wanted = (label: string, id: string) => label === choose || id === choose
  if (choose !== undefined && !questions.some(({ options }) => options.some(({ label, id }) => wanted(label, id))))
    throw new Error(`no choice ${choose}`)
  if (questions.length === 0) return {}
  const item = questions.map(({ key, options, chosen }) => {
    const mine = options.find(({ label, id }) => wanted(label, id))
    return { question_key: key, option_ids: { option_id: mine ? [mine.id] : chosen } }
  })
  return { selected_items: { selected_item: item } }
}
