import type { ActionKind, Words } from '../../complaints/action.ts'
import type { Takes } from '../../complaints/complaint.ts'
import { unsayable } from '../../core/characters.ts'
import { both } from './errors.ts'

export interface Limits {
  /** Of a reply: 200 in the older documents, 500 in the newer ones. */
  readonly replyChars: number
  readonly reasonChars: number
  /** Of a refund's reason, shown to the user: bytes of UTF-8. */
  readonly refundReasonBytes: number
  readonly pictures: number
  readonly pictureBytes: number
}

export const defaultLimits: Limits = {
  replyChars: 200,
  reasonChars: 200,
  refundReasonBytes: 80,
  pictures: 4,
  pictureBytes: 2_000_000,
}
/** BMP too, but we keep none. */
export const uploadTypes: readonly string[] = ['image/png', 'image/jpeg']

/** What the account says goes before what the installation says. */
export const limitsFor = (limits: Limits, settings: Readonly<Record<string, unknown>>): Limits =>
  isReplyChars(settings.replyChars) ? { ...limits, replyChars: settings.replyChars } : limits

export const isReplyChars = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 500

/** What a move of this platform takes. */
export function takesOf(kind: ActionKind, limits: Limits): Takes {
  const pictures = { max: limits.pictures, bytes: limits.pictureBytes, types: uploadTypes }
  switch (kind) {
    case 'respond':
      return {
        text: { max: limits.replyChars, unit: 'chars', required: true, plain: true },
        pictures,
        choices: [{ code: 'talk', label: '回复' }],
      }
    case 'decide-refund':
      return {
        text: { max: limits.reasonChars, unit: 'chars', required: false, plain: true },
        pictures,
        choices: [
          { code: 'approve', label: '同意退款' },
          { code: 'reject', label: '拒绝退款' },
        ],
        once: true,
      }
    case 'refund':
      return { text: { max: limits.refundReasonBytes, unit: 'bytes', required: false, plain: true } }
    default:
      return {}
  }
}

export { unsayable }

/** Why this text would not be taken, or undefined; names the characters and offers the words without them. */
export function wrongText(text: string, most: number): string | undefined {
  const bad = unsayable(text)
  if (bad) {
    const named = bad.characters.join(' ')
    const offer = bad.without === '' ? ['', ''] : [`，可以改为：「${bad.without}」`, `; without: "${bad.without}"`]
    return both(`微信支付不接受这些字符：${named}${offer[0]}`, `WeChat Pay does not take ${named}${offer[1]}`)
  }
  const length = [...text].length
  return length > most
    ? both(`文字 ${length} 字，最多 ${most} 字`, `${length} characters of text; at most ${most}`)
    : undefined
}

export function wrongPictures({ pictures = [] }: Words, most: number): string | undefined {
  return pictures.length > most
    ? both(`图片 ${pictures.length} 张，最多 ${most} 张`, `${pictures.length} pictures; at most ${most}`)
    : undefined
}
