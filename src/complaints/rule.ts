import {
  type AccountId,
  type Fen,
  fen,
  type Instant,
  later,
  type PictureHash,
  type RuleId,
  type TemplateId,
  type TenantId,
} from '../core/words.ts'
import type { Action, ActionKind, Refund } from './action.ts'
import type { Complaint, Phase, Source } from './complaint.ts'
import { type Filling, filled, folded, isMeant, type Template, type WordedAct } from './template.ts'

/** What a business wants done by itself. */
export interface Rule {
  readonly id: RuleId
  readonly tenant: TenantId
  /** Unique in the tenant: under this name it acts. */
  readonly name: string
  /** The first that may act does; notes stand in nobody's way. */
  readonly position: number
  readonly mode: 'off' | 'on'
  /** Whose complaints; an empty list: everybody's. */
  readonly accounts: readonly AccountId[]
  readonly when: Conditions
  readonly act: RuleAct
  /** Seconds in which a person may stop it. */
  readonly delay: number
  /** Of a rule that refunds, and only there. */
  readonly caps?: RuleCaps
}

/** Both ends belong to it. */
export interface Range {
  readonly from?: number
  readonly to?: number
}

/** All of them must hold; what is not named does not limit. */
export interface Conditions {
  /** Fen that the complaint shows: it chooses complaints, and is never what is given back. */
  readonly shown?: Range
  /** Fen that the orders cost, as the account that was paid says. */
  readonly paid?: Range
  /** The how-manieth complaint of the same customer. */
  readonly nth?: Range
  /** Full hours of the tenant's day: from 22 to 8 is the night, `to` no longer belongs to it. */
  readonly hours?: { readonly from: number; readonly to: number }
  /** One of these stands in the reason. */
  readonly reasons?: readonly string[]
  /** One of these stands in what the customer wrote. */
  readonly has?: readonly string[]
  /** None of these does. */
  readonly lacks?: readonly string[]
  readonly sources?: readonly Source[]
  readonly phases?: readonly Phase[]
  /** The platform waits for one of these. */
  readonly owed?: readonly ActionKind[]
}

export type RuleAct =
  | ({
      readonly kind: 'respond'
      readonly stance: 'agree' | 'refuse' | 'talk'
      readonly pictures?: readonly PictureHash[]
    } & (
      | { readonly template: TemplateId; readonly text?: never }
      | { readonly text: string; readonly template?: never }
    ))
  /** All that is left: of the one order, or of each. `reason`: shown to the user; '' = none. */
  | { readonly kind: 'refund'; readonly orders: 'only' | 'every'; readonly reason: string }
  | { readonly kind: 'finish'; readonly choice?: string; readonly text?: string }
  /** For the team. */
  | { readonly kind: 'note'; readonly text: string }

export type RuleActKind = RuleAct['kind']

/** Most for one refund, for all of this rule's of a day, and for all automatic ones to one customer in a day. */
export interface RuleCaps {
  readonly each: Fen
  readonly day: Fen
  readonly payerDay: Fen
}

export const defaultDelay = 60
export const defaultCaps: RuleCaps = { each: fen(5_000), day: fen(50_000), payerDay: fen(5_000) }

/** All that is judged, in one plain value: kept with the decision, so that it can be judged again. */
export interface Inputs {
  readonly now: Instant
  /** 0 to 23, of the tenant's day. */
  readonly hour: number
  readonly complaint: Judged
  readonly shop: string
  /** What is owed, until when, as a person reads it. */
  readonly deadline?: string
  /** Those that the rules name, as far as they are there. */
  readonly templates: readonly Pick<Template, 'id' | 'text' | 'for' | 'reasons' | 'platforms'>[]
  /** A person has claimed it, acted on it, or stopped a rule here. */
  readonly inHand: boolean
  /** Those that have acted here. */
  readonly acted: readonly RuleId[]
  /** Kinds of actions on their way. */
  readonly busy: readonly ActionKind[]
  readonly money: Money
}

