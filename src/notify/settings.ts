import { z } from 'zod'
import { InputError, type Problem } from '../core/errors.ts'
import type { Given } from './kind.ts'

/** Fields that several kinds have. */
export const count = (least: number, most: number) => {
  const fix = `a whole number from ${least} to ${most}`
  return z.int(fix).min(least, fix).max(most, fix)
}
export const words = (fix: string, pattern = /^[^\p{Cc}]{1,128}$/u) => z.string(fix).trim().regex(pattern, fix)

/** An id of digits is text, however it was typed. */
export const digits = <Shape extends z.ZodType>(shape: Shape) =>
  z.preprocess((given) => (typeof given === 'number' ? String(given) : given), shape)

/** How fast, and how often; each kind has its own defaults. */
export const pace = {
  gapSeconds: count(0, 3_600).optional(),
  perHour: count(1, 100_000).optional(),
  perDay: count(1, 1_000_000).optional(),
  mergeSeconds: count(0, 3_600).optional(),
}

/** @throws InputError naming every field that is wrong: `settings.port`, `secrets.password` */
export function checked(
  shape: { readonly settings: z.ZodType; readonly secrets: z.ZodType },
  { settings, secrets }: Given,
): void {
  const problems = [
    ...problemsOf('settings', shape.settings, settings),
    ...problemsOf('secrets', shape.secrets, secrets),
  ]
  if (problems.length > 0) throw new InputError(problems)
}

function problemsOf(where: string, shape: z.ZodType, given: unknown): readonly Problem[] {
  return (shape.safeParse(given).error?.issues ?? []).flatMap((issue) => {
    const path = [where, ...issue.path].join('.')
    if (issue.code !== 'unrecognized_keys') return [{ field: path, fix: issue.message }]
    return issue.keys.map((key) => ({ field: `${path}.${key}`, fix: 'there is no such field; take it out' }))
  })
}
