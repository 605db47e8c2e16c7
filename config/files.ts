import { type Document, parseDocument } from 'yaml'

/** What is wrong, where, and how to mend it. */
export interface Fault {
  readonly field: string
  readonly fix: string
}

/** A YAML text and the name by which a person knows it. */
export interface Source {
  readonly name: string
  readonly text: string
}

export interface Found {
  /** By path: `listen.port` → 8080. */
  readonly values: ReadonlyMap<string, unknown>
  /** Where the value of a path comes from, for a person to mend it. */
  readonly origin: ReadonlyMap<string, string>
  readonly faults: readonly Fault[]
}

export const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Later files win, setting by setting. */
export function fromFiles(files: readonly Source[]): Found {
  const values = new Map<string, unknown>()
  const origin = new Map<string, string>()
  const faults: Fault[] = []
  for (const { name, text } of files) {
    const document = parseDocument(text, { prettyErrors: true })
    for (const error of document.errors) faults.push({ field: name, fix: firstLine(error.message) })
    if (document.errors.length > 0) continue
    const content = contentOf(document)
    if (content instanceof Error) {
      faults.push({ field: name, fix: firstLine(content.message) })
      continue
    }
    // An empty file says nothing, which is fine.
    if (content === null || content === undefined) continue
    if (!isGroup(content)) {
      faults.push({ field: name, fix: 'write one setting to a line, as `name: value`' })
      continue
    }
    for (const [path, value] of flat(content, '')) {
      if (value === undefined && values.has(path)) continue
      values.set(path, value)
      origin.set(path, `${path} (${name})`)
    }
  }
  return { values, origin, faults }
}

/** @returns an error for aliases that grow without end, or lead nowhere */
function contentOf(document: Pick<Document, 'toJS'>): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** An empty group (`listen:` with nothing below) says nothing; a null elsewhere is as good as left out. */
function flat(group: Record<string, unknown>, prefix: string): [string, unknown][] {
  return Object.entries(group).flatMap(([name, value]): [string, unknown][] => {
    const path = prefix + name
    if (isGroup(value) && Object.keys(value).length > 0) return flat(value, `${path}.`)
    return [[path, value === null || isGroup(value) ? undefined : value]]
  })
}

const firstLine = (text: string) => text.split('\n', 1)[0]?.replace(/:$/, '') ?? text
