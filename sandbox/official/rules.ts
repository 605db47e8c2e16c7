import { defaultRules as ofPrograms } from '../wechat/rules.ts'

const { pushWaitMs, pushTries, pushRetryMs, tokenMs, tokenOverlapMs, forcedPerDay, forcedGapMs } = ofPrograms

/** What is not documented, or changes at will; each can be set. */
export const defaultRules = {
  /** The same as a mini program's (wechat-miniprogram.md §3.5, §5.1). */
  pushWaitMs,
  pushTries,
  pushRetryMs,
  tokenMs,
  tokenOverlapMs,
  forcedPerDay,
  forcedGapMs,
  /** Of template messages of one account; 0 is none. 45009 and 45011. */
  sendsPerDay: 100_000,
  sendsPerMinute: 0,
  /** wechat-miniprogram.md §6.3 names three codes for a receiver who does not follow. */
  notFollowing: 43004 as 43004 | 40003 | 50005,
  /** §6.1: client_msg_id counts for ten minutes; what a repetition is answered with is not documented. 0: the msgid of the first. */
  repeatMs: 600_000,
  repeated: 0,
  /** §6.2: of a line break in a thing, and of the length of a short_thing (0: none), nothing is written. */
  lineBreaks: 'refused' as 'refused' | 'cut',
  shortThing: 0,
  /** notifications.md §3.2: 60 s when left out, 30 days at most; the scene has 64 characters. */
  codeSeconds: 60,
  maxCodeSeconds: 2_592_000,
  maxScene: 64,
  permanentCodes: 100_000,
  /** notifications.md §3.1: in May 2023 category templates could neither be added nor listed by API. */
  templatesByApi: true,
}

export type Rules = Readonly<typeof defaultRules>
