import { chatScript } from '../page/chat-script.ts'

/** The page's own script: asks every second, shows what differs, sends what is pressed. */
export const script = `${chatScript}
const pick = { person: document.getElementById('person'), chat: document.getElementById('chat') }
const placeholder = field.placeholder
let replyTo
let dropped

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
  draw(view.html)
  if (view.asked && view.asked.id !== dropped && !replyTo) setReply(view.asked)
}

const post = (verb, body) =>
  send('chats/' + encodeURIComponent(pick.chat.value) + '/' + verb, { person: Number(pick.person.value), ...body })

const inTopic = () => {
  const found = replyTo && box.querySelector('[data-id="' + replyTo.id + '"]')
  return found && found.dataset.thread ? { thread: Number(found.dataset.thread) } : {}
}
const answered = () => (replyTo ? { replyTo: replyTo.id } : {})
function sent() {
  dropped = replyTo ? replyTo.id : dropped
  setReply(undefined)
  toEnd()
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

watch()
`
