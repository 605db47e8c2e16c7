/** The bot's question below a card: words to start from, templates, a place to write, photos. */
export const ask = `
import { el, icon } from './dom.js'
import { showOutcome, toast } from './overlay.js'
import { stager } from './staging.js'
import { state, t, tell } from './store.js'
import { now } from './time.js'
import { cancel, press, say } from './wire.js'

export function askView(chat, ask) {
  const words = el('textarea', { rows: 2, placeholder: t('ask.placeholder'), 'aria-label': ask.prompt })
  const staged = ask.pictures ? stager(() => update()) : undefined
  const grow = () => {
    if (!words.isConnected) return
    words.style.height = 'auto'
    words.style.height = Math.min(words.scrollHeight + 2, 220) + 'px'
    tell('grown')
  }
  const sendButton = el('button', { type: 'submit', class: 'button main', data: { label: t('ask.send') } }, el('span', {}, t('ask.send')))
  const update = () => {
    sendButton.disabled = staged?.busy() || !(words.value.trim() || staged?.ids().length)
    grow()
  }
  const chips = ask.suggest.map((text) =>
    el(
      'button',
      {
        type: 'button',
        class: 'chip',
        title: text,
        onclick: () => {
          words.value = text
          update()
          words.focus()
        },
      },
      text,
    ),
  )

  const offers = ask.offers.map(({ label, token }) =>
    el(
      'button',
      {
        type: 'button',
        class: 'chip offer',
        data: { label, token },
        onclick: async ({ currentTarget }) => {
          const rect = currentTarget.getBoundingClientRect()
          currentTarget.disabled = true
          showOutcome(await press(chat, ask.post, token), rect)
        },
      },
      label,
    ),
  )

  async function send(event) {
    event?.preventDefault()
    if (sendButton.disabled) return
    const rect = sendButton.getBoundingClientRect()
    sendButton.disabled = true
    sendButton.classList.add('busy')
    const outcome = await say(chat, { text: words.value, replyTo: ask.post, pictures: staged?.ids() ?? [] })
    sendButton.classList.remove('busy')
    sendButton.disabled = false
    showOutcome(outcome, rect)
  }
  async function giveUp({ currentTarget }) {
    const rect = currentTarget.getBoundingClientRect()
    showOutcome(await cancel(chat), rect)
  }

  words.addEventListener('input', update)
  words.addEventListener('keydown', (event) => {
    if (event.isComposing || event.keyCode === 229) return
    if (event.key === 'Enter' && !event.shiftKey) send(event)
  })
  const node = el(
    'form',
    { class: 'ask', onsubmit: send, data: { testid: 'ask', until: String(ask.until) } },
    el('p', { class: 'prompt' }, ask.prompt),
    chips.length > 0 && el('div', { class: 'chips' }, chips),
    offers.length > 0 && el('div', { class: 'chips offers', role: 'group', 'aria-label': t('ask.offers') }, el('small', {}, t('ask.offers')), offers),
    words,
    staged?.view,
    el(
      'div',
      { class: 'ask-row' },
      staged &&
        el('button', { type: 'button', class: 'button ghost', onclick: () => staged.choose() }, icon('photo'), el('span', {}, t('write.photo'))),
      el('span', { class: 'space' }),
      el('button', { type: 'button', class: 'button plain', data: { label: t('ask.cancel') }, onclick: giveUp }, el('span', {}, t('ask.cancel'))),
      sendButton,
    ),
  )
  staged?.accept(node, words)
  update()
  setTimeout(() => {
    update()
    words.focus({ preventScroll: true })
    node.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
  }, 60)
  expire(node, chat, ask)
  return node
}

function expire(node, chat, ask) {
  setTimeout(() => {
    if (state.asks.get(chat)?.until !== ask.until) return
    state.asks.delete(chat)
    if (node.isConnected) toast(t('ask.expired'), node.getBoundingClientRect())
    tell('ask', chat)
  }, Math.max(0, Math.min(ask.until - now(), 2 ** 31 - 1)))
}
`
