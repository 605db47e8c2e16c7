/** The part of JSON Schema 2020-12 that the document of the admin API is written in. */
export interface Schema {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly propertyNames?: Schema
  readonly maxProperties?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: unknown
  readonly $ref?: string
}

/** What `$ref` points into. */
export type Definitions = Readonly<Record<string, Schema>>

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What says nothing about whether a value is right. */
const remarks = ['default', 'description', 'title', 'writeOnly', 'readOnly', 'format', 'contentEncoding', 'examples']

/** Everything in which the value is not as the schema says. @throws Error for a keyword that is not looked at here */
export function faultsOf(schema: Schema, value: unknown, definitions: Definitions = {}, at = ''): readonly string[] {
  const faults: string[] = []
  for (const keyword of Object.keys(schema)) {
    if (remarks.includes(keyword)) continue
    const judge = Object.hasOwn(judges, keyword) ? judges[keyword as keyof typeof judges] : undefined
    if (!judge) throw new Error(`a schema says ${keyword}, which is not looked at here`)
    faults.push(...judge({ schema, value, definitions, at }))
  }
  return faults
}

interface Judged {
  readonly schema: Schema
  readonly value: unknown
  readonly definitions: Definitions
  readonly at: string
}

const unless = (fine: boolean, at: string, said: string): readonly string[] => (fine ? [] : [`${at || '.'} ${said}`])
const none = (): readonly string[] => []
const inside = (judged: Judged, schema: Schema, value: unknown, name: string | number): readonly string[] =>
  faultsOf(schema, value, judged.definitions, `${judged.at}/${name}`)
const fitting = (judged: Judged, options: readonly Schema[] = []): number =>
  options.filter((option) => faultsOf(option, judged.value, judged.definitions).length === 0).length

const judges: Readonly<Record<keyof Omit<Schema, 'default'>, (judged: Judged) => readonly string[]>> = {
  $ref: (judged) => {
    const name = judged.schema.$ref?.split('/').at(-1) ?? ''
    const named = judged.definitions[name]
    return named
      ? faultsOf(named, judged.value, judged.definitions, judged.at)
      : [`${judged.at} there is no schema ${name}`]
  },
  type: ({ schema, value, at }) =>
    unless(
      [schema.type ?? []].flat().some((type) => isOf(type, value)),
      at,
      `is no ${schema.type}`,
    ),
  properties: (judged) =>
    isObject(judged.value)
      ? Object.entries(judged.schema.properties ?? {}).flatMap(([name, each]) =>
          isObject(judged.value) && Object.hasOwn(judged.value, name)
            ? inside(judged, each, judged.value[name], name)
            : [],
        )
      : [],
  required: ({ schema, value, at }) =>
    isObject(value)
      ? (schema.required ?? []).flatMap((name) => unless(Object.hasOwn(value, name), at, `lacks ${name}`))
      : [],
  additionalProperties: (judged) => {
    const { schema, value, at } = judged
    const more = schema.additionalProperties
    if (!isObject(value) || more === undefined || more === true) return []
    const strange = Object.entries(value).filter(([name]) => !Object.hasOwn(schema.properties ?? {}, name))
    return strange.flatMap(([name, each]) =>
      more === false ? [`${at || '.'} has ${name}`] : inside(judged, more, each, name),
    )
  },
  propertyNames: (judged) =>
    isObject(judged.value)
      ? Object.keys(judged.value).flatMap((name) =>
          judged.schema.propertyNames ? inside(judged, judged.schema.propertyNames, name, name) : [],
        )
      : [],
  maxProperties: ({ schema, value, at }) =>
    isObject(value) ? unless(Object.keys(value).length <= (schema.maxProperties ?? 0), at, 'has too many names') : [],
  items: (judged) =>
    Array.isArray(judged.value)
      ? judged.value.flatMap((each, index) =>
          judged.schema.items ? inside(judged, judged.schema.items, each, index) : [],
        )
      : [],
  minItems: ({ schema, value, at }) =>
    Array.isArray(value) ? unless(value.length >= (schema.minItems ?? 0), at, 'has too few') : [],
  maxItems: ({ schema, value, at }) =>
    Array.isArray(value) ? unless(value.length <= (schema.maxItems ?? 0), at, 'has too many') : [],
  anyOf: (judged) => unless(fitting(judged, judged.schema.anyOf) > 0, judged.at, 'is none of those'),
  oneOf: (judged) => unless(fitting(judged, judged.schema.oneOf) === 1, judged.at, 'is not one of those'),
  enum: ({ schema, value, at }) => unless((schema.enum ?? []).includes(value), at, `is none of ${schema.enum}`),
  const: ({ schema, value, at }) => unless(schema.const === value, at, `is not ${schema.const}`),
  pattern: ({ schema, value, at }) =>
    typeof value === 'string' ? unless(regex(schema.pattern).test(value), at, `is not like ${schema.pattern}`) : [],
  // By characters, as JSON Schema counts them.
  minLength: ({ schema, value, at }) =>
    typeof value === 'string' ? unless([...value].length >= (schema.minLength ?? 0), at, 'is too short') : [],
  maxLength: ({ schema, value, at }) =>
    typeof value === 'string' ? unless([...value].length <= (schema.maxLength ?? 0), at, 'is too long') : [],
  minimum: ({ schema, value, at }) =>
    typeof value === 'number' ? unless(value >= (schema.minimum ?? 0), at, 'is too small') : none(),
  maximum: ({ schema, value, at }) =>
    typeof value === 'number' ? unless(value <= (schema.maximum ?? 0), at, 'is too great') : none(),
}

export const regex = (pattern = ''): RegExp => new RegExp(pattern, 'u')

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isObject(value)
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}

/** A place in a value: names and indexes. */
export type Path = readonly (string | number)[]

export interface Field {
  readonly path: Path
  readonly schema: Schema
  readonly required: boolean
  /** Of the object or list that it stands in. */
  readonly of: Schema
}

/**
 * Every field of a schema: of objects in objects, of the first item of a list, of each of several shapes.
 * @param fork which of several shapes stands in the path's values
 */
export function fieldsOf(schema: Schema, path: Path = []): readonly Field[] {
  const shapes = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  return [
    ...shapes.flatMap((shape) => fieldsOf(shape, path)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => [
      { path: [...path, name], schema: inner, required: (schema.required ?? []).includes(name), of: schema },
      ...fieldsOf(inner, [...path, name]),
    ]),
    ...(schema.items
      ? [
          { path: [...path, 0], schema: schema.items, required: false, of: schema },
          ...fieldsOf(schema.items, [...path, 0]),
        ]
      : []),
  ]
}

/** The same value with something else at that place; `undefined` takes it out. */
export function put(value: unknown, [name, ...rest]: Path, what: unknown): unknown {
  if (name === undefined) return what
  if (typeof name === 'number') {
    const list = Array.isArray(value) ? [...value] : []
    list[name] = put(list[name], rest, what)
    return list
  }
  const entries = Object.entries(isObject(value) ? value : {}).filter(([each]) => each !== name)
  const inner = rest.length > 0 ? put(isObject(value) ? value[name] : undefined, rest, what) : what
  // Not by an assignment: `__proto__` is a name like any other here.
  return Object.fromEntries(inner === undefined ? entries : [...entries, [name, inner]])
}

export const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, name) =>
      Array.isArray(inner) || (isObject(inner) && Object.hasOwn(inner, name))
        ? (inner as Readonly<Record<string | number, unknown>>)[name]
        : undefined,
    value,
  )
