import { textFits } from '../actions/gate.ts'
import { type Complaint, moveOf } from '../complaints/complaint.ts'
import { dueOf } from '../complaints/deadline.ts'
import { atLeast } from '../complaints/member.ts'
import {
  type Filling,
  type Fitting,
  filled,
  isMeant,
  named,
  type Template,
  templatesFor,
  type WordedAct,
  wordedActsOf,
} from '../complaints/template.ts'
import { type Instant, instant, later } from '../core/words.ts'
import { findAccountOf } from '../storage/accounts.ts'
import { tokenFor } from '../storage/buttons.ts'
import { listTemplates } from '../storage/templates.ts'
import type { Planned } from './card.ts'
import type { Answer, Button } from './chat.ts'
import { type Context, refusal, say } from './context.ts'
import { intentText, type Open } from './intent.ts'
import { forOneself, leave } from './own-card.ts'
import { preview } from './preview.ts'
import { clockTime } from './times.ts'
import { whyText } from './why.ts'
import type { Wish } from './wish.ts'

/** Beside a question, and on a card of their own. */
const mostOffered = 10
const mostShown = 6
/** As long as a question stays open. */
const offerLife = 10 * 60_000

/** A template that can be used now, and for what. */
interface Choice extends Fitting {
  readonly act: WordedAct
  readonly open: Open
}

/** Ready-made answers to the question for an act's words; each is its asker's alone, and as long as the question. */
export async function offersFor(
  context: Context,
  complaint: Complaint,
  open: Open,
  until: Instant = later(instant(context.parts.storage.reads.clock.now()), offerLife),
): Promise<readonly Button[]> {
  const { parts, room, member, tenant } = context
  const act = actOf(open)
  const all = act ? await listTemplates(parts.storage.reads, tenant.id) : []
  if (!act || all.length === 0) return []
  const from = await fillingOf(context, complaint)
  const fitting = templatesFor(all, { act, from, fits: fitsTo(complaint, open) }).slice(0, mostOffered)
  if (fitting.length === 0) return []
  const of = { tenant: tenant.id, room: room.id, member: member.id, complaint: complaint.id, expiresAt: until }
  return parts.storage.transaction(async (tx) => {
    const buttons: Button[] = []
    for (const { template, text } of fitting) {
      const intent = intentText(chosen(open, text))
      const token = await tokenFor(tx, { ...of, version: complaint.version, intent })
      buttons.push({ label: template.name, token, weight: 'plain' })
    }
    return buttons
  })
}

/** `/t 128 道歉补发`: goes on to the preview; without a name, those that fit. */
export async function template(
  context: Context,
  complaint: Complaint,
  { rest, wish }: { readonly rest: string; readonly wish: Wish },
): Promise<Answer> {
  if (!atLeast(context.member, 'agent')) return refusal(context, 'no.role', { role: say(context, 'role.agent') })
  const all = await listTemplates(context.parts.storage.reads, context.tenant.id)
  const from = await fillingOf(context, complaint)
  const choices = choicesOf(complaint, all, from)
  const word = rest.trim()
  if (word !== '') return byName(context, complaint, { all, choices, from, word, wish })
  if (choices.length === 0) return none(context, complaint)
  return choose(context, complaint, { title: say(context, 'template.title', { n: complaint.running }), choices })
}

interface Called {
  readonly all: readonly Template[]
  readonly choices: readonly Choice[]
  readonly from: Filling
  readonly word: string
  readonly wish: Wish
}

async function byName(context: Context, complaint: Complaint, called: Called): Promise<Answer> {
  const { all, choices, from, word, wish } = called
  const known = named(all, word)
  const usable = known.filter((one) => choices.some((choice) => choice.template === one))
  const found = usable.length > 0 ? usable : known
  const [one] = found
  if (!one && choices.length === 0) return none(context, complaint)
  if (!one) return refusal(context, 'no.template', { word, names: namesOf(choices.map((choice) => choice.template)) })
  if (found.length > 1) return refusal(context, 'no.template.which', { word, names: namesOf(found) })
  const its = choices.filter((choice) => choice.template === one)
  // The first move is the owed one; only within it may it be open what the words are for.
  const here = its.filter(({ open }) => open.kind === its[0]?.open.kind)
  const [only] = here
  if (!only) return unusable(context, complaint, { one, from })
  if (here.length === 1) return preview(context, complaint, { open: only.open, text: only.text, wish })
  const title = say(context, 'template.which', { n: complaint.running, name: one.name })
  return choose(context, complaint, { title, choices: here })
}

