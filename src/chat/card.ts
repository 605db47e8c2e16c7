import { unsettled } from '../complaints/action.ts'
import { type Complaint, type Move, moveOf } from '../complaints/complaint.ts'
import { dueOf, toneOf } from '../complaints/deadline.ts'
import { maskNumbers } from '../complaints/person.ts'
import { yuan } from '../core/words.ts'
import type { StoredAction } from '../storage/actions.ts'
import { actOf, byText } from './act-name.ts'
import type { Button, Card } from './chat.ts'
import type { Intent } from './intent.ts'
import { isRefund, refundNote } from './refund-words.ts'
import { isOpen, rulingNote } from './ruling-words.ts'
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
    ...(complaint.text ? { quote: maskNumbers(complaint.text) } : {}),
    ...(note ? { note } : {}),
    buttons: buttonsOf(view),
  }
}

const say = (view: View, key: TextKey, params?: Params) => text(view.language, key, params)

function linesOf(view: View): Card['lines'] {
  const { complaint, language } = view
  const due = dueOf(complaint)
  const lines: readonly (readonly [TextKey, string | undefined])[] = [
    ['line.turn', text(language, `phase.${complaint.phase}`)],
    ['line.merchant', view.merchant],
    ['line.amount', complaint.amountShown === undefined ? undefined : `¥${yuan(complaint.amountShown)}`],
    ['line.due', due && clockTime(due, view.zone)],
    ['line.claimed', view.claimedBy],
    ['line.reason', complaint.reason],
    ['line.product', complaint.product],
    ['line.order', complaint.outTradeNo],
    ['line.same-order', sameOrder(view)],
    ['line.who', whoOf(view)],
    ['line.returned', returnText(complaint.returned)],
    ['line.appeal', appealUntil(view)],
    ['line.pictures', picturesOf(view)],
  ]
  return lines.flatMap(([key, value]) => (value ? [{ label: say(view, key), text: value }] : []))
}

/** Beside the order, so that one order is not answered twice. */
const sameOrder = (view: View): string =>
  view.related.order
    .map(({ running, account, label, phase }) => `#${running} ${account} · ${label || say(view, `phase.${phase}`)}`)
    .join(' / ')

/** The earlier ones that are about the same order stand there. */
function whoOf(view: View): string {
  const { who } = view.complaint
  const { nth, payer } = view.related
  if (payer.length > 0)
    return say(view, 'line.nth.before', { who, nth, before: payer.map(({ running }) => `#${running}`).join(' ') })
  return nth > 1 ? say(view, 'line.nth', { who, nth }) : who
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
    ...view.rulings.map((ruling) => rulingNote(view, ruling)),
    ...inOrder(view).map((stored) => (isRefund(stored) ? refundNote(view, stored) : actionNote(view, stored))),
    ...complaint.warnings.map((warning) => say(view, 'warning', { text: problem(view.language, warning) })),
  ]
  return parts.filter(Boolean).join('\n') || undefined
}

const inOrder = ({ last, refund }: View): readonly StoredAction[] =>
  [last, refund].filter((one) => one !== undefined).sort((a, b) => (a.requestedAt < b.requestedAt ? -1 : 1))

function actionNote(view: View, last: StoredAction): string | undefined {
  const params = { act: actOf(view.language, last), by: byText(view.language, last.by) }
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

function buttonsOf(view: View): readonly Planned[] {
  const { complaint } = view
  const busy = inOrder(view).flatMap((one) => (inTheWay(one, complaint) ? [one.action.kind] : []))
  const open = complaint.moves.filter((move) => view.capable.includes(move.kind) && !busy.includes(move.kind))
  const moves = [...open.filter((move) => move.owed), ...open.filter((move) => !move.owed)]
  return [
    ...haltButtons(view),
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
    case 'refund':
      return [planned(view, 'button.refund', { do: 'open', kind: 'refund' }, 'danger')]
    case 'decide-refund':
      return (move.takes.choices ?? []).flatMap(({ code }) => decisionButton(view, code))
    case 'finish':
      // Owed to the end, yet never the first thing to do.
      return [planned(view, 'button.finish', { do: 'open', kind: 'finish' })]
    default:
      // Comes with the deed of its kind; a move without a deed is not capable and never gets here.
      return []
  }
}

/** Before all else: it goes by itself. */
const haltButtons = (view: View): readonly Planned[] =>
  view.rulings.filter(isOpen).flatMap(({ id, act }) =>
    act === 'note'
      ? []
      : [
          {
            label: say(view, 'button.halt', { act: say(view, `act.${act}`) }),
            intent: { do: 'halt', ruling: id },
            weight: 'main',
          } as const,
        ],
  )

function stanceButton(view: View, stance: string, weight: Button['weight']): readonly Planned[] {
  const kind = 'respond'
  if (stance === 'agree') return [planned(view, 'button.agree', { do: 'open', kind, stance }, weight)]
  if (stance === 'refuse') return [planned(view, 'button.refuse', { do: 'open', kind, stance })]
  if (stance === 'talk') return [planned(view, 'button.reply', { do: 'open', kind, stance }, weight)]
  return []
}

function decisionButton(view: View, verdict: string): readonly Planned[] {
  if (verdict !== 'approve' && verdict !== 'reject') return []
  return [planned(view, `button.${verdict}-refund`, { do: 'open', kind: 'decide-refund', verdict })]
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
