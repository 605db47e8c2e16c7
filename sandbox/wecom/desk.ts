import type { Core } from './core.ts'
import { faceFor } from './shown.ts'
import { type Content, fold, type Post, type Room, singleKey } from './state.ts'
import type { Chat, Person, Press, Rules, Wecom } from './wecom.ts'

const minute = 60_000

/** What the page knows beside what WeCom knows: whose press waits, what was quoted, and a trouble of a minute. */
export interface Desk {
  readonly wecom: Wecom
  readonly core: Core
  person(userid: unknown): Person
  /** A group that this person is in, or their 单聊 with a bot: to look at it is to enter it. */
  open(person: Person, key: string): { readonly chat: Chat; readonly room: Room }
  post(room: Room, id: unknown): Post
  pressed(person: Person, post: Post, press: Press): void
  /** The person's last press of each card that still has the face that was pressed; those that were answered are over. */
  waiting(person: Person, room: Room): readonly Waiting[]
  readonly quotes: Map<string, string>
  /** For a minute no message gets through: each is refused with 45009, or nobody sees it and nobody is told. */
  trouble(over: Rules['over']): void
  readonly troubled: { readonly over: Rules['over']; readonly until: number } | undefined
  /** Ends the trouble when its minute is over. */
  advance(now: number): void
}

export interface Waiting {
  /** The message's id. */
  readonly message: string
  readonly key: string
  readonly state: 'open' | 'late'
}

interface Pressed {
  readonly post: Post
  readonly face: Content
  readonly press: Press
}

export function createDesk(wecom: Wecom, core: Core): Desk {
  const presses = new Map<string, Pressed>()
  let troubled: { over: Rules['over']; until: number; usual: Partial<Rules> } | undefined

  function chatOf(person: Person, key: string): Chat | undefined {
    const bot = [...core.bots.keys()].find((botId) => singleKey(botId, person.userid) === key)
    if (bot !== undefined) return wecom.single(person, bot)
    const room = core.rooms.get(key)
    if (room?.kind !== 'group' || !room.people.has(fold(person.userid))) return undefined
    return wecom.groups().find(({ chatid }) => chatid === room.chatid)
  }

  return {
    wecom,
    core,
    person(userid) {
      const found = wecom.persons().find((one) => one.userid === userid)
      if (!found) throw new Error(`no person ${String(userid)}`)
      return found
    },
    open(person, key) {
      const chat = chatOf(person, key)
      const room = core.rooms.get(key)
      if (!chat || !room) throw new Error(`${person.name} has no chat ${key}`)
      return { chat, room }
    },
    post(room, id) {
      const found = room.posts.find((one) => one.id === id)
      if (!found) throw new Error(`no message ${String(id)}`)
      return found
    },
    pressed({ userid }, post, press) {
      presses.set(`${post.id} ${fold(userid)}`, { post, face: faceFor(post, userid), press })
    },
    waiting: ({ userid }, room) =>
      room.posts.flatMap((post) => {
        const found = presses.get(`${post.id} ${fold(userid)}`)
        if (!found || found.face !== faceFor(post, userid)) return []
        const { state, key } = found.press
        return state === 'updated' ? [] : [{ message: post.id, key, state }]
      }),
    quotes: new Map(),
    trouble(over) {
      const { perMinute, webhookPerMinute, over: before } = wecom.rules
      const usual = troubled?.usual ?? { perMinute, webhookPerMinute, over: before }
      troubled = { over, until: core.clock.now() + minute, usual }
      wecom.setRules({ perMinute: 0, webhookPerMinute: 0, over })
    },
    get troubled() {
      return troubled
    },
    advance(now) {
      if (!troubled || now < troubled.until) return
      wecom.setRules(troubled.usual)
      troubled = undefined
    },
  }
}
