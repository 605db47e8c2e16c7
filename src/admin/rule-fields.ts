import { z } from 'zod'
import { actionKinds } from '../complaints/action.ts'
import type { Phase, Source } from '../complaints/complaint.ts'
import { asId, asPictureHash } from '../core/words.ts'
import { amount } from './fields.ts'

/** What a rule is made of, as the API takes it. */
const nameFix = 'give a name of 1 to 20 characters on one line, with a letter in it, such as 小额自动退款'
export const ruleName = z
  .string(nameFix)
  .trim()
  .refine((name) => /^\P{Cc}{1,20}$/u.test(name) && /\p{L}/u.test(name), nameFix)

export const mode = z.enum(['on', 'off'], 'on or off')

const delayFix = 'whole seconds from 0 to 86400'
export const delaySeconds = z.int(delayFix).min(0, delayFix).max(86_400, delayFix)

export const ruleAccounts = z
  .array(z.string('the id of an account'), 'a list of account ids; none for all of them')
  .max(100, 'at most 100 accounts')
  .transform((ids) => [...new Set(ids)].map((id) => asId<'account'>(id)))

const rangeOf = <Value extends z.ZodType>(value: Value, fix: string) =>
  z
    .strictObject({ from: value.exactOptional(), to: value.exactOptional() }, fix)
    .refine((range) => 'from' in range || 'to' in range, fix)

const money = rangeOf(amount, 'from, to or both, in fen, such as {"to": 5000}')
const count = z.int('a whole number: 1 is the first').min(1, 'a whole number: 1 is the first')

const hour = (most: number) => {
  const fix = `a full hour from 0 to ${most}`
  return z.int(fix).min(0, fix).max(most, fix)
}

const partFix = 'words to look for: 1 to 40 characters, such as 破损'
const parts = z
  .array(z.string(partFix).trim().min(1, partFix).max(40, partFix), 'a list of words')
  .min(1, 'at least one, or leave it out')
  .max(50, 'at most 50')

const some = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z
    .array(z.enum(names, `one of ${names.join(', ')}`), `a list out of ${names.join(', ')}`)
    .min(1, 'at least one, or leave it out')

export const sources = ['wechat-mini', 'wechat-pay', 'alipay-risk', 'alipay-trade'] as const satisfies readonly Source[]
export const phases = ['ours', 'theirs', 'platform', 'remedy', 'closed'] as const satisfies readonly Phase[]

export const conditions = z.strictObject(
  {
    shown: money.exactOptional(),
    paid: money.exactOptional(),
    nth: rangeOf(count, 'from, to or both, such as {"from": 2}').exactOptional(),
    hours: z
      .strictObject({ from: hour(23), to: hour(24) }, 'from and to, such as {"from": 22, "to": 8}')
      .exactOptional(),
    reasons: parts.exactOptional(),
    has: parts.exactOptional(),
    lacks: parts.exactOptional(),
    sources: some(sources).exactOptional(),
    phases: some(phases).exactOptional(),
    owed: some(actionKinds).exactOptional(),
  },
  'an object of conditions; {} for every complaint',
)

const textFix = 'give the words: 1 to 1000 characters'
const words = z
  .string(textFix)
  .trim()
  .refine((text) => text !== '' && [...text].length <= 1000, textFix)

const hash = z
  .string('the hash of a picture that was sent here before')
  .regex(/^[0-9a-f]{64}$/, 'the hash of a picture that was sent here before')
  .transform(asPictureHash)
const pictures = z.array(hash, 'a list of pictures').max(9, 'at most 9').exactOptional()
const stance = z.enum(['agree', 'refuse', 'talk'], 'agree, refuse or talk')

const respond = z.union(
  [
    z.strictObject({
      kind: z.literal('respond'),
      stance,
      template: z.string().transform((id) => asId<'template'>(id)),
      pictures,
    }),
    z.strictObject({ kind: z.literal('respond'), stance, text: words, pictures }),
  ],
  'to respond takes a stance (agree, refuse or talk) and either text or the id of a template; pictures may go with it',
)

const refund = z.strictObject(
  {
    kind: z.literal('refund'),
    orders: z
      .enum(['only', 'every'], 'only: nothing where there are several orders; every: one after the other')
      .default('only'),
    reason: z.string('words that the user sees, or leave them out').trim().max(80, 'at most 80 characters').default(''),
  },
  'a refund takes orders and reason',
)

const finish = z.strictObject(
  {
    kind: z.literal('finish'),
    choice: z.string('a code of the platform').exactOptional(),
    text: words.exactOptional(),
  },
  'to finish takes a choice where the platform wants one, and text where it takes any',
)

const note = z.strictObject({ kind: z.literal('note'), text: words }, 'a note takes text')

const kinds = ['respond', 'refund', 'finish', 'note'] as const

export const act = z.unknown().transform((given, { addIssue }) => {
  const kind = z.object({ kind: z.enum(kinds) }).safeParse(given)
  if (!kind.success) {
    addIssue({ code: 'custom', message: `an act with its kind, one of ${kinds.join(', ')}` })
    return z.NEVER
  }
  const read = { respond, refund, finish, note }[kind.data.kind].safeParse(given)
  if (read.success) return read.data
  for (const issue of read.error.issues) addIssue({ code: 'custom', path: [...issue.path], message: messageOf(issue) })
  return z.NEVER
})

const messageOf = (issue: z.core.$ZodIssue): string =>
  issue.code === 'unrecognized_keys' ? `there is no ${issue.keys.join(', ')} here; take it out` : issue.message

export const caps = z.strictObject(
  { each: amount.exactOptional(), day: amount.exactOptional(), payerDay: amount.exactOptional() },
  'an object with each, day and payerDay, in fen',
)
