import { gate } from '../actions/gate.ts'
import { request } from '../actions/request.ts'
import type { Action, ActionKind } from '../complaints/action.ts'
import { type Complaint, moveOf } from '../complaints/complaint.ts'
import type { Fact } from '../complaints/fact.ts'
import { atLeast, roleFor } from '../complaints/member.ts'
import { type Instant, instant, later, type MemberId } from '../core/words.ts'
import { tell } from '../engine/tell.ts'
import { lockComplaint, setClaim } from '../storage/complaints.ts'
import { findMember } from '../storage/members.ts'
import type { Tx } from '../storage/storage.ts'
import type { Plan, Planned } from './card.ts'
import type { Answer } from './chat.ts'
import { answerTo, byOf, type Context, refusal, say } from './context.ts'
import { drawPlan } from './draw.ts'
import type { Draft, Intent } from './intent.ts'
import { stage, unstage } from './stage.ts'
import { requestedText, whyText } from './why.ts'

/** Where a wish came from, and what its author saw. */
export interface Wish {
  readonly key: string
  readonly seen?: number
  readonly expiresAt?: Instant
}

const confirmLife = 10 * 60_000

/** Agree, refuse or reply: words and the pictures laid ready go to the platform. */
export async function respond(
  context: Context,
  complaint: Complaint,
  said: { readonly stance: 'agree' | 'refuse' | 'talk'; readonly text: string; readonly wish: Wish },
): Promise<Answer> {
  const staged = await stage(context, complaint, moveOf(complaint, 'respond')?.takes)
  if (staged.problems.length > 0) return answerTo(context, staged.problems.join('\n'), { alert: true })
  const action: Action = { kind: 'respond', stance: said.stance, ...wordsOf(said.text, staged.pictures) }
  return send(context, complaint, action, said.wish)
}

/** Looked at before it goes: the platform may take it once only. */
export async function draft(
  context: Context,
  complaint: Complaint,
  said: { readonly draft: Draft; readonly text: string; readonly wish: Wish },
): Promise<Answer> {
  const { text: words, wish } = said
  const takes = moveOf(complaint, said.draft.kind)?.takes
  const staged = await stage(context, complaint, takes)
  const action: Action = { ...said.draft, ...wordsOf(words, staged.pictures) }
  const now = instant(context.parts.storage.reads.clock.now())
  const why = gate({
    member: context.member,
    complaint,
    action,
    now,
    ...(wish.seen === undefined ? {} : { seen: wish.seen }),
  })
  if (why)
    return answerTo(context, [...staged.problems, whyText(context.room.language, complaint, why)].join('\n'), {
      alert: true,
    })
  const plan: Plan = {
    title: say(context, 'preview.title', { n: complaint.running }),
    tone: 'calm',
    lines: [
      ...draftLines(context, said.draft),
      { label: say(context, 'preview.text'), text: words || say(context, 'preview.none') },
      {
        label: say(context, 'preview.pictures'),
        text: say(context, 'preview.count', { count: staged.pictures.length, most: takes?.pictures?.max ?? 0 }),
      },
    ],
    ...noteOf([...staged.problems, ...(takes?.once ? [say(context, 'preview.once')] : [])]),
    buttons: [
      { label: say(context, 'button.send'), intent: { do: 'send', action }, weight: 'main' },
      { label: say(context, 'button.drop'), intent: { do: 'drop' }, weight: 'plain' },
    ],
  }
  const only = { member: context.member.id, until: later(now, confirmLife) }
  const card = await context.parts.storage.transaction((tx) =>
    drawPlan(tx, { room: context.room, complaint, plan, only }),
  )
  return { card, onlyFor: [context.heard.user.id] }
}

function draftLines(context: Context, draft: Draft): Plan['lines'] {
  if (draft.kind === 'add-evidence') return []
  const act = { label: say(context, 'preview.act'), text: say(context, `act.${draft.kind}`) }
  if (draft.kind !== 'prove-refund' || draft.received === undefined) return [act]
  const received = say(context, draft.received ? 'button.received' : 'button.not-received')
  return [act, { label: say(context, 'preview.received'), text: received }]
}

const noteOf = (parts: readonly string[]) => (parts.length > 0 ? { note: parts.join('\n') } : {})

const wordsOf = (words: string, pictures: Extract<Action, { kind: 'appeal' }>['pictures'] & object) => ({
  ...(words ? { text: words } : {}),
  ...(pictures.length > 0 ? { pictures } : {}),
})

/** Writes the wish down; doing it and saying how it went come after. */
export async function send(context: Context, complaint: Complaint, action: Action, wish: Wish): Promise<Answer> {
  const requested = await request(context.parts, {
    tenant: context.tenant.id,
    complaint: complaint.id,
    action,
    member: context.member,
    by: byOf(context),
    ...wish,
  })
  context.parts.metrics.heard(requested.outcome)
  if (requested.outcome === 'accepted') await unstage(context, complaint)
  const words = requestedText(context.room.language, complaint, requested)
  return answerTo(context, words, { alert: requested.outcome === 'refused' })
}

/** A proof; where goods come back, first the question whether they have arrived. */
export async function prove(
  context: Context,
  complaint: Complaint,
  said: { readonly received?: boolean; readonly text: string; readonly wish: Wish },
): Promise<Answer> {
  const { received, text, wish } = said
  const choices = moveOf(complaint, 'prove-refund')?.takes.choices
  if (choices && received === undefined) return askReceived(context, complaint, text)
  if (choices && received === false && !choices.some(({ code }) => code === 'not-received'))
    return refusal(context, 'no.choice.received')
  const told = choices && received !== undefined ? { received } : {}
  return draft(context, complaint, { draft: { kind: 'prove-refund', ...told }, text, wish })
}

