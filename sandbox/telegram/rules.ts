/** Telegram FAQ: about 1/s a chat (bursts tolerated), about 30/s over all, 20 a minute in a group; exact limits are not published. */
export interface Pace {
  /** Per group, supergroup and channel; counted in each of the named windows. */
  readonly groupPerMinute: number
  readonly windows: readonly ('fixed' | 'sliding')[]
  /** A bucket per chat: so many a second, so many at once. UNVERIFIED how big a burst is tolerated. */
  readonly chatPerSecond: number
  readonly chatBurst: number
  readonly allPerSecond: number
  /** Whether an edit counts like a message; reported, UNVERIFIED. */
  readonly edits: boolean
  /** Whether a call answered with 429 counts too. UNVERIFIED. */
  readonly refused: boolean
}

const usual: Pace = {
  groupPerMinute: 20,
  windows: ['fixed', 'sliding'],
  chatPerSecond: 1,
  chatBurst: 5,
  allPerSecond: 30,
  edits: true,
  refused: false,
}

export const paces = {
  usual,
  /** No bursts, and whoever knocks on a closed door waits longer. */
  strict: { ...usual, chatBurst: 1, refused: true },
  off: { ...usual, groupPerMinute: Infinity, chatPerSecond: Infinity, chatBurst: Infinity, allPerSecond: Infinity },
} satisfies Record<string, Pace>

export interface Rules {
  readonly pace: Pace
  readonly maxText: number
  readonly maxCaption: number
  readonly maxPhotoBytes: number
  readonly maxFileBytes: number
  readonly maxDownloadBytes: number
  /** How long a file's link lives; at least an hour. */
  readonly fileMs: number
  readonly albumMin: number
  readonly albumMax: number
  /** UNVERIFIED: 100 buttons, 8 in a row. */
  readonly maxButtons: number
  readonly maxPerRow: number
  /** How long a press can be answered. UNVERIFIED: only that there is such a limit. */
  readonly queryMs: number
  /** Whether a press may be answered twice. UNVERIFIED. */
  readonly answerTwice: boolean
  readonly deleteMs: number
  /** Telegram keeps updates for 24 hours. */
  readonly keepUpdatesMs: number
  readonly webhookTimeoutMs: number
  readonly webhookRetryMaxMs: number
  /** Real webhooks need https and one of four ports; on this machine http will do, unless asked to be strict. */
  readonly webhookStrict: boolean
  /** Whose poll ends with 409 when there are two. */
  readonly conflictHits: 'earlier' | 'later'
  /** General takes no message_thread_id. UNVERIFIED. */
  readonly generalThread: 'refused' | 'taken'
  /** In a topic a message that answers nothing carries the topic's first service message as reply_to_message. UNVERIFIED. */
  readonly topicReply: boolean
  /** Whether each photo of an album names what it replies to, or the first alone. UNVERIFIED. */
  readonly albumReply: 'each' | 'first'
  /** In privacy mode: commands without @name always, or only for the bot that wrote last. UNVERIFIED. */
  readonly generalCommands: 'always' | 'last-bot'
  /** Who presses when an anonymous admin does. UNVERIFIED. */
  readonly anonymousPress: 'self' | 'group-bot'
}

export const defaultRules: Rules = {
  pace: usual,
  maxText: 4096,
  maxCaption: 1024,
  maxPhotoBytes: 10 * 1024 * 1024,
  maxFileBytes: 50 * 1024 * 1024,
  maxDownloadBytes: 20 * 1024 * 1024,
  fileMs: 3_600_000,
  albumMin: 2,
  albumMax: 10,
  maxButtons: 100,
  maxPerRow: 8,
  queryMs: 60_000,
  answerTwice: false,
  deleteMs: 48 * 3_600_000,
  keepUpdatesMs: 24 * 3_600_000,
  webhookTimeoutMs: 60_000,
  webhookRetryMaxMs: 60_000,
  webhookStrict: false,
  conflictHits: 'earlier',
  generalThread: 'refused',
  topicReply: true,
  albumReply: 'each',
  generalCommands: 'always',
  anonymousPress: 'self',
}
