import type { RawReply, RawRequest } from '../core/http.ts'
import type { Picture } from '../core/picture.ts'
import type { BotId, ButtonToken, ComplaintId, Instant, PostId } from '../core/words.ts'
import type { Finding } from '../platforms/platform.ts'
import type { Rate } from './pace.ts'

export type { Finding }

/** A complaint (or a question) as any chat can show it; a bot's render.ts makes its own words of it. */
export interface Card {
  readonly title: string
  readonly tone: 'calm' | 'urgent' | 'late' | 'settled'
  readonly due?: Instant
  readonly lines: readonly { readonly label: string; readonly text: string }[]
  /** The customer's own words, set apart from ours. */
  readonly quote?: string
  /** A sentence below: what happened last, what is wrong, what to do. */
  readonly note?: string
  readonly buttons: readonly Button[]
  /** A page that shows more of it. */
  readonly link?: { readonly label: string; readonly url: string }
}

export interface Button {
  readonly label: string
  readonly token: ButtonToken
  readonly weight: 'main' | 'plain' | 'danger'
}

/** A message from us to a chat. */
export interface Say {
  readonly card?: Card
  readonly text?: string
  readonly pictures?: readonly Picture[]
  /** The post that this belongs to, where the chat can show that. */
  readonly about?: PostId
}

/** Where in the chat: the chat's own ids. */
export interface Spot {
  readonly chat: string
  readonly topic?: string
}

/** Something that a person did in a chat. */
export interface Heard {
  /** The chat's own id of this event: heard twice, it is the same wish. */
  readonly id: string
  readonly spot: Spot
  /** One to one with the bot. */
  readonly alone: boolean
  /** The chat's name, where the bot knows it. */
  readonly title?: string
  readonly user: { readonly id: string; readonly name: string }
  /** Without mentions of ourselves, and without commands to other bots. */
  readonly text?: string
  /** Bytes already fetched and of a known type; what could not be fetched is counted in `lost`. */
  readonly pictures?: readonly Picture[]
  readonly lost?: number
  /** The post that the person answers to. */
  readonly replyTo?: PostId
  /** What the post that the person answers to says, where the chat does not tell which one it is. */
  readonly quoted?: string
  /** These words answer our question: written below it, in reply to it, or (where every word heard is for us) spoken to us. */
  readonly answering?: true
  /** `refresh`: nothing is wished but to see the card as it is now; the token is one of its buttons. */
  readonly press?: { readonly token: ButtonToken; readonly post: PostId; readonly refresh?: true }
}

/** What the bot shows at once; slow results arrive later as posts and edits. */
export interface Answer {
  readonly text?: string
  readonly card?: Card
  /** The card is this complaint's: what is answered to it is about that. */
  readonly about?: ComplaintId
  /** And it is the complaint's own card, as it hangs in the room. */
  readonly current?: true
  readonly pictures?: readonly Picture[]
  /** Chat user ids who alone see it, where the bot can; otherwise everybody does. */
  readonly onlyFor?: readonly string[]
  /** Whom it answers, by the name that the business knows; where the chat has none of its own. */
  readonly to?: string
  /** A short word at the button. */
  readonly toast?: string
  /** The toast is a refusal that must be read. */
  readonly alert?: boolean
  /** The card that was pressed, as it is now. */
  readonly fresh?: Card
  /** A question: the words that the person gives to it come back as `answering`. */
  readonly ask?: Ask
}

export interface Ask {
  readonly prompt: string
  /** Milliseconds. */
  readonly ttl: number
  /** Words to start from, where the chat can offer them. */
  readonly suggest?: readonly string[]
  /** Ready-made answers: a press on one is heard as a press, and the question with it done. */
  readonly offers?: readonly Button[]
  /** Pictures are welcome in the answer. */
  readonly pictures?: boolean
  /** Heard as a press when the person thinks better of it, where the chat can offer that: the next words are then no answer. */
  readonly cancel?: ButtonToken
}

export interface Abilities {
  readonly buttons: number
  readonly edit: 'any-time' | 'on-press' | 'never'
  readonly onlyFor: boolean
  readonly toast: boolean
  readonly hears: 'all' | 'addressed'
  /** Messages that it may send to one chat: a bucket of `burst`, one more every `every` ms. */
  readonly pace: Rate
  /** Messages that it may send to all its chats together, where that is limited too. */
  readonly paceOfAll?: Rate
  /** What is answered to a press with buttons of its own takes the pressed card's place, for the presser alone: there is no second message. */
  readonly faces?: true
}

/** What else a bot has to tell, besides what people do. */
export interface Events {
  /** The chat goes on under another id: rooms there go with it. What stood under the old one cannot be edited any more. */
  moved?(from: Spot, to: Spot): Promise<void>
  /** The card of an answer was posted: what is answered to it is about this complaint. */
  posted?(spot: Spot, post: PostId, about: ComplaintId, current?: true): Promise<void>
  /** The pressed card was changed to this in an answer: it need not be told again. */
  edited?(spot: Spot, post: PostId, card: Card): Promise<void>
  /** An answer to a person (a message, an edit; no word at a button) goes there now: what is posted next waits the longer. */
  spent?(spot: Spot, messages?: number): void
  /** Whether a card may be changed at once that would be changed in its turn anyway. */
  spare?(spot: Spot): boolean
  /** Another process has taken our place at this bot; it is left to it until a person decides. */
  taken?(): Promise<void>
}

/** A chat connection and nothing else: it knows neither complaints nor members. */
export interface Bot {
  readonly id: BotId
  readonly name: string
  readonly can: Abilities
  /** Where a person opens it, for a bot that is a page of its own; with the secret that lets one in. */
  readonly address?: string
  /** Answers at once (WeCom gives five seconds). `hear` never throws. */
  start(hear: (heard: Heard) => Promise<Answer>, events?: Events): Promise<void>
  /** @throws OutsideError; `wait` is how long the chat asked us to pause. */
  post(spot: Spot, say: Say): Promise<PostId | undefined>
  /** @throws OutsideError */
  edit(spot: Spot, post: PostId, say: Say): Promise<'edited' | 'cannot' | 'gone'>
  /** The commands that the chat may offer while a person types, each with a sentence of help; `en` for those who do not read Chinese. */
  menu?(entries: readonly MenuEntry[]): Promise<void>
  /** For bots that are called back over HTTP. */
  answer?(request: RawRequest): Promise<RawReply>
  /** What a person may have set wrongly there, for `doctor`; `spots` are the rooms that it serves. Changes nothing. */
  inspect?(spots: readonly Spot[]): Promise<readonly Finding[]>
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>
}

export interface MenuEntry {
  readonly name: string
  readonly help: string
  readonly en?: string
}

/** How the app makes a bot of one kind from its stored settings. */
export interface BotKind {
  readonly kind: 'browser' | 'telegram' | 'wecom' | 'wecom-webhook' | 'wechaty'
  /** Nobody can be heard there: its one room is made by an admin. */
  readonly pushOnly?: true
  /** @throws InputError naming the field and the fix. */
  check(settings: Record<string, unknown>, secrets: Record<string, string>): void
  make(options: {
    readonly id: BotId
    readonly name: string
    readonly settings: Record<string, unknown>
    readonly secrets: Readonly<Record<string, string>>
  }): Bot
}
