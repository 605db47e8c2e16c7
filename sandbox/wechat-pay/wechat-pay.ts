import type { Clock } from '../../src/core/clock.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { Deliver, Sandbox } from '../wire.ts'
import type { Complain } from './complain.ts'
import type { Complaint } from './complaint.ts'
import type { PlatformCertificate, PlatformKeys } from './keys.ts'
import type { CallEntry, LedgerEntry } from './ledger.ts'
import type { LimitsByCall } from './limits.ts'
import type { Merchant, Random } from './merchant.ts'
import type { Misbehaviour } from './misbehave.ts'
import type { OutsideMove } from './moves.ts'
import type { Order, OrderWish } from './orders.ts'
import type { Refund, RefundStatus } from './refund.ts'
import type { Money } from './refunds.ts'
import type { Correction } from './register.ts'
import type { Quirks, Rules } from './rules.ts'
import type { TroubleHandle } from './troubles.ts'

export interface WechatPayOptions {
  readonly clock: Clock
  readonly random: Random
  readonly merchants: readonly Merchant[]
  readonly deliver: Deliver
  /** For the pictures' addresses; when left out, the shell fills in its own. */
  readonly baseUrl?: string
  readonly rules?: Partial<Rules>
  readonly quirks?: Partial<Quirks>
  /** How often the calls may be made; without limits when left out. */
  readonly limits?: LimitsByCall
  /** The platform's private keys; made once in a process when left out. */
  readonly keys?: PlatformKeys
  readonly logger?: Logger
}

export interface WechatPay extends Sandbox {
  readonly merchants: readonly Merchant[]
  readonly rules: Rules
  /** The WeChat Pay public key of this merchant, as its console hands it out. */
  publicKey(mchid: string): { readonly id: string; readonly pem: string }
  /** The valid platform certificates. */
  certificates(): readonly PlatformCertificate[]
  /** One more platform certificate; from now on any of the valid ones signs. */
  rotateCertificate(): PlatformCertificate
  retireCertificate(serial: string): void
  /** A paid order, or new facts about the one with this transaction number. */
  order(wish: OrderWish): Promise<Order>
  orders(): readonly Order[]
  balance(mchid: string): number
  setBalance(mchid: string, fen: number): void
  refunds(): readonly Refund[]
  /** Ends a refund now; throws when its state does not allow it. `mchid` is the payee's. */
  endRefund(mchid: string, outRefundNo: string, status: RefundStatus): Promise<Refund>
  /** Where the money of every order is: the verdict on double refunds. */
  money(): readonly Money[]
  /** A customer complains; the notice goes out at once, its answer is awaited in the background. */
  complain(complain: Complain): Promise<Complaint>
  /** The customer's or the platform's next move; throws when the state does not allow it. */
  move(complaint: string, move: OutsideMove): Promise<Complaint>
  /** Sets facts, allowed or not; `push` names the action that is told of it. */
  set(complaint: string, correction: Correction): Promise<Complaint>
  complaint(id: string): Complaint | undefined
  complaints(): readonly Complaint[]
  /** Where this merchant's complaints are told. */
  notifyUrl(mchid: string): string | undefined
  /** Replaces the limits of the calls that are named; an empty limit lifts it. */
  setLimits(limits: LimitsByCall): void
  misbehave(script: Misbehaviour): TroubleHandle
  misbehaviours(): readonly TroubleHandle[]
  /** From now on the complaint calls answer in this shape. */
  setQuirks(quirks: Partial<Quirks>): void
  /** The bytes of a picture that the ledger names by its hash. */
  picture(sha256: string): Buffer | undefined
  /** Resolves when no notice is under way. */
  idle(): Promise<void>
  /** How many notices wait for their next try. */
  waitingNotices(): number
  ledger(): readonly LedgerEntry[]
  calls(): readonly CallEntry[]
  /** Where the shell listens; counts only without a `baseUrl` of one's own. */
  listensAt(url: string): void
}
