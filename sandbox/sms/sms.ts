import type { Clock } from '../../src/core/clock.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { PlannedHandle } from '../planned.ts'
import type { Deliver, Sandbox } from '../wire.ts'
import type { CallName, Misbehaviour } from './misbehave.ts'
import type { Rules } from './rules.ts'

/** Bytes of chance, as many as asked for. */
export type Random = (size: number) => Buffer

/** A key pair of the console (访问管理 → API 密钥). */
export interface Key {
  readonly secretId: string
  readonly secretKey: string
}

/** 0 usable, 1 in review, 2 approved but not yet effective, -1 refused (notifications.md §1.4). */
export type ReviewState = 0 | 1 | 2 | -1

export interface Template {
  readonly id: number
  /** With `{1}`, `{2}` … */
  readonly content: string
  readonly kind?: 'notice' | 'code' | 'marketing'
  readonly international?: boolean
  readonly state?: ReviewState
  readonly reply?: string
}

export interface Sign {
  readonly id: number
  /** Without 【】. */
  readonly text: string
  readonly state?: ReviewState
  readonly reply?: string
}

/** An SMS application of the console, with what its account has bought and had approved. */
export interface App {
  readonly sdkAppId: string
  /** Whose it is. */
  readonly secretId: string
  readonly signs: readonly Sign[]
  readonly templates: readonly Template[]
  /** Pieces left in the package; without end when left out. */
  readonly balance?: number
  readonly arrears?: boolean
  readonly disabled?: boolean
  /** 事件回调配置: where delivery statuses are posted. */
  readonly statusUrl?: string
}

export interface SmsOptions {
  readonly clock: Clock
  readonly random: Random
  readonly deliver: Deliver
  readonly keys: readonly Key[]
  readonly apps: readonly App[]
  readonly rules?: Partial<Rules>
  readonly logger?: Logger
}

/** A message that was taken for one number: it goes to the phone, whatever the sender was told. */
export interface Message {
  readonly serialNo: string
  /** Milliseconds. */
  readonly at: number
  readonly sdkAppId: string
  /** E.164. */
  readonly phone: string
  readonly templateId: string
  readonly params: readonly string[]
  /** All that the phone shows. */
  readonly text: string
  readonly pieces: number
  readonly session: string
  readonly state: 'sending' | 'delivered' | 'failed'
  readonly settledAt?: number
  /** The carrier's word: DELIVRD, or why not. */
  readonly word?: string
}

/** What happened: `sent`, `refused` (with its code), `delivered`, `failed`, `status` (a push), `status-lost`. */
export interface LedgerEntry {
  readonly seq: number
  readonly at: number
  readonly what: 'sent' | 'refused' | 'delivered' | 'failed' | 'status' | 'status-lost'
  readonly sdkAppId: string
  readonly phone?: string
  readonly serialNo?: string
  readonly code?: string
  readonly answer?: string
  readonly how?: string
}

/** One API call as the platform saw it. */
export interface CallEntry {
  readonly seq: number
  readonly at: number
  /** `door` when it did not come in. */
  readonly on: CallName | 'door'
  readonly region?: string
  readonly secretId?: string
  readonly body?: Readonly<Record<string, unknown>>
  /** Of the whole answer; nothing when it was no error. */
  readonly code?: string
  readonly outcome: 'answered' | 'lost'
  readonly ran: 'yes' | 'no' | 'later'
  readonly how?: string
}

export interface Sms extends Sandbox {
  readonly rules: Rules
  setRules(rules: Partial<Rules>): void
  apps(): readonly App[]
  /** Adds an application, or changes the one of that id. */
  app(app: App): void
  /** A phone that is off gets nothing, one whose owner unsubscribed is on the blacklist. */
  phone(number: string, state: 'on' | 'off' | 'blacklisted'): void
  messages(): readonly Message[]
  ledger(): readonly LedgerEntry[]
  calls(): readonly CallEntry[]
  misbehave(script: Misbehaviour): PlannedHandle<Misbehaviour>
  misbehaviours(): readonly PlannedHandle<Misbehaviour>[]
  /** Resolves when no push of a status is under way. */
  idle(): Promise<void>
}
