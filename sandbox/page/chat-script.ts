/** What the script of every played chat begins with: messages drawn anew only where they differ, and wishes sent. Its own `refresh` follows. */
export const chatScript = `'use strict'
const lang = document.body.dataset.lang
const box = document.getElementById('messages')
const form = document.getElementById('say')
const field = form.elements.text
let shown = ''
let atEnd = true
const sources = new WeakMap()

box.addEventListener('scroll', () => { atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80 })
// Pictures have no height before they are there.
box.addEventListener('load', () => { if (atEnd) toEnd() }, true)
new ResizeObserver(() => { if (atEnd) toEnd() }).observe(box)
function toEnd() {
  atEnd = true
  box.scrollTop = box.scrollHeight
}

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

// A message that is as it was keeps its node, with what is chosen and opened in it.
function draw(html) {
  if (shown === html) return
  shown = html
  const template = document.createElement('template')
  template.innerHTML = html
  const old = new Map([...box.children].map((node) => [node.dataset.id, node]))
  const { scrollTop } = box
  box.replaceChildren(...[...template.content.children].map((fresh) => {
    const was = fresh.dataset.id && old.get(fresh.dataset.id)
    if (was && sources.get(was) === fresh.outerHTML) return was
    sources.set(fresh, fresh.outerHTML)
    return fresh
  }))
  box.scrollTop = atEnd ? box.scrollHeight : scrollTop
}

async function send(path, body) {
  const answer = await fetch('/sandbox/api/' + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const told = await answer.json()
  if (!answer.ok) toast(told.error, true)
  await refresh()
  return told
}

async function watch() {
  try { await refresh() } catch { /* the sandbox is away; ask again */ }
  setTimeout(watch, 1000)
}
`
