import { badRequest } from './errors.ts'
import type { Entity, Formatted } from './shapes.ts'

const types: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
  'tg-emoji': 'custom_emoji',
  a: 'text_link',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }

interface Opened {
  readonly tag: string
  readonly offset: number
  readonly attributes: Readonly<Record<string, string>>
}

/** Bot API, "HTML style": the known tags only, each closed, four named entities; everything else is an error or stays as it is. */
export function parseHtml(source: string): Formatted {
  const entities: Entity[] = []
  const open: Opened[] = []
  let text = ''
  let at = 0
  while (at < source.length) {
    const char = source.charAt(at)
    if (char === '&') {
      const [read, length] = decode(source, at)
      text += read
      at += length
    } else if (char !== '<') {
      text += char
      at++
    } else if (source[at + 1] === '/') {
      const { name, end } = readEnd(source, at)
      const start = open.pop()
      if (!start) throw cannot(`Unexpected end tag at byte offset ${bytes(source, at)}`)
      if (name !== '' && name !== start.tag)
        throw cannot(
          `Unmatched end tag at byte offset ${bytes(source, at)}, expected "</${start.tag}>", found "</${name}>"`,
        )
      entities.push(...close(start, text))
      at = end
    } else {
      const { started, end } = readStart(source, at)
      open.push({ ...started, offset: text.length })
      at = end
    }
  }
  const left = open.pop()
  if (left) throw cannot(`Can't find end tag corresponding to start tag "${left.tag}"`)
  return { text, entities }
}

const cannot = (why: string) => badRequest(`can't parse entities: ${why}`)
const bytes = (source: string, at: number) => Buffer.byteLength(source.slice(0, at))

function decode(source: string, at: number): [text: string, length: number] {
  const match = /^&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));?/i.exec(source.slice(at, at + 12))
  if (!match) return ['&', 1]
  const [whole, decimal, hex, name] = match
  if (name !== undefined) return named[name] ? [named[name], whole.length] : ['&', 1]
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
  return code > 0 && code <= 0x10ffff ? [String.fromCodePoint(code), whole.length] : ['&', 1]
}

function readEnd(source: string, at: number): { name: string; end: number } {
  const end = source.indexOf('>', at)
  if (end < 0) throw cannot(`Unclosed end tag at byte offset ${bytes(source, at)}`)
  return {
    name: source
      .slice(at + 2, end)
      .trim()
      .toLowerCase(),
    end: end + 1,
  }
}

function readStart(source: string, at: number): { started: Omit<Opened, 'offset'>; end: number } {
  const offset = bytes(source, at)
  const name = /^<([^\s>]*)/.exec(source.slice(at))?.[1]?.toLowerCase() ?? ''
  if (!Object.hasOwn(types, name)) throw cannot(`Unsupported start tag "${name}" at byte offset ${offset}`)
  const rest = source.slice(at + 1 + name.length)
  const inner = /^((?:\s+[a-z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*>/i.exec(rest)
  if (!inner) throw cannot(`Unclosed start tag at byte offset ${offset}`)
  const attributes: Record<string, string> = {}
  for (const [, key, quoted, single, bare] of (inner[1] ?? '').matchAll(
    /([a-z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/gi,
  ))
    attributes[(key ?? '').toLowerCase()] = decodeAll(quoted ?? single ?? bare ?? '')
  if (name === 'span' && attributes.class !== 'tg-spoiler')
    throw cannot(`Tag "span" must have class "tg-spoiler" at byte offset ${offset}`)
  return { started: { tag: name, attributes }, end: at + 1 + name.length + inner[0].length }
}

const decodeAll = (value: string) => value.replace(/&[^;&]{1,10};/g, (found) => decode(found, 0)[0])

function close({ tag, offset, attributes }: Opened, text: string): Entity[] {
  const length = text.length - offset
  const type = types[tag]
  if (length === 0 || type === undefined) return []
  const entity = { type, offset, length }
  switch (tag) {
    case 'a': {
      const url = attributes.href ?? text.slice(offset)
      return /^(https?:\/\/|tg:|mailto:)/i.test(url) ? [{ ...entity, url }] : []
    }
    case 'blockquote':
      return ['expandable' in attributes ? { ...entity, type: 'expandable_blockquote' } : entity]
    case 'tg-emoji':
      return [{ ...entity, custom_emoji_id: attributes['emoji-id'] ?? '' }]
    case 'code': {
      const language = /^language-(.+)$/.exec(attributes.class ?? '')?.[1]
      return [language ? { ...entity, type: 'code', language } : entity]
    }
    default:
      return [entity]
  }
}
