import { z } from 'zod'
import { InputError } from '../../core/errors.ts'
import { checkReach, type Reach } from '../../core/reach.ts'
import { type Instant, later } from '../../core/words.ts'
import type { Ending, Given, Limits } from '../kind.ts'
import { checked, count, digits, pace, words } from '../settings.ts'

/** How the connection is protected: from the first byte, by STARTTLS (never without), or not at all. */
export type Protection = 'tls' | 'starttls' | 'none'

interface Server {
  readonly host: string
  readonly port: number
  readonly protection: Protection
}

const tls = (host: string): Server => ({ host, port: 465, protection: 'tls' })

/** Facts about the providers: docs/channels.md#presets */
export const presets = {
  '163': tls('smtp.163.com'),
  '126': tls('smtp.126.com'),
  qq: tls('smtp.qq.com'),
  exmail: tls('smtp.exmail.qq.com'),
  aliyun: tls('smtp.qiye.aliyun.com'),
  feishu: tls('smtp.feishu.cn'),
  gmail: tls('smtp.gmail.com'),
  outlook365: { host: 'smtp.office365.com', port: 587, protection: 'starttls' },
} as const satisfies Record<string, Server>

export type Preset = keyof typeof presets
const presetNames = Object.keys(presets) as [Preset, ...Preset[]]

const mailFix = 'a mail address such as ops@example.com'
// What a person types and every provider takes; quoted local parts and address literals are not worth their risks.
const mailPattern =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,190}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/
const mail = z.string(mailFix).trim().regex(mailPattern, mailFix)

const hostFix = 'the name of the mail server, such as smtp.example.com'
const settings = z
  .strictObject(
    {
      preset: digits(z.enum(presetNames, `one of ${presetNames.join(', ')}; or leave it out and give host`).optional()),
      host: words(hostFix, /^[A-Za-z0-9.:-]{1,253}$/).optional(),
      port: count(1, 65_535).optional(),
      protection: z
        .enum(['tls', 'starttls', 'none'], 'tls (465), starttls (587), or none within this machine')
        .optional(),
      /** The mailbox that sends: it is who signs in, and who the letters are from. */
      user: mail,
      /** Where the server knows the mailbox under another name. */
      login: words('the name to sign in with, where it is not the address').optional(),
      fromName: words('a name, 1 to 60 characters', /^[^\p{Cc}<>"]{1,60}$/u).optional(),
      replyTo: mail.optional(),
      ...pace,
    },
    'an object',
  )
  .superRefine((given, { addIssue }) => {
    const issue = (name: string, message: string) => addIssue({ code: 'custom', path: [name], message })
    if (given.preset === undefined && given.host === undefined) issue('host', `${hostFix}; or give a preset`)
    const { host, protection } = serverOf(given)
    if (protection === 'none' && !/^(127(\.\d+){3}|localhost|::1)$/.test(host))
      issue('protection', 'tls or starttls: none would send the password in the clear, and is for this machine only')
  })

export const secrets = z.strictObject({
  password: z
    .string('give the password; for 163, 126 and QQ it is the authorisation code (授权码), not the login password')
    .min(1, 'give the authorisation code (授权码) or password')
    .max(256, 'at most 256 characters'),
})

export type EmailSettings = z.output<typeof settings>
export const emailSettings = (given: Readonly<Record<string, unknown>>): EmailSettings => settings.parse(given)

/** Where mail servers listen: what else is open at some address is none of a mailbox's business. */
const mailPorts = [25, 465, 587, 994, 2525]

/** @throws InputError */
export function checkEmail(given: Given, reach: Reach): void {
  checked({ settings, secrets }, given)
  const place = serverOf(emailSettings(given.settings))
  checkReach(reach, { 'settings.host': place })
  if (!mailPorts.includes(place.port) && !reach.isNamed(place))
    throw new InputError([{ field: 'settings.port', fix: `one of ${mailPorts.join(', ')}` }])
}

/** Where to connect; what is given wins over the preset. */
export function serverOf({ preset, host, port, protection }: Partial<EmailSettings>): Server {
  const base = preset === undefined ? tls('') : presets[preset]
  const kept = protection ?? (port === 587 ? 'starttls' : port === 25 || port === undefined ? base.protection : 'tls')
  const usual = { tls: 465, starttls: 587, none: 25 }[kept]
  return { host: host ?? base.host, port: port ?? (protection === undefined ? base.port : usual), protection: kept }
}

const day = 86_400_000

/** A code of 163 is good for 180 days, and no longer than the login password. */
export function codeEnds(given: Readonly<Record<string, unknown>>, savedAt: Instant): Ending | undefined {
  const set = emailSettings(given)
  if (set.preset !== '163' && serverOf(set).host !== presets['163'].host) return undefined
  return { at: later(savedAt, 180 * day), sayFrom: later(savedAt, 165 * day) }
}

const second = 1000

/** What free mailboxes take without complaint; nothing of it is published. */
export function emailLimits(given: Readonly<Record<string, unknown>>): Limits {
  const { gapSeconds = 6, perHour = 40, perDay = 150, mergeSeconds = 120 } = emailSettings(given)
  return { gap: gapSeconds * second, perHour, perDay, merge: mergeSeconds * second, dayBegins: 0 }
}

/** The part behind the @ knows no capitals; of the part before it nobody can say. @throws InputError */
export function mailAddress(text: string): string {
  const parsed = mail.safeParse(text)
  if (!parsed.success) throw new InputError([{ field: 'address', fix: mailFix }])
  const at = parsed.data.lastIndexOf('@')
  return parsed.data.slice(0, at) + parsed.data.slice(at).toLowerCase()
}

/** z***@example.com */
export const maskMail = (address: string): string => {
  const at = address.lastIndexOf('@')
  return `${address.slice(0, 1)}***${address.slice(at)}`
}
