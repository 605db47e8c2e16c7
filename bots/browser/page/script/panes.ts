/** Other pages beside the chat: a column on a wide screen, tabs at the bottom of a phone. */
export const panes = `
import { el, find, icon } from './dom.js'
import { on, remember, remembered, state, t } from './store.js'

export function panesArea() {
  let shown = 0
  let frames = []
  const setWidth = (px) => {
    const width = Math.round(Math.min(Math.max(px, 300), innerWidth * 0.6))
    find('app').style.setProperty('--panes', width + 'px')
    return width
  }
  if (remembered('panes')) setWidth(Number(remembered('panes')))

  function handle() {
    const node = el('div', { class: 'handle', role: 'separator', tabIndex: 0, 'aria-orientation': 'vertical', 'aria-label': t('pane.resize') })
    node.addEventListener('pointerdown', (event) => {
      node.setPointerCapture(event.pointerId)
      find('app').classList.add('resizing')
    })
    node.addEventListener('pointermove', (event) => {
      if (node.hasPointerCapture(event.pointerId)) remember('panes', setWidth(innerWidth - event.clientX))
    })
    node.addEventListener('lostpointercapture', () => find('app').classList.remove('resizing'))
    node.addEventListener('keydown', ({ key }) => {
      const step = { ArrowLeft: 24, ArrowRight: -24 }[key]
      if (step) remember('panes', setWidth(find('panes').offsetWidth + step))
    })
    return node
  }
  const tabButton = (title, at, mark) =>
    el(
      'button',
      { type: 'button', role: 'tab', 'aria-selected': String(at === shown), class: at === shown ? 'on' : '', onclick: () => turn(at) },
      mark && icon(mark),
      el('span', {}, title),
    )
  /** -1 is the chat, which only a phone shows as a tab. */
  function turn(at) {
    shown = at
    find('app').classList.toggle('pane-open', at >= 0)
    labels()
    const current = Math.max(at, 0)
    frames.forEach((frame, index) => {
      frame.hidden = index !== current
      if (index === current && !frame.src) frame.src = state.panes[index].url
    })
  }
  function labels() {
    const current = Math.max(shown, 0)
    find('tabs').replaceChildren(tabButton(t('pane.chat'), -1, 'chat'), ...state.panes.map(({ title }, at) => tabButton(title, at, 'pane')))
    find('panes').querySelector('.pane-tabs')?.replaceChildren(
      ...state.panes.map(({ title }, at) =>
        el('button', { type: 'button', role: 'tab', 'aria-selected': String(at === current), class: at === current ? 'on' : '', onclick: () => turn(at) }, title),
      ),
      el('span', { class: 'space' }),
      el(
        'button',
        {
          type: 'button', class: 'tool', 'aria-label': t('pane.reload'), title: t('pane.reload'),
          onclick: () => {
            frames[current].src = state.panes[current].url
          },
        },
        icon('reload'),
      ),
      el('a', { class: 'tool', href: state.panes[current].url, target: '_blank', rel: 'noopener', 'aria-label': t('pane.open'), title: t('pane.open') }, icon('open')),
    )
  }
  function build() {
    const some = state.panes.length > 0
    find('panes').hidden = !some
    find('tabs').hidden = !some
    find('app').classList.toggle('has-panes', some)
    if (!some || frames.length > 0) return
    frames = state.panes.map(({ title }) =>
      el('iframe', { title, hidden: true, sandbox: 'allow-scripts allow-forms allow-same-origin allow-popups allow-downloads allow-modals' }),
    )
    find('panes').replaceChildren(handle(), el('div', { class: 'pane-tabs', role: 'tablist' }), ...frames)
    find('tabs').setAttribute('role', 'tablist')
    turn(-1)
  }
  on('enter', () => {
    build()
    if (frames.length > 0) labels()
  })
}
`
