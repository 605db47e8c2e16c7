import { z } from 'zod'
import { type Hours, hoursIn } from '../complaints/hours.ts'
import { roles } from '../complaints/member.ts'
import { type Fen, fen } from '../core/words.ts'

/** What several resources are made of. Every sentence says what to write, not what was wrong. */
export const name = (what: string) => {
  const fix = `give ${what}: 1 to 80 characters`
  return z.string(fix).trim().min(1, fix).max(80, fix)
}

/** No underscore: a handle can then never be taken for an id. */
export const tenantHandle = z
  .string('give a handle such as shop')
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, '1 to 32 of a–z, 0–9 and -, such as shop or my-shop')
  // Its path is another address.
  .refine((handle) => handle !== 'import', 'another word: import is an address of its own')

export const memberHandle = z
  .string('give a handle such as li')
  .regex(/^[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,31})$/u, '1 to 32 letters, digits, dots and dashes, without @, such as li')

export const language = z.enum(['zh-CN', 'en'], 'zh-CN or en')
export const role = z.enum(roles, `one of ${roles.join(', ')}`)
export const flag = z.boolean('true or false')

export const zone = z
  .string('give a time zone such as Asia/Shanghai')
  .max(64, 'at most 64 characters')
  .refine(isZone, 'a time zone as in the IANA list, such as Asia/Shanghai')

/** Whole fen: 1 yuan = 100. */
export const amount = z
  .int('a whole number of fen: ¥200 is 20000')
  .min(0, 'a whole number of fen, 0 or more')
  .max(1_000_000_000_000, 'a smaller amount, in fen')
  .transform((value): Fen => fen(value))

const hoursFix = 'hours of the day such as 22:00-08:00'
/** By the clock of the business. */
export const hours = z
  .string(hoursFix)
  .max(32, hoursFix)
  .transform((words, context): Hours => {
    const read = hoursIn(words)
    if (read) return read
    context.addIssue(hoursFix)
    return z.NEVER
  })

const positionFix = 'a whole number: 1 is the first'
/** In an order; behind the last is last. */
export const position = z.int(positionFix).min(1, positionFix).max(100_000, positionFix)

/** What something is known by here: never longer than that. */
export const id = (fix: string) => z.string(fix).max(64, fix)
/** What kind of platform, chat or channel something is. */
export const kindName = (fix: string) => z.string(fix).max(40, fix)

const fieldName = z.string().regex(/^[A-Za-z][\w-]{0,63}$/, 'a name of letters and digits')
const secretText = z.string('a text').min(1, 'a text, not empty').max(16_384, 'at most 16,384 characters')
/** `writeOnly`: goes in and never comes out, and no audit keeps it. */
export const secret = { writeOnly: true } as const
export const secrets = few(z.record(fieldName, secretText, 'an object of texts, such as {"token": "…"}')).meta(secret)
/** Their values came as JSON: there is nothing else that they could be. */
export const settings = few(z.record(fieldName, z.unknown(), 'an object'))
/** For changes: null takes a name out, what is not named stays. */
export const secretsChange = few(
  z.record(fieldName, secretText.nullable(), 'an object of texts, such as {"token": "…"}'),
).meta(secret)

/** Secrets go in and never come out: only that they are there. */
export const masks = z.record(z.string(), z.object({ secret: z.literal('set') }))
export const masked = (given: Readonly<Record<string, unknown>>): z.input<typeof masks> =>
  Object.fromEntries(Object.keys(given).map((each) => [each, { secret: 'set' }]))

/** A list under a name, so that a cursor can stand beside it one day. */
export const listOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item) })

/** Stored values with the changed names put in and the nulled ones taken out. */
export function merged<Value>(
  stored: Readonly<Record<string, Value>>,
  change: Readonly<Record<string, Value | null>> = {},
): Record<string, Value> {
  const all = Object.entries({ ...stored, ...change })
  return Object.fromEntries(all.filter((entry): entry is [string, Value] => entry[1] !== null))
}

/** More names than anything here has. */
function few<Named extends z.ZodType<Readonly<Record<string, unknown>>>>(named: Named): Named {
  const maxProperties = 64
  return named
    .refine((given) => Object.keys(given).length <= maxProperties, `at most ${maxProperties} names`)
    .meta({ maxProperties })
}

function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
