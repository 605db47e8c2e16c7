import { html, type Markup } from '../html.ts'
import { type Lang, shell } from '../page/shell.ts'
import type { Desk, Waiting } from './desk.ts'
import { brief, bubble, type Seen } from './page-message.ts'
import { type Words, words } from './page-words.ts'
import { faceFor } from './shown.ts'
import { fold, type Post, type Room, singleKey } from './state.ts'
import type { Person, Rules } from './wecom.ts'

export function page(lang: Lang): string {
  const { title, other, ...say } = words[lang]
  return shell({
    ...{ lang, title, other },
    top: html`<label>${say.as}<select id="person"></select></label>
<details id="spoil"><summary>${say.spoil}</summary><div>
<button data-cut>${say.cut}</button>
<button data-trouble="refused">${say.refused}</button>
<button data-trouble="dropped">${say.dropped}</button>
</div></details>`,
    body: html`<p id="trouble" hidden data-refused="${say.refused}" data-dropped="${say.dropped}" data-seconds="${say.seconds}"></p>
<div id="desk">
<nav id="chats" aria-label="${say.chats}" data-away="${say.away}"></nav>
<section>
<main id="messages"></main>
${composer(say)}
</section>
</div>`,
  })
}

const composer = (say: Omit<(typeof words)[Lang], 'title' | 'other'>): Markup => html`<form id="say" autocomplete="off">
<p id="reply" hidden><span></span><button type="button" id="drop">×</button></p>
<p id="staged" hidden></p>
<span id="bots"></span>
<label class="button">${say.photo}<input type="file" id="file" accept="image/*" multiple></label>
<button type="button" id="parcel">${say.parcel}</button>
<textarea name="text" rows="1" placeholder="${say.write}" aria-label="${say.write}"></textarea>
<button class="main">${say.send}</button>
</form>`

export interface View {
  readonly persons: readonly { readonly id: string; readonly name: string }[]
  readonly person: string
  readonly chats: readonly ChatLine[]
  readonly chat: string
  /** Whom the @ buttons name; none in 单聊. */
  readonly bots: readonly string[]
  readonly html: string
  readonly presses: readonly Waiting[]
  readonly trouble: { readonly over: Rules['over']; readonly seconds: number } | undefined
}

interface ChatLine {
  readonly key: string
  readonly name: string
  readonly kind: Room['kind']
  /** What was said last, as one line. */
  readonly last: string
  /** Whose link is down. */
  readonly away: readonly string[]
}

// More than this nobody reads.
const shown = 100

/** What a person sees: their chats, and the messages of one with their own face of each card. */
export function view(desk: Desk, wish: { chat: string; person: string; lang: Lang }): View {
  const { wecom, core } = desk
  const persons = wecom.persons()
  const person = persons.find(({ userid }) => userid === wish.person) ?? persons[0]
  if (!person) throw new Error('there is nobody yet')
  const say = words[wish.lang]
  const chats = chatsOf(desk, person, say)
  const key = (chats.find((one) => one.key === wish.chat) ?? chats[0])?.key
  if (key === undefined) throw new Error(`${person.name} is in no chat`)
  const { room } = desk.open(person, key)
  const said = seenIn(room, person).slice(-shown)
  return {
    persons: persons.map(({ userid, name }) => ({ id: userid, name })),
    person: person.userid,
    chats,
    chat: key,
    bots: room.kind === 'group' ? [...room.bots].flatMap((id) => core.bots.get(id)?.name ?? []) : [],
    html: said.map((post) => bubble(seen(desk, post, person, say), say).markup).join('\n'),
    presses: desk.waiting(person, room),
    trouble: desk.troubled && {
      over: desk.troubled.over,
      seconds: Math.max(0, Math.ceil((desk.troubled.until - core.clock.now()) / 1000)),
    },
  }
}

const seenIn = (room: Room, { userid }: Person): readonly Post[] =>
  room.posts.filter(({ viewers }) => viewers.has(fold(userid)))

/** The groups that the person is in, then their 单聊 with each bot, entered or not. */
function chatsOf({ core }: Desk, person: Person, say: Words): readonly ChatLine[] {
  const groups = [...core.rooms.values()].filter(
    ({ kind, people }) => kind === 'group' && people.has(fold(person.userid)),
  )
  const away = (botIds: Iterable<string>) =>
    [...botIds].flatMap((id) => (core.bots.get(id)?.link ? [] : (core.bots.get(id)?.name ?? [])))
  const last = (room: Room | undefined) => {
    const post = room && seenIn(room, person).at(-1)
    return post ? brief(faceFor(post, person.userid), say) : ''
  }
  return [
    ...groups.map((room) => ({
      key: room.key,
      name: `${room.name} (${room.people.size + room.bots.size})`,
      kind: room.kind,
      last: last(room),
      away: away(room.bots),
    })),
    ...[...core.bots.values()].map(({ botId, name }) => {
      const key = singleKey(botId, person.userid)
      return { key, name, kind: 'single' as const, last: last(core.rooms.get(key)), away: away([botId]) }
    }),
  ]
}

function seen({ core, quotes }: Desk, post: Post, me: Person, say: Words): Seen {
  const { id, room, from, at } = post
  const quoted = room.posts.find((one) => one.id === quotes.get(id))
  const query = `chat=${encodeURIComponent(room.key)}&message=${id}`
  return {
    ...{ id, at, said: faceFor(post, me.userid) },
    ...whose(core, from, me),
    quoted: quoted && `${whose(core, quoted.from, me).name}: ${brief(faceFor(quoted, me.userid), say)}`,
    piece: (index) => `/sandbox/file?${query}&piece=${index}`,
  }
}

function whose({ bots, people }: Desk['core'], from: string, me: Person): Pick<Seen, 'name' | 'by'> {
  const bot = bots.get(from)
  if (bot) return { name: bot.name, by: 'bot' }
  const person = people.get(fold(from))
  if (!person) return { name: 'Webhook', by: 'push' }
  return { name: person.name, by: fold(person.userid) === fold(me.userid) ? 'me' : 'person' }
}
