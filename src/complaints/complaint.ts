import type {
  AccountId,
  ComplaintId,
  Fen,
  Instant,
  MemberId,
  MerchantId,
  PictureHash,
  TenantId,
} from '../core/words.ts'
import type { ActionKind } from './action.ts'

export type PlatformName = 'wechat-mini' | 'wechat-pay' | 'alipay'
/** A complaint system; one platform may have several. */
export type Source = 'wechat-mini' | 'wechat-pay' | 'alipay-risk' | 'alipay-trade'

/** Whose turn it is: the merchant's, the user's, the platform's; remedy = judged against us, we must make good. */
export type Phase = 'ours' | 'theirs' | 'platform' | 'remedy' | 'closed'

/** Their codes, our words. */
export interface Choice {
  readonly code: string
  readonly label: string
}

/** What a move wants: the source of every check and prompt. */
export interface Takes {
  readonly text?: {
    readonly max: number
    readonly unit: 'chars' | 'bytes'
    readonly required: boolean
    /** No characters of four bytes, such as emoji. */
    readonly plain?: true
  }
  readonly pictures?: { readonly max: number; readonly bytes: number; readonly types: readonly string[] }
  /** Text and pictures may each be missing, but not both. */
  readonly either?: boolean
  readonly choices?: readonly Choice[]
  /** The platform takes it once; nothing can be added later. */
  readonly once?: boolean
}

/** Something we may do now. Owed when the platform waits for it; due when it said until when. */
export interface Move {
  readonly kind: ActionKind
  readonly owed: boolean
  readonly due?: Instant
  readonly takes: Takes
}

/** 'unknown': the platform shows refunds that our ledger does not explain; rules stop there, a person is warned. */
export interface Order {
  readonly number: string
  readonly paid: Fen
  readonly refunded: Fen | 'unknown'
  readonly paidAt?: Instant
}

/** Personal data: sealed at rest, masked in groups, in full only where somebody with the right asks. */
export interface Person {
  readonly name?: string
  readonly phone?: string
  readonly openid?: string
}

/** Something that happened on the platform, in its order of time. */
export interface Happening {
  readonly at: Instant
  readonly by: 'user' | 'merchant' | 'platform'
  /** The platform's own word for the step. */
  readonly label: string
  readonly text?: string
  /** Their references (URLs that expire); the bytes are fetched at once. */
  readonly pictures: readonly string[]
}

/** Goods that the user sends back. */
export interface Return {
  /** Theirs; missing until there is one. */
  readonly number?: string
  readonly carrier?: string
  readonly waybill?: string
  /** Their own word for how far it has come. */
  readonly label?: string
}

/** A merchant under an account, as the platform names it: by its number (PID, sub_mchid) or by its own app. */
export type Called = { readonly outsideId: string } | { readonly authAppId: string }

/** What the platform says now. */
export interface Snapshot {
  readonly source: Source
  /** The platform's number of the complaint. */
  readonly number: string
  /** The account's outside id where the platform's numbers are unique only within it, else ''. */
  readonly scope: string
  readonly phase: Phase
  /** Their code of the state, as text; unknown codes survive. */
  readonly code: string
  /** Their own word for the state. */
  readonly label: string
  readonly moves: readonly Move[]
  /** Order numbers as the payment platform knows them. */
  readonly orders: readonly string[]
  readonly outTradeNo?: string
  readonly text: string
  readonly reason: string
  readonly product?: string
  /** The amount that the complaint shows (投诉所示金额): shown, never used for money. */
  readonly amountShown?: Fen
  readonly person: Person
  readonly returned?: Return
  /** The complaint's own pictures: their references. */
  readonly pictures: readonly string[]
  readonly timeline: readonly Happening[]
  readonly openedAt: Instant
  /** When we asked: callbacks are not ordered, our questions are. */
  readonly asOf: Instant
  /** Made from a verified callback alone because the detail could not be read; why, and how to mend it. */
  readonly provisional?: string
  /** The platform wants it served at once, whatever the clock says. */
  readonly urgent?: true
  /** Surprises that a person should see. */
  readonly warnings: readonly string[]
  /** Against whom it goes, where several stand under the account, and what the platform calls them. */
  readonly against?: Called & { readonly name?: string }
}

/** Our one picture of it. */
export interface Complaint extends Snapshot {
  readonly id: ComplaintId
  readonly tenant: TenantId
  /** The account that brought it, through which we answer. */
  readonly account: AccountId
  /** About whom it is and in whose name we answer, where several stand under the account. */
  readonly merchant?: MerchantId
  readonly platform: PlatformName
  /** The public name: #128. */
  readonly running: number
  /** Counts only what a person acts on: orders, amounts, the user's last words, phase, moves. */
  readonly version: number
  /** Masked for the group: 张* ·6688. */
  readonly who: string
  /** Keyed hash of the payer, equal for the same person within a tenant. */
  readonly payer?: string
  /** How many complaints of this payer came up to and including this one. */
  readonly nth: number
  readonly claim?: { readonly member: MemberId; readonly at: Instant }
}

/** A picture of a complaint as we hold it. */
export interface Held {
  /** Where in the complaint it stands: references change with every read, places do not. */
  readonly place: string
  readonly hash?: PictureHash
  /** Why it could not be fetched. */
  readonly failed?: string
}

export const owed = (complaint: Pick<Snapshot, 'moves'>): Move | undefined => complaint.moves.find((move) => move.owed)
export const moveOf = (complaint: Pick<Snapshot, 'moves'>, kind: ActionKind): Move | undefined =>
  complaint.moves.find((move) => move.kind === kind)
