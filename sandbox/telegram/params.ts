import { readMultipart } from '../multipart.ts'
import { addressOf, isObject, readJson, type SandboxRequest } from '../wire.ts'
import { badRequest } from './errors.ts'

export interface Upload {
  readonly name: string
  readonly type: string | undefined
  readonly bytes: Buffer
}

/** What a call says, whatever way it came: query, form, JSON or multipart. */
export interface Params {
  text(name: string): string | undefined
  number(name: string): number | undefined
  flag(name: string): boolean
  /** An object or a list: as JSON, or as JSON text, which is how forms and multipart carry it. */
  json(name: string, what: string): unknown
  upload(name: string): Upload | undefined
  /** For the log: files by name and size only. */
  readonly said: Readonly<Record<string, unknown>>
}

type Values = Readonly<Record<string, unknown>>

export function readParams(request: SandboxRequest): Params {
  const query = Object.fromEntries(addressOf(request).searchParams)
  const { values, uploads } = request.method === 'GET' ? { values: {}, uploads: {} } : readBody(request)
  return paramsOf({ ...query, ...values }, uploads)
}

export function paramsOf(values: Values, uploads: Readonly<Record<string, Upload>> = {}): Params {
  const text = (name: string) => {
    const value = values[name]
    if (value === undefined || value === null) return undefined
    return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
  return {
    text,
    number(name) {
      const value = text(name)
      return value === undefined || !/^-?\d+$/.test(value.trim()) ? undefined : Number(value)
    },
    flag: (name) => ['true', '1', 'yes'].includes(text(name)?.toLowerCase() ?? ''),
    json(name, what) {
      const value = values[name]
      if (value === undefined || value === null || value === '') return undefined
      if (typeof value === 'object') return value
      try {
        return JSON.parse(String(value)) as unknown
      } catch {
        throw badRequest(`can't parse ${what} JSON object`)
      }
    },
    upload: (name) => uploads[name],
    said: {
      ...values,
      ...Object.fromEntries(
        Object.entries(uploads).map(([field, { name, bytes }]) => [field, { name, size: bytes.length }]),
      ),
    },
  }
}

function readBody({ headers, body }: SandboxRequest): { values: Values; uploads: Record<string, Upload> } {
  const type = headers['content-type'] ?? ''
  if (body.length === 0) return { values: {}, uploads: {} }
  if (/^application\/json\b/i.test(type)) {
    const values = readJson(body)
    if (!values) throw badRequest("can't parse JSON object: expected an object")
    return { values, uploads: {} }
  }
  if (/^application\/x-www-form-urlencoded\b/i.test(type))
    return { values: Object.fromEntries(new URLSearchParams(body.toString('utf8'))), uploads: {} }
  if (!/^multipart\/form-data\b/i.test(type)) return { values: {}, uploads: {} }
  const parts = readMultipart(type, body)
  if (!parts) throw badRequest("can't parse multipart body")
  const values: Record<string, string> = {}
  const uploads: Record<string, Upload> = {}
  for (const { name, filename, type: mime, body: bytes } of parts) {
    if (filename === undefined) values[name] = bytes.toString('utf8')
    else uploads[name] = { name: filename, type: mime, bytes }
  }
  return { values, uploads }
}

/** A field of an object that must be one. */
export function fieldsOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw badRequest(`${what} must be an Object`)
  return value
}
