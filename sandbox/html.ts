/** Text that is already HTML; only `html` makes it. */
export interface Markup {
  readonly markup: string
}

type Piece = string | number | Markup | readonly Markup[] | undefined

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (found) => entities[found] ?? found)

/** A template whose every value is escaped, unless it is itself made by `html`. */
export function html(fixed: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  const markup = fixed.map((text, index) => text + written(pieces[index])).join('')
  return { markup }
}

function written(piece: Piece): string {
  if (piece === undefined) return ''
  if (typeof piece === 'string' || typeof piece === 'number') return escaped(String(piece))
  return 'markup' in piece ? piece.markup : piece.map((one) => one.markup).join('')
}
