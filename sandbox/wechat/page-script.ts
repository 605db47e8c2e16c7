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
function leftText(ms) {
  const minutes = Math.floor((ms - Date.now()) / 60000)
  if (minutes < 0) return ''
  const hours = Math.floor(minutes / 60)
  const zh = hours > 0 ? hours + ' 小时 ' + (minutes % 60) + ' 分' : minutes + ' 分'
  const en = hours > 0 ? hours + ' h ' + (minutes % 60) + ' min' : minutes + ' min'
  return lang === 'zh' ? '（剩 ' + zh + '）' : '(' + en + ' left)'
}
function setTimes() {
  for (const one of document.querySelectorAll('[data-time]')) one.textContent = clockText(Number(one.dataset.time))
  for (const one of document.querySelectorAll('[data-left]')) one.textContent = leftText(Number(one.dataset.left))
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
    if (was && now) now.value = was.value
    const focused = was && document.activeElement === was
    old.node.replaceWith(fresh)
    if (focused && now) now.focus()
  } else {
    cards.insertBefore(fresh, before)
  }
  known.set(card.id, { html: card.html, node: fresh })
}

function swap(box, html) {
  if (swap[box.id] === html) return
  swap[box.id] = html
  box.lastElementChild.outerHTML = html
}

async function refresh() {
  const orders = document.getElementById('orders')
  const answer = await fetch('/sandbox/cards?lang=' + lang + (orders.open ? '&orders=1' : ''))
  const told = await answer.json()
  swap(document.getElementById('programs'), told.programs)
  if (told.orders) swap(orders, told.orders)
  const list = told.cards
  document.getElementById('empty').hidden = list.length > 0
  for (const card of [...list].reverse()) {
    if (known.get(card.id)?.html !== card.html) place(card, cards.firstElementChild)
  }
  setTimes()
}

async function post(path, body) {
  try { await send(path, body) } catch (error) { toast(String(error.message), true) }
}
async function send(path, body) {
  const answer = await fetch('/sandbox/api/' + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const told = await answer.json()
  toast(answer.ok ? document.body.dataset.sent : told.error, !answer.ok)
  await refresh()
}

let next = 0
function fill() {
  const sample = samples[next % samples.length]
  form.elements.type.value = String(sample.type)
  form.elements.text.value = sample.text
  form.elements.product.value = sample.product
  form.elements.amount.value = (sample.amount / 100).toFixed(2)
  form.elements.nickname.value = sample.nickname
  form.elements.photos.value = String(sample.photos)
}
function fen(text) {
  const [yuan, rest = ''] = text.trim().split('.')
  return Number(yuan) * 100 + Number((rest + '00').slice(0, 2))
}

document.getElementById('another').addEventListener('click', () => { next++; fill() })
form.elements.type.addEventListener('change', () => {
  const found = samples.findIndex((one) => String(one.type) === form.elements.type.value)
  if (found >= 0) { next = found; fill() }
})
form.addEventListener('submit', (event) => {
  event.preventDefault()
  const e = form.elements
  post('complaints', {
    appid: e.appid.value, type: Number(e.type.value), text: e.text.value, product: e.product.value,
    amount: fen(e.amount.value), nickname: e.nickname.value, photos: Number(e.photos.value),
  }).then(() => {
    next++
    fill()
    cards.firstElementChild?.scrollIntoView({ behavior: 'smooth', block: 'start' })
  })
})
document.getElementById('orders').addEventListener('toggle', () => { refresh().catch(() => {}) })
document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-path]')
  if (!button) return
  const field = button.closest('article')?.querySelector('[name=words]')
  const wording = field && field.value.trim()
  if (field) field.value = ''
  button.disabled = true
  post(button.dataset.path, { ...JSON.parse(button.dataset.body || '{}'), ...(wording ? { wording } : {}) })
    .then(() => { button.disabled = false })
})
cards.addEventListener('change', (event) => {
  const select = event.target.closest('select[data-move]')
  if (!select) return
  const card = select.closest('article')
  post('complaints/' + card.dataset.id + '/' + encodeURIComponent(select.dataset.move + ':' + select.value), {})
})
cards.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-move]')
  if (!button) return
  const card = button.closest('article')
  const field = card.querySelector('[name=words]')
  const content = (field && field.value.trim()) || button.dataset.words
  if (field) field.value = ''
  button.disabled = true
  post('complaints/' + card.dataset.id + '/' + encodeURIComponent(button.dataset.move), { content })
    .then(() => { button.disabled = false })
})

async function watch() {
  try { await refresh() } catch { /* the sandbox is away; ask again */ }
  setTimeout(watch, 1000)
}
fill()
watch()
`
