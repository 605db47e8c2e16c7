/** Commands that fit what is being typed. */
export const hints = String.raw`
import { el } from './dom.js'
import { state, t } from './store.js'

export function hintList(words, chosen) {
  const view = el('ul', { class: 'hints', role: 'listbox', hidden: true, 'aria-label': t('write.commands'), data: { testid: 'hints' } })
  let found = []
  let at = 0

  function pick(entry) {
    words.value = '/' + entry.name + ' '
    chosen()
    update()
    words.focus()
  }
  function draw() {
    view.hidden = found.length === 0
    view.replaceChildren(
      ...found.map((entry, index) =>
        el(
          'li',
          {
            role: 'option',
            class: index === at ? 'on' : '',
            'aria-selected': String(index === at),
            onmousedown: (event) => {
              event.preventDefault()
              pick(entry)
            },
          },
          el('b', {}, '/' + entry.name),
          el('span', {}, entry.help),
        ),
      ),
    )
    view.children[at]?.scrollIntoView({ block: 'nearest' })
  }
  function update() {
    const typed = /^[/／]([^\s]*)$/.exec(words.value)
    found = typed ? state.menu.filter(({ name }) => name.startsWith(typed[1].toLowerCase())) : []
    at = 0
    draw()
  }
  return {
    view,
    update,
    /** @returns true when the key was for the list. */
    key(event) {
      if (found.length === 0) return false
      const typed = words.value.slice(1)
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        at = (at + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length
        draw()
      } else if (event.key === 'Tab' || (event.key === 'Enter' && found[at].name !== typed)) pick(found[at])
      else if (event.key === 'Escape') {
        found = []
        draw()
      } else return false
      event.preventDefault()
      return true
    },
  }
}
`