export interface Judged
  extends Pick<
    Complaint,
    | 'account'
    | 'platform'
    | 'source'
    | 'phase'
    | 'version'
    | 'running'
    | 'nth'
    | 'reason'
    | 'product'
    | 'outTradeNo'
    | 'amountShown'
  > {
  readonly provisional: boolean
  /** The complaint's text and all that the customer has said since. */
  readonly said: string
  readonly moves: readonly { readonly kind: ActionKind; readonly owed: boolean; readonly choices?: readonly string[] }[]
}

export interface Money {
  /** As the account that would pay says, with what our ledger knows; undefined = not asked; 'away' = it does not answer. */
  readonly orders?: readonly Payable[] | 'away'
  /** Whether rules may refund at all: the switches of account and merchant. */
  readonly alone: boolean
  /** The breaker is tripped. */
  readonly stopped: boolean
  /** From here on it takes two people. */
  readonly secondPersonFrom: Fen
  /** Given by each rule since the tenant's midnight. */
  readonly today: Readonly<Record<RuleId, Fen>>
  /** Given by rules to this customer since then. */
  readonly toPayer: Fen
}

export interface Payable {
  readonly order: string
  readonly total: Fen
  readonly underway: Fen
  readonly left: Fen
  /** Refunds that our ledger does not explain. */
  readonly others: boolean
  readonly paidAt?: Instant
}

/** Which condition does not hold; a rule acts on a complaint once, and only while its act is open there. */
export type Unmet = 'off' | 'account' | 'once' | 'not-open' | keyof Conditions

/** Why a rule that fits does not act. */
export type Held =
  /** The detail was never read: nobody has proven that it is a complaint. */
  | 'provisional'
  /** A person's. */
  | 'in-hand'
  /** Another rule goes first. */
  | 'after'
  | 'busy'
  | 'template-gone'
  | 'template-unfit'
  /** A variable for which this complaint has nothing. */
  | 'missing'
  | 'not-automatic'
  | 'breaker'
  /** What it costs must be asked first. */
  | 'unasked'
  | 'away'
  /** Nobody here was paid for it. */
  | 'no-order'
  | 'others'
  /** All of it was given back already. */
  | 'refunded'
  | 'several'
  | 'cap-each'
  | 'cap-day'
  | 'cap-payer'
  | 'second-person'

/** What a rule does, down to the words and the fen. */
export type Does = { readonly note: string } | { readonly actions: readonly Action[] }

export type Decision = { readonly rule: RuleId; readonly name: string; readonly act: RuleActKind } & (
  | { readonly outcome: 'act'; readonly does: Does; readonly due: Instant }
  /** It fits, and does not act. */
  | { readonly outcome: 'would'; readonly why: Held; readonly does?: Does }
  | { readonly outcome: 'skip'; readonly why: Unmet }
)

/** What each rule has to say, in their order; at most one acts, and notes beside it. Pure: the same inputs give the same decisions. */
export function decide(rules: readonly Rule[], inputs: Inputs): readonly Decision[] {
  let first: RuleId | undefined
  return [...rules]
    .sort((a, b) => a.position - b.position)
    .map((rule) => {
      const decision = judge(rule, inputs)
      if (decision.outcome !== 'act' || rule.act.kind === 'note') return decision
      if (first !== undefined) return { ...named(rule), outcome: 'would', why: 'after', does: decision.does }
      first = rule.id
      return decision
    })
}

const named = ({ id, name, act }: Rule) => ({ rule: id, name, act: act.kind })

function judge(rule: Rule, inputs: Inputs): Decision {
  const unmet = unmetOf(rule, inputs)
  if (unmet) return { ...named(rule), outcome: 'skip', why: unmet }
  const held = heldBack(rule, inputs)
  if (held) return { ...named(rule), outcome: 'would', why: held }
  const does = doesOf(rule, inputs)
  if (typeof does === 'string') return { ...named(rule), outcome: 'would', why: does }
  const over = overCaps(rule, inputs, does)
  if (over) return { ...named(rule), outcome: 'would', why: over, does }
  return { ...named(rule), outcome: 'act', does, due: later(inputs.now, rule.delay * 1000) }
}

