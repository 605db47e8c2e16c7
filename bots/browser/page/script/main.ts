export const main = `
import { find } from './dom.js'
import { panesArea } from './panes.js'
import { railArea } from './rail.js'
import { chatOf, on, remember, remembered, state, t, tell } from './store.js'
import { streamArea } from './stream.js'
import { startTicking } from './time.js'
import { connect } from './wire.js'
import { writeArea } from './write.js'

function enter(chat) {
  state.chat = chatOf(chat) ? chat : (state.chats[0]?.chat ?? '')
  remember('chat', state.chat)
  tell('enter')
}

function bar(text, lasting) {
  find('bar').hidden = !text
  find('bar').textContent = text
  find('bar').classList.toggle('lasting', Boolean(lasting))
}

on('hello', ({ language }) => {
  state.language = remembered('language') ?? language
  document.documentElement.lang = state.language
})
on('ready', () => {
  const chosen = state.chat || remembered('chat')
  // A private chat is left behind when another person speaks: theirs is another one.
  const mine = state.chats.find(({ alone }) => alone)?.chat
  enter(chosen?.startsWith('alone:') ? mine : chosen)
})
on('resumed', () => tell('ask', state.chat))
on('go', ({ chat, person }) => {
  tell('leave')
  if (chat) enter(chat)
  if (person && person !== state.me) {
    remember('me', person)
    connect(person)
    tell('away')
  }
})
on('language', (language) => {
  tell('leave')
  state.language = language
  remember('language', language)
  document.documentElement.lang = language
  enter(state.chat)
})
// A short break is not worth a word.
let waiting
on('link', (how) => {
  clearTimeout(waiting)
  if (how === 'open') bar('')
  else if (how === 'expired') bar(t('app.expired'), true)
  else waiting = setTimeout(() => bar(t('app.reconnecting')), 400)
})

state.language = remembered('language') ?? document.documentElement.lang
bar(t('app.loading'))
railArea()
streamArea()
writeArea()
panesArea()
startTicking()

// Nobody is known before the first answer; the server says who there is.
const response = await fetch('/api/people')
if (response.ok) {
  const { people } = await response.json()
  const known = people.find(({ id }) => id === remembered('me')) ?? people[0]
  connect(known.id)
} else bar(t('app.expired'), true)
`
