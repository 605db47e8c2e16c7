import type { Refundable } from '../actions/refundable.ts'
import { type Plan, plan } from '../chat/card.ts'
import type { Ask, Button, Card } from '../chat/chat.ts'
import type { Intent } from '../chat/intent.ts'
import { intentText } from '../chat/intent.ts'
import { text } from '../chat/texts.ts'
import { clockTime, leftText } from '../chat/times.ts'
import { dueOf } from '../complaints/deadline.ts'
import { atLeast, type Member, roleFor } from '../complaints/member.ts'
import { plain } from '../core/plain.ts'
import { type Instant, type PictureHash, yuan } from '../core/words.ts'
import type { Case, Step } from './case.ts'
import { html, type Markup, raw } from './html.ts'
import { framed } from './plain-page.ts'
import { type Word, word } from './words.ts'

/** Who looks. */
export type Eyes =
  /** By a room's link. */
  | { readonly of: 'room'; readonly mayUpload: boolean }
  | {
      readonly of: 'member'
      readonly member: Member
      /** One time: whatever is sent from this page names it. */
      readonly nonce: string
      readonly until: Instant
      /** What may still be given back; `away`: nobody could be asked. */
      readonly refundable?: readonly Refundable[] | 'away'
    }

/** What became of that which was sent, and what is asked next. */
export interface Outcome {
  readonly said?: string
  readonly alert?: boolean
  readonly card?: Card
  readonly ask?: Ask & { readonly key: string; readonly typed?: string }
}

export interface Drawn {
  readonly case: Case
  readonly eyes: Eyes
  readonly tenant: string
  /** The last part of the page's address: what is loaded stands below it. */
  readonly at: string
  readonly outcome?: Outcome
}

/** The page of one complaint. */
export function casePage(drawn: Drawn): string {
  const { view } = drawn.case
  const { complaint, language } = view
  const card = plan(view)
  const title = `#${complaint.running} ${view.account}`
  const { card: shown, ask } = drawn.outcome ?? {}
  const busy = !shown?.buttons.length && !ask && isGoingOut(drawn.case)
  return framed(
    { language, title, attributes: html`class="${card.tone}" data-now="${view.now}" ${busy && raw('data-busy="1"')}` },
    html`${head(drawn, card)}<main class="two">${saidPart(drawn)}<div>${factsPart(drawn, card)}${picturesPart(drawn)}${storyPart(drawn)}</div><div class="beside">${stepPart(drawn)}${movesPart(drawn, card)}${notePart(drawn)}${uploadPart(drawn)}</div></main>${foot(drawn)}`,
  )
}

const say = (drawn: Drawn, key: Word, params?: Readonly<Record<string, string | number>>) =>
  word(drawn.case.view.language, key, params)

/** It is on its way and ends within seconds, as a rule. */
const isGoingOut = ({ view }: Case): boolean =>
  [view.last, view.refund].some((one) => one?.state === 'requested' || one?.state === 'sent')

function head(drawn: Drawn, { tone }: Plan): Markup {
  const { view, enabled } = drawn.case
  const { complaint, language } = view
  const due = enabled && tone !== 'settled' ? dueOf(complaint) : undefined
  return html`<header><div class="tenant"><span>${drawn.tenant}</span><span>${platformOf(drawn)}</span></div>
<h1><b>#${complaint.running}</b> ${view.account}</h1>
<div class="state"><span class="pill">${text(language, `phase.${complaint.phase}`)}</span><span class="pill plain">${complaint.label}</span></div>
${due && duePart(drawn, due)}</header>`
}

const platformOf = ({ case: { view } }: Drawn): string => text(view.language, `source.${view.complaint.source}`)

function duePart({ case: { view } }: Drawn, due: Instant): Markup {
  const { language, zone, now } = view
  const words = {
    left: text(language, 'left'),
    late: text(language, 'late'),
    days: text(language, 'time.days'),
    hours: text(language, 'time.hours'),
    minutes: text(language, 'time.minutes'),
  }
  return html`<p class="due"><strong data-due="${due}" data-words="${JSON.stringify(words)}">${leftText(language, due, now)}</strong><span>${text(language, 'line.due')} <time datetime="${due}">${clockTime(due, zone)}</time></span></p>`
}

function saidPart({ outcome }: Drawn): Markup | undefined {
  if (!outcome?.said) return undefined
  return html`<p class="said${outcome.alert ? ' alert' : ''}" role="${outcome.alert ? 'alert' : 'status'}">${outcome.said}</p>`
}

