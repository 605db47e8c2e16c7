/** Words of time; the server's clock counts, not this machine's. */
export const time = `
import { state, t } from './store.js'

export const now = () => Date.now() + state.ahead

const locale = () => (state.language === 'en' ? 'en-GB' : 'zh-CN')
const two = (number) => String(number).padStart(2, '0')

export const clockText = (at) => {
  const date = new Date(at)
  return two(date.getHours()) + ':' + two(date.getMinutes())
}

export function dayText(at) {
  const date = new Date(at)
  const days = Math.round((new Date(now()).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86400000)
  if (days === 0) return t('day.today')
  if (days === 1) return t('day.yesterday')
  return date.toLocaleDateString(locale(), { month: 'long', day: 'numeric' })
}

export const fullText = (at) =>
  new Date(at).toLocaleDateString(locale(), { month: 'long', day: 'numeric' }) + ' ' + clockText(at)

function span(ms) {
  const seconds = Math.floor(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours >= 72) return t('time.days', { a: Math.floor(hours / 24), b: hours % 24 })
  if (hours >= 1) return t('time.hours', { a: hours, b: minutes % 60 })
  return t('time.minutes', { a: minutes, b: two(seconds % 60) })
}

/** Shows how long is left, and goes on doing so while the element is on the page. */
export function countdown(node, due) {
  node.dataset.due = due
  tick(node)
  return node
}

function tick(node) {
  const left = Date.parse(node.dataset.due) - now()
  const text = left >= 0 ? t('due.left', { time: span(left) }) : t('due.over', { time: span(-left) })
  if (node.lastChild.data !== text) node.lastChild.data = text
  node.closest('.card')?.classList.toggle('over', left < 0)
}

export const startTicking = () => {
  setInterval(() => {
    for (const node of document.querySelectorAll('[data-due]')) tick(node)
  }, 1000)
}
`
