import type { Clock } from '../../src/core/clock.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { Sandbox } from '../wire.ts'

/** Bytes of chance, as many as asked for. */
export type Random = (size: number) => Buffer
export type Json = Readonly<Record<string, unknown>>

/** A 智能机器人 in long-connection mode. */
export interface BotAccount {
  readonly botId: string
  readonly secret: string
  /** What people type after the @; may hold blanks. */
  readonly name: string
}

/** What UNVERIFIED facts leave open, and what a test may tighten. */
export interface Rules {
  /** Replies and pushes together, per conversation. */
  readonly perMinute: number
  readonly perHour: number
  /** Of a group webhook. */
  readonly webhookPerMinute: number
  /** What happens over the limit: errcode 45009, or errcode 0 and nobody sees the message. */
  readonly over: 'refused' | 'dropped'
  /** The code over the limit of a group webhook: 45009, or 130101 as some have seen. */
  readonly webhookOver: number
  /** Milliseconds in which an event must be answered by an update, and for which a picture's address is good. */
  readonly eventMs: number
  readonly mediaMs: number
  /** Silence after which a link is dropped. */
  readonly pingMs: number
  /** From the first frame of a stream to its last. */
  readonly streamMs: number
}

export interface WecomOptions {
  readonly clock: Clock
  readonly random: Random
  readonly bots: readonly BotAccount[]
  readonly rules?: Partial<Rules>
  readonly logger?: Logger
}

/** One frame of a bot's connection, read and written as values; the shell puts a WebSocket around it. */
export interface Connection {
  /** A text message of the client. */
  receive(text: string): void
  /** The client's side is gone. */
  closed(): void
}

/** The server's side of one connection. */
export interface Line {
  send(text: string): void
  /** The server hangs up; `hard`: without a closing handshake. */
  close(hard?: boolean): void
}

/** One message, or one card, as a person sees it. */
export interface Shown {
  readonly id: string
  /** The person, the bot's id, or `webhook:<key>`. */
  readonly from: string
  readonly kind: 'text' | 'markdown' | 'card' | 'image' | 'file' | 'mixed' | 'news'
  /** All that can be read, as plain text, a line each; of a card without its buttons. */
  readonly text: string
  /** What the client was given, as it came over the wire (of a card: the face that this person has now). */
  readonly content: Json
  readonly taskId?: string
  /** Labels of what can be pressed now: buttons, then the entries of the ⋮ menu. */
  readonly buttons: readonly { readonly label: string; readonly key: string; readonly menu?: true }[]
  /** The dropdown of a card. */
  readonly choices: readonly { readonly label: string; readonly id: string }[]
  readonly pictures: readonly Buffer[]
  /** Userids, or `@all`, whom the message notifies; a group webhook's only. */
  readonly mentions: readonly string[]
  /** Where the links in it lead, and the pictures that markdown shows. */
  readonly links: readonly string[]
  /** Milliseconds. */
  readonly at: number
}

export interface Pressing {
  /** The label or id chosen in the card's dropdown before; the preselected one when left out. */
  readonly choose?: string
  /** A client that was changed: sends this instead of the button's key. */
  readonly forged?: string
}

export interface Press {
  /** `updated`: the card was updated in time; `late`: five seconds passed; `open`: neither yet. */
  readonly state: 'open' | 'updated' | 'late'
  readonly key: string
}

export interface Saying {
  readonly quote?: Shown
  /** A bot's id: the message begins with its @. */
  readonly to?: string
}

export interface Person {
  readonly userid: string
  readonly name: string
  /** In a group as typed (write the @ yourself, or use `to`); in 单聊 every message reaches the bot. */
  say(where: Chat, text: string, how?: Saying): Shown
  /** 图文混排: text and pictures in one message. */
  mixed(where: Chat, parts: readonly (string | Buffer)[], how?: Saying): Shown
  /** A plain picture; a group's reaches no bot. */
  picture(where: Chat, bytes: Buffer): Shown
  file(where: Chat, file: { readonly name: string; readonly bytes: Buffer }): Shown
  /** By its label or key, in the card's present face for this person. */
  press(where: Chat, shown: Shown, button: string, how?: Pressing): Press
}

/** A 内部群, or the 单聊 of one person with one bot. */
export interface Chat {
  readonly chatid: string
  readonly kind: 'group' | 'single'
  /** What this person sees in it, oldest first; a card in its present face for them. */
  seenBy(person: Person): readonly Shown[]
}

export interface Group extends Chat {
  readonly name: string
  /** A person, or a userid or bot's id. They see what comes from now on. */
  add(who: Person | string): void
  remove(who: Person | string): void
  /** Adds a 消息推送 to the group. @returns its key. */
  webhook(): string
}

/** What a server does wrong on purpose; the first that fits a frame or call is used up. */
export interface Misbehaviour {
  /** The command (`aibot_send_msg` …), a callback (`aibot_msg_callback`, `aibot_event_callback`), `connect`, `webhook`, `webhook_upload`, or `media` (a download; `errcode` is its HTTP status). */
  readonly on: string
  readonly how: /** Answered with this code and nothing done. */
    | { readonly errcode: number; readonly errmsg?: string }
    /** Done, and the answer never comes. */
    | { readonly lost: 'answer' }
    /** Never arrives. */
    | { readonly lost: 'request' }
    /** The connection breaks instead of the answer; `after`: once it was done. */
    | { readonly cut: 'before' | 'after' }
    /** Done at once, answered late; a callback comes late. */
    | { readonly lateMs: number }
    /** A callback comes once more, with the same msgid. */
    | { readonly twice: true }
  readonly times?: number
  /** Frames of that kind that pass before. */
  readonly skip?: number
}

export interface CallEntry {
  readonly at: number
  /** Empty before anybody has subscribed; `webhook:<key>` of a webhook. */
  readonly botId: string
  readonly cmd: string
  /** Without secrets, and without the bytes of files. */
  readonly body: Json
  readonly errcode: number
}

export interface Wecom extends Sandbox {
  readonly rules: Rules
  setRules(rules: Partial<Rules>): void
  /** Where the bots connect (`ws://…`) and what webhooks are posted to (`http://…`); known once it is served. */
  readonly wsUrl: string
  readonly baseUrl: string
  listensAt(url: string): void
  /** A new connection; the shell calls it. */
  connect(line: Line): Connection
  person(wish: { readonly userid: string; readonly name: string }): Person
  persons(): readonly Person[]
  /** `bots`: their ids; none when left out. */
  group(wish: { readonly name: string; readonly people: readonly Person[]; readonly bots?: readonly string[] }): Group
  groups(): readonly Group[]
  /** The 单聊 of a person with a bot; the first visit of a day tells the bot `enter_chat`. */
  single(person: Person, botId: string): Chat
  /** Whether somebody is subscribed for this bot now. */
  connected(botId: string): boolean
  /** Breaks the bot's connection. */
  cut(botId: string): void
  misbehave(script: Misbehaviour): void
  calls(): readonly CallEntry[]
  /** Callbacks for a bot that was not connected: they are lost, nobody sends them again. */
  missed(): readonly { readonly botId: string; readonly body: Json }[]
  /** Resolves when no callback is still to be sent to a connected bot. */
  idle(): Promise<void>
}
