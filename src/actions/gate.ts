import type { Action, Words } from '../complaints/action.ts'
import { type Complaint, type Move, moveOf, type Takes } from '../complaints/complaint.ts'
import { atLeast, type Role, roleFor } from '../complaints/member.ts'
import { unsayable } from '../core/characters.ts'
import type { Instant } from '../core/words.ts'
import type { Actor, RefundWhy } from './refund-gate.ts'

/** Why an act is refused, with what the person needs to know to do better. */
export type Why =
  | { readonly why: 'role'; readonly needs: Role }
  /** Not open now, or never possible with this platform. */
  | { readonly why: 'not-open' }
  /** The case has changed since the person saw it. */
  | { readonly why: 'changed' }
  | { readonly why: 'words-missing'; readonly takes: Takes }
  | { readonly why: 'text-too-long'; readonly most: number; readonly is: number; readonly unit: 'chars' | 'bytes' }
  /** The platform takes no such characters; the same words without them. */
  | { readonly why: 'characters'; readonly characters: readonly string[]; readonly without: string }
  | { readonly why: 'pictures-too-many'; readonly most: number; readonly is: number }
  | { readonly why: 'unknown-choice'; readonly choices: readonly string[] }
  /** A button or a confirm that has run out. */
  | { readonly why: 'expired' }
  | RefundWhy

export interface Wanting {
  readonly member: Actor
  readonly complaint: Complaint
  readonly action: Action
  /** The version that the person saw; undefined when the wish names only the complaint (a slash command). */
  readonly seen?: number
  readonly expiresAt?: Instant
  readonly now: Instant
}

/** The one judgement before anything is done. Pure: asked inside the transaction that writes the wish, not when the card was drawn. */
export function gate(wanting: Wanting): Why | undefined {
  return mayBe(wanting) ?? wordsFit(wanting.action, moveOf(wanting.complaint, wanting.action.kind)?.takes ?? {})
}

/** Its first half: whether this may be done now, whatever is said with it. */
export function mayBe({ member, complaint, action, seen, expiresAt, now }: Wanting): Why | undefined {
  const needs = roleFor(action.kind)
  if (!atLeast(member, needs)) return { why: 'role', needs }
  if (expiresAt !== undefined && expiresAt <= now) return { why: 'expired' }
  const move = moveOf(complaint, action.kind)
  if (!move) return { why: 'not-open' }
  if (seen !== undefined && seen !== complaint.version) return { why: 'changed' }
  return choiceFits(action, move)
}

function choiceFits(action: Action, { takes }: Move): Why | undefined {
  if (!takes.choices) return undefined
  const choices = takes.choices.map((choice) => choice.code)
  const chosen = choiceOf(action)
  // A finish without a choice where the platform wants one is no wish that could be carried out.
  return chosen !== undefined && choices.includes(chosen) ? undefined : { why: 'unknown-choice', choices }
}

function choiceOf(action: Action): string | undefined {
  switch (action.kind) {
    case 'respond':
      return action.stance
    case 'finish':
      return action.choice
    case 'prove-refund':
      return action.received === undefined ? undefined : action.received ? 'received' : 'not-received'
    case 'decide-refund':
      return action.verdict
    default:
      return undefined
  }
}

function wordsFit(action: Action, takes: Takes): Why | undefined {
  // What the user reads beside the money is words, too.
  const { text = '', pictures = [] }: Words = action.kind === 'refund' ? { text: action.reason } : action
  const blank = text.trim() === ''
  const missing = takes.either ? blank && pictures.length === 0 : takes.text?.required === true && blank
  if (missing) return { why: 'words-missing', takes }
  const why = textFits(text, takes)
  if (why) return why
  const most = takes.pictures?.max ?? 0
  return pictures.length > most ? { why: 'pictures-too-many', most, is: pictures.length } : undefined
}

/** Whether these words would be taken, as far as they go. */
export function textFits(text: string, takes: Takes): Why | undefined {
  // What takes no text takes none of it: words that nobody would read are not dropped in silence.
  const { max, unit } = takes.text ?? { max: 0, unit: 'chars' }
  const is = lengthOf(text, unit)
  if (is > max) return { why: 'text-too-long', most: max, is, unit }
  const bad = takes.text?.plain ? unsayable(text) : undefined
  return bad && { why: 'characters', ...bad }
}

/** As a person counts: one character each, emoji too; or bytes of UTF-8. */
export const lengthOf = (text: string, unit: 'chars' | 'bytes'): number =>
  unit === 'bytes' ? Buffer.byteLength(text) : [...text].length
