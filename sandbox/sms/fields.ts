import type { Body } from '../desk.ts'
import { type Refusal, refuse } from './errors.ts'

type Kind = 'string' | 'number' | 'strings' | 'numbers'

export interface Field {
  readonly kind: Kind
  readonly needed?: boolean
}

const fits: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => Number.isSafeInteger(value),
  strings: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  numbers: (value) => Array.isArray(value) && value.every((one) => Number.isSafeInteger(one)),
}

/** Why this body is none of the action's: a field too many, too few, or of another kind. Null is left out. */
export function wrongBody(body: Body, fields: Readonly<Record<string, Field>>): Refusal | undefined {
  for (const [name, value] of Object.entries(body)) {
    const field = fields[name]
    if (!field) return refuse('UnknownParameter', `The parameter \`${name}\` is not recognized.`)
    if (value !== null && !fits[field.kind](value))
      return refuse('InvalidParameter', `The value type of parameter \`${name}\` is not valid.`)
  }
  const missing = Object.entries(fields).find(([name, { needed }]) => needed && (body[name] ?? undefined) === undefined)
  return missing && refuse('MissingParameter', `The parameter \`${missing[0]}\` is missing.`)
}