/** Why a template that is known cannot be used here and now. */
function unusable(
  context: Context,
  complaint: Complaint,
  { one, from }: { readonly one: Template; readonly from: Filling },
): Answer {
  const [n, name] = [complaint.running, one.name]
  const act = openActs(complaint).find((each) => isMeant(one, complaint, each))
  if (!act) return refusal(context, 'no.template.unfit', { name, n, example: `/t ${n}` })
  const words = filled(one, from)
  if ('missing' in words) return refusal(context, 'no.template.missing', { name, n, variable: words.missing })
  const why = textFits(words.text, moveOf(complaint, openOf(act).kind)?.takes ?? {})
  return why
    ? refusal(context, 'no.template.why', { name, why: whyText(context.room.language, complaint, why) })
    : refusal(context, 'no.template.unfit', { name, n, example: `/t ${n}` })
}

function none(context: Context, { running: n }: Complaint): Answer {
  return atLeast(context.member, 'admin')
    ? refusal(context, 'no.template.none.admin', { n, example: 'redress template add --name … --text …' })
    : refusal(context, 'no.template.none', { n })
}

/** Each with its words; the act beside the name where that alone does not say it. */
function choose(
  context: Context,
  complaint: Complaint,
  { title, choices }: { readonly title: string; readonly choices: readonly Choice[] },
): Promise<Answer> {
  // One button leads away again.
  const shown = choices.slice(0, Math.min(mostShown, context.can.buttons - 1))
  const labelOf = ({ template, act }: Choice) =>
    shown.filter((other) => other.template === template).length > 1
      ? `${template.name} · ${say(context, `act.${act}`)}`
      : template.name
  const buttonOf = (choice: Choice): Planned => ({
    label: labelOf(choice),
    intent: chosen(choice.open, choice.text),
    weight: 'plain',
  })
  return forOneself(context, complaint, {
    title,
    tone: 'calm',
    lines: shown.map((choice) => ({
      label: choice.template.name,
      text: `${say(context, `act.${choice.act}`)} · ${choice.text}`,
    })),
    buttons: [...shown.map(buttonOf), leave(context)],
  })
}

const namesOf = (templates: readonly Template[]): string =>
  [...new Set(templates.map(({ name }) => name))].slice(0, mostOffered).join(' / ')

/** What can be done with them now: for what is owed first. */
const choicesOf = (complaint: Complaint, all: readonly Template[], from: Filling): readonly Choice[] =>
  openActs(complaint).flatMap((act) => {
    const open = openOf(act)
    return templatesFor(all, { act, from, fits: fitsTo(complaint, open) }).map((fit) => ({ ...fit, act, open }))
  })

function openActs({ moves }: Complaint): readonly WordedAct[] {
  const inOrder = [...moves.filter((move) => move.owed), ...moves.filter((move) => !move.owed)]
  return inOrder.flatMap(wordedActsOf)
}

/** The gate's own judgement: nothing is offered that it would refuse. */
const fitsTo =
  (complaint: Complaint, { kind }: Open) =>
  (text: string): boolean =>
    textFits(text, moveOf(complaint, kind)?.takes ?? {}) === undefined

const chosen = (open: Open, words: string): Open => ({ ...open, words, preview: true })

async function fillingOf({ parts, tenant, member }: Context, complaint: Complaint): Promise<Filling> {
  const account = await findAccountOf(parts.storage.reads, tenant.id, complaint.account)
  const due = dueOf(complaint)
  return {
    complaint,
    shop: account?.name ?? '',
    member: member.name,
    ...(due ? { deadline: clockTime(due, tenant.zone) } : {}),
  }
}

function openOf(act: WordedAct): Open {
  switch (act) {
    case 'agree':
    case 'refuse':
    case 'talk':
      return { do: 'open', kind: 'respond', stance: act }
    case 'reject':
      return { do: 'open', kind: 'decide-refund', verdict: act }
    default:
      return { do: 'open', kind: act }
  }
}

function actOf({ kind, stance = 'talk', verdict }: Open): WordedAct | undefined {
  switch (kind) {
    case 'respond':
      return stance
    case 'decide-refund':
      return verdict === 'reject' ? verdict : undefined
    case 'add-evidence':
    case 'prove-refund':
    case 'appeal':
      return kind
    default:
      return undefined
  }
}
