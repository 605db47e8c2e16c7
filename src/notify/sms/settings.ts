import { z } from 'zod'
import { InputError } from '../../core/errors.ts'
import type { Given, Limits } from '../kind.ts'
import { type FieldName, fieldNames } from '../letter.ts'
import { checked, count, digits, pace, words } from '../settings.ts'

const fieldFix = `one of ${fieldNames.join(', ')}`

/** What the proposed template says: 您有{1}笔新投诉（{2}，尾号{3}），最早截止{4}，请登录处理。 */
const usualParams: readonly FieldName[] = ['count', 'platform', 'tail', 'dueClock']

const settings = z.strictObject(
  {
    sdkAppId: digits(words('the SdkAppId, such as 1400006666', /^\d{5,20}$/)),
    sign: words('the text of the signature (签名内容), without 【】', /^[^\p{Cc}【】\s]{2,30}$/u),
    templateId: digits(words('the id of an approved template (正文模板 ID), such as 1110', /^\d{1,20}$/)),
    /** What stands for {1}, {2} … of the template. */
    params: z
      .array(z.enum(fieldNames, fieldFix), 'a list of fields, one for each {1}, {2} … of the template')
      .max(10, 'at most 10')
      .optional(),
    /** Most letters of one of them: 6 but where the console shows more. */
    maxParamChars: count(1, 64).optional(),
    region: words('a region such as ap-guangzhou', /^[a-z]{2,4}(?:-[a-z]+){1,3}$/).optional(),
    perRecipientDay: count(1, 100).optional(),
    recipientGapSeconds: count(0, 86_400).optional(),
    /** From which hour on what was kept back over night is told. */
    dayBegins: count(0, 23).optional(),
    ...pace,
  },
  'an object',
)

export const secrets = z.strictObject({
  secretId: words('give the SecretId of an API key with the right to send SMS', /^[\w-]{8,128}$/),
  secretKey: words('give the SecretKey that belongs to it', /^[\x21-\x7e]{8,128}$/),
})

export interface SmsSettings {
  readonly sdkAppId: string
  readonly sign: string
  readonly templateId: string
  readonly params: readonly FieldName[]
  readonly maxParamChars: number
  readonly region: string
}

export const checkSms = (given: Given): void => checked({ settings, secrets }, given)

export function smsSettings(given: Readonly<Record<string, unknown>>): SmsSettings {
  const {
    sdkAppId,
    sign,
    templateId,
    params = usualParams,
    maxParamChars = 6,
    region = 'ap-guangzhou',
  } = settings.parse(given)
  return { sdkAppId, sign, templateId, params, maxParamChars, region }
}

const second = 1000

/** Two messages a number and day is what the provider lets through by itself. */
export function smsLimits(given: Readonly<Record<string, unknown>>): Limits {
  const set = settings.parse(given)
  return {
    gap: (set.gapSeconds ?? 1) * second,
    recipientGap: (set.recipientGapSeconds ?? 30) * second,
    ...(set.perHour === undefined ? {} : { perHour: set.perHour }),
    perDay: set.perDay ?? 100,
    perRecipientDay: set.perRecipientDay ?? 2,
    dayBegins: set.dayBegins ?? 8,
    merge: (set.mergeSeconds ?? 300) * second,
  }
}

const phoneFix = 'a mobile number: 13800000000, or with its country such as +85291234567'

/** E.164: +8613800000000. @throws InputError */
export function phone(text: string): string {
  const digits = text.replace(/[\s()-]/g, '')
  const inland = /^(?:\+86|0086|86)?(1[3-9]\d{9})$/.exec(digits)?.[1]
  if (inland) return `+86${inland}`
  if (/^\+(?!86)[1-9]\d{6,14}$/.test(digits)) return digits
  throw new InputError([{ field: 'address', fix: phoneFix }])
}

/** +86138****0000 */
export const maskPhone = (address: string): string => `${address.slice(0, -8)}****${address.slice(-4)}`
