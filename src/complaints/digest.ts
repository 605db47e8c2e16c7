import { type AccountId, type Fen, fen } from '../core/words.ts'
import type { ActionKind } from './action.ts'
import type { Move } from './complaint.ts'
import type { RuleActKind } from './rule.ts'

/** How one account stands, and what has happened lately. */
export interface Digest extends Tally {
  readonly account: AccountId
}

export interface Tally {
  readonly open: number
  /** Complaints by what is owed; one may stand under several. */
  readonly owed: Counts<ActionKind>
  /** Of those, past their time. */
  readonly late: number
  /** What the complaints show in which something is owed. */
  readonly atRisk: Fen
  readonly came: number
  readonly closed: number
  /** What people did and the platform took. */
  readonly done: number
  /** What rules did. */
  readonly ruled: Counts<RuleActKind>
  readonly refunded: Fen
}

export type Counts<Name extends string> = Readonly<Partial<Record<Name, number>>>

/** An open complaint. */
export interface Open {
  readonly account: AccountId
  readonly moves: readonly Pick<Move, 'kind' | 'owed' | 'due'>[]
  readonly amountShown?: Fen
}

/** What happened to a complaint of that account. */
export type Lately = { readonly account: AccountId } & (
  | { readonly what: 'came' | 'closed' | 'done' }
  | { readonly what: 'ruled'; readonly act: RuleActKind; readonly amount?: Fen }
)

export const nothing: Tally = {
  ...{ open: 0, owed: {}, late: 0, came: 0, closed: 0, done: 0, ruled: {} },
  ...{ atRisk: fen(0), refunded: fen(0) },
}

/** Of each account that has something to tell. Pure. */
export function digestsOf(open: readonly Open[], lately: readonly Lately[], now: string): readonly Digest[] {
  const all = new Map<AccountId, Tally>()
  const count = ({ account }: { readonly account: AccountId }, one: Partial<Tally>) =>
    all.set(account, sumOf([all.get(account) ?? nothing, { ...nothing, ...one }]))
  for (const complaint of open) count(complaint, tallyOf(complaint, now))
  for (const happened of lately)
    if (happened.what !== 'ruled') count(happened, { [happened.what]: 1 })
    else count(happened, { ruled: { [happened.act]: 1 }, refunded: happened.amount ?? fen(0) })
  return [...all].map(([account, tally]) => ({ account, ...tally }))
}

function tallyOf({ moves, amountShown = fen(0) }: Open, now: string): Partial<Tally> {
  const owed = moves.filter((move) => move.owed)
  return {
    open: 1,
    owed: Object.fromEntries(owed.map(({ kind }) => [kind, 1])),
    late: owed.some(({ due }) => due !== undefined && due <= now) ? 1 : 0,
    atRisk: owed.length > 0 ? amountShown : fen(0),
  }
}

export const sumOf = (tallies: readonly Tally[]): Tally =>
  tallies.reduce(
    (all, one) => ({
      open: all.open + one.open,
      owed: both(all.owed, one.owed),
      late: all.late + one.late,
      atRisk: fen(all.atRisk + one.atRisk),
      came: all.came + one.came,
      closed: all.closed + one.closed,
      done: all.done + one.done,
      ruled: both(all.ruled, one.ruled),
      refunded: fen(all.refunded + one.refunded),
    }),
    nothing,
  )

function both<Name extends string>(a: Counts<Name>, b: Counts<Name>): Counts<Name> {
  const sums: Partial<Record<Name, number>> = { ...a }
  for (const name of Object.keys(b) as Name[]) sums[name] = (a[name] ?? 0) + (b[name] ?? 0)
  return sums
}
