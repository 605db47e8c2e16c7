import { html, type Markup } from '../html.ts'
import { safe, signed, snippet, timeOf } from '../page/text.ts'
import type { Button, Entity } from './shapes.ts'
import type { Shown } from './shown.ts'

const tags: Readonly<Record<string, (inner: Markup, entity: Entity) => Markup>> = {
  bold: (inner) => html`<b>${inner}</b>`,
  italic: (inner) => html`<i>${inner}</i>`,
  underline: (inner) => html`<u>${inner}</u>`,
  strikethrough: (inner) => html`<s>${inner}</s>`,
  code: (inner) => html`<code>${inner}</code>`,
  pre: (inner) => html`<code class="pre">${inner}</code>`,
  blockquote: (inner) => html`<q>${inner}</q>`,
  expandable_blockquote: (inner) => html`<q>${inner}</q>`,
  spoiler: (inner) => html`<span class="spoiler">${inner}</span>`,
  text_link: (inner, { url = '' }) => html`<a href="${safe(url)}" rel="noreferrer" target="_blank">${inner}</a>`,
}

/** Text with its marks, as Telegram would show it; whatever overlaps is cut into pieces that do not. */
export function formatted(text: string, entities: readonly Entity[]): readonly Markup[] {
  const edges = entities.flatMap(({ offset, length }) => [offset, offset + length])
  const cuts = [...new Set([0, ...edges, text.length])].sort((a, b) => a - b)
  return cuts.slice(0, -1).map((from, index) => {
    const to = cuts[index + 1] ?? text.length
    const over = entities.filter(({ offset, length }) => offset <= from && offset + length >= to)
    return over.reduceRight(
      (inner, entity) => {
        const tag = tags[entity.type] ?? ((one: Markup) => html`<span class="marked">${one}</span>`)
        return tag(inner, entity)
      },
      html`${signed(text.slice(from, to))}`,
    )
  })
}

export function bubble(view: {
  message: Shown
  room: string
  topic: string | undefined
  me: number | undefined
  replied: Shown | undefined
}): Markup {
  const { message, room, topic, me, replied } = view
  const { id, from, fromId, text, entities, at } = message
  if (message.service) return html`<p class="service">${text}</p>`
  const file = `/sandbox/file?chat=${encodeURIComponent(room)}&message=${id}`
  const photo = message.photo ? html`<img src="${file}" alt="">` : undefined
  const document = message.document ? html`<a class="file" href="${file}">${message.document.name}</a>` : undefined
  const reply = replied && html`<div class="small reply">${signed(snippet(replied.text) || `${replied.id}`)}</div>`
  const edited = message.edited ? html` ✎` : undefined
  return html`<article data-id="${id}" data-thread="${message.thread}" class="${fromId === me ? 'mine' : ''}">
<div class="small"><b>${from}</b> ${topic === undefined ? '' : `# ${topic}`}</div>
${reply}${photo}${document}
<div class="text">${formatted(text, entities)}</div>
<div class="small end">${timeOf(at)}${edited} <button class="answer" title="reply">↩</button></div>
${message.keyboard.map((row) => html`<div class="keys">${row.map(key)}</div>`)}
</article>`
}

function key({ text, callback_data: data, url, style = '' }: Button): Markup {
  if (url !== undefined) return html`<a class="key" href="${safe(url)}" rel="noreferrer" target="_blank">${text} ↗</a>`
  return html`<button class="key ${style}" data-press="${data ?? ''}">${text}</button>`
}
