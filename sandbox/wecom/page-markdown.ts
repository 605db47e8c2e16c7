import { html, type Markup } from '../html.ts'
import { safe, signed } from '../page/text.ts'
import { type Dialect, marks, rule, tableRule } from './markdown.ts'

/** Markdown as WeCom would show it; what it does not know stays as it was written. */
export function markdownView(source: string, dialect: Dialect): readonly Markup[] {
  const lines = source.split('\n')
  const made: Markup[] = []
  while (lines.length > 0) made.push(block(lines, dialect))
  return made
}

/** Takes the lines of one block off the front. */
function block(lines: string[], dialect: Dialect): Markup {
  const line = lines.shift() ?? ''
  const say = (text: string) => inline(text, dialect)
  if (/^\s*>/.test(line)) {
    const quoted = [line, ...takeWhile(lines, (one) => /^\s*>/.test(one))]
    return html`<q>${quoted.map((one) => html`<div>${say(one.replace(/^\s*(?:>\s?){1,3}/, ''))}</div>`)}</q>`
  }
  const heading = /^(#{1,6})\s+(.*)$/.exec(line)
  if (heading) return html`<div class="h${heading[1]?.length}">${say(heading[2] ?? '')}</div>`
  if (dialect === 'v2') {
    const made = rich(line, lines)
    if (made) return made
  }
  return line.trim() === '' ? html`<div class="gap"></div>` : html`<div>${say(line)}</div>`
}

/** What only the newer markdown has. */
function rich(line: string, lines: string[]): Markup | undefined {
  if (/^\s*```/.test(line)) {
    const code = takeWhile(lines, (one) => !/^\s*```/.test(one))
    lines.shift()
    return html`<code class="pre">${code.join('\n')}</code>`
  }
  if (rule.test(line)) return html`<hr>`
  if (line.includes('|') && tableRule.test(lines[0] ?? '')) {
    lines.shift()
    const rows = [line, ...takeWhile(lines, (one) => one.includes('|'))]
    return html`<table>${rows.map((row) => html`<tr>${cells(row).map((cell) => html`<td>${cell}</td>`)}</tr>`)}</table>`
  }
  const item = /^(\s*)[*+-]\s+(.*)$/.exec(line)
  if (!item) return undefined
  const deep = (item[1] ?? '').length > 1 ? 'deep' : ''
  return html`<div class="item ${deep}">${inline(item[2] ?? '', 'v2')}</div>`
}

const cells = (row: string): readonly Markup[] =>
  row
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => html`${inline(cell.trim(), 'v2')}`)

function takeWhile(lines: string[], fits: (line: string) => boolean): readonly string[] {
  const end = lines.findIndex((line) => !fits(line))
  return lines.splice(0, end < 0 ? lines.length : end)
}

interface Coloured {
  readonly colour: string
  readonly inner: Markup[]
}

/** A line's marks; a colour goes on until it is taken back, or to the end of the line. */
function inline(line: string, dialect: Dialect): readonly Markup[] {
  let open: Coloured = { colour: '', inner: [] }
  const closed: Markup[] = []
  const end = () => {
    closed.push(open.colour === '' ? html`${open.inner}` : html`<span class="${open.colour}">${open.inner}</span>`)
  }
  let at = 0
  for (const found of line.matchAll(marks[dialect])) {
    open.inner.push(...signed(line.slice(at, found.index)))
    at = found.index + found[0].length
    const made = marked(found[0], found.groups ?? {}, dialect)
    if (made) {
      open.inner.push(made)
      continue
    }
    end()
    open = { colour: /"(\w+)"/.exec(found[0])?.[1] ?? '', inner: [] }
  }
  open.inner.push(...signed(line.slice(at)))
  end()
  return closed
}

/** Undefined for the mark of a colour. */
function marked(whole: string, of: Partial<Record<string, string>>, dialect: Dialect): Markup | undefined {
  const { escaped, code, label, href, bold, stars, strong, lines, slanted } = of
  const inner = (text: string) => inline(text, dialect)
  if (escaped !== undefined) return html`${escaped}`
  if (code !== undefined) return html`<code>${code}</code>`
  if (href !== undefined) {
    const picture = whole.startsWith('!') ? '▣ ' : ''
    return html`<a href="${safe(href.trim())}" rel="noreferrer" target="_blank">${picture}${inner(label ?? '')}</a>`
  }
  if (bold !== undefined) return html`<b>${inner(bold)}</b>`
  const text = strong ?? slanted
  if (text === undefined) return undefined
  return html`<span class="m${(stars ?? lines ?? '').length}">${inner(text)}</span>`
}
