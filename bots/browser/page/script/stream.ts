/** The messages of the chat that is open, kept at the end while the person reads there. */
export const stream = `
import { el, find, icon } from './dom.js'
import { entryView, fill, placeAsk } from './entry.js'
import { chatOf, entriesOf, on, seen, state, t, tell } from './store.js'
import { clockText, dayText } from './time.js'

let stuck = true

export function streamArea() {
  const view = find('stream')
  const list = el('div', { class: 'list' })
  const more = el('button', { type: 'button', class: 'more', hidden: true, onclick: () => toEnd(true) }, icon('down'), el('span', {}))

  const toEnd = (smooth) => view.scrollTo({ top: view.scrollHeight, behavior: smooth ? 'smooth' : 'instant' })
  const settle = () => {
    if (stuck) toEnd(false)
  }
  const read = () => {
    if (document.hidden) return
    seen(state.chat)
    tell('read')
  }
  const show = (id) => list.querySelector('[data-post="' + CSS.escape(id) + '"]')

  const empty = () => {
    const alone = chatOf(state.chat)?.alone
    return el(
      'div',
      { class: 'empty' },
      el('img', { src: '/icon.svg', alt: '' }),
      el('strong', {}, t('post.empty')),
      el('p', {}, t(alone ? 'post.empty.alone' : 'post.empty.group')),
    )
  }
  const farApart = (entry, before) =>
    !before || entry.at - before.at > 30 * 60000 || dayText(entry.at) !== dayText(before.at)

  function add(entry, before) {
    if (farApart(entry, before)) list.append(el('div', { class: 'day' }, dayText(entry.at) + ' ' + clockText(entry.at)))
    list.append(entryView(entry, farApart(entry, before) ? undefined : before))
  }
  function draw() {
    list.replaceChildren()
    let before
    for (const entry of entriesOf(state.chat).values()) {
      add(entry, before)
      before = entry
    }
    if (!before) list.append(empty())
    stuck = true
    more.hidden = true
    toEnd(false)
    read()
  }
  // Nothing is drawn anew under a finger that is down: the press would be lost.
  let down = false
  const later = []
  const up = () =>
    setTimeout(() => {
      down = false
      for (const thing of later.splice(0)) arrived(thing)
    })
  view.addEventListener('pointerdown', () => (down = true), true)
  for (const end of ['pointerup', 'pointercancel']) addEventListener(end, up, true)

  function arrived({ entry, how }) {
    if (down) return later.push({ entry, how })
    if (entry.chat !== state.chat) return tell('read')
    const node = show(entry.id)
    if (how === 'changed') {
      if (node) fill(node, entry, node.classList.contains('joined'), { id: node.previousElementSibling?.dataset.post })
      if (node) node.classList.add('changed')
      setTimeout(() => node?.classList.remove('changed'), 1200)
      settle()
      return read()
    }
    if (show(entry.id)) return
    list.querySelector('.empty')?.remove()
    if (list.childElementCount > 2600) return draw()
    const all = [...entriesOf(state.chat).values()]
    add(entry, all[all.length - 2])
    list.lastElementChild.classList.add('arriving')
    if (entry.by === state.me) stuck = true
    settle()
    more.hidden = stuck
    more.lastChild.textContent = t('post.new')
    read()
  }

  view.addEventListener('scroll', () => {
    stuck = view.scrollHeight - view.scrollTop - view.clientHeight < 90
    if (stuck) more.hidden = true
  })
  new ResizeObserver(settle).observe(view)
  new ResizeObserver(settle).observe(list)
  document.addEventListener('visibilitychange', read)
  on('entry', arrived)
  on('enter', draw)
  // What another person saw is nobody's to press.
  on('away', () => list.replaceChildren())
  on('grown', settle)
  on('ask', (chat) => {
    if (chat !== state.chat) return
    for (const entry of entriesOf(chat).values()) {
      const node = show(entry.id)
      if (node && (node.querySelector('.ask') || state.asks.get(chat)?.post === entry.id)) placeAsk(node, entry)
    }
    settle()
  })
  on('jump', (id) => {
    const node = show(id)
    if (!node) return
    stuck = false
    node.scrollIntoView({ block: 'center', behavior: 'smooth' })
    node.classList.add('found')
    setTimeout(() => node.classList.remove('found'), 1600)
  })
  view.replaceChildren(list)
  view.after(more)
}
`
