/** The place to write: words, photos, the message that is answered. */
export const write = `
import { avatar, el, find, icon } from './dom.js'
import { hintList } from './hints.js'
import { showOutcome } from './overlay.js'
import { stager } from './staging.js'
import { excerpt, nameOf, on, personOf, state, t, tell } from './store.js'
import { say } from './wire.js'

const drafts = new Map() // person and chat → { text, replyTo }
const draftKey = () => state.me + ' ' + state.chat

export function writeArea() {
  const words = el('textarea', { rows: 1, enterKeyHint: 'send', data: { testid: 'words' } })
  const replying = el('div', { class: 'replying', hidden: true })
  const speaker = el('button', { type: 'button', class: 'speaker', onclick: () => tell('rail', true) })
  const sendButton = el('button', { type: 'submit', class: 'send', data: { testid: 'send' } }, icon('send'))
  const photo = el('button', { type: 'button', class: 'tool', onclick: () => staged.choose() }, icon('photo'))
  const staged = stager(() => update())
  const hints = hintList(words, () => update())
  let replyTo

  function update() {
    sendButton.disabled = staged.busy() || !(words.value.trim() || staged.ids().length)
    words.style.height = 'auto'
    words.style.height = Math.min(words.scrollHeight, 160) + 'px'
  }
  function answer(entry) {
    replyTo = entry
    replying.hidden = !entry
    replying.replaceChildren(
      ...(entry
        ? [
            icon('reply'),
            el('span', {}, el('b', {}, t('write.replying', { name: nameOf(entry) })), ' ' + excerpt(entry)),
            el('button', { type: 'button', 'aria-label': t('app.close'), onclick: () => answer() }, icon('close')),
          ]
        : []),
    )
    if (entry) words.focus()
  }
  async function send(event) {
    event?.preventDefault()
    if (sendButton.disabled) return
    const [text, answered, chat] = [words.value, replyTo, state.chat]
    const pictures = staged.ids()
    words.value = ''
    staged.clear()
    answer()
    hints.update()
    const outcome = await say(chat, { text, pictures, replyTo: answered?.id })
    if (outcome.error && outcome.error !== 'refused.slow' && !words.value && chat === state.chat) words.value = text
    update()
    showOutcome(outcome, sendButton.getBoundingClientRect())
  }

  words.addEventListener('input', () => {
    update()
    hints.update()
  })
  words.addEventListener('blur', () => setTimeout(() => hints.key({ key: 'Escape', preventDefault() {} }), 100))
  words.addEventListener('focus', () => hints.update())
  words.addEventListener('keydown', (event) => {
    // While a Chinese word is being composed, Enter chooses it.
    if (event.isComposing || event.keyCode === 229 || hints.key(event)) return
    if (event.key === 'Enter' && !event.shiftKey) send(event)
    if (event.key === 'Escape') answer()
  })
  on('reply', answer)
  on('leave', () => drafts.set(draftKey(), { text: words.value, replyTo }))
  on('enter', () => {
    const draft = drafts.get(draftKey())
    words.value = draft?.text ?? ''
    answer(draft?.replyTo)
    label()
    update()
    hints.update()
  })

  function label() {
    const me = personOf(state.me)
    words.placeholder = t('write.placeholder')
    words.setAttribute('aria-label', t('write.label', { name: me?.name ?? '' }))
    sendButton.setAttribute('aria-label', t('write.send'))
    sendButton.title = t('write.send')
    photo.setAttribute('aria-label', t('write.photo'))
    photo.title = t('write.photo')
    speaker.setAttribute('aria-label', t('write.label', { name: me?.name ?? '' }))
    speaker.title = t('write.label', { name: me?.name ?? '' })
    speaker.replaceChildren(me ? avatar(me, 'small') : '')
  }
  staged.accept(find('chat'), words)
  find('write').replaceChildren(
    hints.view,
    el('form', { onsubmit: send }, replying, staged.view, el('div', { class: 'write-row' }, speaker, photo, words, sendButton)),
  )
  label()
  update()
}
`
