/** What the page knows; whoever shows something listens for its kind of change. */
export const store = String.raw`
import { words } from './words.js'

export const state = {
  me: '', bot: '', mark: '', language: 'zh-CN', ahead: 0, seq: 0,
  people: [], chats: [], panes: [], menu: [],
  chat: '',
  entries: new Map(), // chat → (post → entry)
  asks: new Map(), // chat → ask
  read: new Map(), // person and chat → seq of the last entry that was seen
}

const listeners = new Map()
export function on(kind, run) {
  listeners.set(kind, [...(listeners.get(kind) ?? []), run])
}
export function tell(kind, fact) {
  for (const run of listeners.get(kind) ?? []) run(fact)
}

export const remembered = (key) => {
  try {
    return localStorage.getItem('redress.' + key)
  } catch {
    return null
  }
}
export const remember = (key, value) => {
  try {
    localStorage.setItem('redress.' + key, value)
  } catch {
    // A browser that keeps nothing loses a preference, no more.
  }
}

export function t(key, values = {}) {
  const text = words[key]?.[state.language === 'en' ? 'en' : 'zh'] ?? key
  return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all)
}

export const personOf = (id) => state.people.find((person) => person.id === id)
export const chatOf = (id) => state.chats.find((chat) => chat.chat === id)
export const entriesOf = (chat) => state.entries.get(chat) ?? new Map()
export const nameOf = (entry) => (entry.by ? (personOf(entry.by)?.name ?? entry.by) : state.bot)

export const chatTitle = (chat) => (chat.alone ? t('rail.bot', { bot: state.bot }) : chat.title)

export function excerpt(entry) {
  if (entry.card) return entry.card.title
  if (entry.text) return entry.text
  return entry.pictures.length > 1 ? t('post.pictures', { n: entry.pictures.length }) : t('post.picture')
}

const mostPosts = 2000
export function keep(entry) {
  const here = state.entries.get(entry.chat) ?? new Map()
  const known = here.has(entry.id)
  here.set(entry.id, entry)
  state.entries.set(entry.chat, here)
  state.seq = Math.max(state.seq, entry.seq)
  if (here.size > mostPosts) here.delete(here.keys().next().value)
  return known ? 'changed' : 'new'
}

const marker = (chat) => state.me + ' ' + chat
export function seen(chat) {
  state.read.set(marker(chat), state.seq)
}
/** An edit of an old card is no unread message. */
export function unread(chat) {
  const after = state.read.get(marker(chat)) ?? state.start ?? 0
  let count = 0
  for (const entry of entriesOf(chat).values()) if (!entry.edited && entry.by !== state.me && entry.seq > after) count += 1
  return count
}
`
