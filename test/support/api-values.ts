import fc from 'fast-check'
import { deep, endless } from './api-caller.ts'
import { type Field, fieldsOf, isObject, type Path, put, regex, type Schema } from './api-schema.ts'

/** Values that are as the schema says, in all the ways in which it lets them be. */
export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  const shapes = schema.anyOf ?? schema.oneOf
  if (shapes) return fc.oneof(...shapes.map(valuesOf))
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const types = [schema.type ?? []].flat()
  if (types.length > 1) return fc.oneof(...types.map((type) => valuesOf({ ...schema, type })))
  switch (types[0]) {
    case 'string':
      return textsOf(schema)
    case 'integer':
    case 'number':
      return numbersOf(schema)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, Math.max(4, schema.minItems ?? 0)),
      })
    case 'object':
      return objectsOf(schema)
    default:
      return fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
  }
}

const edges = ['😀 好评返现', '<b>&amp;"\'</b>', "'; --", '../../x', '\u202eabc', 'é́́', '%s%n{{7*7}}', '投诉', 'a']

function textsOf({ pattern, minLength = 0, maxLength = 200 }: Schema): fc.Arbitrary<string> {
  if (pattern !== undefined && !pattern.startsWith('^$'))
    return fc.stringMatching(regex(pattern)).filter((text) => text.length <= maxLength)
  const fitting = edges.filter((text) => [...text].length >= minLength && text.length <= maxLength)
  const length = { minLength, maxLength: Math.min(maxLength, 60) }
  // By whole characters, of which some take two units: as many as fit are still within the limit.
  const drawn = fc.oneof(fc.string(length), fc.string({ ...length, unit: 'grapheme' }))
  const usual = drawn.filter((text) => text.length <= maxLength && [...text].length >= minLength)
  return fitting.length > 0 ? fc.oneof({ arbitrary: usual, weight: 3 }, fc.constantFrom(...fitting)) : usual
}

const numbersOf = ({ minimum = -1_000_000, maximum = 1_000_000 }: Schema): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min: minimum, max: maximum }), fc.constantFrom(minimum, maximum))

function objectsOf({ properties = {}, required = [], additionalProperties, propertyNames }: Schema) {
  const known = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, valuesOf(each)])),
    { requiredKeys: [...required] },
  )
  if (additionalProperties === false || additionalProperties === undefined) return known
  const more = fc.dictionary(
    propertyNames ? textsOf(propertyNames) : fc.string(),
    valuesOf(additionalProperties === true ? {} : additionalProperties),
    { maxKeys: 3 },
  )
  return fc.tuple(known, more).map(([mine, theirs]) => ({ ...theirs, ...mine }))
}

/** One thing that is wrong, or strange, with a value that was right. */
export interface Mutant {
  readonly how: string
  readonly value: unknown
}

const strangers = ['zzz', '__proto__', 'constructor', 'toString', 'id', 'tenant', 'a.b', '', '0', 'ｎame']
const hostile = [
  '\u0000',
  'a\u0000b',
  '\ud800',
  'a\udfff',
  '\u001b[2J',
  'a\r\nSet-Cookie: a=b',
  '../../../etc/passwd',
  'file:///etc/passwd',
  'http://169.254.169.254/latest/meta-data/',
  'http://[::1]:80/',
  'http://127.0.0.1:6379/',
  '__proto__',
  'constructor',
  "'; drop table tenant; --",
  '{"$ne":null}',
  '\ufeff',
  ' ',
  '',
]
const others = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  1e21,
  Number.MAX_SAFE_INTEGER + 1,
  endless,
  '',
  [],
  {},
  [[]],
  deep,
  '1',
  [null],
]

