import { gate, type Why } from '../actions/gate.ts'
import type { Action, ActionKind } from '../complaints/action.ts'
import { type Complaint, moveOf } from '../complaints/complaint.ts'
import { atLeast } from '../complaints/member.ts'
import { instant, later } from '../core/words.ts'
import { unsettledOf } from '../storage/actions.ts'
import type { Plan, Planned } from './card.ts'
import type { Answer, Card } from './chat.ts'
import { answerTo, type Context, refusal, say } from './context.ts'
import { drawPlan } from './draw.ts'
import type { Draft, Intent } from './intent.ts'
import { type Staged, stage } from './stage.ts'
import { whyText } from './why.ts'
import { answerOf, blocked, type Wish, wishFor } from './wish.ts'

const confirmLife = 10 * 60_000

/** Agree, refuse or reply: words and the pictures laid ready go to the platform. */
export async function respond(
  context: Context,
  complaint: Complaint,
  said: { readonly stance: 'agree' | 'refuse' | 'talk'; readonly text: string; readonly wish: Wish },
): Promise<Answer> {
  const { stance, text, wish } = said
  const act = { kind: 'respond', stance } as const
  const no = await blocked(context, complaint, act, wish)
  if (no) return no
  const staged = await stage(context, complaint, { takes: moveOf(complaint, 'respond')?.takes, how: 'all' })
  if (staged.problems.length > 0) return unfinished(context, complaint, { staged, wish })
  const action: Action = { ...act, ...wordsOf(text, staged.pictures) }
  const requested = await wishFor(context, complaint, action, wish)
  if (requested.outcome === 'refused' && canBeMended(requested.why))
    return unfinished(context, complaint, { staged, wish, why: requested.why })
  return answerOf(context, complaint, requested)
}

/** The confirm of a drafted act was pressed. */
export const send = async (context: Context, complaint: Complaint, action: Action, wish: Wish): Promise<Answer> =>
  answerOf(context, complaint, await wishFor(context, complaint, action, wish))

/** Looked at before it goes: the platform may take it once only. */
export async function draft(
  context: Context,
  complaint: Complaint,
  said: { readonly draft: Draft; readonly text: string; readonly wish: Wish },
): Promise<Answer> {
  const { text: words, wish } = said
  const no = await blocked(context, complaint, said.draft, wish)
  if (no) return no
  const takes = moveOf(complaint, said.draft.kind)?.takes
  const staged = await stage(context, complaint, { takes, how: 'all' })
  if (staged.tooMany) return unfinished(context, complaint, { staged, wish })
  const action: Action = { ...said.draft, ...wordsOf(words, staged.pictures) }
  const now = instant(context.parts.storage.reads.clock.now())
  const why = gate({ member: context.member, complaint, action, now })
  if (why) return unfinished(context, complaint, { staged, wish, why })
  const card = await forOneself(context, complaint, {
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
    buttons: [{ label: say(context, 'button.send'), intent: { do: 'send', action }, weight: 'main' }, drop(context)],
  })
  return { card, onlyFor: [context.heard.user.id] }
}

function draftLines(context: Context, draft: Draft): Plan['lines'] {
  if (draft.kind === 'add-evidence') return []
  const act = { label: say(context, 'preview.act'), text: say(context, `act.${draft.kind}`) }
  if (draft.kind !== 'prove-refund' || draft.received === undefined) return [act]
  const received = say(context, draft.received ? 'button.received' : 'button.not-received')
  return [act, { label: say(context, 'preview.received'), text: received }]
}

/** Better words, or fewer pictures, would go through; everything else is no question of words. */
const canBeMended = ({ why }: Why): boolean =>
  why === 'text-too-long' || why === 'words-missing' || why === 'pictures-too-many'

/** Nothing was done: what is wrong with it, what lies ready nevertheless, and the question once more. */
async function unfinished(
  context: Context,
  complaint: Complaint,
  { staged, wish, why }: { readonly staged: Staged; readonly wish: Wish; readonly why?: Why },
): Promise<Answer> {
  context.parts.metrics.heard('refused')
  const words = [...staged.problems, ...(why ? [whyText(context.room.language, complaint, why)] : [])].join('\n')
  const card = staged.pictures.length > 0 ? await readyCard(context, complaint, staged) : undefined
  const ask = await wish.askAgain?.()
  return {
    ...answerTo(context, words, { alert: true }),
    ...(card ? { card, onlyFor: [context.heard.user.id] } : {}),
    ...(ask ? { ask } : {}),
  }
}

