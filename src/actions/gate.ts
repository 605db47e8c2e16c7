import type { Action, Words } from '../complaints/action.ts'
import { type Complaint, type Move, moveOf, type Takes } from '../complaints/complaint.ts'
import { atLeast, type Member, type Role, roleFor } from '../complaints/member.ts'
import type { Instant } from '../core/words.ts'

/** Why an act is refused, with what the person needs to know to do better. */
export type Why =
  | { readonly why: 'role'; readonly needs: Role }
  /** Not open now, or never possible with this platform. */
  | { readonly why: 'not-open' }
  /** The case has changed since the person saw it. */
  | { readonly why: 'changed' }
  | { readonly why: 'words-missing'; readonly takes: Takes }
  | { readonly why: 'text-too-long'; readonly most: number; readonly is: number; readonly unit: 'chars' | 'bytes' }
  | { readonly why: 'pictures-too-many'; readonly most: number; readonly is: number }
  | { readonly why: 'unknown-choice'; readonly choices: readonly string[] }
  /** A button or a confirm that has run out. */
  | { readonly why: 'expired' }

export interface Wanting {
  readonly member: Pick<Member, 'role'>
  readonly complaint: Complaint
  readonly action: Action
  /** The version that the person saw; undefined when the wish names only the complaint (a slash command). */
  readonly seen?: number
  readonly expiresAt?: Instant
  readonly now: Instant
}

/** The one judgement before anything is done. Pure: asked inside the transaction that writes the wish, not when the card was drawn. */
export function gate({ member, complaint, action, seen, expiresAt, now }: Wanting): Why | undefined {
  const needs = roleFor(action.kind)
  if (!atLeast(member, needs)) return { why: 'role', needs }
  if (expiresAt !== undefined && expiresAt <= now) return { why: 'expired' }
  const move = moveOf(complaint, action.kind)
  if (!move) return { why: 'not-open' }
  if (seen !== undefined && seen !== complaint.version) return { why: 'changed' }
  return choiceFits(action, move) ?? wordsFit(action, move.takes)
}

function choiceFits(action: Action, { takes }: Move): Why | undefined {
  const chosen = action.kind === 'respond' ? action.stance : action.kind === 'finish' ? action.choice : undefined
  if (!takes.choices || chosen === undefined) return undefined
  const choices = takes.choices.map((choice) => choice.code)
  return choices.includes(chosen) ? undefined : { why: 'unknown-choice', choices }
}

function wordsFit(action: Action, takes: Takes): Why | undefined {
  if (action.kind === 'refund') return undefined
  const { text = '', pictures = [] }: Words = action
  const missing = takes.either ? text === '' && pictures.length === 0 : takes.text?.required === true && text === ''
  if (missing) return { why: 'words-missing', takes }
  if (takes.text) {
    const is = lengthOf(text, takes.text.unit)
    if (is > takes.text.max) return { why: 'text-too-long', most: takes.text.max, is, unit: takes.text.unit }
  }
  const most = takes.pictures?.max ?? 0
  return pictures.length > most ? { why: 'pictures-too-many', most, is: pictures.length } : undefined
}

/** As a person counts: one character each, emoji too; or bytes of UTF-8. */
export const lengthOf = (text: string, unit: 'chars' | 'bytes'): number =>
  unit === 'bytes' ? Buffer.byteLength(text) : [...text].length