function factsPart(drawn: Drawn, { lines, note }: Plan): Markup {
  const { view, enabled } = drawn.case
  const { complaint, language, zone } = view
  const all = [
    // Whose turn it is and until when stand over the page.
    ...lines.filter(({ label }) => label !== text(language, 'line.turn') && label !== text(language, 'line.due')),
    ...refundLines(drawn),
    { label: text(language, 'line.opened'), text: clockTime(complaint.openedAt, zone) },
    { label: text(language, 'line.number'), text: complaint.number },
  ]
  const notes = [note, enabled ? undefined : say(drawn, 'disabled')].filter(Boolean).join('\n')
  return html`<section aria-label="${say(drawn, 'facts')}">${complaint.text && html`<blockquote>${plain(complaint.text)}</blockquote>`}${linesOf(all)}${notes && html`<p class="note">${plain(notes)}</p>`}</section>`
}

function refundLines(drawn: Drawn): Plan['lines'] {
  const { eyes } = drawn
  if (eyes.of !== 'member' || eyes.refundable === undefined) return []
  const label = say(drawn, 'refundable')
  if (eyes.refundable === 'away') return [{ label, text: say(drawn, 'refundable.away') }]
  return eyes.refundable.map(({ order, total, settled, underway, left, others }) => ({
    label,
    text: [
      text(drawn.case.view.language, 'refund.sums', {
        order,
        paid: yuan(total),
        settled: yuan(settled),
        underway: yuan(underway),
        left: yuan(left),
      }),
      ...(others ? [text(drawn.case.view.language, 'refund.others')] : []),
    ].join('\n'),
  }))
}

const linesOf = (lines: Plan['lines']): Markup =>
  html`<dl>${lines.map(({ label, text: words }) => html`<dt>${label}</dt><dd>${plain(words)}</dd>`)}</dl>`

function picturesPart(drawn: Drawn): Markup | undefined {
  const { pictures } = drawn.case
  if (pictures.length === 0) return undefined
  return html`<section><h2>${say(drawn, 'pictures')}</h2>${gallery(drawn, pictures)}</section>`
}

const gallery = (drawn: Drawn, hashes: readonly PictureHash[]): Markup =>
  html`<div class="pictures">${hashes.map(
    (hash, at) =>
      html`<a href="${drawn.at}/p/${hash}" target="_blank" rel="noopener"><img src="${drawn.at}/p/${hash}" alt="${say(drawn, 'picture.n', { n: at + 1 })}" loading="lazy"></a>`,
  )}</div>`

function storyPart(drawn: Drawn): Markup {
  const { story } = drawn.case
  return html`<section><h2>${say(drawn, 'story')}</h2>${
    story.length === 0
      ? html`<p class="hint">${say(drawn, 'story.none')}</p>`
      : html`<ol class="story">${story.map((step) => stepItem(drawn, step))}</ol>`
  }</section>`
}

function stepItem(drawn: Drawn, { at, by, words, pictures }: Step): Markup {
  const { language, zone } = drawn.case.view
  const who = by === 'us' ? say(drawn, 'by.us') : text(language, `by.${by}`)
  return html`<li class="${by}"><time datetime="${at}">${clockTime(at, zone)}</time><span class="who">${who}</span><p>${plain(words)}</p>${pictures.length > 0 && gallery(drawn, pictures)}</li>`
}

/** What is asked next: a card to look at, or words. */
function stepPart(drawn: Drawn): Markup | undefined {
  const { outcome, eyes } = drawn
  if (eyes.of !== 'member') return undefined
  const { card, ask } = outcome ?? {}
  if (!card && !ask) return undefined
  return html`<section class="step">${card && html`<h3>${card.title}</h3>${card.lines.length > 0 && linesOf(card.lines)}${card.note && html`<p class="note">${card.note}</p>`}${buttonsOf(card.buttons, eyes.nonce)}`}${ask && askPart(drawn, ask, eyes.nonce)}</section>`
}

function askPart(drawn: Drawn, ask: NonNullable<Outcome['ask']>, nonce: string): Markup {
  const { suggest = [], offers = [] } = ask
  return html`<h3><label for="words">${ask.prompt}</label></h3>
${suggest.length > 0 && html`<div class="chips">${suggest.map((words) => html`<button type="button" class="chip" data-fill="${words}">${words}</button>`)}</div>`}
${offers.length > 0 && html`<div class="chips"><small>${say(drawn, 'templates')}</small>${offers.map((offer) => pressForm(offer, nonce, 'chip'))}</div>`}
<form method="post" enctype="multipart/form-data">${hidden({ nonce, do: 'words', prompt: ask.key })}<textarea id="words" name="text">${ask.typed}</textarea>
<div class="row">${ask.pictures && fileField(drawn)}<button class="main">${say(drawn, 'answer')}</button>${ask.cancel && html`<button form="cancel">${say(drawn, 'cancel')}</button>`}</div></form>
${ask.cancel && html`<form method="post" id="cancel">${hidden({ nonce, do: 'press', token: ask.cancel })}</form>`}`
}