/** @param value as the schema has it: what is there is spoilt */
export function mutantsOf(schema: Schema, value: unknown): fc.Arbitrary<Mutant> {
  const fields = fieldsOf(schema)
  const anywhere: fc.Arbitrary<Mutant>[] = [
    fc.constantFrom(...strangers).map((name) => ({
      how: `unknown field ${JSON.stringify(name)}`,
      value: put(isObject(value) ? value : {}, [name], 1),
    })),
    fc
      .constantFrom(null, [], 'text', 7, true, deep, [{}])
      .map((whole) => ({ how: 'another thing altogether', value: whole })),
    fc.constant({ how: 'deep', value: put(isObject(value) ? value : {}, ['deep'], deep) }),
  ]
  const inFields = fields.map((field) => spoilt(field, value))
  return inFields.length === 0
    ? fc.oneof(...anywhere)
    : fc.oneof({ arbitrary: fc.oneof(...inFields), weight: 6 }, { arbitrary: fc.oneof(...anywhere), weight: 1 })
}

/** What is drawn too seldom to be left to chance: each in each field. */
export function sureMutantsOf(schema: Schema, value: unknown): readonly Mutant[] {
  const each = (field: Field): readonly Mutant[] =>
    sure(field.schema).map(([how, what]) => ({
      how: `${pathText(field.path)}: ${how}`,
      value: put(value, field.path, what),
    }))
  return [{ how: 'deep', value: put(isObject(value) ? value : {}, ['deep'], deep) }, ...fieldsOf(schema).flatMap(each)]
}

function sure(schema: Schema): readonly (readonly [how: string, what: unknown])[] {
  const [far] = beyond(schema)
  const isText = [schema.type ?? []].flat().includes('string') && !schema.enum && schema.const === undefined
  const texts = ['a\u0000b', 'a\ud800', '好😀评'].map((text) => [JSON.stringify(text), text] as const)
  return [['beyond its bounds', far], ...(isText ? texts : [['deep', deep] as const])]
}

function spoilt(field: Field, value: unknown): fc.Arbitrary<Mutant> {
  const { path, schema, required } = field
  const called = path.join('.')
  const as = (how: string, what: unknown): Mutant => ({ how: `${called}: ${how}`, value: put(value, path, what) })
  return fc.oneof(
    fc.constantFrom(...others).map((what) => as('another type', what)),
    fc.constantFrom(...hostile).map((what) => as('hostile', what)),
    fc.constantFrom(...beyond(schema)).map((what) => as('beyond its bounds', what)),
    fc.constantFrom(...strangers).map((name) => as('unknown field inside', put({}, [name], 1))),
    ...(required ? [fc.constant(as('missing', undefined))] : []),
  )
}

/** Just outside of what the schema lets through; where it says no bound, far out. */
export function beyond(schema: Schema): readonly [unknown, ...unknown[]] {
  const shape = (schema.anyOf ?? schema.oneOf ?? [schema]).find(({ type }) => type !== 'null') ?? schema
  const type = [shape.type ?? []].flat().find((one) => one !== 'null')
  switch (type) {
    case 'integer':
    case 'number':
      return [(shape.maximum ?? 1e15) + 1, (shape.minimum ?? -1e15) - 1, 1e300]
    case 'string':
      return [
        'x'.repeat((shape.maxLength ?? 20_000) + 1),
        '长'.repeat((shape.maxLength ?? 20_000) + 1),
        ...(shape.minLength ? ['x'.repeat(shape.minLength - 1)] : []),
        ...(shape.pattern || shape.enum ? ['\n', 'É!', 'x'.repeat(5_000)] : []),
      ]
    case 'array':
      return [Array.from({ length: Math.min((shape.maxItems ?? 2_000) + 1, 2_001) }, () => 'x'), []]
    case 'object':
      return [Object.fromEntries(Array.from({ length: (shape.maxProperties ?? 2_000) + 1 }, (_, at) => [`x${at}`, 1]))]
    default:
      return [deep, 'x'.repeat(100_000)]
  }
}

export const pathText = (path: Path): string => path.join('.')
