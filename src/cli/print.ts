import type { Row } from './client.ts'

export type Column = readonly [title: string, value: string | ((row: Row) => unknown)]

/** Columns for a person; nothing is cut off. */
export function table(columns: readonly Column[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map(([, value]) => cell(typeof value === 'string' ? row[value] : value(row))))
  const lines = [columns.map(([title]) => title), ...cells]
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => width(line[at] ?? ''))))
  return lines
    .map((line) =>
      line
        .map((text, at) => padded(text, widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** One thing, a field to a line. */
export function sheet(columns: readonly Column[], row: Row): string {
  const wide = Math.max(...columns.map(([title]) => width(title)))
  return columns
    .map(([title, value]) => [title, cell(typeof value === 'string' ? row[value] : value(row))] as const)
    .filter(([, text]) => text !== '')
    .map(([title, text]) => `${padded(title, wide)}  ${text}`)
    .join('\n')
}

export function cell(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  // Names and complaints come from outside: no line breaks, no terminal commands.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  return (typeof value === 'object' ? JSON.stringify(value) : String(value)).replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ')
}

const padded = (text: string, to: number) => text + ' '.repeat(Math.max(0, to - width(text)))

/** Chinese takes two columns of a terminal. */
const width = (text: string) =>
  [...text].reduce(
    (sum, letter) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(letter)
        ? 2
        : 1),
    0,
  )
