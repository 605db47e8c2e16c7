/** The page's own script: asks every second, shows what differs, sends what is pressed. */
export const script = `'use strict'
const lang = document.body.dataset.lang
const box = document.getElementById('messages')
const form = document.getElementById('say')
const field = form.elements.text
const pick = { person: document.getElementById('person'), chat: document.getElementById('chat') }
const placeholder = field.placeholder
let shown = ''
let replyTo
let dropped
let atEnd = true

box.addEventListener('scroll', () => { atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80 })
// Pictures have no height before they are there.
box.addEventListener('load', () => { if (atEnd) box.scrollTop = box.scrollHeight }, true)

function toast(text, bad) {
  const box = document.getElementById('toast')
  box.textContent = text
  box.className = bad ? 'shown bad' : 'shown'
  clearTimeout(toast.timer)
  toast.timer = setTimeout(() => { box.className = '' }, 3000)
}

function options(select, list, chosen) {
  const html = JSON.stringify([list, chosen])
  if (select.dataset.was === html) return
  select.dataset.was = html
  select.replaceChildren(...list.map(([value, text]) => new Option(text, value, false, String(value) === String(chosen))))
}

function setReply(message) {
  replyTo = message
  const line = document.getElementById('reply')
  line.hidden = !message
  const told = message && box.querySelector('[data-id="' + message.id + '"] .text')
  line.querySelector('span').textContent = message ? '↩ ' + (told ? told.textContent.replace(/[🔵🟠🔴✅❓]/gu, '').trim().slice(0, 24) : message.id) : ''
  field.placeholder = (message && message.placeholder) || placeholder
}

async function refresh() {
  const query = new URLSearchParams({ chat: pick.chat.value, person: pick.person.value, lang })
  const view = await (await fetch('/sandbox/view?' + query)).json()
  options(pick.person, view.persons.map((one) => [one.id, one.name]), view.person)
  options(pick.chat, view.chats.map((one) => [one.key, one.title]), view.chat)
  if (shown !== view.html) {
    shown = view.html
    const { scrollTop } = box
    box.innerHTML = view.html
    box.scrollTop = atEnd ? box.scrollHeight : scrollTop
  }
  if (view.asked && view.asked.id !== dropped && !replyTo) setReply(view.asked)
}

async function post(verb, body) {
  const answer = await fetch('/sandbox/api/chats/' + encodeURIComponent(pick.chat.value) + '/' + verb, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ person: Number(pick.person.value), ...body }),
  })
  const told = await answer.json()
  if (!answer.ok) toast(told.error, true)
  await refresh()
  return told
}

const inTopic = () => {
  const found = replyTo && box.querySelector('[data-id="' + replyTo.id + '"]')
  return found && found.dataset.thread ? { thread: Number(found.dataset.thread) } : {}
}
const answered = () => (replyTo ? { replyTo: replyTo.id } : {})
function sent() {
  dropped = replyTo ? replyTo.id : dropped
  setReply(undefined)
  atEnd = true
  box.scrollTop = box.scrollHeight
}

async function press(message, button) {
  const { press } = await post('press', { message, button })
  for (let tries = 0; press && tries < 20; tries++) {
    const { answer } = await (await fetch('/sandbox/api/press?id=' + press)).json()
    if (answer && answer.text && answer.alert) alert(answer.text)
    else if (answer && answer.text) toast(answer.text)
    if (answer) return refresh()
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const text = field.value.trim()
  if (!text) return
  field.value = ''
  post('say', { text, ...answered(), ...inTopic() }).then(sent)
})
document.getElementById('photo').addEventListener('click', () => {
  const caption = field.value.trim()
  field.value = ''
  post('photo', { photos: 1, caption, ...answered(), ...inTopic() }).then(sent)
})
document.getElementById('drop').addEventListener('click', () => {
  dropped = replyTo && replyTo.id
  setReply(undefined)
})
for (const select of Object.values(pick)) select.addEventListener('change', () => { setReply(undefined); refresh() })
box.addEventListener('click', (event) => {
  const article = event.target.closest('article')
  const button = event.target.closest('button')
  if (!article || !button) return
  const id = Number(article.dataset.id)
  if (button.className === 'answer') setReply({ id })
  else press(id, button.dataset.press)
})

async function watch() {
  try { await refresh() } catch { /* the sandbox is away; ask again */ }
  setTimeout(watch, 1000)
}
watch()
`
