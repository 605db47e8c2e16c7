import type { KeyObject } from 'node:crypto'
import { type Fields, isFields } from './fields.ts'
import { isSignedBy } from './keys.ts'

/** An answer of the gateway, taken apart without being believed. */
export interface Answer {
  /** The inner object exactly as it came: these characters are signed. */
  readonly signed: string
  /** Missing where the gateway did not know for whom to sign. */
  readonly sign: string | undefined
  /** With which certificate, in certificate mode. */
  readonly certificate: string | undefined
}

/** @returns undefined when it is no answer to this call. */
export function answerIn(raw: string, method: string): Answer | undefined {
  const members = membersOf(raw)
  const signed = members?.get(`${method.replaceAll('.', '_')}_response`) ?? members?.get('error_response')
  if (!members || signed === undefined) return undefined
  return { signed, sign: textOf(members.get('sign')), certificate: textOf(members.get('alipay_cert_sn')) }
}

export const isGenuine = ({ signed, sign }: Answer, key: KeyObject): boolean =>
  sign !== undefined && isSignedBy(key, Buffer.from(signed), sign)

/** The object in these characters. Whole numbers that JavaScript cannot hold come as text. @returns undefined for anything else */
export function objectIn(json: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(
      json.replace(stringOrLong, (found) => (found.startsWith('"') ? found : `"${found}"`)),
    )
    return isFields(value) ? value : undefined
  } catch {
    return undefined
  }
}

// Strings are matched so that digits inside them are left alone.
const stringOrLong = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|-?\d{16,}(?![\d.eE])/g

function textOf(json: string | undefined): string | undefined {
  const value: unknown = json === undefined ? undefined : JSON.parse(json)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The members of the outermost object as they are written; of one that stands twice the last, as JSON.parse has it. */
function membersOf(raw: string): ReadonlyMap<string, string> | undefined {
  try {
    if (!isFields(JSON.parse(raw))) return undefined
  } catch {
    return undefined
  }
  const members = new Map<string, string>()
  const skip = (at: number): number => {
    const blank = /[\s,:]*/y
    blank.lastIndex = at
    blank.exec(raw)
    return blank.lastIndex
  }
  // It is JSON, so that only the ends have to be found.
  for (let at = skip(raw.indexOf('{') + 1); raw[at] === '"'; ) {
    const name = raw.slice(at, endOf(raw, at))
    const from = skip(at + name.length)
    const value = raw.slice(from, endOf(raw, from))
    members.set(String(JSON.parse(name)), value)
    at = skip(from + value.length)
  }
  return members
}

/** Where the value that begins here ends. */
function endOf(raw: string, from: number): number {
  const token = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|[{[\]}]|[^\s"{[\]},:]+/g
  token.lastIndex = from
  for (let depth = 0; ; ) {
    const found = token.exec(raw)?.[0]
    if (found === undefined) return raw.length
    if (found === '{' || found === '[') depth += 1
    if (found === '}' || found === ']') depth -= 1
    if (depth <= 0) return token.lastIndex
  }
}
