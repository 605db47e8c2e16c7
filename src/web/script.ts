/** What a page without it does as well, only less kindly: the countdown, smaller photos, no second press, a look at how it went. */
export const script = `
const span = (words, ms) => {
  const minutes = Math.floor(Math.abs(ms) / 60000)
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60]
  const part = (name, n) => words[name].replace('{n}', n)
  return [days > 0 && part('days', days), hours > 0 && part('hours', hours), days === 0 && (rest > 0 || hours === 0) && part('minutes', rest)].filter(Boolean).slice(0, 2).join(' ')
}
// By our clock: the browser's may be wrong.
const now = () => Date.parse(document.body.dataset.now) + performance.now()
for (const node of document.querySelectorAll('[data-due]')) {
  const words = JSON.parse(node.dataset.words)
  const show = () => {
    const left = Date.parse(node.dataset.due) - now()
    node.textContent = words[left > 0 ? 'left' : 'late'].replace('{time}', span(words, left))
  }
  setInterval(show, 10000)
}
const smaller = async (file) => {
  if (file.size < 900000) return file
  try {
    const bitmap = await createImageBitmap(file)
    const scale = Math.min(1, 2000 / Math.max(bitmap.width, bitmap.height))
    const canvas = Object.assign(document.createElement('canvas'), { width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale) })
    canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.85))
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\\.\\w+$/, '') + '.jpg', { type: 'image/jpeg' }) : file
  } catch {
    return file
  }
}
for (const input of document.querySelectorAll('input[type=file]')) {
  const buttons = [...input.form.querySelectorAll('button')]
  input.addEventListener('change', async () => {
    for (const button of buttons) button.disabled = true
    const all = new DataTransfer()
    for (const file of input.files) all.items.add(await smaller(file))
    input.files = all.files
    const chosen = input.form.querySelector('.chosen')
    chosen.textContent = all.files.length ? chosen.dataset.words.replace('{count}', all.files.length) : ''
    for (const button of buttons) button.disabled = false
  })
}
for (const chip of document.querySelectorAll('[data-fill]'))
  chip.addEventListener('click', () => {
    const field = document.querySelector('.step textarea')
    field.value = chip.dataset.fill
    field.focus()
  })
let going = false
for (const form of document.querySelectorAll('form'))
  form.addEventListener('submit', (event) => {
    if (going) return event.preventDefault()
    going = true
    setTimeout(() => { for (const button of document.querySelectorAll('button')) button.disabled = true })
  })
addEventListener('pageshow', (event) => { if (event.persisted) location.reload() })
if (document.body.dataset.busy) setTimeout(() => { if (!going && !document.querySelector('textarea:focus')) location.replace(location.href) }, 2500)
`
