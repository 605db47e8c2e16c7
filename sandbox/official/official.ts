import type { Clock } from '../../src/core/clock.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { PlannedHandle } from '../planned.ts'
import type { Deliver, Sandbox } from '../wire.ts'
import type { CallName, Misbehaviour } from './misbehave.ts'
import type { Rules } from './rules.ts'

/** Bytes of chance, as many as asked for. */
export type Random = (size: number) => Buffer

/** A template of the account, as its back office shows it. */
export interface Template {
  readonly id: string
  readonly title: string
  /** Lines of `投诉时间：{{time2.DATA}}`. */
  readonly content: string
  /** What a const key may say. */
  readonly constants?: Readonly<Record<string, readonly string[]>>
}

/** 类目模板库: what can be added by API. */
export interface LibraryTemplate {
  /** Digits only. */
  readonly shortId: string
  readonly title: string
  readonly keywords: readonly { readonly name: string; readonly key: string }[]
}

/** A 服务号 as its console knows it. */
export interface OfficialAccount {
  readonly name: string
  readonly appid: string
  readonly secret: string
  readonly token: string
  /** EncodingAESKey, 43 characters. */
  readonly aesKey: string
  readonly mode: 'plain' | 'compatible' | 'safe'
  readonly format: 'xml' | 'json'
  readonly pushUrl: string
  readonly templates: readonly Template[]
  readonly library?: readonly LibraryTemplate[]
  /** Without it no QR code with a scene (48001); true when left out. */
  readonly verified?: boolean
  /** Mini programs that a message may lead to. */
  readonly linked?: readonly string[]
}

export interface OfficialOptions {
  readonly clock: Clock
  readonly random: Random
  readonly deliver: Deliver
  readonly accounts: readonly OfficialAccount[]
  readonly rules?: Partial<Rules>
  readonly logger?: Logger
}

/** Somebody who uses WeChat, as one account knows them. */
export interface Person {
  readonly openid: string
  readonly appid: string
  readonly name: string
  readonly following: boolean
  /** Of the account's blacklist. */
  readonly blacklisted: boolean
  /** Follows, but lets no template message through. */
  readonly refuses: boolean
  /** When they last followed, in milliseconds. */
  readonly since?: number
}

/** What a person reads in the chat with the account. */
export interface Shown {
  readonly at: number
  readonly openid: string
  readonly kind: 'template' | 'reply' | 'fault'
  readonly title: string
  readonly lines: readonly (readonly [label: string, text: string])[]
  /** Where a tap leads. */
  readonly leads?: string
  /** Of a template message. */
  readonly msgid?: string
  readonly templateId?: string
}

/** A code with a scene. */
export interface SceneCode {
  readonly appid: string
  readonly ticket: string
  readonly url: string
  readonly scene: string
  readonly madeAt: number
  /** Milliseconds; a permanent one has none. */
  readonly until?: number
}

export interface LedgerEntry {
  readonly seq: number
  readonly at: number
  readonly appid: string
  readonly what:
    | 'code'
    | 'scan'
    | 'scan-expired'
    | 'follow'
    | 'unfollow'
    | 'template'
    | 'template-lost'
    | 'reply'
    | 'fault'
    | 'push'
    | 'push-withheld'
    | 'push-given-up'
  readonly openid?: string
  readonly scene?: string
  readonly msgid?: string
  /** Of a push. */
  readonly event?: string
  readonly attempt?: number
  readonly answer?: string
  readonly how?: string
}

/** One API call as the platform saw it. */
export interface CallEntry {
  readonly seq: number
  readonly at: number
  /** `door` when it did not come in. */
  readonly on: CallName | 'door'
  readonly method: string
  readonly path: string
  readonly appid?: string
  /** The JSON body, without the secret. */
  readonly body?: Readonly<Record<string, unknown>>
  readonly errcode?: number
  readonly outcome: 'answered' | 'lost'
  readonly ran: 'yes' | 'no' | 'later'
  readonly how?: string
}

export interface Official extends Sandbox {
  readonly rules: Rules
  setRules(rules: Partial<Rules>): void
  accounts(): readonly OfficialAccount[]
  /** Who has this name at this account; the first time they are somebody new, who does not follow. */
  person(appid: string, name: string): Person
  persons(): readonly Person[]
  /** Scans a code by its ticket or url: an event goes out; undefined: the code is void, nothing happens. */
  scan(openid: string, code: string): SceneCode | undefined
  /** Found by search: a subscribe without a scene. */
  follow(openid: string): void
  unfollow(openid: string): void
  mark(openid: string, marks: { readonly blacklisted?: boolean; readonly refuses?: boolean }): void
  codes(): readonly SceneCode[]
  shown(openid?: string): readonly Shown[]
  ledger(): readonly LedgerEntry[]
  calls(): readonly CallEntry[]
  misbehave(script: Misbehaviour): PlannedHandle<Misbehaviour>
  misbehaviours(): readonly PlannedHandle<Misbehaviour>[]
  /** The console's check of the push address: GET with echostr. */
  verifyUrl(appid: string): Promise<boolean>
  /** Resolves when no push is under way. */
  idle(): Promise<void>
}
