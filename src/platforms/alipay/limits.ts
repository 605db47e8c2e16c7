import type { Takes } from '../../complaints/complaint.ts'

/** Where nothing is published the smallest of its kind is assumed. */
export interface Limits {
  readonly replyChars: number
  /** 备注, 反馈内容, 补充凭证. */
  readonly remarkChars: number
  /** Of a refund's reason, shown to the user. */
  readonly refundReasonChars: number
  readonly pictures: number
  readonly pictureBytes: number
}

export const limits: Limits = {
  replyChars: 200,
  remarkChars: 200,
  refundReasonChars: 256,
  pictures: 4,
  pictureBytes: 5_000_000,
}

export const uploadTypes: readonly string[] = ['image/png', 'image/jpeg']

export const words = (max: number, required: boolean): Takes => ({ text: { max, unit: 'chars', required } })
export const pictures = { pictures: { max: limits.pictures, bytes: limits.pictureBytes, types: uploadTypes } }
export const refundTakes: Takes = words(limits.refundReasonChars, false)
