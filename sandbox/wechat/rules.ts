const hour = 3_600_000
const day = 24 * hour

/** What the platform leaves undocumented, or changes at will; each can be set for a test. */
export const defaultRules = {
  /** WeChat docs, complaint push: 48 h since 2024-03-25, for status 201 and 206. */
  respondMs: 48 * hour,
  proofMs: 48 * hour,
  /** Not documented: the windows for evidence, the customer's confirmation, the return and the appeal. 0 = none. */
  evidenceMs: 48 * hour,
  confirmMs: 72 * hour,
  returnMs: 0,
  appealMs: 72 * hour,
  /** Not documented: which of 203 and 204 means agreed. */
  agreed: 203,
  refused: 204,
  /** After the merchant's 48 h: 202, or straight to the platform. */
  unanswered: 'customer' as 'customer' | 'platform',
  /** Whether a finished case with a liable merchant offers the appeal (401) by itself. */
  appealOpens: true,
  /** Not documented: the itemType of an appeal's node; its appealItemType is. */
  appealNode: 0,
  /** Not documented: how long words and how many pictures one act may carry. */
  maxContent: 500,
  maxMedia: 4,
  /** WeChat docs, temporary media: 2 MB in one place, 10 MB in another; valid 3 days. */
  maxMediaBytes: 2 * 1024 * 1024,
  mediaMs: 3 * day,
  /** Not documented: only that the URLs expire. */
  cdnMs: hour,
  /** Not documented: the values of acceptReturn. */
  received: 1,
  notReceived: 2,
  /** Not documented: option_type beyond "1" for a new complaint. */
  optionNew: '1',
  optionProgress: '2',
  /** WeChat docs, message push: 5 s for an answer, three tries in all. The pause between them is not documented. */
  pushWaitMs: 5000,
  pushTries: 3,
  pushRetryMs: 0,
  /** WeChat docs, stable_token: 7200 s; the old token lives 5 min on; a forced refresh 20 a day, 30 s apart. */
  tokenMs: 2 * hour,
  tokenOverlapMs: 300_000,
  forcedPerDay: 20,
  forcedGapMs: 30_000,
  /** Not documented: what an experience score starts with. */
  startScore: 100,
  /** Points taken by itself when a merchant is held liable; 0 = none. */
  deductWhenLiable: 0,
  /** Seen in a third party's guide: a deduction may be appealed within 7 days. */
  deductionAppealMs: 7 * day,
  /** Not documented: how many orders one page holds at most. */
  maxOrderPage: 100,
}

export type Rules = Readonly<typeof defaultRules>

/** How the calls answer: the documents and what was seen in the wild disagree. */
export const defaultQuirks = {
  /** `totalCostStr` is the real field; the table says totalCost (string), the sample shows a bare number. */
  cost: 'totalCostStr' as 'totalCostStr' | 'number' | 'string',
  /** Documented as one object, seen as an array. */
  item: 'array' as 'array' | 'object' | 'absent',
  itemOrder: 'oldest-first' as 'oldest-first' | 'newest-first',
  openid: 'openId' as 'openId' | 'openid',
  phone: 'number' as 'number' | 'string',
  id: 'number' as 'number' | 'string',
  avatar: true,
  /** Status, type and times as strings. */
  numbers: 'number' as 'number' | 'string',
  /** Of a deduction and its complaint: a number in the table, a text in the sample. */
  penaltyIds: 'string' as 'number' | 'string',
  penaltyOrder: 'payorder@_' as 'payorder@_' | 'payorder@',
  /** Not documented. */
  orderRows: 'newest-first' as 'newest-first' | 'oldest-first',
}

export type Quirks = Readonly<typeof defaultQuirks>
