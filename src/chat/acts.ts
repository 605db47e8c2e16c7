import { gate, type Why } from '../actions/gate.ts'
import type { Action, ActionKind } from '../complaints/action.ts'
import { type Complaint, moveOf, type Takes } from '../complaints/complaint.ts'
import { atLeast } from '../complaints/member.ts'
import { instant } from '../core/words.ts'
import { unsettledOf } from '../storage/actions.ts'
import { actOf } from './act-name.ts'
import type { Plan, Planned } from './card.ts'
import type { Answer } from './chat.ts'
import { resultText } from './choice.ts'
import { answerTo, type Context, refusal, say } from './context.ts'
import { instead } from './instead.ts'
import type { Draft, Intent } from './intent.ts'
import { drop, forOneself, noteOf } from './own-card.ts'
import { previewCard } from './preview-card.ts'
import { orAway } from './refund.ts'
import { askSecond } from './second.ts'
import { type Staged, stage } from './stage.ts'
import { whyText } from './why.ts'
import { answerOf, blocked, type Wish, wishFor } from './wish.ts'

/** Agree, refuse or reply: words and the pictures laid ready go to the platform. */
export async function respond(
  context: Context,
  complaint: Complaint,
  said: { readonly stance: 'agree' | 'refuse' | 'talk'; readonly text: string; readonly wish: Wish },
): Promise<Answer> {
  const { stance, text, wish } = said
  const act = { kind: 'respond', stance } as const
  const no = instead(context, complaint, stance) ?? (await blocked(context, complaint, act, wish))
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
export const send = (context: Context, complaint: Complaint, action: Action, wish: Wish): Promise<Answer> =>
  orAway(context, async () => {
    const requested = await wishFor(context, complaint, action, wish)
    const second = requested.outcome === 'refused' && requested.why.why === 'second-person'
    return second && action.kind === 'refund'
      ? askSecond(context, complaint, action)
      : answerOf(context, complaint, requested)
  })

/** Looked at before it goes: the platform may take it once only. */
export async function draft(
  context: Context,
  complaint: Complaint,
  said: { readonly draft: Draft; readonly text: string; readonly wish: Wish },
): Promise<Answer> {
  const { text: words, wish } = said
  const no =
    (said.draft.kind === 'decide-refund' ? instead(context, complaint, said.draft.verdict) : undefined) ??
    (await blocked(context, complaint, said.draft, wish))
  if (no) return no
  const takes = moveOf(complaint, said.draft.kind)?.takes
  const staged = await stage(context, complaint, { takes, how: 'all' })
  if (staged.tooMany) return unfinished(context, complaint, { staged, wish })
  const action: Action = { ...said.draft, ...wordsOf(words, staged.pictures) }
  const now = instant(context.parts.storage.reads.clock.now())
  const why = gate({ member: context.member, complaint, action, now }) ?? whyMissing(action, takes)
  if (why) return unfinished(context, complaint, { staged, wish, why })
  return previewCard(context, complaint, {
    action,
    lines: draftLines(context, complaint, said.draft),
    text: words,
    staged,
    takes,
    more: moreOf(said.draft, words),
  })
}

/** A no without a reason is taken by nobody, although a yes needs none. */
const whyMissing = (action: Action, takes: Takes = {}): Why | undefined =>
  action.kind === 'decide-refund' && action.verdict === 'reject' && !action.text
    ? { why: 'words-missing', takes: { ...takes, either: false } }
    : undefined

function draftLines(context: Context, complaint: Complaint, draft: Draft): Plan['lines'] {
  if (draft.kind === 'add-evidence') return []
  const act = { label: say(context, 'preview.act'), text: actOf(context.room.language, { action: draft }) }
  if (draft.kind === 'finish') {
    const result = resultText(context.room.language, complaint, draft.choice)
    return [act, { label: say(context, 'preview.result'), text: result }]
  }
  if (draft.kind !== 'prove-refund' || draft.received === undefined) return [act]
  const received = say(context, draft.received ? 'button.received' : 'button.not-received')
  return [act, { label: say(context, 'preview.received'), text: received }]
}

/** Words that may be missing can still be said. */
const moreOf = (draft: Draft, words: string): Intent | undefined =>
  draft.kind === 'finish' && words === '' ? { do: 'open', ...draft, ask: true } : undefined

/** Better words, or fewer pictures, would go through; everything else is no question of words. */
const canBeMended = ({ why }: Why): boolean =>
  why === 'text-too-long' || why === 'characters' || why === 'words-missing' || why === 'pictures-too-many'

/** Nothing was done: what is wrong with it, what lies ready nevertheless, and the question once more. */
export async function unfinished(
  context: Context,
  complaint: Complaint,
  { staged, wish, why }: { readonly staged: Staged; readonly wish: Wish; readonly why?: Why },
): Promise<Answer> {
  context.parts.metrics.heard('refused')
  const words = [...staged.problems, ...(why ? [whyText(context.room.language, complaint, why)] : [])].join('\n')
  const ready = staged.pictures.length > 0 ? await readyCard(context, complaint, staged) : {}
  const ask = await wish.askAgain?.()
  return {
    ...answerTo(context, words, { alert: true }),
    ...ready,
    ...(ask ? { ask } : {}),
  }
}

/** How many pictures lie ready, with a way to be rid of them. */
const readyCard = (context: Context, complaint: Complaint, { pictures }: Staged): Promise<Answer> =>
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
  return forOneself(context, complaint, {
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
}

const choice = (context: Context, key: 'button.received' | 'button.not-received', intent: Intent): Planned => ({
  label: say(context, key),
  intent,
  weight: key === 'button.received' ? 'main' : 'plain',
})

/** Acts for which pictures may be laid ready by answering to the card. */
const welcome: readonly ActionKind[] = ['add-evidence', 'respond', 'prove-refund', 'appeal', 'finish']

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
  if (move.kind === 'finish') return readyFor(context, complaint, { staged, words })
  const appeal = move.kind === 'appeal'
  const talk = move.takes.choices?.every(({ code }) => code === 'talk') ?? false
  const n = complaint.running
  const next = say(context, appeal ? 'said.staged.appeal' : talk ? 'said.staged.talk' : 'said.staged.respond')
  const example = appeal ? `/appeal ${n} …` : talk ? `/reply ${n} …` : `/agree ${n} … · /refuse ${n} …`
  return forOneself(context, complaint, {
    title: say(context, 'said.staged', { n, count, next }),
    tone: 'calm',
    lines: [],
    ...noteOf([...staged.problems, ...(words ? [say(context, 'said.staged.words', { example })] : [])]),
    buttons: [drop(context)],
  })
}

/** Pictures that go with the result, when it is said. */
function readyFor(
  context: Context,
  complaint: Complaint,
  { staged, words }: { readonly staged: Staged; readonly words: string },
): Promise<Answer> {
  const n = complaint.running
  return forOneself(context, complaint, {
    title: say(context, 'said.staged', { n, count: staged.pictures.length, next: say(context, 'said.staged.finish') }),
    tone: 'calm',
    lines: [],
    ...noteOf([
      ...staged.problems,
      ...(words ? [say(context, 'said.staged.words', { example: `/finish ${n} …` })] : []),
    ]),
    buttons: [drop(context)],
  })
}
