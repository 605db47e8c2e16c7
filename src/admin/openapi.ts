import { z } from 'zod'
import type { Operation } from './operation.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }
type Fields = Readonly<Record<string, Json>>

/** OpenAPI 3.1, by the schemas that check and answer. */
export function openApi(operations: readonly Operation[], version: string): Fields {
  const paths = [...new Set(operations.map(({ path }) => path))]
  return {
    openapi: '3.1.1',
    info: {
      title: 'Redress admin API',
      version,
      description:
        'Everything that can be set up and looked at. Amounts are whole fen (¥1 = 100), instants UTC. What an operation may refuse is listed with it; every refusal is a problem document (RFC 9457) whose problems name the field and the fix.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/admin/v1' }],
    security: [{ key: [] }],
    tags: [...new Set(operations.map(tagOf))].map((name) => ({ name })),
    paths: Object.fromEntries(
      paths.map((path) => [
        path.replace(/:(\w+)/g, '{$1}'),
        Object.fromEntries(operations.filter((one) => one.path === path).map((one) => [one.method, described(one)])),
      ]),
    ),
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'A key of redress key add, or data/admin.key.' },
      },
      schemas: { Problem: schemaOf(problem, 'output') },
    },
  }
}

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  problems: z.array(z.object({ field: z.string(), fix: z.string() })).optional(),
})

/** What a business has is grouped by its first word. */
export const tagOf = ({ path }: Pick<Operation, 'path'>): string =>
  path.replace(/^\/tenants\/:tenant\//, '/').split('/')[1] ?? ''

function described(operation: Operation): Fields {
  const { id, summary, method, status, body } = operation
  const answers = [...refusalsOf(operation)].sort((a, b) => a - b)
  return {
    operationId: id,
    summary,
    tags: [tagOf(operation)],
    parameters: [...inPath(operation), ...inQuery(operation), ...inHeader(operation)],
    ...(takesBody(operation)
      ? {
          requestBody: {
            required: needsBody(body),
            content: { 'application/json': { schema: schemaOf(body, 'input') } },
          },
        }
      : {}),
    responses: {
      [status]: answered(operation),
      ...(method === 'get' ? { 304: { description: 'It is still as If-None-Match says.' } } : {}),
      ...Object.fromEntries(answers.map((each) => [each, refusal(each)])),
    },
  }
}

function answered({ status, answer, method }: Operation): Json {
  if (status === 204) return { description: 'Done.' }
  return {
    description: 'Done.',
    ...(method === 'get' || method === 'patch'
      ? { headers: { ETag: { description: 'Names this state.', schema: { type: 'string' } } } }
      : {}),
    content: { 'application/json': { schema: schemaOf(answer, 'output') } },
  }
}

/** Every status that it can answer with beside its own. */
export function refusalsOf(operation: Operation): ReadonlySet<number> {
  const { method, path, ofTenant } = operation
  return new Set([
    // A body is read, and refused, wherever one is sent: what takes none says so.
    ...[400, 401, 413, 415, 422, 429, 500],
    ...(method === 'get' && ofTenant ? [] : [403]),
    ...(path.includes(':') ? [404] : []),
    ...(method === 'post' ? [409] : []),
    ...(method === 'patch' ? [412, 428] : []),
    ...(method === 'delete' ? [412] : []),
    ...operation.refuses,
  ])
}

const titles: Readonly<Record<number, string>> = {
  400: 'The body is no JSON, or the address cannot be read.',
  401: 'No key, or one that is unknown, expired or revoked.',
  403: 'The key may not do this.',
  404: 'There is no such thing.',
  409: 'It is taken, is not in the state for this, or the same Idempotency-Key is still at work or was cut off.',
  412: 'It has changed since: If-Match does not name its state.',
  413: 'The body is larger than 1 MiB.',
  415: 'The body is not JSON in UTF-8.',
  422: 'A field is wrong: problems name it and the fix.',
  428: 'If-Match is missing, or Idempotency-Key where money goes.',
  429: 'Too many requests: Retry-After says when to go on.',
  500: 'It failed here; the log says why.',
  502: 'Somebody outside did not answer as they should.',
}

const refusal = (status: number): Json => ({
  description: titles[status] ?? 'Refused.',
  ...(status === 429
    ? { headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 1 } } } }
    : {}),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})

const inPath = ({ path }: Operation): readonly Json[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: name === 'tenant' ? 'The id or handle of a business.' : `Which ${name}.`,
    // Nothing has a longer name.
    schema: { type: 'string', maxLength: 256 },
  }))

function inQuery({ query }: Operation): readonly Json[] {
  const { properties = {}, required = [] } = schemaOf(query, 'input') as {
    properties?: Readonly<Record<string, Json>>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

const inHeader = ({ method }: Operation): readonly Json[] => {
  if (method === 'patch')
    return [header('If-Match', true, 'The ETag of the state that is changed; * = whatever it is.')]
  if (method === 'delete') return [header('If-Match', false, 'Only if it is still in the state with this ETag.')]
  if (method !== 'post') return [header('If-None-Match', false, 'The ETag of the state that is known already.')]
  return [
    header('Idempotency-Key', false, 'Kept for 24 hours: sent again with the same body, it gets the same answer.', 255),
  ]
}

const header = (name: string, required: boolean, description: string, maxLength?: number): Json => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string', ...(maxLength === undefined ? {} : { minLength: 1, maxLength, pattern: '^[!-~]+$' }) },
})

function takesBody({ method, body }: Operation): boolean {
  if (method !== 'post' && method !== 'patch') return false
  const { properties = {}, oneOf, anyOf } = schemaOf(body, 'input')
  return oneOf !== undefined || anyOf !== undefined || Object.keys(properties ?? {}).length > 0
}

/** What takes only what may be left out may be left out itself. */
const needsBody = (body: z.ZodType): boolean => !body.safeParse({}).success

/** What a schema checks in ways that say nothing of it, it says by another that it is `like`. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Fields {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    ...{ io, unrepresentable: 'any' },
    override({ zodSchema, jsonSchema }) {
      const like = z.globalRegistry.get(zodSchema)?.like
      if (!(like instanceof z.ZodType)) return
      for (const said of Object.keys(jsonSchema)) delete jsonSchema[said]
      Object.assign(jsonSchema, schemaOf(like, io))
    },
  })
  return rest as Fields
}
