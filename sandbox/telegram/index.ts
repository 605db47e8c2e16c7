import { silent } from '../../src/core/logger.ts'
import { deliverByHttp } from '../deliver.ts'
import { addressOf } from '../wire.ts'
import { createCalls } from './calls.ts'
import { createControl } from './control.ts'
import type { Bot, BotAccount, Core } from './core.ts'
import { createFeed, type Feed } from './feed.ts'
import { createFiles } from './files.ts'
import { createGateway } from './gateway.ts'
import { type Group, groupOf } from './group.ts'
import { createHook, type Hook } from './hook.ts'
import { menuFor } from './menus.ts'
import { createTroubles } from './misbehave.ts'
import { createPacing } from './pacing.ts'
import { type Person, personOf } from './person.ts'
import { botNamed } from './private.ts'
import { defaultRules, type Rules } from './rules.ts'
import type { User } from './shapes.ts'
import { placeOf } from './shown.ts'
import { createState } from './state.ts'
import type { NewGroup, NewPerson, Telegram, TelegramOptions } from './telegram.ts'

export type { CallEntry } from './calls.ts'
export type { BotAccount } from './core.ts'
export type { Group } from './group.ts'
export type { Misbehaviour, TroubleHandle } from './misbehave.ts'
export type { Person, Press } from './person.ts'
export { type Pace, paces, type Rules } from './rules.ts'
export { serveTelegram } from './serve.ts'
export type { Place, Shown } from './shown.ts'
export type { NewGroup, NewPerson, Telegram, TelegramOptions } from './telegram.ts'

/** Telegram's Bot API servers and the people in its groups. No socket, no randomness of its own; time is the clock's. */
export function createTelegram(options: TelegramOptions): Telegram {
  const { clock, random, deliver = deliverByHttp, logger = silent } = options
  let rules: Rules = { ...defaultRules, ...options.rules }
  let apiRoot = options.baseUrl ?? 'http://127.0.0.1'

  const state = createState(random)
  const troubles = createTroubles()
  const calls = createCalls(clock)
  const ruled = { clock, rules: () => rules }
  const persons = new Map<number, Person>()
  const groups = new Map<string, Group>()
  const core: Core = {
    clock,
    random,
    state,
    files: createFiles({ ...ruled, random }),
    pacing: createPacing(ruled),
    bots: options.bots.map(makeBot),
    queries: new Map(),
    rules: () => rules,
  }
  const gateway = createGateway(core, troubles, calls)

  function makeBot(account: BotAccount): Bot {
    const { token, username, name, privacy = true } = account
    const user: User = { id: Number(token.split(':')[0]), is_bot: true, first_name: name, username }
    state.users.set(user.id, user)
    const hook: Hook = createHook({ ...ruled, deliver, feed: () => feed, act: (call) => gateway.act(bot, call) })
    const firstId = 100_000_000 + (random(4).readUInt32BE() % 800_000_000)
    const feed: Feed = createFeed({ ...ruled, troubles, bot: username, firstId, wake: () => hook.wake() })
    const bot: Bot = { user, token, privacy, feed, hook, menus: new Map(), descriptions: new Map() }
    return bot
  }

  function addPerson({ name, username, id, language }: NewPerson): Person {
    const user: User = {
      id: id ?? state.freshUserId(),
      is_bot: false,
      first_name: name,
      ...(username === undefined ? {} : { username }),
      ...(language === undefined ? {} : { language_code: language }),
    }
    state.users.set(user.id, user)
    const person = personOf(core, user)
    persons.set(user.id, person)
    return person
  }

  function addGroup({ title, kind = 'supergroup', username, forum = false, people, bots = [] }: NewGroup): Group {
    const [owner] = people
    if (!owner) throw new Error('a group needs a person')
    const room = state.open({ kind, title, username, forum })
    const member = (user: User, status: 'creator' | 'member' | 'administrator') =>
      room.members.set(user.id, { user, status, rights: [], anonymous: false })
    for (const { user } of people) member(user, user === owner.user ? 'creator' : 'member')
    // A bot can be in a channel as an admin only.
    for (const bot of bots) member(botNamed(core, bot).user, kind === 'channel' ? 'administrator' : 'member')
    return kept(groupOf(core, room, owner.user))
  }

  /** Known by its id, and so is what it becomes. */
  function kept(group: Group): Group {
    const known = { ...group, migrate: () => kept(group.migrate()) }
    groups.set(group.room.key, known)
    return known
  }

  const telegram: Telegram = {
    bots: core.bots.map(({ user }) => user),
    get apiRoot() {
      return apiRoot
    },
    get rules() {
      return rules
    },
    setRules(changed) {
      rules = { ...rules, ...changed }
    },
    setPace(changed) {
      rules = { ...rules, pace: { ...rules.pace, ...changed } }
    },
    person: addPerson,
    persons: () => [...persons.values()],
    group: addGroup,
    groups: () => [...groups.values()],
    places: () => [...state.rooms.values()].map((room) => placeOf(room)),
    answerTo: (press) => core.queries.get(press)?.answer,
    menu: (where, { user }, bot) => menuFor(botNamed(core, bot), where.room, user.id, user.language_code ?? ''),
    misbehave: troubles.add,
    misbehaviours: troubles.list,
    calls: calls.entries,
    polled: (bot) => botNamed(core, bot).feed.polled,
    pending: (bot) => botNamed(core, bot).feed.entries.length,
    async idle() {
      await Promise.all(core.bots.map(({ hook }) => hook.idle()))
    },
    listensAt(url) {
      if (options.baseUrl === undefined) apiRoot = url
    },
    async advance(now = clock.now()) {
      for (const { feed, hook } of core.bots) {
        feed.advance(now)
        hook.wake()
      }
    },
    async handle(request) {
      const { pathname } = addressOf(request)
      return pathname.startsWith('/sandbox') ? control(request) : gateway.handle(request)
    },
  }
  const control = createControl(telegram, logger)
  return telegram
}
