import { html } from '../html.ts'
import { type Lang, shell } from '../page/shell.ts'
import { bubble } from './page-message.ts'
import { menuWords } from './page-words.ts'
import { placeOf } from './shown.ts'
import { inRoom } from './state.ts'
import type { Telegram } from './telegram.ts'

export function page(lang: Lang): string {
  const { title, other, ...say } = menuWords[lang]
  return shell({
    ...{ lang, title, other },
    top: html`<label>${say.as}<select id="person"></select></label>
<label>${say.chat}<select id="chat"></select></label>`,
    body: html`<main id="messages"></main>
<form id="say" autocomplete="off">
<p id="reply" hidden><span></span><button type="button" id="drop">×</button></p>
<button type="button" id="photo" title="${say.photo}">${say.photo}</button>
<input name="text" placeholder="${say.write}" aria-label="${say.write}">
<button class="main">${say.send}</button>
</form>`,
  })
}

export interface View {
  readonly persons: readonly { readonly id: number; readonly name: string }[]
  readonly chats: readonly { readonly key: string; readonly title: string }[]
  readonly chat: string | undefined
  readonly person: number | undefined
  readonly html: string
  /** The message whose ForceReply opened this person's reply field. */
  readonly asked: { readonly id: number; readonly placeholder: string | undefined } | undefined
}

// More than this nobody reads.
const shown = 100

/** What a person sees: the chats that they are in, and the messages of one. */
export function view(telegram: Telegram, wish: { chat: string; person: number; lang: Lang }): View {
  const persons = telegram.persons()
  const person = persons.find(({ user }) => user.id === wish.person) ?? persons[0]
  const rooms = telegram
    .places()
    .map(({ room }) => room)
    .filter(({ members }) => person && inRoom(members.get(person.user.id)))
  const room = rooms.find(({ key }) => key === wish.chat) ?? rooms[0]
  const place = room && placeOf(room)
  const messages = place?.messages().slice(-shown) ?? []
  const asked = place && person?.asked(place)
  return {
    persons: persons.map(({ user }) => ({ id: user.id, name: user.first_name })),
    chats: rooms.map(({ key, title, movedTo }) => ({
      key,
      title: movedTo === undefined ? title : `${title} (→ ${movedTo})`,
    })),
    chat: room?.key,
    person: person?.user.id,
    html: messages
      .map((message) =>
        bubble({
          message,
          room: room?.key ?? '',
          topic: topicName(room, message.thread),
          me: person?.user.id,
          replied: message.replyTo === undefined ? undefined : place?.message(message.replyTo),
        }),
      )
      .map(({ markup }) => markup)
      .join('\n'),
    asked: asked && { id: asked.id, placeholder: asked.asks?.placeholder },
  }
}

const topicName = (room: { topics: Map<number, { name: string }> } | undefined, thread: number | undefined) =>
  thread === undefined ? undefined : room?.topics.get(thread)?.name
