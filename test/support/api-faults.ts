import { type Path, regex, type Schema } from './api-schema.ts'

/** One thing wrong with one field. */
export interface Fault {
  readonly field: string
  readonly how: string
  readonly body: unknown
  /** One of several shapes lacks it: then it may have been meant to be another of them, and that is said of the whole. */
  readonly orOf?: string
}

/** Where a value stands in the whole body. */
interface Place {
  readonly path: Path
  /** The whole, with this here; `undefined` leaves it out. */
  build(inner: unknown): unknown
  readonly isRequired: boolean
  readonly orOf?: string
}

const root: Place = { path: [], build: (inner) => inner, isRequired: false }

/** Every fault of every field, however deep it stands: missing, of another type, out of its bounds, unknown. */
export function faultsIn(schema: Schema, at: Place = root): readonly Fault[] {
  const shapes = (schema.anyOf ?? schema.oneOf ?? [schema]).filter(({ type }) => type !== 'null')
  const [only] = shapes
  if (only && shapes.length === 1) return [...own(schema, only, at), ...within(only, at)]
  // What is meant is only known by one of them: which type it must not be is the same for all.
  const among = { ...at, orOf: nameOf(at.path) }
  return [...strangers(schema, { type: 'object' }, at), ...shapes.flatMap((shape) => within(shape, among))]
}

const own = (schema: Schema, shape: Schema, at: Place): readonly Fault[] => [
  ...strangers(schema, shape, at),
  ...beyond(shape).map(([how, value]) => fault(at, how, value)),
]

const nameOf = (path: Path): string => path.join('.') || 'body'

const fault = ({ path, build }: Pick<Place, 'path' | 'build'>, how: string, value: unknown): Fault => ({
  field: nameOf(path),
  how,
  body: build(value),
})

/** One of each type. */
const types: readonly (readonly [name: string, value: unknown])[] = [
  ['string', 'a text'],
  ['number', 7.5],
  ['boolean', true],
  ['object', { a: 1 }],
  ['array', [1]],
  ['null', null],
]

function strangers(schema: Schema, shape: Schema, at: Place): readonly Fault[] {
  const [named] = [shape.type ?? []].flat().filter((type) => type !== 'null')
  const isNullable =
    [schema.type ?? []].flat().includes('null') || (schema.anyOf ?? []).some(({ type }) => type === 'null')
  const own = shape.const === undefined ? named : typeof shape.const
  const others = types.filter(
    ([type]) =>
      own !== undefined &&
      type !== own &&
      !(type === 'number' && own === 'integer') &&
      !(type === 'null' && isNullable),
  )
  return [
    ...(at.isRequired
      ? [{ ...fault(at, 'missing', undefined), ...(at.orOf === undefined ? {} : { orOf: at.orOf }) }]
      : []),
    ...others.map(([type, value]) => fault(at, `${type} for ${own}`, value)),
  ]
}

/** Just outside of each bound. */
function beyond(shape: Schema): readonly (readonly [how: string, value: unknown])[] {
  const [type] = [shape.type ?? []].flat().filter((one) => one !== 'null')
  const { minLength = 0, maxLength, minimum, maximum, minItems = 0, maxItems, maxProperties } = shape
  const values: (readonly [string, unknown] | false)[] = [
    shape.enum !== undefined && ['none of those', 'another'],
    shape.const !== undefined && ['another', 'another'],
    maxLength !== undefined && ['too long', long(maxLength + 1)],
    maxLength !== undefined && ['much too long', long(Math.min(1_000_000, maxLength * 10))],
    minLength > 0 && ['too short', long(minLength - 1)],
    // In a pattern of base64 the length says it all.
    shape.pattern !== undefined && [
      'another pattern',
      ['€ ', '', 'É\n'].find((text) => !regex(shape.pattern).test(text)),
    ],
    maximum !== undefined && ['too great', maximum + 1],
    minimum !== undefined && ['too small', minimum - 1],
    type === 'integer' && ['no whole number', 1.5],
    maxItems !== undefined && ['too many', Array.from({ length: maxItems + 1 }, () => exampleOf(shape.items ?? {}))],
    minItems > 0 && ['too few', Array.from({ length: minItems - 1 }, () => exampleOf(shape.items ?? {}))],
    maxProperties !== undefined && ['too many', named(maxProperties + 1, shape)],
  ]
  return values.filter((each) => each !== false)
}

