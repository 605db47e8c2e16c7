/** The script of a page that is a log: entries drawn anew only where they differ, and wishes sent. */
export const logScript = `'use strict'
const lang = document.body.dataset.lang
const box = document.getElementById('log')
const sources = new WeakMap()
let shown = ''

function toast(text, bad) {
  const box = document.getElementById('toast')
  box.textContent = text
  box.className = bad ? 'shown bad' : 'shown'
  clearTimeout(toast.timer)
  toast.timer = setTimeout(() => { box.className = '' }, 3000)
}

// An entry that is as it was keeps its node, with what is opened in it.
function draw(html) {
  if (shown === html) return
  shown = html
  const template = document.createElement('template')
  template.innerHTML = html
  const old = new Map([...box.children].map((node) => [node.dataset.id, node]))
  box.replaceChildren(...[...template.content.children].map((fresh) => {
    const was = old.get(fresh.dataset.id)
    if (was && sources.get(was) === fresh.outerHTML) return was
    sources.set(fresh, fresh.outerHTML)
    return fresh
  }))
}

async function refresh() {
  const answer = await fetch('/sandbox/view?lang=' + lang)
  draw((await answer.json()).html)
}

async function send(path, body) {
  const answer = await fetch('/sandbox/api/' + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const told = await answer.json()
  if (!answer.ok) toast(told.error, true)
  else if (told.says) toast(told.says)
  await refresh()
}

document.addEventListener('click', async (event) => {
  const button = event.target.closest('button[data-path]')
  if (!button) return
  button.disabled = true
  try {
    await send(button.dataset.path, JSON.parse(button.dataset.body || '{}'))
  } catch (error) {
    toast(String(error.message), true)
  }
  button.disabled = false
})

async function watch() {
  try { await refresh() } catch { /* the sandbox is away; ask again */ }
  setTimeout(watch, 1000)
}
watch()
`
