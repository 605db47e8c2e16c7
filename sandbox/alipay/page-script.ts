/** The page's own script: asks every second, changes what differs, sends what is pressed. */
export const script = `'use strict'
const lang = document.body.dataset.lang
const cards = document.getElementById('cards')
const form = document.getElementById('complain')
const samples = JSON.parse(form.dataset.samples)
const known = new Map()

// The platform's own time: Beijing's, wherever the reader is.
const beijing = (ms) => new Date(ms + 8 * 3600000).toISOString()
function clockText(ms) {
  const at = beijing(ms)
  const today = beijing(Date.now()).slice(0, 10) === at.slice(0, 10)
  return today ? at.slice(11, 19) : at.slice(5, 10) + ' ' + at.slice(11, 16)
}
function setTimes() {
  for (const one of document.querySelectorAll('[data-time]')) one.textContent = clockText(Number(one.dataset.time))
}

function toast(text, bad) {
  const box = document.getElementById('toast')
  box.textContent = text
  box.className = bad ? 'shown bad' : 'shown'
  clearTimeout(toast.timer)
  toast.timer = setTimeout(() => { box.className = '' }, 2500)
}

function place(card, before) {
  const template = document.createElement('template')
  template.innerHTML = card.html
  const fresh = template.content.firstElementChild
  const old = known.get(card.id)
  if (old) {
    const was = old.node.querySelector('[name=words]')
    const now = fresh.querySelector('[name=words]')
    now.value = was.value
    const focused = document.activeElement === was
    old.node.replaceWith(fresh)
    if (focused) now.focus()
  } else {
    cards.insertBefore(fresh, before)
  }
  known.set(card.id, { html: card.html, node: fresh })
}

let merchants
async function refresh() {
  const answer = await fetch('/sandbox/cards?lang=' + lang)
  const told = await answer.json()
  if (merchants !== told.merchants) document.getElementById('merchants').innerHTML = told.merchants
  merchants = told.merchants
  document.getElementById('empty').hidden = told.cards.length > 0
  for (const card of [...told.cards].reverse()) {
    if (known.get(card.id)?.html !== card.html) place(card, cards.firstElementChild)
  }
  setTimes()
}

async function post(path, body) {
  try {
    const answer = await fetch('/sandbox/api/' + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const told = await answer.json()
    toast(answer.ok ? document.body.dataset.sent : told.error, !answer.ok)
    await refresh()
  } catch (error) {
    toast(String(error.message), true)
  }
}

let next = 0
function fill() {
  const sample = samples[next % samples.length]
  for (const name of ['source', 'text', 'subject']) form.elements[name].value = sample[name]
  form.elements.amount.value = (sample.amount / 100).toFixed(2)
  form.elements.photos.value = String(sample.photos)
}
function fen(text) {
  const [yuan, rest = ''] = text.trim().split('.')
  return Number(yuan) * 100 + Number((rest + '00').slice(0, 2))
}

document.getElementById('another').addEventListener('click', () => { next++; fill() })
form.addEventListener('submit', (event) => {
  event.preventDefault()
  const e = form.elements
  const { pid, text, subject } = { pid: e.pid.value, text: e.text.value, subject: e.subject.value }
  post(e.source.value, { pid, text, subject, amount: fen(e.amount.value), photos: Number(e.photos.value) }).then(() => {
    next++
    fill()
    cards.firstElementChild?.scrollIntoView({ behavior: 'smooth', block: 'start' })
  })
})
document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-path], button[data-move]')
  if (!button) return
  button.disabled = true
  const freed = () => { button.disabled = false }
  if (button.dataset.path) {
    post(button.dataset.path, JSON.parse(button.dataset.body || '{}')).then(freed)
    return
  }
  const card = button.closest('article')
  const field = card.querySelector('[name=words]')
  const text = field.value.trim() || button.dataset.words
  field.value = ''
  post(card.dataset.id + '/' + button.dataset.move, { text }).then(freed)
})

async function watch() {
  try { await refresh() } catch { /* the sandbox is away; ask again */ }
  setTimeout(watch, 1000)
}
fill()
watch()
`