/** 收到退货了吗: each answer goes on to the words, or with those that were said already to the draft. */
export async function askReceived(context: Context, complaint: Complaint, words: string): Promise<Answer> {
  if (!atLeast(context.member, roleFor('prove-refund')))
    return refusal(context, 'no.role', { role: say(context, 'role.agent') })
  const takes = moveOf(complaint, 'prove-refund')?.takes
  const staged = await stage(context, complaint, takes)
  const open = { do: 'open', kind: 'prove-refund', ...(words ? { words } : {}) } as const
  const codes = (takes?.choices ?? []).map(({ code }) => code)
  const plan: Plan = {
    title: say(context, 'ask.received', { n: complaint.running }),
    tone: 'calm',
    lines: [],
    ...noteOf(staged.problems),
    buttons: [
      ...(codes.includes('received') ? [choice(context, 'button.received', { ...open, received: true })] : []),
      ...(codes.includes('not-received') ? [choice(context, 'button.not-received', { ...open, received: false })] : []),
      { label: say(context, 'button.drop'), intent: { do: 'drop' }, weight: 'plain' },
    ],
  }
  const until = later(instant(context.parts.storage.reads.clock.now()), confirmLife)
  const only = { member: context.member.id, until }
  const card = await context.parts.storage.transaction((tx) =>
    drawPlan(tx, { room: context.room, complaint, plan, only }),
  )
  return { card, onlyFor: [context.heard.user.id] }
}

const choice = (context: Context, key: 'button.received' | 'button.not-received', intent: Intent): Planned => ({
  label: say(context, key),
  intent,
  weight: key === 'button.received' ? 'main' : 'plain',
})

/** Acts for which pictures may be laid ready by answering to the card. */
const welcome: readonly ActionKind[] = ['add-evidence', 'respond', 'prove-refund', 'appeal']

/** Pictures in answer to a card: laid ready for whatever is said next. */
export async function layReady(context: Context, complaint: Complaint, words: string, wish: Wish): Promise<Answer> {
  if (!atLeast(context.member, 'agent')) return refusal(context, 'no.role', { role: say(context, 'role.agent') })
  const move = complaint.moves.find(({ kind, takes }) => takes.pictures && welcome.includes(kind))
  if (!move) return refusal(context, 'no.not-open', { n: complaint.running, label: complaint.label })
  if (move.kind === 'add-evidence')
    return draft(context, complaint, { draft: { kind: 'add-evidence' }, text: words, wish })
  if (move.kind === 'prove-refund') return prove(context, complaint, { text: words, wish })
  const staged = await stage(context, complaint, move.takes)
  const next = say(context, move.kind === 'appeal' ? 'said.staged.appeal' : 'said.staged.respond')
  const kept = say(context, 'said.staged', { n: complaint.running, count: staged.pictures.length, next })
  return answerTo(context, [...staged.problems, kept].join('\n'))
}

export async function claim(context: Context, complaint: Complaint): Promise<Answer> {
  const { member, parts } = context
  if (!atLeast(member, roleFor('claim'))) return refusal(context, 'no.role', { role: say(context, 'role.agent') })
  const holder = await change(context, complaint, async (tx, now) => {
    if (now.claim && now.claim.member !== member.id) return { done: now.claim.member, facts: [] }
    if (now.claim) return { done: undefined, facts: [] }
    await setClaim(tx, now, member.id)
    return { done: undefined, facts: [{ kind: 'claimed', by: byOf(context) }] }
  })
  if (!holder) return answerTo(context, say(context, 'said.claimed', { n: complaint.running }))
  const by = (await findMember(parts.storage.reads, complaint.tenant, holder))?.name ?? ''
  return refusal(context, 'said.claimed.already', { n: complaint.running, by })
}

/** By whoever holds it, or by an admin. */
export async function release(context: Context, complaint: Complaint): Promise<Answer> {
  const { member, parts } = context
  const outcome = await change<'nobody' | 'released' | MemberId>(context, complaint, async (tx, now) => {
    if (!now.claim) return { done: 'nobody', facts: [] }
    if (now.claim.member !== member.id && !atLeast(member, 'admin')) return { done: now.claim.member, facts: [] }
    await setClaim(tx, now, undefined)
    return { done: 'released', facts: [{ kind: 'released', by: byOf(context) }] }
  })
  const n = complaint.running
  if (outcome === 'released') return answerTo(context, say(context, 'said.released', { n }))
  if (outcome === 'nobody') return answerTo(context, say(context, 'said.released.not', { n }))
  const by = (await findMember(parts.storage.reads, complaint.tenant, outcome))?.name ?? ''
  return refusal(context, 'said.claimed.already', { n, by })
}

export async function note(context: Context, complaint: Complaint, words: string): Promise<Answer> {
  if (!atLeast(context.member, roleFor('note')))
    return refusal(context, 'no.role', { role: say(context, 'role.agent') })
  const fact: Fact = { kind: 'noted', by: byOf(context), text: words.slice(0, 2000) }
  await change(context, complaint, async () => ({ done: undefined, facts: [fact] }))
  return answerTo(context, say(context, 'said.noted', { n: complaint.running }))
}

async function change<Done>(
  { parts }: Context,
  complaint: Complaint,
  decide: (tx: Tx, now: Complaint) => Promise<{ done: Done; facts: readonly Fact[] }>,
): Promise<Done> {
  return parts.storage.transaction(async (tx) => {
    const now = await lockComplaint(tx, complaint.tenant, complaint.id)
    if (!now) throw new Error('the complaint is gone')
    const { done, facts } = await decide(tx, now)
    await tell(parts.engine, tx, now, facts)
    return done
  })
}
