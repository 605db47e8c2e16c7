const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** WeChat Pay docs, notices: 15 tries over 24 h 4 min. */
export const dayOfRetries: readonly number[] = [
  ...[15, 15, 30].map((count) => count * second),
  ...[3, 10, 20, 30, 30, 30, 60].map((count) => count * minute),
  ...[3, 3, 3, 6, 6].map((count) => count * hour),
]

/** The complaint page of 2023: once after 5 s, ten times after a minute, then every five, 1000 times in all. */
export const weekOfRetries: readonly number[] = [
  5 * second,
  ...Array<number>(10).fill(minute),
  ...Array<number>(989).fill(5 * minute),
]

/** What the platform leaves undocumented, or changes at will; each can be set for a test. */
export const defaultRules = {
  /** WeChat Pay docs, signing: more than five minutes off is refused. */
  clockSkewMs: 5 * minute,
  /** Not documented. */
  refuseRepeatedNonce: false,
  /** Seen for replies: extra parameters are refused. */
  refuseUnknownFields: true,
  /** WeChat Pay docs, platform certificates. */
  certificateMs: 5 * 365 * day,
  /** While a merchant switches: how many of a hundred callbacks are signed with the public key. */
  switchedCallbacks: 50,

  /** Fen; what is paid comes on top. */
  startBalance: 1_000_000,
  /** WeChat Pay docs: wallet money ≤ 5 min, bank cards 1–3 working days. */
  settleMs: 3 * second,
  /** WeChat Pay docs, refunds. */
  refundAgeMs: 365 * day,
  maxPartialRefunds: 50,
  partialGapMs: minute,
  minRefundNo: 6,
  /** Not documented: whether a repeat must agree in everything, or only in order and amounts. */
  sameParameters: 'all' as 'all' | 'money',
  /** Not read in the facts: the code of an unknown order. */
  orderMissing: 'ORDER_NOT_EXIST',

  /** Documents say 500, older ones 200; what is counted is not documented. */
  maxReply: 500,
  replyUnit: 'characters' as 'characters' | 'bytes',
  maxImages: 4,
  maxImageBytes: 2 * 1024 * 1024,
  /** WeChat Pay docs, negotiation history: the pictures' addresses live about an hour. */
  pictureUrlMs: hour,
  /** Newest documents 300, older ones 50. */
  maxHistoryPage: 300,
  /** Not documented. */
  replyWhenProcessed: false,
  completeFrom: ['PENDING', 'PROCESSING'] as readonly string[],
  continueTo: 'PENDING' as 'PENDING' | 'PROCESSING',
  /** Not documented: whether plain replies are taken while immediate service is wanted. */
  plainReplyServes: true,
  /** Not documented: whether a request for refund that was rejected can be decided anew once the customer continues. */
  decideAfterContinue: true,
  /** Not documented: whether money that arrives without an approval ends a request for refund. */
  refundAloneCloses: false,
  /** The FAQ says that the merchant's own acts are no longer pushed. */
  pushOwnActs: false,
  /** One page of 2024-12 says required. */
  listNeedsMchid: false,
  /** HTTP status of "no notify URL"; 400 in the old documents. */
  notifyMissing: 400,
  /** Not documented: a second create. */
  notifyTwice: 'refuse' as 'refuse' | 'replace',

  /** WeChat Pay docs, notices: 5 s for an answer. */
  pushWaitMs: 5 * second,
  complaintRetries: dayOfRetries,
  refundRetries: dayOfRetries,
}

export type Rules = Readonly<typeof defaultRules>

/** How the calls answer: the documents and what was seen in the wild disagree. */
export const defaultQuirks = {
  /** Not documented. */
  listOrder: 'newest-first' as 'newest-first' | 'oldest-first',
  historyOrder: 'newest-first' as 'newest-first' | 'oldest-first',
  /** Documented as one object, seen as an array. */
  historyMedia: 'object' as 'object' | 'array',
  /** A client in the wild takes a JSON number. */
  mchid: 'string' as 'string' | 'number',
  phone: 'encrypted' as 'encrypted' | 'absent' | 'broken',
  /** May be missing for pay-score orders. */
  orders: 'shown' as 'shown' | 'absent',
  times: 'milliseconds' as 'milliseconds' | 'seconds',
  /** A state that no table knows; empty = the true one. */
  state: '',
}

export type Quirks = Readonly<typeof defaultQuirks>
