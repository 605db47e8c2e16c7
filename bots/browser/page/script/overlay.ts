/** What lies over the page for a moment: a word at a button, a refusal that must be read, a picture. */
export const overlay = `
import { el, icon } from './dom.js'
import { t } from './store.js'
import { pictureAt } from './wire.js'

/** A short word near the place where the person acted. */
export function toast(text, rect) {
  const node = el('div', { class: 'toast', role: 'status', data: { testid: 'toast' } }, text)
  document.body.append(node)
  const box = node.getBoundingClientRect()
  const edge = 12
  const middle = rect ? rect.left + rect.width / 2 : innerWidth / 2
  const left = Math.min(Math.max(middle - box.width / 2, edge), innerWidth - box.width - edge)
  const above = rect ? rect.top - box.height - 8 : innerHeight / 3
  const top = above > 60 ? above : rect.bottom + 8
  node.style.left = left + 'px'
  node.style.top = Math.min(Math.max(top, edge), innerHeight - box.height - edge) + 'px'
  const leave = () => {
    node.classList.add('leaving')
    setTimeout(() => node.remove(), 300)
  }
  setTimeout(leave, 2600 + text.length * 40)
  // Gone with the next thing that the person does.
  document.addEventListener('pointerdown', leave, { once: true })
}

export function alertBox(text) {
  const ok = el('button', { type: 'button', class: 'button main', onclick: () => node.close() }, t('alert.ok'))
  const node = el(
    'dialog',
    { class: 'alert', role: 'alertdialog', 'aria-label': t('alert.title'), data: { testid: 'alert' }, onclose: () => node.remove() },
    el('div', { class: 'alert-mark' }, icon('warn')),
    el('div', { class: 'alert-words' }, el('strong', {}, t('alert.title')), el('p', {}, text)),
    ok,
  )
  document.body.append(node)
  node.showModal()
  ok.focus()
}

/** Says what came of a press or of words: { toast, alert } or { error }. */
export function showOutcome(outcome, rect) {
  const text = outcome.error ? t(outcome.error) : outcome.toast
  if (!text) return
  if (outcome.alert) alertBox(text)
  else toast(text, rect)
}

export function lightbox(pictures, first) {
  let at = first
  const img = el('img', { alt: t('post.picture') })
  const count = el('span', { class: 'box-count' })
  const turn = (step) => {
    at = (at + step + pictures.length) % pictures.length
    img.src = pictureAt(pictures[at])
    count.textContent = at + 1 + ' / ' + pictures.length
  }
  const button = (name, label, run, side) =>
    el('button', { type: 'button', class: 'box-button ' + side, 'aria-label': t(label), onclick: run }, icon(name))
  const many = pictures.length > 1
  const node = el(
    'dialog',
    {
      class: 'lightbox',
      'aria-label': t('post.picture'),
      data: { testid: 'lightbox' },
      onclick: (event) => event.target === node && node.close(),
      onkeydown: (event) => {
        if (event.key === 'ArrowLeft') turn(-1)
        if (event.key === 'ArrowRight') turn(1)
      },
      onclose: () => node.remove(),
    },
    img,
    button('close', 'app.close', () => node.close(), 'box-close'),
    many && button('left', 'picture.previous', () => turn(-1), 'box-left'),
    many && button('right', 'picture.next', () => turn(1), 'box-right'),
    many && count,
  )
  document.body.append(node)
  turn(0)
  node.showModal()
}
`
