/** What the documents leave open, or what an account can change; each can be set. Of a limit, 0 is none. */
export const defaultRules = {
  /** notifications.md §1.2: 5 minutes. */
  toleranceMs: 300_000,
  /** The name in the scope of the signature; empty: any (§1.2, quirk 6). */
  service: 'sms',
  /** §1.1: not verified. */
  regions: ['ap-beijing', 'ap-guangzhou', 'ap-nanjing'] as readonly string[],
  /** §1.1. */
  requestsPerSecond: 3000,
  maxNumbers: 200,
  /** §1.4: of one number; the day is Beijing's. The hour and the same content of a day: defaults not found. */
  sameContentMs: 30_000,
  perDay: 2,
  perHour: 0,
  sameContentPerDay: 0,
  /** §1.4: what the carriers allow a number per day, beside what the account allows. */
  carrierPerDay: 10,
  appPerDay: 0,
  /** §1.4: characters of one parameter of a notice; code points. */
  maxParamChars: 6,
  maxText: 500,
  sensitive: [] as readonly string[],
  /** §1.4, usual rule of the carriers: one piece up to 70 characters, then 67 each. */
  onePiece: 70,
  longPiece: 67,
  /** §1.5 names codes of both places: whether a template, sign or app that is wrong is told per number or of the whole request. */
  refusedIn: 'status' as 'status' | 'error',
  /** How long a message is on its way. */
  deliveryMs: 3000,
  /** §1.6: no policy found. */
  statusTries: 1,
  statusWaitMs: 5000,
  /** §1.6: must be opened by support. */
  pullOpen: false,
  /** Of their reference: what is pulled names the sender's session only where support has opened that. */
  sessionPulled: false,
}

export type Rules = Readonly<typeof defaultRules>
