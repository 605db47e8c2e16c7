/** 交易投诉, `alipay.merchant.tradecomplain.*`. The last two are not in the official tables of today. */
export const tradeStatuses = [
  'MERCHANT_PROCESSING',
  'MERCHANT_FEEDBACKED',
  'FINISHED',
  'CANCELLED',
  'PLATFORM_PROCESSING',
  'PLATFORM_FINISH',
  'CLOSED',
  'MERCHANT_FEEDBACK_TIMEOUT',
  'REPORT_SUCCEED',
] as const
export type TradeStatus = (typeof tradeStatuses)[number]

export const feedbackCodes = ['02', '03', '04', '05', '06', '194'] as const
export type FeedbackCode = (typeof feedbackCodes)[number]

export type ReplierRole = 'USER' | 'MERCHANT' | 'SYSTEM' | 'AUDITOR' | 'GOVERNMENT'

export interface TradeReply {
  readonly by: ReplierRole
  readonly name: string
  readonly at: number
  readonly text: string
  /** sha256. */
  readonly photos: readonly string[]
}

export interface TradeComplaint {
  /** complain_event_id: 28 digits. */
  readonly id: string
  readonly pid: string
  readonly targetId: string
  readonly targetType: 'APPID' | 'PUBLICID' | 'PID'
  readonly status: TradeStatus
  readonly tradeNo: string
  readonly category: string
  readonly reason: string
  readonly text: string
  readonly phone: string
  readonly photos: readonly string[]
  readonly createdAt: number
  readonly modifiedAt: number
  readonly finishedAt?: number
  readonly feedback?: { readonly code: FeedbackCode; readonly text: string; readonly operator?: string }
  readonly replies: readonly TradeReply[]
}

export interface TradeComplain {
  readonly pid: string
  /** A trade number; when left out one is made. */
  readonly tradeNo?: string
  /** Of the trade that is made. Fen. */
  readonly amount?: number
  readonly subject?: string
  readonly category?: string
  readonly reason?: string
  readonly text?: string
  readonly phone?: string
  readonly photos?: readonly Buffer[]
  readonly targetType?: TradeComplaint['targetType']
}

/** What the customer, the platform or the clock does next. */
export type TradeMove =
  | { readonly kind: 'reply'; readonly text: string; readonly photos?: readonly Buffer[] }
  /** 撤销. */
  | { readonly kind: 'cancel' }
  /** The customer takes what the merchant said. */
  | { readonly kind: 'confirm' }
  /** 申请客服介入. */
  | { readonly kind: 'ask-platform' }
  | { readonly kind: 'platform-reply'; readonly text: string }
  | { readonly kind: 'platform-finish'; readonly text?: string }
  | { readonly kind: 'close' }
  | { readonly kind: 'timeout' }
