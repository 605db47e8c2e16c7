export const card = `
import { el, icon } from './dom.js'
import { showOutcome } from './overlay.js'
import { t } from './store.js'
import { countdown, fullText, now } from './time.js'
import { press } from './wire.js'

/** Presses that wait for their answer; a card that is drawn anew meanwhile still shows them. */
const waiting = new Set()

export function cardView(entry) {
  const { card } = entry
  const timed = card.due && card.tone !== 'settled'
  const over = timed && Date.parse(card.due) < now()
  return el(
    'section',
    { class: 'card tone-' + card.tone + (over ? ' over' : ''), 'aria-label': card.title },
    el(
      'header',
      { class: 'card-head' },
      el('h3', {}, card.title),
      el(
        'span',
        { class: 'pills' },
        card.tone !== 'calm' && el('span', { class: 'pill' }, card.tone === 'settled' && icon('tick'), t('tone.' + card.tone)),
        timed && due(card.due),
      ),
    ),
    card.lines.length > 0 && el('dl', { class: 'lines' }, card.lines.map(line)),
    card.quote && el('blockquote', {}, card.quote),
    card.note && el('p', { class: 'note' }, card.note),
    card.buttons.length > 0 && el('div', { class: 'buttons' }, card.buttons.map((button) => buttonView(entry, button))),
    card.link && el('a', { class: 'page-link', href: card.link.url, target: '_blank', rel: 'noopener noreferrer' }, card.link.label, ' ↗'),
  )
}

const line = ({ label, text }) => el('div', { class: 'line' }, el('dt', {}, label), el('dd', {}, text))

const due = (at) =>
  countdown(el('span', { class: 'pill due', title: t('due.at', { time: fullText(Date.parse(at)) }) }, icon('clock'), ' '), at)

function buttonView(entry, button) {
  const key = entry.id + ' ' + button.token
  const busy = waiting.has(key)
  return el(
    'button',
    {
      type: 'button',
      class: 'button ' + button.weight + (busy ? ' busy' : ''),
      disabled: busy,
      'aria-busy': busy && 'true',
      data: { label: button.label, token: button.token },
      onclick: async ({ currentTarget: node }) => {
        if (waiting.has(key)) return
        waiting.add(key)
        node.disabled = true
        node.classList.add('busy')
        const rect = node.getBoundingClientRect()
        const outcome = await press(entry.chat, entry.id, button.token)
        waiting.delete(key)
        // The answer may have drawn the card anew, with this button or without.
        const all = [...document.querySelectorAll('[data-post="' + entry.id + '"] .card button')]
        for (const same of all.filter(({ dataset }) => dataset.token === button.token)) {
          same.disabled = false
          same.classList.remove('busy')
          same.removeAttribute('aria-busy')
        }
        showOutcome(outcome, node.isConnected ? node.getBoundingClientRect() : rect)
      },
    },
    el('span', {}, button.label),
  )
}
`
