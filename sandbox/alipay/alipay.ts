import type { Clock } from '../../src/core/clock.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { Deliver, Sandbox } from '../wire.ts'
import type { App, Credentials, Merchant, Random } from './app.ts'
import type { Consent, Grant } from './grant.ts'
import type { PlatformKeys } from './keys.ts'
import type { CallEntry, LedgerEntry } from './ledger.ts'
import type { LimitsByApi } from './limits.ts'
import type { Misbehaviour } from './misbehave.ts'
import type { RiskComplain, RiskComplaint, RiskMove } from './risk.ts'
import type { Quirks, Rules } from './rules.ts'
import type { Money, Refund, RefundStatus, Trade, TradeWish } from './trade.ts'
import type { TradeComplain, TradeComplaint, TradeMove } from './trade-complaint.ts'
import type { TroubleHandle } from './troubles.ts'

export interface AlipayOptions {
  readonly clock: Clock
  readonly random: Random
  readonly apps: readonly App[]
  readonly merchants: readonly Merchant[]
  readonly deliver: Deliver
  /** For the pictures' addresses; when left out, the shell fills in its own. */
  readonly baseUrl?: string
  readonly rules?: Partial<Rules>
  readonly quirks?: Partial<Quirks>
  /** How often the APIs may be called; without limits when left out. */
  readonly limits?: LimitsByApi
  /** Made once in a process when left out. */
  readonly keys?: PlatformKeys
  readonly logger?: Logger
}

/**
 * Alipay's open platform: POST /gateway.do (v2), /v3/…, the consent page, /files/…, and the page under /sandbox/.
 * Consent links are the real ones with this host instead of b.alipay.com and openauth.alipay.com:
 * /page/message/tasksDetail?bizData=…, /platformapi/startapp?appId=…&page=…, /oauth2/appToAppAuth.htm?….
 */
export interface Alipay extends Sandbox {
  readonly apps: readonly App[]
  readonly merchants: readonly Merchant[]
  readonly rules: Rules
  /** Changes what the console knows of an app: certificate, gateway, redirect. */
  setApp(appId: string, changed: Partial<Omit<App, 'appId'>>): void
  credentials(appId: string): Credentials
  /** From now on another key and certificate prove Alipay; only apps in certificate mode see it. */
  rotateCertificate(): Credentials['alipayCertSn']

  /** A merchant agrees to this link, of any of the three forms; throws what the page would say instead. */
  consent(link: string, pid: string): Promise<Consent>
  /** A merchant agrees to a link that the console made: the redirect has no state. */
  consentByInvitation(appId: string, pid: string): Promise<Consent>
  /** As consent and exchange at once, without a browser: the present grant. */
  authorise(appId: string, pid: string): Promise<Grant>
  /** The merchant takes its consent back; the app is told. */
  revoke(appId: string, pid: string, options?: { readonly silent?: boolean }): Promise<void>
  grants(): readonly Grant[]

  /** A paid trade, or new facts about the one with this number. */
  trade(wish: TradeWish): Promise<Trade>
  trades(): readonly Trade[]
  balance(pid: string): number
  setBalance(pid: string, fen: number): void
  refunds(): readonly Refund[]
  /** Ends a refund now; throws when it has ended. */
  endRefund(tradeNo: string, outRequestNo: string, status: Exclude<RefundStatus, 'PROCESSING'>): Promise<Refund>
  /** Where the money of every trade is: the verdict on double refunds. */
  money(): readonly Money[]

  /** A customer complains at the RiskGO desk; nobody is told, unless the rules play a message. */
  complainRisk(complain: RiskComplain): Promise<RiskComplaint>
  moveRisk(id: number, move: RiskMove): Promise<RiskComplaint>
  /** Sets facts, allowed or not. */
  setRisk(id: number, facts: Partial<Omit<RiskComplaint, 'id'>>): Promise<RiskComplaint>
  riskComplaint(id: number): RiskComplaint | undefined
  riskComplaints(): readonly RiskComplaint[]

  /** A customer complains about a trade; the message goes out at once, its answer is awaited in the background. */
  complainTrade(complain: TradeComplain): Promise<TradeComplaint>
  moveTrade(id: string, move: TradeMove): Promise<TradeComplaint>
  setTrade(id: string, facts: Partial<Omit<TradeComplaint, 'id'>>): Promise<TradeComplaint>
  tradeComplaint(id: string): TradeComplaint | undefined
  tradeComplaints(): readonly TradeComplaint[]

  /** Any message with a good signature to this app's gateway; `service` sends the old form instead of msg_method. */
  say(appId: string, message: AnyMessage): Promise<void>

  /** Replaces the limits of the APIs that are named; an empty limit lifts it. */
  setLimits(limits: LimitsByApi): void
  misbehave(script: Misbehaviour): TroubleHandle
  misbehaviours(): readonly TroubleHandle[]
  setQuirks(quirks: Partial<Quirks>): void
  setRules(rules: Partial<Rules>): void
  /** The bytes of a picture that the ledger names by its hash. */
  picture(sha256: string): Buffer | undefined
  /** Resolves when no message is under way. */
  idle(): Promise<void>
  /** How many messages wait for their next try. */
  waitingMessages(): number
  ledger(): readonly LedgerEntry[]
  calls(): readonly CallEntry[]
  /** Where the shell listens; counts only without a `baseUrl` of one's own. */
  listensAt(url: string): void
}

export type AnyMessage =
  | { readonly method: string; readonly biz: Readonly<Record<string, unknown>> }
  | { readonly service: string; readonly fields: Readonly<Record<string, string>> }
