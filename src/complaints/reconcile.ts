import type { Complaint, Happening, Snapshot } from './complaint.ts'
import type { Fact } from './fact.ts'

export type Reconciled =
  /** An equal or older answer, or one that knows less: dropped. */
  | { readonly outcome: 'stale' }
  | { readonly outcome: 'taken'; readonly version: number; readonly facts: readonly Fact[] }

/**
 * What a new answer of the platform means for what we knew. Any order of the same answers ends in the same picture,
 * because the later question wins, and a real answer always wins over one made from a callback.
 */
export function reconcile(before: Complaint | undefined, said: Snapshot): Reconciled {
  if (!before) return { outcome: 'taken', version: 1, facts: first(said) }
  const realAtLast = before.provisional !== undefined && said.provisional === undefined
  const knowsLess = before.provisional === undefined && said.provisional !== undefined
  if (knowsLess) return { outcome: 'stale' }
  // A callback's own words carry the time of the callback, not of a question: they never outdate a read.
  if (!realAtLast && said.asOf <= before.asOf) return { outcome: 'stale' }
  const version = weight(before) === weight(said) ? before.version : before.version + 1
  return {
    outcome: 'taken',
    version,
    facts: [...(realAtLast ? [{ kind: 'read' } as const] : []), ...changes(before, said)],
  }
}

function first(said: Snapshot): readonly Fact[] {
  const opened: Fact = { kind: 'opened' }
  return said.provisional === undefined ? [opened] : [opened, { kind: 'provisional', why: said.provisional }]
}

function changes(before: Snapshot, said: Snapshot): readonly Fact[] {
  const known = new Set(before.timeline.map(identity))
  // What we did ourselves is told by our own facts; what was there when we met the complaint is no news.
  const news = before.provisional === undefined ? said.timeline.filter((step) => !known.has(identity(step))) : []
  // The label may say more than the code: an appeal that has become possible, or was decided.
  const turned = before.phase !== said.phase || before.code !== said.code || before.label !== said.label
  const heard = news.filter((step) => step.by !== 'merchant' && !(turned && isTurn(step, said)))
  const facts: Fact[] = heard.map((happening) => ({ kind: 'said', happening }))
  if (turned) facts.push({ kind: 'turned', from: before.phase, to: said.phase, label: said.label })
  if (JSON.stringify(before.returned) !== JSON.stringify(said.returned))
    facts.push({ kind: 'returned', label: said.returned?.label ?? '' })
  return facts
}

/** The step says nothing but where the complaint now stands. */
const isTurn = ({ label, text, pictures }: Happening, said: Snapshot): boolean =>
  label === said.label && text === undefined && pictures.length === 0

/** By what a step is known again. Pictures are left out: their references change with every read. */
export const identity = (step: Happening) => JSON.stringify([step.at, step.by, step.label, step.text ?? ''])

/** Only what a person acts on: when this changes, every card drawn before is out of date. */
function weight(snapshot: Snapshot): string {
  const lastWords = snapshot.timeline.filter((step) => step.by === 'user').map((step) => step.text ?? '')
  return JSON.stringify([
    snapshot.phase,
    snapshot.moves.map((move) => [move.kind, move.owed]),
    snapshot.orders,
    snapshot.amountShown ?? null,
    snapshot.text,
    lastWords.at(-1) ?? null,
    snapshot.provisional !== undefined,
    // Whether goods come back decides what a proof has to say.
    snapshot.returned?.number ?? null,
  ])
}
