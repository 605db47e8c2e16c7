/** Elements without HTML: text from outside is only ever text. */
export const dom = String.raw`
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value)
    else if (name === 'class') node.className = value
    else if (name === 'data') Object.assign(node.dataset, value)
    else if (name in node && name !== 'list' && name !== 'role') node[name] = value
    else node.setAttribute(name, value === true ? '' : value)
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false))
  return node
}

export const find = (id) => document.getElementById(id)

const paths = {
  send: ['M4.5 12 20 4.5 16.5 20l-4.6-5.6z', 'm11.9 14.4 3-4'],
  photo: ['M4 6.5h16v12H4z', 'm4.5 17 4.6-5 3.6 3.8 2.6-2.6 4.2 4', 'M15.2 10.1h.1'],
  close: ['m6.5 6.5 11 11', 'm17.5 6.5-11 11'],
  reply: ['M9.5 6 4.5 11l5 5', 'M5 11h8.5a6 6 0 0 1 6 6v1.5'],
  menu: ['M4.5 7h15', 'M4.5 12h15', 'M4.5 17h15'],
  clock: ['M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z', 'M12 8v4.3l2.8 1.7'],
  down: ['M12 5v13', 'm6.5 12.5 5.5 5.5 5.5-5.5'],
  reload: ['M19 12a7 7 0 1 1-2.2-5.1L19 9', 'M19 4.5V9h-4.5'],
  open: ['M13 5h6v6', 'M19 5 11 13', 'M17 14v5H5V7h5'],
  eye: ['M3 12s3.4-6 9-6 9 6 9 6-3.4 6-9 6-9-6-9-6z', 'M12 9.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8z'],
  left: ['m14.5 6-6 6 6 6'],
  right: ['m9.5 6 6 6-6 6'],
  warn: ['M12 4.5 21 19.5H3z', 'M12 10v4.5', 'M12 17h.1'],
  chat: ['M5 5.5h14v10.5h-6.5L8 19.5V16H5z'],
  pane: ['M4 5.5h16v13H4z', 'M4 9.5h16'],
  tick: ['m5.5 12.5 4.3 4.3 8.7-9.3'],
}

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  for (const d of paths[name]) {
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
    path.setAttribute('d', d)
    svg.append(path)
  }
  return svg
}

const palette = ['#3b6fd4', '#0f8a7e', '#b4632a', '#7a55c7', '#b8436b', '#4d7c2a', '#28779f', '#8a6414']

/** Two signs of a Chinese name (the given name), two initials of another. */
const initials = (name) => {
  const signs = [...name.trim()]
  if (signs.some((sign) => sign > '\u2e80')) return signs.slice(-2).join('')
  return name.trim().split(/\s+/).slice(0, 2).map((part) => part[0]).join('').toUpperCase()
}

export function avatar(person, size = '') {
  const node = el('span', { class: 'avatar ' + size, 'aria-hidden': 'true' }, initials(person.name))
  const sum = [...person.id].reduce((all, sign) => all * 31 + sign.charCodeAt(0), 7)
  node.style.setProperty('--tint', person.colour ?? palette[Math.abs(sum) % palette.length])
  return node
}

export const botAvatar = (size = '') =>
  el('span', { class: 'avatar bot ' + size, 'aria-hidden': 'true' }, el('img', { src: '/icon.svg', alt: '' }))
`
