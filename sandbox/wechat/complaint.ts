/** Unix seconds, as everywhere on this platform. */
export type Seconds = number

/** One node of the complaint's progress (投诉节点). */
export interface Item {
  readonly type: number
  readonly time: Seconds
  readonly content?: string
  /** sha256 of each picture. */
  readonly photos?: readonly string[]
  readonly phoneNumber?: string
  /** Only on 31/32: 1 = the customer returns the goods first, 0 = proof is due. */
  readonly blameResult?: 0 | 1
  readonly nickName?: string
  readonly appealItemType?: number
}

export interface ReturnBill {
  readonly returnId: string
  readonly waybillId: string
  readonly deliveryName: string
  readonly orderStatus: number
}

/** The platform's own truth about one complaint (投诉单). */
export interface Complaint {
  readonly id: number
  readonly appid: string
  readonly createdAt: Seconds
  readonly status: number
  readonly type: number
  readonly openid: string
  readonly nickname: string
  readonly avatar: string
  readonly phone: string
  readonly text: string
  readonly photos: readonly string[]
  /** 28 digits; shown with the prefix payorder@_. */
  readonly transactionId: string
  readonly outTradeNo: string
  readonly product: string
  readonly paidAt: Seconds
  /** Fen. */
  readonly amount: number
  /** When the present state ends; 0 = never. */
  readonly expiresAt: Seconds
  readonly appealState: number
  readonly items: readonly Item[]
  readonly returnBill?: ReturnBill
  /** The platform has held the merchant liable. */
  readonly liable: boolean
}

// WeChat docs, 投诉单状态.
const closed: readonly number[] = [102, 112, 115, 116, 205, 208, 209]
const working: readonly number[] = [101, 103, 104, 105, 106, 107, 108, 109, 305, 307, 310]

export const isClosed = (complaint: Complaint): boolean => closed.includes(complaint.status)
/** The platform has the case in its hands, evidence phases included. */
export const isWorking = (complaint: Complaint): boolean => working.includes(complaint.status)
