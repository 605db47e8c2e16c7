import type { RiskStatus } from './risk.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Alipay's rule as its partners quote it: 8 deliveries within 25 h. */
export const dayOfRetries: readonly number[] = [
  ...[2, 10, 10].map((count) => count * minute),
  ...[1, 2, 6, 15].map((count) => count * hour),
]

/** What the platform leaves undocumented, or changes at will; each can be set for a test. */
export const defaultRules = {
  /** Not documented; a process that sends UTC for Beijing's time is eight hours off. */
  clockSkewMs: 15 * minute,
  certificateMs: 5 * 365 * day,
  /** Not documented: what a third-party app's call without a token gives. `all` = every merchant that consented to it. */
  withoutToken: 'refuse' as 'refuse' | 'all',
  /** Not documented for v2; the v3 word stands behind the dot. */
  tokenSubCode: 'aop.invalid-app-auth-token',
  /** Access to the file of an upload, and to the customer's pictures. */
  pictureUrlMs: hour,

  /** Consent: one use within 24 h. */
  codeMs: day,
  /** A replaced token dies "after a while". */
  oldTokenMs: 10 * minute,
  refreshTokenMs: 372 * day,
  maxState: 100,

  /** Fen; what is paid comes on top. */
  startBalance: 1_000_000,
  /** Of trades whose refunds end `later`. */
  settleMs: 30 * second,
  /** Until a query can see a refund. */
  refundVisibleMs: 0,
  refundAgeMs: 365 * day,

  /** Not documented: the time a merchant has. */
  overdueMs: 24 * hour,
  /** Whether a refunded trade turns its complaint by itself ("normally"), and after what time. */
  refundTurns: true,
  refundTurnsMs: 3 * second,
  finishFrom: ['WAIT_PROCESS', 'PROCESSING', 'OVERDUE', 'PART_OVERDUE'] as readonly RiskStatus[],
  /** Not documented: a finish that is not possible: success with complaint_process_success=false, or an error. */
  finishRefused: 'false' as 'false' | 'error',
  /** Not documented: none of this family's error codes is. */
  riskUnknown: 'COMPLAINT_NOT_EXIST',
  riskStateWrong: 'COMPLAINT_STATUS_ERROR',
  maxRemark: 500,
  maxRiskReply: 500,
  /** The trade family says 20; the risk family nothing. */
  maxPage: 20,
  /** Not documented. */
  replyAfterEnd: false,
  maxImageBytes: 5 * 1024 * 1024,

  maxFeedback: 200,
  maxOperator: 6,
  /** Official SDKs send the feedback flat; some in the wild put it into biz_content. */
  feedbackFrom: 'flat' as 'flat' | 'either',
  /** A merchant that says nothing; null = nothing happens. */
  feedbackMs: null as number | null,
  /** What makes SUBMIT_CONTENT_VIOLATION. */
  forbiddenWords: ['骗子', '滚'] as readonly string[],
  /** Not documented: whether the merchant's own acts are told. */
  pushOwnActs: true,

  pushWaitMs: 5 * second,
  pushRetries: dayOfRetries,
  pushBy: 'POST' as 'POST' | 'GET',
  /** V1 leaves sign_type out of what is signed, V2 keeps it. */
  pushRule: 'V1' as 'V1' | 'V2',
  pushCharset: 'GBK' as 'GBK' | 'UTF-8',
  /** Certificate mode: alipay_cert_sn in a message is signed with it, added after, or not there. */
  pushCertSn: 'absent' as 'absent' | 'signed' | 'added',
  /** No message is known for the risk family; one can be played: by msg_method, or as the old service form. */
  riskMessage: 'none' as 'none' | 'method' | 'service',
}

export type Rules = Readonly<typeof defaultRules>

/** How the calls answer: the documents and what was seen in the wild disagree. */
export const defaultQuirks = {
  /** Not documented. */
  listOrder: 'newest-first' as 'newest-first' | 'oldest-first',
  /** With no rows. */
  emptyList: 'absent' as 'absent' | 'empty',
  /** complaint_trade_info_list: id and complaint_record_id. */
  rowIds: 'string' as 'string' | 'number',
  /** "/" stands as "\/" in the JSON: only the raw bytes verify. */
  escapedSlashes: true,
  /** A blank behind each colon of the outer object. */
  blanks: false,
  /** Only selected merchants see the customer's pictures. */
  certifyInfo: 'shown' as 'shown' | 'absent',
  /** v2 in key mode: the number of the certificate is there all the same. */
  alwaysCertSn: false,
  /** A state that no table knows; empty = the true one. */
  status: '',
  contact: 'shown' as 'shown' | 'absent',
  /** ISV samples hold numbers of more than 53 bits. */
  hugeIds: false,
}

export type Quirks = Readonly<typeof defaultQuirks>
