/** HTML that is ours. Everything else is text, and written so that it means nothing. */
export class Markup {
  readonly html: string

  constructor(html: string) {
    this.html = html
  }
}

type Part = Markup | string | number | false | undefined | readonly Part[]

/** `` html`<b>${name}</b>` ``: what is filled in is text, unless it is Markup. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(strings.reduce((sum, string, at) => sum + string + (at < parts.length ? written(parts[at]) : ''), ''))

function written(part: Part): string {
  if (part === undefined || part === false) return ''
  if (part instanceof Markup) return part.html
  if (typeof part === 'object') return part.map(written).join('')
  return String(part).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}

/** Of our own making: nothing in it is escaped. */
export const raw = (text: string): Markup => new Markup(text)