function unmetOf({ id, mode, accounts, when, act }: Rule, inputs: Inputs): Unmet | undefined {
  if (mode === 'off') return 'off'
  if (inputs.acted.includes(id)) return 'once'
  if (accounts.length > 0 && !accounts.includes(inputs.complaint.account)) return 'account'
  if (act.kind !== 'note' && !isOpen(act, inputs.complaint)) return 'not-open'
  return conditionUnmet(when, inputs)
}

function conditionUnmet(when: Conditions, { complaint, hour, money }: Inputs): keyof Conditions | undefined {
  const holds: { readonly [Name in keyof Conditions]-?: (wanted: NonNullable<Conditions[Name]>) => boolean } = {
    shown: (range) => complaint.amountShown !== undefined && within(range, complaint.amountShown),
    // Not asked yet: whoever needs it asks.
    paid: (range) => !Array.isArray(money.orders) || within(range, paidOf(money.orders)),
    nth: (range) => within(range, complaint.nth),
    hours: ({ from, to }) => (from < to ? from <= hour && hour < to : hour >= from || hour < to),
    reasons: (parts) => anyIn(complaint.reason, parts),
    has: (parts) => anyIn(complaint.said, parts),
    lacks: (parts) => !anyIn(complaint.said, parts),
    sources: (sources) => sources.includes(complaint.source),
    phases: (phases) => phases.includes(complaint.phase),
    owed: (kinds) => complaint.moves.some(({ kind, owed }) => owed && kinds.includes(kind)),
  }
  const names = Object.keys(holds) as (keyof Conditions)[]
  return names.find((name) => when[name] !== undefined && !(holds[name] as (wanted: unknown) => boolean)(when[name]))
}

const within = ({ from, to }: Range, value: number): boolean =>
  (from === undefined || value >= from) && (to === undefined || value <= to)

const paidOf = (orders: readonly Payable[]): number => orders.reduce((sum, { total }) => sum + total, 0)

/** As people mean it: in any case and width. */
const anyIn = (text: string, parts: readonly string[]): boolean => {
  const said = folded(text)
  return parts.some((part) => said.includes(folded(part)))
}

function heldBack(rule: Rule, { complaint, inHand, busy, money }: Inputs): Held | undefined {
  const { act, when } = rule
  if (complaint.provisional) return 'provisional'
  if (inHand && act.kind !== 'note') return 'in-hand'
  if (act.kind === 'refund' && !money.alone) return 'not-automatic'
  if (act.kind === 'refund' && money.stopped) return 'breaker'
  if (
    act.kind !== 'note' &&
    busy.some((kind) => kind === act.kind || (act.kind === 'refund' && kind === 'decide-refund'))
  )
    return 'busy'
  if (act.kind !== 'refund' && when.paid === undefined) return undefined
  if (money.orders === undefined) return 'unasked'
  return money.orders === 'away' ? 'away' : undefined
}

function isOpen(act: Exclude<RuleAct, { kind: 'note' }>, { moves }: Judged): boolean {
  const move = moves.find(({ kind }) => kind === act.kind)
  if (!move) return false
  const chosen = act.kind === 'respond' ? act.stance : act.kind === 'finish' ? act.choice : undefined
  // Where nothing is to be chosen, only a plain answer is one.
  if (!move.choices) return act.kind !== 'respond' || act.stance === 'talk'
  return chosen !== undefined && move.choices.includes(chosen)
}

