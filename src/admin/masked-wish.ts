import type { z } from 'zod'

const set = { secret: 'set' } as const

/** A wish as it may be kept: what its schema marks as `writeOnly` is only said to be there. */
export function maskedWish(schema: z.ZodType, wish: unknown): unknown {
  const inner = inside(schema)
  if (schema.meta()?.writeOnly) return isRecord(wish) ? mapped(wish, (value) => (value === null ? null : set)) : set
  if (inner) return maskedWish(inner, wish)
  const { def } = schema as {
    def: { shape?: Record<string, z.ZodType>; element?: z.ZodType; options?: readonly z.ZodType[] }
  }
  const option = def.options?.find((one) => one.safeParse(wish).success)
  if (option) return maskedWish(option, wish)
  if (def.shape && isRecord(wish))
    return mapped(wish, (value, name) => {
      const field = def.shape?.[name]
      return field ? maskedWish(field, value) : value
    })
  if (def.element && Array.isArray(wish)) return wish.map((each) => def.element && maskedWish(def.element, each))
  return wish
}

/** A state after a change of secrets: those that were there before have changed. */
export function withChangedSecrets(after: unknown, before: unknown, wish: unknown): unknown {
  if (!isRecord(after) || !isRecord(after.secrets) || !isRecord(wish) || !isRecord(wish.secrets)) return after
  const [had, given] = [isRecord(before) && isRecord(before.secrets) ? before.secrets : {}, wish.secrets]
  return {
    ...after,
    secrets: mapped(after.secrets, (mask, name) => (name in had && given[name] ? { secret: 'changed' } : mask)),
  }
}

/** What a schema is wrapped around: optional, default, nullable, transformed. */
function inside(schema: z.ZodType): z.ZodType | undefined {
  const { def } = schema as { def: { innerType?: z.ZodType; in?: z.ZodType } }
  return def.innerType ?? def.in
}

type Fields = Readonly<Record<string, unknown>>
const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const mapped = (fields: Fields, to: (value: unknown, name: string) => unknown): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, to(value, name)]))
