/** One trade; its state as far as paying goes. */
export interface Trade {
  /** 28 digits. */
  readonly tradeNo: string
  readonly outTradeNo: string
  /** Who receives the money. */
  readonly pid: string
  readonly subject: string
  /** Fen. */
  readonly total: number
  /** Milliseconds. */
  readonly paidAt: number
  /** What is fully refunded shows as TRADE_CLOSED by itself. */
  readonly state: 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_FINISHED' | 'TRADE_CLOSED'
  /** 16 digits, 2088…. */
  readonly buyerUserId: string
  readonly buyerLogonId: string
  /** What becomes of its refunds: at once; after the settling time (fund_change N first); never seen to end; lost on the way. */
  readonly refundEnds: 'at-once' | 'later' | 'never' | 'fails'
}

/** What a test says of a trade; everything but the PID has a plausible default. */
export type TradeWish = Partial<Trade> & Pick<Trade, 'pid'>

export type RefundStatus = 'PROCESSING' | 'SUCCESS' | 'FAILED'

/** One refund as the platform carries it out. */
export interface Refund {
  readonly tradeNo: string
  /** Unique within the trade. */
  readonly outRequestNo: string
  readonly pid: string
  /** Fen. */
  readonly amount: number
  readonly reason: string
  readonly status: RefundStatus
  readonly createdAt: number
  readonly dueAt: number
  readonly succeededAt?: number
}

/** Where the money of one trade is. Fen. */
export interface Money {
  readonly pid: string
  readonly tradeNo: string
  readonly outTradeNo: string
  readonly paid: number
  /** Refunds underway. */
  readonly promised: number
  readonly returned: number
  readonly refunds: readonly Refund[]
}
