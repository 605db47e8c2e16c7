import type { ActionKind, Words } from '../../complaints/action.ts'
import type { Takes } from '../../complaints/complaint.ts'
import { both } from './errors.ts'

/** None of these is published for the complaint calls: they are settings. */
export interface Limits {
  readonly contentChars: number
  readonly pictures: number
  readonly pictureBytes: number
}

export const defaultLimits: Limits = { contentChars: 500, pictures: 4, pictureBytes: 2 * 1024 * 1024 }
export const uploadTypes: readonly string[] = ['image/png', 'image/jpeg', 'image/gif']

/** The account's setting `notReceived`: what stands for "the goods did not arrive" in acceptReturn. Published nowhere; without it only the yes is offered. */
export const notReceived = (settings: Readonly<Record<string, unknown>>): number | undefined =>
  isNo(settings.notReceived) ? settings.notReceived : undefined

export const isNo = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 9 && value !== 1

/** What stands beside the kind of a move. */
export interface Circumstances {
  readonly limits: Limits
  /** The user sends goods back. */
  readonly returned: boolean
  /** "Not received" can be said. */
  readonly no: boolean
}

/** What a move of this platform takes. */
export function takesOf(kind: ActionKind, { limits, returned, no }: Circumstances): Takes {
  const words: Takes = {
    text: { max: limits.contentChars, unit: 'chars', required: false },
    pictures: { max: limits.pictures, bytes: limits.pictureBytes, types: uploadTypes },
    either: true,
  }
  // What the payment platform shows to the user beside the money.
  if (kind === 'refund') return { text: { max: 80, unit: 'bytes', required: false, plain: true } }
  if (kind === 'respond') {
    const choices = [
      { code: 'agree', label: '同意和解' },
      { code: 'refuse', label: '拒绝和解' },
    ]
    return { ...words, choices, once: true }
  }
  if (kind === 'prove-refund')
    return { ...words, once: true, ...(returned ? { choices: no ? [yes, not] : [yes] } : {}) }
  return kind === 'appeal' ? { ...words, once: true } : words
}

const yes = { code: 'received', label: '已收到退货' }
const not = { code: 'not-received', label: '未收到退货' }

/** Why these words would not be taken, or undefined. The last guard before the call: the gate has looked before. */
export function wrongWords(said: Words, limits: Limits): string | undefined {
  const length = [...(said.text?.trim() ?? '')].length
  const pictures = said.pictures?.length ?? 0
  if (length === 0 && pictures === 0) return both('文字和图片至少要有一样', 'give a text or a picture')
  if (length > limits.contentChars)
    return both(
      `文字 ${length} 字，最多 ${limits.contentChars} 字`,
      `${length} characters of text; at most ${limits.contentChars}`,
    )
  if (pictures > limits.pictures)
    return both(`图片 ${pictures} 张，最多 ${limits.pictures} 张`, `${pictures} pictures; at most ${limits.pictures}`)
  return undefined
}
