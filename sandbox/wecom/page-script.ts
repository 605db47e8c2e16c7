import { chatScript } from '../page/chat-script.ts'

/** The page's own script: asks every second, shows what differs, sends what is said and pressed. */
export const script = `${chatScript}
const people = document.getElementById('person')
const chats = document.getElementById('chats')
const trouble = document.getElementById('trouble')
let chat = ''
let quoted
let parcels = 0
const staged = []

function element(tag, text, look) {
  const made = document.createElement(tag)
  made.textContent = text
  if (look) made.className = look
  return made
}

// Drawn only where it differs, so that what is being pressed stays.
function list(parent, wanted, make) {
  const was = JSON.stringify(wanted)
  if (parent.dataset.was === was) return
  parent.dataset.was = was
  parent.replaceChildren(...wanted.map(make))
}

function chatLine({ key, name, kind, last, away, chosen }) {
  const line = element('button', '', kind)
  line.dataset.chat = key
  line.setAttribute('aria-current', String(chosen))
  const words = element('span', '', 'words')
  const gone = (kind === 'group' ? away.join(', ') + ' · ' : '') + chats.dataset.away
  words.append(element('b', name), away.length > 0 ? element('span', gone, 'small away') : element('span', last, 'small'))
  line.append(element('span', [...name][0], 'face fbot'), words)
  return line
}

function mention(name) {
  const made = element('button', '@' + name)
  made.type = 'button'
  made.dataset.mention = '@' + name + ' '
  return made
}

function mark(presses) {
  for (const article of box.querySelectorAll('article')) {
    const press = presses.find(({ message }) => message === article.dataset.id)
    const turning = press && press.state === 'open'
    article.classList.toggle('missed', Boolean(press && press.state === 'late'))
    for (const one of article.querySelectorAll('[data-key]')) one.classList.toggle('turning', Boolean(turning && one.dataset.key === press.key))
    const menu = article.querySelector('.menu')
    if (menu) menu.firstElementChild.classList.toggle('turning', Boolean(menu.querySelector('.turning[data-key]')))
  }
}

async function refresh() {
  const asked = people.value
  const wanted = chat
  const answer = await fetch('/sandbox/view?' + new URLSearchParams({ chat, person: asked, lang }))
  const view = await answer.json()
  if (!answer.ok) return toast(view.error, true)
  // Another chat was chosen meanwhile: what came is of the one before.
  if (people.value !== asked || chat !== wanted) return
  chat = view.chat
  options(people, view.persons.map((one) => [one.id, one.name]), view.person)
  list(chats, view.chats.map((one) => ({ ...one, chosen: one.key === view.chat })), chatLine)
  list(document.getElementById('bots'), view.bots, mention)
  draw(view.html)
  mark(view.presses)
  trouble.hidden = !view.trouble
  trouble.textContent = view.trouble ? trouble.dataset[view.trouble.over] + ' · ' + view.trouble.seconds + ' ' + trouble.dataset.seconds : ''
  return view
}

function setQuote(id) {
  quoted = id
  const line = document.getElementById('reply')
  line.hidden = !id
  const told = id && box.querySelector('[data-id="' + id + '"]')
  line.querySelector('span').textContent = told ? '「' + told.dataset.brief + '」' : ''
}

function showStaged() {
  const line = document.getElementById('staged')
  line.hidden = staged.length === 0
  line.replaceChildren(...staged.map((url, index) => {
    const made = element('button', '')
    made.type = 'button'
    made.dataset.staged = index
    const picture = document.createElement('img')
    picture.src = url
    made.append(picture, '×')
    return made
  }))
}

const dataUrl = (blob) => new Promise((resolve, reject) => {
  const reader = new FileReader()
  reader.onload = () => resolve(reader.result)
  reader.onerror = () => reject(reader.error)
  reader.readAsDataURL(blob)
})

async function stage(...blobs) {
  for (const blob of blobs) staged.push(await dataUrl(blob))
  showStaged()
  field.focus()
}

const told = (path, body) => send(path, { person: people.value, chat, ...body }).catch((error) => toast(String(error.message), true))

async function say() {
  const text = field.value.trim()
  if (!text && staged.length === 0) return
  const photos = staged.splice(0).map((url) => url.slice(url.indexOf(',') + 1))
  const quote = quoted ? { quote: quoted } : {}
  field.value = ''
  setQuote(undefined)
  showStaged()
  await told('say', { text, photos, ...quote })
  toEnd()
}

async function press(article, button) {
  const choice = article.querySelector('select[data-touched]')
  await told('press', { message: article.dataset.id, button: button.dataset.key, ...(choice ? { choose: choice.value } : {}) })
  for (let tries = 0; tries < 20; tries++) {
    const view = await refresh()
    if (!view || !view.presses.some(({ state }) => state === 'open')) return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

function look(at) {
  chat = at
  setQuote(undefined)
  toEnd()
  refresh()
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  say()
})
field.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
  event.preventDefault()
  form.requestSubmit()
})
form.addEventListener('click', ({ target }) => {
  const button = target.closest('button')
  if (!button) return
  if (button.dataset.mention) {
    if (!field.value.startsWith(button.dataset.mention)) field.value = button.dataset.mention + field.value
    field.focus()
  }
  if (button.dataset.staged) {
    staged.splice(Number(button.dataset.staged), 1)
    showStaged()
  }
})
document.getElementById('file').addEventListener('change', ({ target }) => {
  stage(...target.files).then(() => { target.value = '' })
})
document.getElementById('parcel').addEventListener('click', async () => {
  stage(await (await fetch('/sandbox/parcel.png?number=' + ++parcels)).blob())
})
document.getElementById('drop').addEventListener('click', () => setQuote(undefined))
document.getElementById('spoil').addEventListener('click', ({ target }) => {
  const { trouble, cut } = target.dataset
  if (trouble) told('trouble', { over: trouble })
  if (cut !== undefined) told('cut', {})
  if (trouble || cut !== undefined) document.getElementById('spoil').open = false
})
people.addEventListener('change', () => look(chat.startsWith('group ') ? chat : ''))
chats.addEventListener('click', ({ target }) => {
  const line = target.closest('[data-chat]')
  if (line) look(line.dataset.chat)
})
box.addEventListener('change', ({ target }) => { target.dataset.touched = '' })
box.addEventListener('click', ({ target }) => {
  const article = target.closest('article')
  const button = target.closest('button')
  if (!article || !button) return
  if (button.className === 'answer') return setQuote(article.dataset.id)
  const menu = button.closest('.menu')
  if (menu) menu.open = false
  press(article, button)
})

document.addEventListener('click', ({ target }) => {
  for (const one of document.querySelectorAll('details[open]')) if (!one.contains(target)) one.open = false
})

watch()
`
