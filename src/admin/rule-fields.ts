import { z } from 'zod'
import { actionKinds } from '../complaints/action.ts'
import type { Phase, Source } from '../complaints/complaint.ts'
import { asId, asPictureHash } from '../core/words.ts'
import { amount, id } from './fields.ts'

/** What a rule is made of, as the API takes it. */
const nameFix = 'give a name of 1 to 20 characters on one line, with a letter in it, such as 小额自动退款'
export const ruleName = z
  .string(nameFix)
  .trim()
  .refine((name) => /^\P{Cc}{1,20}$/u.test(name) && /\p{L}/u.test(name), nameFix)
  .meta({ minLength: 1, maxLength: 20 })

export const mode = z.enum(['on', 'off'], 'on or off')

const delayFix = 'whole seconds from 0 to 86400'
export const delaySeconds = z.int(delayFix).min(0, delayFix).max(86_400, delayFix)

export const ruleAccounts = z
  .array(id('the id of an account'), 'a list of account ids; none for all of them')
  .max(100, 'at most 100 accounts')
  .transform((ids) => [...new Set(ids)].map((each) => asId<'account'>(each)))

const rangeOf = <Value extends z.ZodType>(value: Value, fix: string) =>
  z
    .strictObject({ from: value.exactOptional(), to: value.exactOptional() }, fix)
    .refine((range) => 'from' in range || 'to' in range, fix)

const money = rangeOf(amount, 'from, to or both, in fen, such as {"to": 5000}')
const countFix = 'a whole number: 1 is the first'
const count = z.int(countFix).min(1, countFix).max(1_000_000, countFix)

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
    .max(names.length, 'each once')

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
  .meta({ minLength: 1, maxLength: 1000 })

const hash = z
  .string('the hash of a picture that was sent here before')
  .regex(/^[0-9a-f]{64}$/, 'the hash of a picture that was sent here before')
  .transform(asPictureHash)
const pictures = z.array(hash, 'a list of pictures').max(9, 'at most 9').exactOptional()
const stance = z.enum(['agree', 'refuse', 'talk'], 'agree, refuse or talk')

const byTemplate = z.strictObject({
  kind: z.literal('respond'),
  stance,
  template: id('the id of a template').transform((named) => asId<'template'>(named)),
  pictures,
})
const byText = z.strictObject({ kind: z.literal('respond'), stance, text: words, pictures })
const respond = z.union(
  [byTemplate, byText],
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
    choice: z.string('a code of the platform').max(80, 'at most 80 characters').exactOptional(),
    text: words.exactOptional(),
  },
  'to finish takes a choice where the platform wants one, and text where it takes any',
)

const note = z.strictObject({ kind: z.literal('note'), text: words }, 'a note takes text')

const kinds = ['respond', 'refund', 'finish', 'note'] as const

export const act = z
  .unknown()
  .transform((given, { addIssue }) => {
    const kind = z.object({ kind: z.enum(kinds) }).safeParse(given)
    if (!kind.success) {
      const path = typeof given === 'object' && given !== null && !Array.isArray(given) ? ['kind'] : []
      addIssue({ code: 'custom', path, message: `an act with its kind, one of ${kinds.join(', ')}` })
      return z.NEVER
    }
    const read = { respond: respondLike(given), refund, finish, note }[kind.data.kind].safeParse(given)
    if (read.success) return read.data
    for (const issue of read.error.issues)
      for (const { path, message } of told(issue)) addIssue({ code: 'custom', path: [...path], message })
    return z.NEVER
  })
  .meta({ like: z.union([byTemplate, byText, refund, finish, note]) })

/** Where it is plain which of the two is meant, what is wrong is said of that one. */
function respondLike(given: unknown) {
  const [hasTemplate, hasText] = ['template', 'text'].map((name) => Object.hasOwn(Object(given), name))
  return hasTemplate === hasText ? respond : hasTemplate ? byTemplate : byText
}

const told = (issue: z.core.$ZodIssue): readonly Pick<z.core.$ZodIssue, 'path' | 'message'>[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ path: [...issue.path, key], message: 'there is no such field; take it out' }))
    : [issue]

export const caps = z.strictObject(
  { each: amount.exactOptional(), day: amount.exactOptional(), payerDay: amount.exactOptional() },
  'an object with each, day and payerDay, in fen',
)
