/** The connection with the server: what it tells, and what the person does. */
export const wire = `
import { keep, state, tell } from './store.js'

let source
let ready = false

/** Opens the stream of what this person may see; a switch of persons starts anew. */
export function connect(person) {
  source?.close()
  state.entries.clear()
  state.asks.clear()
  state.me = person
  ready = false
  source = new EventSource('/api/events?as=' + encodeURIComponent(person))
  const hear = (name, run) => source.addEventListener(name, (event) => run(JSON.parse(event.data)))
  hear('hello', (hello) => {
    const { asks, now, language, ...rest } = hello
    Object.assign(state, rest)
    state.ahead = now - Date.now()
    state.asks = new Map(asks.map(({ chat, ask }) => [chat, ask]))
    tell('hello', { language })
  })
  hear('entry', (entry) => {
    const how = keep(entry)
    if (ready) tell('entry', { entry, how })
  })
  hear('ready', ({ now }) => {
    state.ahead = now - Date.now()
    state.start ??= state.seq
    const first = !ready
    ready = true
    tell(first ? 'ready' : 'resumed')
  })
  hear('time', ({ now }) => {
    state.ahead = now - Date.now()
  })
  hear('menu', ({ entries }) => {
    state.menu = entries
  })
  hear('ask', ({ chat, ask }) => {
    if (ask) state.asks.set(chat, ask)
    else state.asks.delete(chat)
    tell('ask', chat)
  })
  source.onopen = () => tell('link', 'open')
  source.onerror = () => tell('link', source.readyState === EventSource.CLOSED ? 'expired' : 'lost')
}

/** @returns what the server answered, or { error } with a key of the words. */
async function post(path, body, type) {
  try {
    const response = await fetch('/api/' + path, { method: 'POST', body, headers: { 'content-type': type } })
    return await response.json()
  } catch {
    return { error: 'refused.network' }
  }
}

const act = (path, deed) => post(path, JSON.stringify({ as: state.me, ...deed }), 'application/json')
export const say = (chat, words) => act('say', { chat, ...words })
export const press = (chat, id, token) => act('press', { chat, post: id, token })
export const cancel = (chat) => act('cancel', { chat })
export const upload = (file) =>
  file.size > 10 * 1024 * 1024 ? Promise.resolve({ error: 'refused.size' }) : post('pictures', file, 'application/octet-stream')
export const pictureAt = (id) => '/api/pictures/' + encodeURIComponent(id)
`