/** How many pictures lie ready, with a way to be rid of them. */
const readyCard = (context: Context, complaint: Complaint, { pictures }: Staged): Promise<Card> =>
  forOneself(context, complaint, {
    title: say(context, 'said.staged', {
      n: complaint.running,
      count: pictures.length,
      next: say(context, 'said.staged.next'),
    }),
    tone: 'calm',
    lines: [],
    buttons: [drop(context)],
  })

const drop = (context: Context): Planned => ({
  label: say(context, 'button.drop'),
  intent: { do: 'drop' },
  weight: 'plain',
})

/** A card whose buttons are its author's alone, and not for long. */
function forOneself(context: Context, complaint: Complaint, plan: Plan): Promise<Card> {
  const { parts, room, member } = context
  const only = { member: member.id, until: later(instant(parts.storage.reads.clock.now()), confirmLife) }
  return parts.storage.transaction((tx) => drawPlan(tx, { room, complaint, plan, only }))
}

const noteOf = (parts: readonly string[]) => (parts.length > 0 ? { note: parts.join('\n') } : {})

const wordsOf = (words: string, pictures: Staged['pictures']) => ({
  ...(words ? { text: words } : {}),
  ...(pictures.length > 0 ? { pictures } : {}),
})

/** A proof; where goods come back, first the question whether they have arrived. */
export async function prove(
  context: Context,
  complaint: Complaint,
  said: { readonly received?: boolean; readonly text: string; readonly wish: Wish },
): Promise<Answer> {
  const { received, text, wish } = said
  const choices = moveOf(complaint, 'prove-refund')?.takes.choices
  if (choices && received === undefined) return askReceived(context, complaint, { text, wish })
  if (choices && received === false && !choices.some(({ code }) => code === 'not-received'))
    return refusal(context, 'no.choice.received')
  const told = choices && received !== undefined ? { received } : {}
  return draft(context, complaint, { draft: { kind: 'prove-refund', ...told }, text, wish })
}

/** 收到退货了吗: each answer goes on to the words, or with those that were said already to the draft. */
export async function askReceived(
  context: Context,
  complaint: Complaint,
  { text, wish }: { readonly text: string; readonly wish: Wish },
): Promise<Answer> {
  const takes = moveOf(complaint, 'prove-refund')?.takes
  const codes = (takes?.choices ?? []).map(({ code }) => code)
  const either = { kind: 'prove-refund', received: codes.includes('received') } as const
  const no = await blocked(context, complaint, either, wish)
  if (no) return no
  const staged = await stage(context, complaint, { takes, how: 'all' })
  if (staged.tooMany) return unfinished(context, complaint, { staged, wish })
  const open = { do: 'open', kind: 'prove-refund', ...(text ? { words: text } : {}) } as const
  const card = await forOneself(context, complaint, {
    title: say(context, 'ask.received', { n: complaint.running }),
    tone: 'calm',
    lines: [],
    ...noteOf(staged.problems),
    buttons: [
      ...(codes.includes('received') ? [choice(context, 'button.received', { ...open, received: true })] : []),
      ...(codes.includes('not-received') ? [choice(context, 'button.not-received', { ...open, received: false })] : []),
      drop(context),
    ],
  })
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
  const other = await unsettledOf(context.parts.storage.reads, complaint.id, move.kind)
  if (other) return answerOf(context, complaint, { outcome: 'busy', action: other })
  const staged = await stage(context, complaint, { takes: move.takes, how: 'some' })
  const count = staged.pictures.length
  if (count === 0) return answerTo(context, staged.problems.join('\n'), { alert: true })
  const appeal = move.kind === 'appeal'
  const next = say(context, appeal ? 'said.staged.appeal' : 'said.staged.respond')
  const n = complaint.running
  const example = appeal ? `/appeal ${n} …` : `/agree ${n} … · /refuse ${n} …`
  const card = await forOneself(context, complaint, {
    title: say(context, 'said.staged', { n, count, next }),
    tone: 'calm',
    lines: [],
    ...noteOf([...staged.problems, ...(words ? [say(context, 'said.staged.words', { example })] : [])]),
    buttons: [drop(context)],
  })
  return { card, onlyFor: [context.heard.user.id] }
}
