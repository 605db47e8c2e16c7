/** `v1`: the first markdown of group webhooks; `v2`: theirs of today, and the bots'. */
export type Dialect = 'v1' | 'v2'

export interface Read {
  /** What is left when the marks are gone; a line for a line. */
  readonly plain: string
  readonly links: readonly string[]
}

const mark = {
  escaped: String.raw`\\(?<escaped>[!-\/:-@\[-\x60\{-~])`,
  code: String.raw`\x60+(?<code>[^\x60]+)\x60+`,
  link: String.raw`!?\[(?<label>(?:\\.|[^\]\\])*)\]\((?<href>(?:\\.|[^)\\])*)\)`,
  font: '<font color="(?:info|comment|warning)">|</font>',
  bold: String.raw`\*\*(?=\S)(?<bold>.+?)(?<=\S)\*\*`,
  stars: String.raw`(?<stars>\*{1,3})(?=\S)(?<strong>.+?)(?<=\S)\k<stars>`,
  lines: String.raw`(?<![\p{L}\p{N}])(?<lines>_{1,2})(?=\S)(?<slanted>.+?)(?<=\S)\k<lines>(?![\p{L}\p{N}])`,
} as const

export const marks: Readonly<Record<Dialect, RegExp>> = {
  v1: new RegExp([mark.escaped, mark.code, mark.link, mark.font, mark.bold].join('|'), 'gu'),
  v2: new RegExp([mark.escaped, mark.code, mark.link, mark.stars, mark.lines].join('|'), 'gu'),
}

export const rule = /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/
export const tableRule = /^\s*\|?(?:\s*:?-{3,}:?\s*\|)+(?:\s*:?-{3,}:?\s*)?$/

/** Reads the marks of chat.md §1.1 and §1.7. A backslash before a mark keeps it as it is, as in other markdown: not tried with WeCom. */
export function readMarkdown(source: string, dialect: Dialect): Read {
  const links: string[] = []
  let fenced = false
  const plain = source.split('\n').flatMap((line) => {
    const fence = dialect === 'v2' && /^\s*```/.test(line)
    if (fence) fenced = !fenced
    if (fence) return []
    if (fenced) return [line]
    if (dialect === 'v2' && (rule.test(line) || tableRule.test(line))) return []
    return [inline(withoutBlock(line, dialect), dialect, links)]
  })
  return { plain: plain.join('\n'), links }
}

function withoutBlock(line: string, dialect: Dialect): string {
  const bare = line.replace(/^\s*(?:>\s?){1,3}/, '').replace(/^#{1,6}\s+/, '')
  return dialect === 'v2' ? bare.replace(/^(\s*)[*+]\s+/, '$1- ') : bare
}

function inline(line: string, dialect: Dialect, links: string[]): string {
  return line.replace(marks[dialect], (...found) => {
    const { escaped, code, label, href, bold, strong, slanted }: Partial<Record<string, string>> = found.at(-1)
    if (escaped !== undefined || code !== undefined) return escaped ?? code ?? ''
    if (href !== undefined) links.push(href.trim())
    const inner = label ?? bold ?? strong ?? slanted
    // What is left over is the mark of a colour.
    return inner === undefined ? '' : inline(inner, dialect, links)
  })
}