const long = (length: number) => 'x'.repeat(length)
const named = (count: number, { additionalProperties }: Schema) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, nr) => [
      `x${nr}`,
      exampleOf(typeof additionalProperties === 'object' ? additionalProperties : {}),
    ]),
  )

function within(shape: Schema, at: Place): readonly Fault[] {
  const example = exampleOf(shape) as Readonly<Record<string, unknown>>
  const { properties = {}, required = [], additionalProperties, propertyNames, items } = shape
  const below = (name: string, isRequired: boolean): Place => ({
    path: [...at.path, name],
    build: (inner) => {
      const entries = Object.entries({ ...example, [name]: inner })
      return at.build(Object.fromEntries(entries.filter(([, value]) => value !== undefined)))
    },
    isRequired,
    ...(at.orOf === undefined ? {} : { orOf: at.orOf }),
  })
  const isObject = shape.type === 'object'
  return [
    ...Object.entries(properties).flatMap(([name, inner]) => faultsIn(inner, below(name, required.includes(name)))),
    ...(isObject && additionalProperties === false ? [fault(below('zzz', false), 'unknown', 1)] : []),
    ...(isObject && propertyNames ? [fault(below('€', false), 'no such name', exampleOf(moreOf(shape)))] : []),
    ...(isObject && typeof additionalProperties === 'object' && Object.keys(additionalProperties).length > 0
      ? faultsIn(additionalProperties, below('some', false))
      : []),
    ...(items
      ? faultsIn(items, { path: [...at.path, 0], build: (inner) => at.build([inner]), isRequired: false })
      : []),
  ]
}

const moreOf = ({ additionalProperties }: Schema): Schema =>
  typeof additionalProperties === 'object' ? additionalProperties : {}

/** The least that is as the schema says. */
export function exampleOf(schema: Schema): unknown {
  const [shape = schema] = schema.anyOf ?? schema.oneOf ?? []
  if (shape !== schema) return exampleOf(shape)
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const [type] = [schema.type ?? []].flat()
  switch (type) {
    case 'string':
      return textLike(schema)
    case 'integer':
    case 'number':
      return schema.minimum ?? 1
    case 'boolean':
      return true
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => exampleOf(schema.items ?? {}))
    case 'object': {
      const { properties = {}, required = [] } = schema
      return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name] ?? {})]))
    }
    default:
      return null
  }
}

const texts = ['abcd', 'a1', 'a-b/1', 'a'.repeat(64), '0'.repeat(64)]
const textLike = ({ pattern, minLength = 0 }: Schema): string =>
  texts.find((text) => text.length >= minLength && (pattern === undefined || regex(pattern).test(text))) ?? 'abcd'

/** What says of itself no bound: where a value could be as long, as large or as many as whoever sends it likes. */
export function unbounded(schema: Schema, path: string): readonly string[] {
  const shapes = schema.anyOf ?? schema.oneOf
  if (shapes) return [...new Set(shapes.flatMap((shape) => unbounded(shape, path)))]
  if (schema.enum || schema.const !== undefined || schema.type === 'null') return []
  const { properties = {}, items, additionalProperties } = schema
  const inner = [
    ...Object.entries(properties).flatMap(([name, each]) => unbounded(each, path === '' ? name : `${path}.${name}`)),
    ...(items ? unbounded(items, `${path}.0`) : []),
    ...(typeof additionalProperties === 'object' ? unbounded(additionalProperties, `${path}.*`) : []),
  ]
  const [type] = [schema.type ?? []].flat().filter((one) => one !== 'null')
  return [...(hasBounds(schema, type) ? [] : [path]), ...inner]
}

function hasBounds(schema: Schema, type: string | undefined): boolean {
  switch (type) {
    case 'string':
      return schema.maxLength !== undefined || (schema.pattern !== undefined && !/[*+]|,\}/.test(schema.pattern))
    case 'integer':
    case 'number':
      return isSaid(schema.minimum) && isSaid(schema.maximum)
    case 'array':
      return schema.maxItems !== undefined
    case 'object':
      return schema.additionalProperties === false || schema.maxProperties !== undefined
    default:
      return type !== undefined
  }
}

/** What a number of this kind cannot exceed anyway was said by nobody. */
const isSaid = (bound: number | undefined): boolean => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER
