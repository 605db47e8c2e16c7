import { html, type Markup } from '../html.ts'
import { safe, signed } from '../page/text.ts'
import { isObject } from '../wire.ts'
import { buttonsOfCard, part, questionsOf, rows } from './face.ts'
import type { Words } from './page-words.ts'
import type { Json } from './wecom.ts'

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** One part of a card, if there is anything in it to read. */
const said = (value: unknown, as: (text: readonly Markup[]) => Markup): Markup | undefined =>
  textOf(value) === '' ? undefined : as(signed(textOf(value)))

const linked = ({ type, url }: Json, inner: Markup): Markup =>
  type === 1 ? html`<a href="${safe(textOf(url))}" rel="noreferrer" target="_blank">${inner}</a>` : inner

/** A template card, its blocks in WeCom's order. */
export function cardView(card: Json, say: Words): Markup {
  const [source, title, big] = [part(card, 'source'), part(card, 'main_title'), part(card, 'emphasis_content')]
  return html`<div class="card">
${menu(card)}
${said(source.desc, (text) => html`<div class="source c${Number(source.desc_color ?? 0)}">${text}</div>`)}
${said(title.title, (text) => html`<h3>${text}</h3>`)}${said(title.desc, (text) => html`<p class="small">${text}</p>`)}
${said(big.title, (text) => html`<p class="big">${text}</p>`)}${said(big.desc, (text) => html`<p class="small end">${text}</p>`)}
${picture(card, say)}${quote(card)}
${said(card.sub_title_text, (text) => html`<p class="sub">${text}</p>`)}
${rows(card, 'vertical_content_list').map((row) => html`<p class="sub"><b>${signed(textOf(row.title))}</b><br>${signed(textOf(row.desc))}</p>`)}
${fields(card)}
${jumps(card, say)}
${questions(card)}
${buttons(card)}
</div>`
}

function menu(card: Json): Markup | undefined {
  const entries = buttonsOfCard(card).filter((one) => one.menu)
  if (entries.length === 0) return undefined
  const { desc } = part(card, 'action_menu')
  return html`<details class="menu"><summary title="${textOf(desc)}" aria-label="${textOf(desc) || '⋮'}">⋮</summary><div>
${entries.map(({ label, key }) => html`<button data-key="${key}">${label}</button>`)}
</div></details>`
}

/** Pictures elsewhere are not fetched by this page: their addresses stand for them. */
function picture(card: Json, say: Words): Markup | undefined {
  const area = part(card, 'image_text_area')
  const url = textOf(part(card, 'card_image').url) || textOf(area.image_url)
  if (url === '') return undefined
  const words = [area.title, area.desc].map((one) => said(one, (text) => html`<div>${text}</div>`))
  return linked(
    area,
    html`<div class="quote"><i class="tag">${say.photo}</i> ${url}${words.map((one) => one ?? html``)}</div>`,
  )
}

function quote(card: Json): Markup | undefined {
  const area = part(card, 'quote_area')
  const words = [
    said(area.title, (text) => html`<b>${text}</b>`) ?? html``,
    said(area.quote_text, (text) => html`<div>${text}</div>`) ?? html``,
  ]
  return isObject(card.quote_area) ? linked(area, html`<div class="quote">${words}</div>`) : undefined
}

function fields(card: Json): Markup | undefined {
  const list = rows(card, 'horizontal_content_list')
  if (list.length === 0) return undefined
  const value = (row: Json) => linked(row, html`${signed(textOf(row.value) || textOf(row.userid))}`)
  return html`<dl>${list.map((row) => html`<dt>${textOf(row.keyname)}</dt><dd>${value(row)}</dd>`)}</dl>`
}

function jumps(card: Json, say: Words): readonly Markup[] {
  const whole = part(card, 'card_action')
  const all = [...rows(card, 'jump_list'), ...(whole.type === 1 ? [{ ...whole, title: say.open }] : [])]
  return all.map((row: Json) => html`<div class="jump">${linked(row, html`${textOf(row.title)}`)}<span>›</span></div>`)
}

function questions(card: Json): readonly Markup[] {
  const raw = [part(card, 'button_selection'), ...rows(card, 'select_list')]
  return questionsOf(card).map(({ key, options, chosen }) => {
    const { title, disable } = raw.find((one) => one.question_key === key) ?? part(card, 'checkbox')
    const option = ({ id, label }: { id: string; label: string }) =>
      html`<option value="${id}"${chosen.includes(id) ? html` selected` : undefined}>${label}</option>`
    return html`<label class="question">${textOf(title)}<select data-question="${key}"${disable === true ? html` disabled` : undefined}>${options.map(option)}</select></label>`
  })
}

function buttons(card: Json): Markup | undefined {
  const styles = new Map(rows(card, 'button_list').map(({ key, style }) => [key, Number(style ?? 1)]))
  const all = buttonsOfCard(card).filter((one) => !one.menu)
  if (all.length === 0) return undefined
  return html`<div class="keys">${all.map(({ label, key }) => html`<button class="key s${styles.get(key) ?? 1}" data-key="${key}">${signed(label)}</button>`)}</div>`
}
