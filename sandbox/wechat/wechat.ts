import type { Clock } from '../../src/core/clock.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { Deliver, Sandbox } from '../wire.ts'
import type { Complain } from './complain.ts'
import type { Complaint } from './complaint.ts'
import type { CallEntry, LedgerEntry } from './ledger.ts'
import type { LimitsByCall } from './limits.ts'
import type { Misbehaviour, TroubleHandle } from './misbehave.ts'
import type { OutsideMove } from './moves.ts'
import type { Order, OrderWish } from './orders.ts'
import type { Deduct, Penalty, PenaltyMove } from './penalties.ts'
import type { Guarantee } from './penalty-api.ts'
import type { MiniProgram, Random } from './program.ts'
import type { Correction } from './register.ts'
import type { Quirks, Rules } from './rules.ts'

export interface WechatOptions {
  readonly clock: Clock
  readonly random: Random
  readonly programs: readonly MiniProgram[]
  readonly deliver: Deliver
  /** For the pictures' addresses; when left out, the shell fills in its own. */
  readonly baseUrl?: string
  readonly rules?: Partial<Rules>
  readonly quirks?: Partial<Quirks>
  /** How often the calls may be made; without limits when left out. */
  readonly limits?: LimitsByCall
  readonly logger?: Logger
  /** Every order that a complaint is about was paid: whoever plays the payment hears of it here. */
  paid?(
    order: Pick<Complaint, 'appid' | 'transactionId' | 'outTradeNo' | 'product' | 'amount' | 'paidAt'>,
  ): Promise<void>
}

export interface Wechat extends Sandbox {
  readonly programs: readonly MiniProgram[]
  readonly rules: Rules
  /** A customer complains; the push goes out at once, its answer is awaited in the background. */
  complain(complain: Complain): Promise<Complaint>
  /** The customer's, the platform's or the console's next move; throws when the state does not allow it. */
  move(complaint: number, move: OutsideMove): Promise<Complaint>
  /** Sets what the tables hold, allowed or not. */
  set(complaint: number, correction: Correction): Promise<Complaint>
  complaint(id: number): Complaint | undefined
  complaints(): readonly Complaint[]
  /** The platform takes points from the experience score. */
  deduct(deduct: Deduct): Promise<Penalty>
  /** The deduction is appealed in the console, and decided; throws when its state does not allow it. */
  movePenalty(penalty: number, move: PenaltyMove): Promise<Penalty>
  penalties(): readonly Penalty[]
  /** What may happen to this deduction now. */
  penaltyMoves(penalty: Penalty): readonly PenaltyMove[]
  score(appid: string): number
  setGuarantee(appid: string, guarantee: Partial<Guarantee>): void
  /** An order that nobody complains about, or new facts about the one with this transaction number. */
  order(wish: OrderWish): Promise<Order>
  orders(): readonly Order[]
  /** Replaces the limits of the calls that are named; an empty limit lifts it. */
  setLimits(limits: LimitsByCall): void
  misbehave(script: Misbehaviour): TroubleHandle
  misbehaviours(): readonly TroubleHandle[]
  /** From now on the detail answers in this shape. */
  setQuirks(quirks: Partial<Quirks>): void
  /** The console's check of the push address: GET with echostr. */
  verifyUrl(appid: string): Promise<boolean>
  /** The bytes of a picture that the ledger names by its hash. */
  picture(sha256: string): Buffer | undefined
  /** Resolves when no push is under way. */
  idle(): Promise<void>
  ledger(): readonly LedgerEntry[]
  calls(): readonly CallEntry[]
  /** Where the shell listens; counts only without a `baseUrl` of one's own. */
  listensAt(url: string): void
}
