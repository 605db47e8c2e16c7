import { XMLParser } from 'fast-xml-parser'
import type { Refusal } from '../platform.ts'
import { type Fields, isFields } from './fields.ts'
import { scanJson, scanXml } from './scan.ts'

const strict = new TextDecoder('utf-8', { fatal: true })
const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true, ignoreDeclaration: true })

/** Bytes → text. @returns undefined when they are not UTF-8. */
export function decode(bytes: Buffer): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

/** A pushed text, XML or JSON as its first character says: refused without parsing, or ready to parse. */
export function scan(text: string): Refusal | undefined {
  const first = text.trimStart()[0]
  if (first === '<') return scanXml(text)
  if (first === '{') return scanJson(text)
  return 'malformed'
}

/** The fields of a text that `scan` let pass; the `<xml>` around them is taken off. @returns undefined when it does not parse. */
export function parse(text: string): Fields | undefined {
  try {
    const xml = text.trimStart().startsWith('<')
    const parsed: unknown = xml ? parser.parse(text, true) : JSON.parse(text)
    if (!isFields(parsed)) return undefined
    const inner = xml ? parsed.xml : parsed
    return isFields(inner) ? inner : undefined
  } catch {
    return undefined
  }
}

/**
 * The one Encrypt of an envelope that `scan` let pass. 'none': there is no such field; undefined: there are several, or it is no text.
 * A single `<Encrypt>` is cut out by search, a fifth faster than the parser; it need not be believed, the signature covers it.
 */
export function encryptOf(text: string): { readonly encrypt: string } | 'none' | undefined {
  // In JSON the words of the customer stand as they are: a tag there is theirs.
  return (text.trimStart().startsWith('<') ? cut(text) : undefined) ?? parsed(text)
}

function cut(text: string): { readonly encrypt: string } | undefined {
  const open = text.indexOf('<Encrypt>')
  if (open < 0 || text.indexOf('<Encrypt', open + 9) >= 0) return undefined
  const close = text.indexOf('</Encrypt>', open)
  if (close < 0) return undefined
  const content = text.slice(open + 9, close).trim()
  const bare = content.startsWith('<![CDATA[') && content.endsWith(']]>') ? content.slice(9, -3) : content
  return /^[A-Za-z0-9+/=]+$/.test(bare) ? { encrypt: bare } : undefined
}

function parsed(text: string): { readonly encrypt: string } | 'none' | undefined {
  const fields = parse(text)
  if (!fields) return undefined
  if (!Object.hasOwn(fields, 'Encrypt')) return 'none'
  const encrypt = fields.Encrypt
  // JSON.parse keeps the last of two equal keys silently. In compatible mode the user's own words stand in the same text, but there the quotes are escaped.
  const twice = (text.match(/(?<!\\)"Encrypt"\s*:/g) ?? []).length > 1
  return typeof encrypt === 'string' && encrypt !== '' && !twice ? { encrypt } : undefined
}
