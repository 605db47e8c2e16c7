import type { Acted, ActionKind, ActionOf } from '../../complaints/action.ts'
import type { Account, Job } from '../platform.ts'
import type { Fields } from './fields.ts'
import type { Call, Caller, Gateway } from './gateway.ts'
import type { riskDesk } from './upload.ts'

/** One of their calls: what it wants to be told, and the trace that it leaves. */
export interface Way<Kind extends ActionKind> {
  /** Why it cannot be said to them. */
  wrong(action: ActionOf<Kind>, id: string): string | undefined
  /** Where its pictures go. */
  readonly desk: typeof riskDesk
  call(action: ActionOf<Kind>, about: About): Call
  /** Whether a successful answer says that it was done; not given: always. */
  taken?(answer: Fields): boolean
  /** @throws OutsideError */
  look(gateway: Gateway, caller: Caller, at: { readonly id: string; readonly job: Job<Kind> }): Promise<Acted>
}

export interface About {
  /** Theirs, of the complaint. */
  readonly id: string
  /** Theirs, of the pictures. */
  readonly pictures: readonly string[]
  readonly account: Account
}
