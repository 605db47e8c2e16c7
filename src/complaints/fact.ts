import type {
  ActionId,
  ComplaintId,
  FactId,
  Fen,
  Instant,
  MemberId,
  OfferId,
  PictureHash,
  RulingId,
} from '../core/words.ts'
import type { ActionKind, ActionState } from './action.ts'
import type { Happening, Phase } from './complaint.ts'
import type { Decision, Held, Inputs, RuleActKind } from './rule.ts'
import type { Reach } from './stage.ts'

/** Who did it: a member by name, or one of our own parts. */
export interface By {
  readonly name: string
  readonly member?: MemberId
  /** Where it came from. */
  readonly via: 'chat' | 'api' | 'rule'
  /** The second person, where an amount needs two. */
  readonly approved?: { readonly name: string; readonly member: MemberId }
}

/** What happened. Append-only; the audit trail, and the only thing that flows upward. */
export type Fact =
  | { readonly kind: 'opened' }
  /** The detail cannot be read: this is all that we know. */
  | { readonly kind: 'provisional'; readonly why: string }
  /** The first good read of what was provisional. */
  | { readonly kind: 'read' }
  /** Asked again after something of ours was done, and nothing else is new: what was held back until then is offered again. */
  | { readonly kind: 'looked' }
  | { readonly kind: 'turned'; readonly from: Phase; readonly to: Phase; readonly label: string }
  /** The goods that the user sends back have come further. */
  | { readonly kind: 'returned'; readonly label: string }
  | { readonly kind: 'said'; readonly happening: Happening }
  /** New pictures are ours; the same picture in a second place is not new. */
  | { readonly kind: 'pictured'; readonly pictures: readonly PictureHash[]; readonly failed: number }
  | { readonly kind: 'requested'; readonly action: ActionId; readonly act: ActionKind; readonly by: By }
  | {
      readonly kind: 'acted'
      readonly action: ActionId
      readonly act: ActionKind
      readonly by: By
      readonly state: ActionState
      readonly message?: string
    }
  /** What should have gone out by itself could not: a person must do it. `why`: a key of the texts behind `no.`, or words. */
  | { readonly kind: 'unfollowed'; readonly act: ActionKind; readonly by: By; readonly why: string }
  | { readonly kind: 'claimed' | 'released'; readonly by: By }
  /** One member gave it to another. */
  | { readonly kind: 'assigned'; readonly by: By; readonly to: { readonly name: string; readonly member: MemberId } }
  | { readonly kind: 'noted'; readonly by: By; readonly text: string }
  /** Taken back by whoever wrote it. */
  | { readonly kind: 'unnoted'; readonly by: By; readonly note: FactId }
  /** What rules make of it, with all that they were told. */
  | { readonly kind: 'ruled'; readonly inputs: Inputs; readonly decisions: readonly Decision[] }
  /** What a rule was about to do is not done; `by`: the person who stopped it. */
  | {
      readonly kind: 'stopped'
      readonly ruling: RulingId
      readonly rule: string
      readonly act: RuleActKind
      readonly amount?: Fen
      readonly why: Stopped
      /** Some of its orders were paid back before. */
      readonly begun?: true
      readonly by?: By
    }
  /** Something owed comes due; `to`: who is told by name. `lateBy`: so many ms after its time, because nobody could speak. */
  | {
      readonly kind: 'reminded'
      readonly move: ActionKind
      readonly due: Instant
      readonly stage: string
      readonly reach: Reach
      readonly lateBy?: number
      readonly to: readonly { readonly name: string; readonly member: MemberId }[]
    }
  /** Its own people are left alone until then; without a time, no longer. */
  | { readonly kind: 'snoozed'; readonly by: By; readonly until?: Instant }
  /** An account was switched on again, or a room bound: what is open becomes visible there. */
  | { readonly kind: 'shown' }
  /** Somebody brought pictures by a room's link; nothing comes of them before a member takes them. */
  | { readonly kind: 'offered'; readonly offer: OfferId; readonly pictures: number }
  /** A member was shown the customer's phone and contact. */
  | { readonly kind: 'revealed'; readonly by: By }
  /** Another complaint about the same order came, or has come further: the card names it. */
  | { readonly kind: 'linked'; readonly to: ComplaintId }

/** `changed`: the case, or the rule; `off`: the rule is switched off or gone; `unread`: the platform does not tell how the case stands; `unseen`: no group could be told before; `words`: it does not take them; `refused`: the gate took it from nobody; `failed`: an order before it was not paid back. */
export type Stopped =
  | Held
  | 'not-open'
  | 'cancelled'
  | 'changed'
  | 'off'
  | 'unread'
  | 'unseen'
  | 'words'
  | 'cap-tenant'
  | 'refused'
  | 'failed'

export type FactKind = Fact['kind']

export interface Recorded {
  readonly id: FactId
  readonly nr: number
  readonly at: Instant
  readonly fact: Fact
}