function doesOf(rule: Rule, inputs: Inputs): Does | Held {
  const { act } = rule
  switch (act.kind) {
    case 'refund':
      return refundsOf(act, inputs)
    case 'note': {
      const text = wordsOf(act.text, inputs)
      return typeof text === 'string' ? { note: text } : text.held
    }
    case 'finish': {
      const text = wordsOf(act.text ?? '', inputs)
      if (typeof text !== 'string') return text.held
      const choice = act.choice === undefined ? {} : { choice: act.choice }
      return { actions: [{ kind: 'finish', ...choice, ...(text ? { text } : {}) }] }
    }
    case 'respond': {
      const text = act.template === undefined ? wordsOf(act.text, inputs) : templateWords(act, inputs)
      if (typeof text !== 'string') return text.held
      const pictures = act.pictures?.length ? { pictures: act.pictures } : {}
      return { actions: [{ kind: 'respond', stance: act.stance, ...(text ? { text } : {}), ...pictures }] }
    }
  }
}

type Words = string | { readonly held: Held }

function templateWords({ template: id, stance }: { template: TemplateId; stance: WordedAct }, inputs: Inputs): Words {
  const template = inputs.templates.find((one) => one.id === id)
  if (!template) return { held: 'template-gone' }
  return isMeant(template, inputs.complaint, stance) ? wordsOf(template.text, inputs) : { held: 'template-unfit' }
}

/** With the variables filled in; nobody answers in person, so the shop does. */
function wordsOf(text: string, { complaint, shop, deadline }: Inputs): Words {
  const from: Filling = { complaint, shop, member: shop, ...(deadline === undefined ? {} : { deadline }) }
  const words = filled({ text }, from)
  return 'text' in words ? words.text : { held: 'missing' }
}

/** All that is left, as the account that would pay and our ledger say it; never as the complaint does. */
function refundsOf({ orders: which, reason }: Extract<RuleAct, { kind: 'refund' }>, inputs: Inputs): Does | Held {
  const { orders } = inputs.money
  if (orders === undefined) return 'unasked'
  if (orders === 'away') return 'away'
  if (orders.length === 0) return 'no-order'
  if (orders.some(({ others }) => others)) return 'others'
  if (orders.some(({ underway }) => underway > 0)) return 'busy'
  const open = orders.filter(({ left }) => left > 0)
  if (open.length === 0) return 'refunded'
  if (which === 'only' && orders.length > 1) return 'several'
  const refunds = open.map(
    ({ order, left, total, paidAt }): Refund => ({
      ...{ kind: 'refund', order, amount: left, total, reason },
      ...(paidAt === undefined ? {} : { paidAt }),
    }),
  )
  const [only] = refunds
  const asked = inputs.complaint.moves.some(
    (move) => move.kind === 'decide-refund' && move.choices?.includes('approve'),
  )
  // Who asks for money is told yes first; the money follows by itself.
  return asked && only && refunds.length === 1
    ? { actions: [{ kind: 'decide-refund', verdict: 'approve', day: 0, next: only }] }
    : { actions: refunds }
}

/** The refunds that something done brings about. */
export const refundsIn = (does: Does): readonly Refund[] =>
  'note' in does
    ? []
    : does.actions.flatMap((action) =>
        action.kind === 'refund' ? action : action.kind === 'decide-refund' ? (action.next ?? []) : [],
      )

export const sumOf = (does: Does): Fen => fen(refundsIn(does).reduce((sum, { amount }) => sum + amount, 0))

function overCaps({ id, act, caps = defaultCaps }: Rule, { money }: Inputs, does: Does): Held | undefined {
  if (act.kind !== 'refund') return undefined
  const amounts = refundsIn(does).map(({ amount }) => amount)
  if (amounts.some((amount) => amount > caps.each)) return 'cap-each'
  if (amounts.some((amount) => amount >= money.secondPersonFrom)) return 'second-person'
  const sum = sumOf(does)
  if (sum + (money.today[id] ?? 0) > caps.day) return 'cap-day'
  return sum + money.toPayer > caps.payerDay ? 'cap-payer' : undefined
}
