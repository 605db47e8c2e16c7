/** The chats, the people to speak as, and the head above the messages. */
export const rail = `
import { avatar, botAvatar, el, find, icon } from './dom.js'
import { chatOf, chatTitle, on, personOf, state, t, tell, unread } from './store.js'

const badge = (count) =>
  count > 0 && el('span', { class: 'count', 'aria-label': t('rail.unread', { n: count }) }, count > 99 ? '99+' : String(count))

function chatRow(chat) {
  const mark = chat.alone ? botAvatar() : el('span', { class: 'avatar group', 'aria-hidden': 'true' }, icon('chat'))
  return el(
    'button',
    {
      type: 'button',
      class: 'row' + (chat.chat === state.chat ? ' on' : ''),
      'aria-current': chat.chat === state.chat && 'true',
      data: { chat: chat.chat },
      onclick: () => tell('go', { chat: chat.chat }),
    },
    mark,
    el('span', { class: 'row-name' }, chatTitle(chat)),
    badge(chat.chat === state.chat ? 0 : unread(chat.chat)),
  )
}

const personRow = (person) =>
  el(
    'button',
    {
      type: 'button',
      class: 'row' + (person.id === state.me ? ' on' : ''),
      role: 'radio',
      'aria-checked': String(person.id === state.me),
      data: { person: person.id },
      onclick: () => tell('go', { person: person.id }),
    },
    avatar(person),
    el('span', { class: 'row-name' }, person.name, person.note && el('small', {}, person.note)),
    person.id === state.me && icon('tick'),
  )

export function railArea() {
  const open = (on) => find('app').classList.toggle('rail-open', on)
  const shade = el('button', { type: 'button', class: 'shade', tabIndex: -1, onclick: () => open(false) })
  find('rail').after(shade)
  on('rail', open)
  on('go', () => open(false))
  document.addEventListener('keydown', (event) => event.key === 'Escape' && open(false))

  function drawRail() {
    const groups = state.chats.filter((chat) => !chat.alone)
    const alone = state.chats.filter((chat) => chat.alone)
    find('rail').replaceChildren(
      el('div', { class: 'brand' }, el('img', { src: '/icon.svg', alt: '' }), el('strong', {}, state.bot)),
      el('nav', { class: 'rail-part' }, el('h2', {}, t('rail.groups')), groups.map(chatRow)),
      el('nav', { class: 'rail-part' }, el('h2', {}, t('rail.private')), alone.map(chatRow)),
      el('span', { class: 'space' }),
      el(
        'div',
        { class: 'rail-part people', role: 'radiogroup', 'aria-label': t('rail.speak') },
        el('h2', {}, t('rail.speak')),
        state.people.map(personRow),
      ),
    )
    shade.setAttribute('aria-label', t('app.close'))
  }
  function drawHead() {
    const chat = chatOf(state.chat)
    const elsewhere = state.chats.reduce((sum, { chat: id }) => sum + (id === state.chat ? 0 : unread(id)), 0)
    const english = state.language === 'en'
    document.title = (elsewhere ? '(' + elsewhere + ') ' : '') + (chat ? chatTitle(chat) + ' · ' : '') + state.bot
    find('head').replaceChildren(
      el('button', { type: 'button', class: 'tool burger', 'aria-label': t('app.menu'), onclick: () => open(true) }, icon('menu'), badge(elsewhere)),
      el(
        'div',
        { class: 'head-words' },
        el('h1', {}, chat ? chatTitle(chat) : ''),
        el(
          'p',
          {},
          chat?.alone
            ? t('app.alone', { name: personOf(state.me)?.name ?? '' })
            : t('app.people', { n: state.people.length }) + ' · ' + t('rail.bot', { bot: state.bot }),
        ),
      ),
      el(
        'button',
        { type: 'button', class: 'language', title: t('app.language'), 'aria-label': t('app.language'), onclick: () => tell('language', english ? 'zh-CN' : 'en') },
        el('span', { class: english ? '' : 'on' }, t('app.chinese')),
        el('span', { class: english ? 'on' : '' }, t('app.english')),
      ),
    )
  }
  for (const kind of ['enter', 'read']) {
    on(kind, () => {
      drawRail()
      drawHead()
    })
  }
}
`
