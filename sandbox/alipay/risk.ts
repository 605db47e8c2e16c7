import type { TradeWish } from './trade.ts'

/** RiskGO 消费者投诉, `alipay.security.risk.complaint.*`. */
export const riskStatuses = [
  'WAIT_PROCESS',
  'OVERDUE',
  'PROCESSING',
  'PART_OVERDUE',
  'PROCESSED',
  'OVERDUE_PROCESSED',
  'DROP_COMPLAIN',
  'DROP_PROCESSED',
  'DROP_OVERDUE_COMPLAIN',
  'DROP_OVERDUE_PROCESSED',
] as const
export type RiskStatus = (typeof riskStatuses)[number]

export type RiskTradeStatus = 'WAIT_PROCESS' | 'REFUNDING' | 'PROCESSED' | 'OVERDUE' | 'DROP_COMPLAIN'

export const processCodes = [
  'CONSENSUS_WITH_CLIENT',
  'REFUND',
  'RECTIFICATION_NO_REFUND',
  'SUBMIT_PROOF_NOT_CONTACTED',
  // The platform's own spelling.
  'ORTHER',
] as const
export type ProcessCode = (typeof processCodes)[number]

/** One complained trade. */
export interface RiskTrade {
  readonly id: number
  readonly tradeNo: string
  /** Fen; what is complained about, which may be less than the trade. */
  readonly amount: number
  readonly status: RiskTradeStatus
  readonly refundedAt?: number
  /** Whether it was still open at the deadline. */
  readonly late: boolean
}

export interface RiskReply {
  readonly at: number
  readonly text: string
}

export interface RiskComplaint {
  /** 主表主键: what query and finish take. */
  readonly id: number
  /** 投诉单号, shown to people. */
  readonly taskId: string
  readonly pid: string
  readonly status: RiskStatus
  readonly text: string
  readonly contact: string
  readonly trades: readonly RiskTrade[]
  readonly createdAt: number
  readonly overdueAt: number
  readonly processedAt?: number
  readonly processCode?: ProcessCode
  readonly remark?: string
  /** sha256 of what the finish carried. */
  readonly processPhotos: readonly string[]
  readonly replies: readonly RiskReply[]
  /** sha256 of the customer's pictures. */
  readonly photos: readonly string[]
  readonly upgrade?: { readonly at: number; readonly text: string }
  readonly labels: readonly string[]
}

/** A customer complains at the RiskGO desk. Without `trades` one is made for it. */
export interface RiskComplain {
  readonly pid: string
  readonly text?: string
  readonly contact?: string
  /** Trade numbers, or new trades of this merchant; with the complained amount where it is less than the total. */
  readonly trades?: readonly (string | (Omit<TradeWish, 'pid'> & { readonly complained?: number }))[]
  /** Of the one trade that is made when none is named. Fen. */
  readonly amount?: number
  readonly subject?: string
  readonly photos?: readonly Buffer[]
  /** From now; the rules' own when left out. */
  readonly overdueMs?: number
  readonly labels?: readonly string[]
}

/** What the customer or the platform does next. */
export type RiskMove =
  /** 撤诉. */
  | { readonly kind: 'withdraw' }
  /** 升级投诉. */
  | { readonly kind: 'upgrade'; readonly text?: string }
  /** The deadline passes now. */
  | { readonly kind: 'overdue' }
