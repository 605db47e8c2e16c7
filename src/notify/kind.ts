import type { RawReply, RawRequest } from '../core/http.ts'
import type { ComplaintId, Instant } from '../core/words.ts'
import type { Finding } from '../platforms/platform.ts'
import type { StoredChannel } from '../storage/channels.ts'
import type { Interest } from './interests.ts'
import type { Letter } from './letter.ts'

/** What became of one message. `why`: plain, in both languages (`中文 | English`), without secrets and addresses. */
export type Sent =
  /** `reference`: theirs. */
  | { readonly outcome: 'sent'; readonly reference: string }
  /** It may have arrived. */
  | { readonly outcome: 'unknown'; readonly code: string; readonly why: string }
  | Failed

/** It has not arrived. */
export interface Failed {
  readonly outcome: 'failed'
  /** credentials: nothing goes out until a person mends it; channel: nothing gets through for now; recipient: nothing reaches them; message: this one. */
  readonly blames: 'message' | 'recipient' | 'channel' | 'credentials'
  readonly code: string
  readonly why: string
  /** Milliseconds after which it may be tried again. Without it: a message is given up, a recipient switched off, a channel left alone for longer every time. */
  readonly again?: number
}

/** How fast and how often; milliseconds and whole numbers. */
export interface Limits {
  /** Between two messages of the channel, and to one recipient. */
  readonly gap: number
  readonly recipientGap?: number
  readonly perHour?: number
  readonly perDay?: number
  readonly perRecipientDay?: number
  /** Who has had all of a day is told again from this hour of the next one on, 0 to 23. */
  readonly dayBegins: number
  /** How long more of the same is waited for before it is told. */
  readonly merge: number
}

/** One message for one recipient, about one complaint or, where the kind merges all, about everything that waits. */
export interface Message {
  /** The same for every try: by it a repeated message is recognised. Another one once it is known that the last did not arrive. */
  readonly key: string
  readonly complaint?: ComplaintId
  readonly letter: Letter
  /** How often it failed, and what was said then. */
  readonly tries: number
  readonly error?: string
}

/** What the API and the CLI take. */
export interface Given {
  readonly settings: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, string>>
}

/** A way to send; knows neither complaints nor deliveries. */
export interface ChannelKind {
  readonly kind: string
  /** What its messages can tell. */
  readonly interests: readonly Interest[]
  /** What goes into one message: what is about one complaint, or all that waits for a recipient. */
  readonly merges: 'complaint' | 'all'
  /** Milliseconds to the next try each time nobody knows whether a message arrived, where the same again does little harm; after the last of them a person decides. */
  readonly repeats: readonly number[]
  /** @throws InputError naming the field and the fix */
  check(given: Given): void
  /** An address in its one spelling. @throws InputError */
  address(text: string): string
  /** An address as people may see it. */
  mask(address: string): string
  limits(channel: Pick<StoredChannel, 'settings'>): Limits
  /** Never throws for what the outside does. */
  send(channel: StoredChannel, address: string, message: Message): Promise<Sent>
  /** Whether it would get through now; sends nothing. */
  inspect(channel: StoredChannel): Promise<readonly Finding[]>
  /** A picture that a person scans to become a recipient, where there is such a thing. @throws OutsideError */
  invite?(channel: StoredChannel, code: string, seconds: number): Promise<Invitation>
  /** What became of messages to this address that were taken since then, where nobody tells it by itself. @throws OutsideError */
  reports?(channel: StoredChannel, address: string, since: Instant): Promise<readonly Report[]>
  /** Credentials that end by themselves. */
  ends?(channel: StoredChannel): Ending | undefined
  /** What the outside tells this channel. */
  hear?(channel: StoredChannel, request: RawRequest): Heard
  close(): Promise<void>
}

/** What the outside says became of a message that it had taken. */
export interface Report {
  /** Theirs, and ours where they know it. */
  readonly reference: string
  readonly key?: string
  readonly delivered: boolean
  /** Why it did not arrive: plain, in both languages. */
  readonly error?: string
  /** Nothing reaches that recipient any more. */
  readonly off?: boolean
}

export interface Ending {
  readonly at: Instant
  /** From then on people are told. */
  readonly sayFrom: Instant
}

export interface Invitation {
  /** What the code says, for a picture of our own. */
  readonly url: string
  /** Their picture of it. */
  readonly image: string
}

export type Heard =
  /** A code of ours was scanned from this address. */
  | { readonly heard: 'scanned'; readonly address: string; readonly code: string; readonly reply: RawReply }
  /** Whoever has this address is not to be reached any more. */
  | { readonly heard: 'left'; readonly address: string; readonly reply: RawReply }
  /** What became of a message to this address. */
  | { readonly heard: 'reported'; readonly address: string; readonly report: Report; readonly reply: RawReply }
  | { readonly heard: 'nothing'; readonly reply: RawReply }
  | { readonly heard: 'forged'; readonly why: string; readonly reply: RawReply }
