/** One message: who, when, what; a card, words, pictures; what it answers. */
export const entry = `
import { askView } from './ask.js'
import { cardView } from './card.js'
import { avatar, botAvatar, el, icon } from './dom.js'
import { lightbox } from './overlay.js'
import { entriesOf, excerpt, nameOf, personOf, state, t, tell } from './store.js'
import { clockText, fullText } from './time.js'
import { pictureAt } from './wire.js'

/** @param before the entry above, to leave out what it already says */
export function entryView(entry, before) {
  const mine = entry.by === state.me
  const joined = before && before.by === entry.by && before.only === entry.only && entry.at - before.at < 180000
  const person = entry.by ? (personOf(entry.by) ?? { id: entry.by, name: entry.by }) : undefined
  const node = el(
    'article',
    {
      class: ['post', mine ? 'mine' : 'theirs', entry.by ? 'human' : 'machine', joined ? 'joined' : ''].join(' '),
      'aria-label': nameOf(entry),
      data: { post: entry.id, testid: 'post' },
    },
    joined ? el('span', { class: 'avatar-gap' }) : person ? avatar(person) : botAvatar(),
    el('div', { class: 'post-body' }),
  )
  fill(node, entry, joined, before)
  return node
}

/** Draws the entry anew; a question that is open below it keeps its words. */
export function fill(node, entry, joined, before) {
  const body = node.querySelector('.post-body')
  const open = body.querySelector('.ask')
  body.replaceChildren(
    ...[
      !joined && meta(entry),
      joined && entry.only && onlyMark(),
      entry.about && entry.about !== before?.id && aboutView(entry),
      entry.text && el('div', { class: 'bubble' }, entry.by ? entry.text : linked(entry.text)),
      entry.card && cardView(entry),
      entry.pictures.length > 0 && picturesView(entry),
      replyButton(entry),
    ].filter(Boolean),
  )
  placeAsk(node, entry, open)
}

export function placeAsk(node, entry, open = node.querySelector('.ask')) {
  const body = node.querySelector('.post-body')
  const ask = state.asks.get(entry.chat)
  if (ask?.post !== entry.id) return open?.remove()
  if (open?.dataset.until === String(ask.until)) {
    if (open.parentNode !== body) body.append(open)
    return
  }
  open?.remove()
  body.append(askView(entry.chat, ask))
}

/** Addresses that we give out can be opened; what people write stays words. */
const linked = (text) =>
  text
    .split(/(https?:\\/\\/[!-~]+)/)
    .map((part, at) => (at % 2 ? el('a', { href: part, target: '_blank', rel: 'noopener noreferrer' }, part) : part))

const meta = (entry) =>
  el(
    'div',
    { class: 'meta' },
    el('span', { class: 'name' }, nameOf(entry)),
    !entry.by && el('span', { class: 'badge' }, t('post.bot')),
    el('time', { title: fullText(entry.at) }, clockText(entry.at)),
    entry.only && onlyMark(),
  )

const onlyMark = () => el('span', { class: 'only' }, icon('eye'), t('post.only'))

function aboutView(entry) {
  const about = entriesOf(entry.chat).get(entry.about)
  const words = about ? nameOf(about) + '：' + excerpt(about) : t('post.gone')
  return el(
    'button',
    { type: 'button', class: 'about', onclick: () => tell('jump', entry.about) },
    icon('reply'),
    el('span', {}, words),
  )
}

const picturesView = (entry) =>
  el(
    'div',
    { class: 'pictures' + (entry.pictures.length === 1 ? ' single' : '') },
    entry.pictures.map((id, at) =>
      el(
        'button',
        { type: 'button', class: 'thumb', 'aria-label': t('post.picture'), onclick: () => lightbox(entry.pictures, at) },
        el('img', { src: pictureAt(id), alt: '', onload: () => tell('grown') }),
      ),
    ),
  )

const replyButton = (entry) =>
  el(
    'button',
    { type: 'button', class: 'reply', 'aria-label': t('post.reply'), title: t('post.reply'), onclick: () => tell('reply', entry) },
    icon('reply'),
  )
`
