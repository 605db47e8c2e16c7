/** One way in which a text can stand somewhere, and the bytes to look for. */
export interface Form {
  readonly name: string
  readonly bytes: Buffer
}

/** Every form in which this text could have been written down: whoever looks for one only finds a careless leak, not one in a header, a query or a log line. */
export function formsOf(text: string): readonly Form[] {
  const bytes = Buffer.from(text)
  const hex = bytes.toString('hex')
  const form = (name: string, written: string): Form => ({ name, bytes: Buffer.from(written) })
  const all = [
    form('plain', text),
    ...[0, 1, 2].flatMap((shift) => inBase64(bytes, shift).map((written) => form(`base64+${shift}`, written))),
    form('hex', hex),
    form('hex', hex.toUpperCase()),
    form('url', encodeURIComponent(text)),
    form('url', new URLSearchParams([['', text]]).toString().slice(1)),
    form('url', percents(hex)),
    form('url', percents(hex.toUpperCase())),
    form('json', JSON.stringify(text).slice(1, -1)),
    form('json', inner(JSON.stringify(text))),
    form('json', [...text].map(escaped).join('')),
    form('html', inHtml(text)),
  ]
  const seen = new Set<string>()
  return all.filter(({ bytes: one }) => {
    const key = one.toString('latin1')
    return !seen.has(key) && seen.add(key)
  })
}

/** What stands between letters that depend on what is before and after it. */
function inBase64(bytes: Buffer, shift: number): readonly string[] {
  const whole = Buffer.concat([Buffer.alloc(shift), bytes])
  const [from, to] = [[0, 2, 3][shift], Math.floor((whole.length * 8) / 6)]
  return (['base64', 'base64url'] as const).map((name) => whole.toString(name).slice(from, to))
}

const percents = (hex: string) => hex.replace(/../g, '%$&')
const inner = (json: string) => JSON.stringify(json).slice(3, -3)
const escaped = (letter: string) =>
  [...Array(letter.length).keys()].map((at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')
const inHtml = (text: string) =>
  text.replace(/[&<>"']/g, (letter) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' }[letter]};`)
