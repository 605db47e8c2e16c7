import { unsettled } from '../complaints/action.ts'
import { type Complaint, type Move, moveOf } from '../complaints/complaint.ts'
import { dueOf, toneOf } from '../complaints/deadline.ts'
import { yuan } from '../core/words.ts'
import type { StoredAction } from '../storage/actions.ts'
import type { Button, Card } from './chat.ts'
import type { Intent } from './intent.ts'
import { type Params, problem, type TextKey, text } from './texts.ts'
import { clockTime } from './times.ts'
import type { View } from './view.ts'

/** A card whose buttons still say what they mean; tokens come when it is drawn for a room. */
export interface Plan extends Omit<Card, 'buttons'> {
  readonly buttons: readonly Planned[]
}
export type Planned = Omit<Button, 'token'> & { readonly intent: Intent }

/** The card of a complaint. Pure: the same view gives the same card. */
export function plan(view: View): Plan {
  const { complaint } = view
  const due = dueOf(complaint)
  const note = noteOf(view)
  return {
    title: `#${complaint.running} ${view.account} · ${complaint.label}`,
    tone: toneOf(complaint, view.now),
    ...(due ? { due } : {}),
    lines: linesOf(view),
    ...(complaint.text ? { quote: complaint.text } : {}),
    ...(note ? { note } : {}),
    buttons: buttonsOf(view),
  }
}

const say = (view: View, key: TextKey, params?: Params) => text(view.language, key, params)

function linesOf(view: View): Card['lines'] {
  const { complaint, language } = view
  const due = dueOf(complaint)
  const who = complaint.nth > 1 ? say(view, 'line.nth', { who: complaint.who, nth: complaint.nth }) : complaint.who
  const lines: readonly (readonly [TextKey, string | undefined])[] = [
    ['line.turn', text(language, `phase.${complaint.phase}`)],
    ['line.amount', complaint.amountShown === undefined ? undefined : `¥${yuan(complaint.amountShown)}`],
    ['line.reason', complaint.reason],
    ['line.product', complaint.product],
    ['line.order', complaint.outTradeNo],
    ['line.who', who],
    ['line.returned', returnText(complaint.returned)],
    ['line.due', due && clockTime(due, view.zone)],
    ['line.appeal', appealUntil(view)],
    ['line.pictures', picturesOf(view)],
    ['line.claimed', view.claimedBy],
  ]
  return lines.flatMap(([key, value]) => (value ? [{ label: say(view, key), text: value }] : []))
}

const returnText = (returned: Complaint['returned']): string | undefined =>
  returned && ([returned.carrier, returned.waybill, returned.label].filter(Boolean).join(' ') || returned.number)

function appealUntil({ complaint, capable, zone }: View): string | undefined {
  const due = capable.includes('appeal') ? moveOf(complaint, 'appeal')?.due : undefined
  return due && clockTime(due, zone)
}

function picturesOf(view: View): string | undefined {
  if (view.failed > 0) return say(view, 'line.pictures.failed', { count: view.held, failed: view.failed })
  return view.held > 0 ? say(view, 'line.pictures.held', { count: view.held }) : undefined
}

/** What happened last, what is wrong, what to do. */
function noteOf(view: View): string | undefined {
  const { complaint } = view
  const parts = [
    complaint.provisional === undefined
      ? undefined
      : say(view, 'note.provisional', { why: problem(view.language, complaint.provisional) }),
    view.last && actionNote(view, view.last),
    ...complaint.warnings.map((warning) => say(view, 'warning', { text: problem(view.language, warning) })),
  ]
  return parts.filter(Boolean).join('\n') || undefined
}

function actionNote(view: View, last: StoredAction): string | undefined {
  const params = { act: actName(view, last), by: last.by.name }
  switch (last.state) {
    case 'requested':
    case 'sent':
    case 'underway':
      return say(view, 'note.working', params)
    case 'unknown':
      return say(view, 'note.unsure', params)
    case 'done':
      return say(view, 'note.done', { ...params, at: clockTime(last.settledAt ?? last.requestedAt, view.zone) })
    case 'failed':
      return say(view, 'note.failed', { ...params, why: problem(view.language, last.message) })
    case 'withdrawn':
      return undefined
  }
}

const actName = (view: View, { action }: StoredAction) =>
  say(view, action.kind === 'respond' ? `act.${action.stance}` : `act.${action.kind}`)

function buttonsOf(view: View): readonly Planned[] {
  const { complaint, last } = view
  const busy = last && inTheWay(last, complaint) ? last.action.kind : undefined
  const open = complaint.moves.filter((move) => view.capable.includes(move.kind) && move.kind !== busy)
  const moves = [...open.filter((move) => move.owed), ...open.filter((move) => !move.owed)]
  return [
    ...moves.flatMap((move) => moveButtons(view, move)),
    ...(complaint.provisional === undefined ? [] : [planned(view, 'button.read', { do: 'read' }, 'main')]),
    ...(view.failed > 0 ? [planned(view, 'button.pictures', { do: 'pictures' })] : []),
    ...claimButtons(view, complaint),
    planned(view, 'button.detail', { do: 'detail' }),
  ]
}

/** Not settled; or done so lately that the platform has not been asked since: what it said before is out of date. */
const inTheWay = (last: StoredAction, complaint: Complaint): boolean =>
  unsettled.some((state) => state === last.state) ||
  (last.state === 'done' && last.settledAt !== undefined && last.settledAt > complaint.asOf)

function moveButtons(view: View, move: Move): readonly Planned[] {
  const weight = move.owed ? 'main' : 'plain'
  switch (move.kind) {
    case 'respond':
      return (move.takes.choices ?? [{ code: 'talk', label: '' }]).flatMap(({ code }) =>
        stanceButton(view, code, weight),
      )
    case 'add-evidence':
    case 'prove-refund':
    case 'appeal':
      return [planned(view, `button.${move.kind}`, { do: 'open', kind: move.kind }, weight)]
    default:
      // Comes with the deed of its kind; a move without a deed is not capable and never gets here.
      return []
  }
}

function stanceButton(view: View, stance: string, weight: Button['weight']): readonly Planned[] {
  const kind = 'respond'
  if (stance === 'agree') return [planned(view, 'button.agree', { do: 'open', kind, stance }, weight)]
  if (stance === 'refuse') return [planned(view, 'button.refuse', { do: 'open', kind, stance })]
  if (stance === 'talk') return [planned(view, 'button.reply', { do: 'open', kind, stance })]
  return []
}

function claimButtons(view: View, complaint: Complaint): readonly Planned[] {
  if (complaint.phase === 'closed') return []
  return [
    complaint.claim
      ? planned(view, 'button.release', { do: 'release' })
      : planned(view, 'button.claim', { do: 'claim' }),
  ]
}

const planned = (view: View, key: TextKey, intent: Intent, weight: Button['weight'] = 'plain'): Planned => ({
  label: say(view, key),
  intent,
  weight,
})
