import type { Clock } from '../../src/core/clock.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { Deliver, Sandbox } from '../wire.ts'
import type { Complain } from './complain.ts'
import type { Complaint } from './complaint.ts'
import type { CallEntry, LedgerEntry } from './ledger.ts'
import type { Misbehaviour, TroubleHandle } from './misbehave.ts'
import type { CustomerMove, PlatformMove } from './moves.ts'
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
  readonly logger?: Logger
}

export interface Wechat extends Sandbox {
  readonly programs: readonly MiniProgram[]
  readonly rules: Rules
  /** A customer complains; the push goes out at once, its answer is awaited in the background. */
  complain(complain: Complain): Promise<Complaint>
  /** The customer's or the platform's next move; throws when the state does not allow it. */
  move(complaint: number, move: CustomerMove | PlatformMove): Promise<Complaint>
  /** Sets what the tables hold, allowed or not. */
  set(complaint: number, correction: Correction): Promise<Complaint>
  complaint(id: number): Complaint | undefined
  complaints(): readonly Complaint[]
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
