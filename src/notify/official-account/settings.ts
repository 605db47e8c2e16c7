import { z } from 'zod'
import { InputError } from '../../core/errors.ts'
import { parseAesKey } from '../../platforms/wechat-mini/crypto.ts'
import type { Given, Limits } from '../kind.ts'
import { fieldNames } from '../letter.ts'
import { checked, count, pace, words } from '../settings.ts'

const keyFix =
  'a keyword of the template as its detail page shows it, such as thing1, time2 or character_string3 (without .DATA)'
const mapFix = 'an object such as {"character_string1": "number", "thing2": "reason", "time3": "due"}'
const fieldFix = `one of ${fieldNames.join(', ')}`

const settings = z.strictObject(
  {
    appid: words('the AppID of the service account (服务号): wx and 16 letters and digits', /^wx[0-9a-zA-Z]{6,30}$/),
    templateId: words('the 模板ID, as 模板消息 → 我的模板 shows it', /^[\w-]{10,64}$/),
    /** Keyword of the template → what stands there. */
    map: z
      .record(z.string().regex(/^[a-z_]{2,32}\d{1,3}$/, keyFix), z.enum(fieldNames, fieldFix), {
        error: ({ code }) => (code === 'invalid_key' ? keyFix : mapFix),
      })
      .refine((map) => Object.keys(map).length > 0, 'name at least one keyword of the template')
      .refine((map) => Object.keys(map).length <= 20, 'at most 20 keywords'),
    perRecipientDay: count(1, 10_000).optional(),
    ...pace,
  },
  'an object',
)

export const secrets = z
  .strictObject({
    secret: words('give the AppSecret of the service account', /^[\x21-\x7e]{1,128}$/),
    /** Of its server configuration: only to bind people by a QR code. */
    token: words(
      'give the Token of the server configuration: 3 to 32 letters and digits',
      /^[A-Za-z0-9]{3,32}$/,
    ).optional(),
    aesKey: z
      .string('give the EncodingAESKey')
      .refine((key) => parseAesKey(key) !== undefined, 'give the EncodingAESKey: 43 letters and digits')
      .optional(),
  })
  .refine(
    ({ token, aesKey }) => (token === undefined) === (aesKey === undefined),
    'give token and aesKey of the server configuration together, or neither',
  )

export type OfficialSettings = z.output<typeof settings>
export const officialSettings = (given: Readonly<Record<string, unknown>>): OfficialSettings => settings.parse(given)
export const checkOfficial = (given: Given): void => checked({ settings, secrets }, given)

const second = 1000

export function officialLimits(given: Readonly<Record<string, unknown>>): Limits {
  const { gapSeconds = 0, perHour, perDay = 1_000, perRecipientDay = 100, mergeSeconds = 60 } = officialSettings(given)
  return {
    gap: gapSeconds * second,
    ...(perHour === undefined ? {} : { perHour }),
    perDay,
    perRecipientDay,
    merge: mergeSeconds * second,
    dayBegins: 0,
  }
}

const openidFix =
  'the openid of this service account (服务号), 20 to 64 letters, digits, - and _; it is easier to bind by a QR code: redress recipient bind'

/** @throws InputError */
export function openid(text: string): string {
  const trimmed = text.trim()
  if (!/^[\w-]{20,64}$/.test(trimmed)) throw new InputError([{ field: 'address', fix: openidFix }])
  return trimmed
}

export const maskOpenid = (address: string): string => `${address.slice(0, 4)}***${address.slice(-4)}`
