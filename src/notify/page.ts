/** A part of a letter: a table of facts, and lines. */
export interface Block {
  readonly heading?: string
  readonly rows?: readonly { readonly label: string; readonly text: string }[]
  readonly about?: string
  readonly lines?: readonly string[]
}

export interface Page {
  readonly title: string
  readonly blocks: readonly Block[]
  readonly footer: string
}

/** The same content twice: as plain text, and for mail programs that show HTML. */
export const page = (content: Page): { readonly text: string; readonly html: string } => ({
  text: textOf(content),
  html: htmlOf(content),
})

function textOf({ blocks, footer }: Page): string {
  const parts = blocks.map(({ heading, rows = [], about, lines = [] }) =>
    [
      ...(heading === undefined ? [] : [heading]),
      ...rows.map(({ label, text }) => `${label}: ${text}`),
      ...(about === undefined ? [] : ['', `${about}:`]),
      ...lines.map((line) => `- ${line}`),
    ].join('\n'),
  )
  return `${[...parts, footer].join('\n\n')}\n`
}

// Webmail drops style sheets and turns colours round in the dark: everything stands in the element, text and ground together.
const fonts = "-apple-system,'PingFang SC','Microsoft YaHei',Helvetica,Arial,sans-serif"
const ink = 'color:#1f2933;background-color:#ffffff'
const grey = 'color:#52606d;background-color:#ffffff'
const cell = 'padding:6px 12px;font-size:14px;line-height:1.6;vertical-align:top;text-align:left'

function htmlOf({ title, blocks, footer }: Page): string {
  const table = (rows: string, more = '') =>
    `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"${more}>${rows}</table>`
  const row = (content: string, style: string) => `<tr><td colspan="2" style="${cell};${style}">${content}</td></tr>`
  const body = blocks.flatMap(({ heading, rows = [], about, lines = [] }) => [
    ...(heading === undefined
      ? []
      : [row(`<strong>${escaped(heading)}</strong>`, 'color:#ffffff;background-color:#2f6f9f;font-size:16px')]),
    ...rows.map(
      ({ label, text }) =>
        `<tr><td width="30%" style="${cell};${grey}">${escaped(label)}</td><td style="${cell};${ink};word-break:break-word">${lined(text)}</td></tr>`,
    ),
    ...(about === undefined ? [] : [row(`<strong>${escaped(about)}</strong>`, ink)]),
    ...lines.map((line) => row(lined(line), `${ink};word-break:break-word`)),
  ])
  const inner = table([...body, row(escaped(footer), `${grey};font-size:14px`)].join(''), ` style="max-width:600px"`)
  return `<!doctype html><html><head><meta charset="utf-8"><title>${escaped(title)}</title></head><body style="margin:0;padding:0;background-color:#ffffff;font-family:${fonts}">${table(`<tr><td align="center" style="padding:12px;background-color:#ffffff;font-family:${fonts}">${inner}</td></tr>`)}</body></html>\n`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter)

const lined = (text: string) => escaped(text).replace(/\n/g, '<br>')
