import type { Clock } from '../../src/core/clock.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { PlannedHandle } from '../planned.ts'
import type { Sandbox } from '../wire.ts'
import type { Answer } from './answers.ts'
import type { Letter } from './letter.ts'
import type { Misbehaviour, Step } from './misbehave.ts'
import type { Rules } from './rules.ts'

/** Bytes of chance, as many as asked for. */
export type Random = (size: number) => Buffer

/** A mailbox of the provider that others log in to and send from. */
export interface Account {
  /** The whole address; also the login name. */
  readonly user: string
  /** 授权码: what logs in. */
  readonly code: string
  /** When the code is void, in milliseconds; never when left out. */
  readonly codeUntil?: number
  /** SMTP not switched on, or the account frozen. */
  readonly state?: 'open' | 'no-smtp' | 'suspended'
}

export interface MailOptions {
  readonly clock: Clock
  readonly random: Random
  readonly accounts: readonly Account[]
  readonly rules?: Partial<Rules>
  /** Host names that the certificate is good for, besides localhost and 127.0.0.1. */
  readonly hosts?: readonly string[]
  readonly logger?: Logger
}

/** A mail that was taken: it lies in the boxes of its receivers, whatever the sender was told. */
export interface Delivered extends Letter {
  readonly id: number
  /** Milliseconds. */
  readonly at: number
  readonly account: string
  /** Whether it came over TLS. */
  readonly secure: boolean
  /** The envelope's. */
  readonly sender: string
  readonly receivers: readonly string[]
  readonly raw: Buffer
}

/** One step of a connection, as the server saw it. */
export interface StepEntry {
  readonly seq: number
  readonly at: number
  readonly connection: number
  readonly on: Step
  readonly secure: boolean
  readonly account?: string
  /** The login name, or an address. */
  readonly value?: string
  /** 0: no answer, the connection was cut. */
  readonly code: number
  readonly text: string
  /** Of a mail that was taken here. */
  readonly mail?: number
  readonly how?: string
}

/** One client, read and answered as values; the shell puts sockets around it. */
export interface Connection {
  greet(): Promise<Answer>
  auth(login: { readonly user: string; readonly code: string; readonly secure: boolean }): Promise<Answer>
  from(address: string): Promise<Answer>
  to(address: string): Promise<Answer>
  data(raw: Buffer): Promise<Answer>
  closed(): void
}

/** Where it listens, on 127.0.0.1. */
export interface MailPorts {
  /** TLS from the first byte, as on 465. */
  readonly smtps: number
  /** Plain, with STARTTLS. */
  readonly smtp: number
}

export interface Mail extends Sandbox {
  readonly rules: Rules
  setRules(rules: Partial<Rules>): void
  /** Self-signed, PEM; a client that is to believe it takes it as its `ca`. */
  readonly certificate: string
  readonly privateKey: string
  accounts(): readonly Account[]
  /** Adds an account, or changes the one of that name. */
  account(account: Account): void
  /** From now on this receiver does not exist, or does again. */
  receiver(address: string, there: boolean): void
  connect(from: { readonly address: string; readonly secure: boolean }): Connection
  /** Oldest first. */
  mails(): readonly Delivered[]
  steps(): readonly StepEntry[]
  misbehave(script: Misbehaviour): PlannedHandle<Misbehaviour>
  misbehaviours(): readonly PlannedHandle<Misbehaviour>[]
}
