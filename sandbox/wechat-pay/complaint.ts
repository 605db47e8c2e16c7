export type ComplaintState = 'PENDING' | 'PROCESSING' | 'PROCESSED'
export type ProblemType = 'REFUND' | 'SERVICE_NOT_WORK' | 'OTHERS'

/** One line of the negotiation history (协商历史). */
export interface Talk {
  readonly logId: string
  readonly at: number
  readonly operator: string
  readonly type: string
  readonly text: string
  /** sha256 of each picture. */
  readonly photos: readonly string[]
  /** Why the customer asks for the platform. */
  readonly reason?: string
  /** The blocks of an immediate reply. */
  readonly message?: Readonly<Record<string, unknown>>
  readonly click?: { readonly text: string; readonly actionId: string; readonly logId: string }
}

export interface OrderPart {
  readonly transactionId: string
  readonly outTradeNo: string
  readonly amount: number
}

/** The platform's own truth about one complaint. */
export interface Complaint {
  readonly id: string
  /** Complained about (被诉商户号). */
  readonly mchid: string
  /** Whose keys and notify URL it goes by. */
  readonly account: string
  readonly at: number
  readonly detail: string
  readonly state: ComplaintState
  /** Plain; shown enciphered. */
  readonly phone: string
  readonly openid: string
  /** In practice one; none for pay-score orders. */
  readonly orders: readonly OrderPart[]
  readonly serviceOrder?: { readonly orderId: string; readonly outOrderNo: string; readonly state: string }
  readonly fullRefunded: boolean
  readonly incomingUserResponse: boolean
  readonly problem: string
  readonly times: number
  readonly type: ProblemType
  /** Fen; only of REFUND. */
  readonly applied: number
  readonly tags: readonly string[]
  readonly photos: readonly string[]
  readonly inPlatformService: boolean
  readonly needImmediateService: boolean
  readonly agentMode: boolean
  readonly powerBank: boolean
  /** Of a request for refund. */
  readonly decision: 'none' | 'approved' | 'rejected' | 'refunded'
  readonly history: readonly Talk[]
}
