import type { Definitions, Schema } from './api-schema.ts'

export type Method = 'get' | 'post' | 'patch' | 'delete'

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly schema: Schema
}

/** What an operation answers with one status. */
export interface Response {
  readonly type: string | undefined
  readonly schema: Schema | undefined
}

/** One operation, as the document says it. */
export interface Described {
  readonly id: string
  readonly method: Method
  /** `/tenants/{tenant}` */
  readonly path: string
  readonly parameters: readonly Parameter[]
  readonly body: Schema | undefined
  readonly needsBody: boolean
  readonly responses: ReadonlyMap<number, Response>
}

export interface Document {
  readonly operations: readonly Described[]
  readonly definitions: Definitions
}

interface Written {
  readonly paths: Readonly<Record<string, Readonly<Record<Method, WrittenOperation>>>>
  readonly components: { readonly schemas: Definitions }
}

interface WrittenOperation {
  readonly operationId: string
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>

/** The document as the service itself gives it. @param url where the service answers */
export async function readDocument(url: string): Promise<Document> {
  const answer = await fetch(`${url}/admin/v1/openapi.json`)
  const { paths, components } = (await answer.json()) as Written
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, said]) => described(method as Method, path, said)),
  )
  return { operations, definitions: components.schemas }
}

const described = (method: Method, path: string, said: WrittenOperation): Described => ({
  id: said.operationId,
  method,
  path,
  parameters: said.parameters,
  body: said.requestBody?.content['application/json']?.schema,
  needsBody: said.requestBody?.required ?? false,
  responses: new Map(
    Object.entries(said.responses).map(([status, { content = {} }]) => {
      const [type] = Object.keys(content)
      return [Number(status), { type, schema: type === undefined ? undefined : content[type]?.schema }]
    }),
  ),
})

/** Its path with these in it, each as it must be written there. */
export const addressOf = (path: string, params: Readonly<Record<string, string>>): string =>
  path.replace(/\{(\w+)\}/g, (_, name) => encoded(params[name] ?? ''))

/** What cannot be written in an address is sent as it is: bytes that are no text. */
function encoded(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    return text.replace(/[\ud800-\udfff]/g, '%ED%A0%80')
  }
}

export const paramsOf = ({ path }: Pick<Described, 'path'>): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