const fileField = (drawn: Drawn): Markup =>
  html`<span class="choose"><span>${say(drawn, 'file')}</span><input type="file" name="pictures" accept="image/*" multiple aria-label="${say(drawn, 'file')}"></span><span class="chosen" aria-live="polite" data-words="${say(drawn, 'file.chosen')}"></span>`

const buttonsOf = (buttons: readonly Button[], nonce: string): Markup | undefined =>
  buttons.length === 0
    ? undefined
    : html`<div class="buttons">${buttons.map((button) => pressForm(button, nonce, button.weight))}</div>`

const pressForm = ({ label, token }: Button, nonce: string, look: string): Markup =>
  html`<form method="post">${hidden({ nonce, do: 'press', token })}<button class="${look}">${label}</button></form>`

const hidden = (fields: Readonly<Record<string, string>>): Markup =>
  html`${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`

/** The moves that are open, as the card has them. */
function movesPart(drawn: Drawn, { buttons }: Plan): Markup {
  const { eyes } = drawn
  const { complaint } = drawn.case.view
  if (eyes.of === 'room') {
    const example = `/link ${complaint.running}`
    return html`<section class="moves"><h2>${say(drawn, 'moves')}</h2><p class="hint">${say(drawn, 'moves.guest', { example })}</p></section>`
  }
  const open = movesFor(eyes.member, buttons)
  const seen = String(complaint.version)
  return html`<section class="moves"><h2>${say(drawn, 'moves')}</h2>${
    open.length === 0
      ? html`<p class="hint">${say(drawn, 'moves.none')}</p>`
      : html`<div class="buttons">${open.map(
          ({ label, intent, weight }) =>
            html`<form method="post">${hidden({ nonce: eyes.nonce, do: 'open', intent: intentText(intent), seen })}<button class="${weight}">${label}</button></form>`,
        )}</div>`
  }</section>`
}

/** Of a card's buttons those that lead somewhere here, for this person. */
export const movesFor = (member: Member, buttons: Plan['buttons']): Plan['buttons'] =>
  buttons.filter(({ intent }) => intent.do !== 'detail' && isFor(member, intent))

const isFor = (member: Member, intent: Intent): boolean =>
  atLeast(member, intent.do === 'open' ? roleFor(intent.kind) : roleFor('claim'))

function notePart(drawn: Drawn): Markup | undefined {
  const { eyes } = drawn
  if (eyes.of !== 'member' || !atLeast(eyes.member, roleFor('note'))) return undefined
  const hint =
    atLeast(eyes.member, 'refunder') &&
    say(drawn, 'reveal', { example: `/reveal ${drawn.case.view.complaint.running}` })
  return html`<section class="last"><h2><label for="note">${say(drawn, 'note')}</label></h2><form method="post">${hidden({ nonce: eyes.nonce, do: 'note' })}<textarea id="note" class="low" name="text" required maxlength="2000"></textarea><div class="row"><button>${say(drawn, 'note.button')}</button></div></form>${hint && html`<p class="note">${hint}</p>`}</section>`
}

/** Pictures that one upload by a room's link may hold. */
export const uploadMost = 4

function uploadPart(drawn: Drawn): Markup | undefined {
  if (drawn.eyes.of !== 'room' || !drawn.eyes.mayUpload) return undefined
  return html`<section class="last"><h2>${say(drawn, 'upload')}</h2><p class="hint">${say(drawn, 'upload.how', { most: uploadMost })}</p><form method="post" enctype="multipart/form-data"><div class="row">${fileField(drawn)}<button class="main">${say(drawn, 'upload.button')}</button></div></form></section>`
}

function foot(drawn: Drawn): Markup {
  const { eyes } = drawn
  const { language, zone } = drawn.case.view
  const words =
    eyes.of === 'room'
      ? say(drawn, 'guest')
      : say(drawn, 'signed', {
          name: eyes.member.name,
          role: text(language, `role.${eyes.member.role}`),
          until: clockTime(eyes.until, zone),
        })
  return html`<footer>${words}</footer>`
}
