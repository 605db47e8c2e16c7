/** Photos on their way: picked, dropped or pasted; shown while they are sent up. */
export const staging = `
import { el, icon } from './dom.js'
import { toast } from './overlay.js'
import { t } from './store.js'
import { pictureAt, upload } from './wire.js'

const most = 20

export function stager(changed) {
  let items = []
  const view = el('div', { class: 'staged', hidden: true })
  const input = el('input', {
    type: 'file',
    accept: 'image/png,image/jpeg,image/gif,image/webp',
    multiple: true,
    hidden: true,
    onchange: () => {
      add([...input.files])
      input.value = ''
    },
  })

  function draw() {
    view.hidden = items.length === 0
    view.replaceChildren(
      ...items.map((item) =>
        el(
          'span',
          { class: 'stage' + (item.id ? '' : ' busy'), data: { testid: 'staged' } },
          item.id && el('img', { src: pictureAt(item.id), alt: t('post.picture') }),
          el('button', { type: 'button', 'aria-label': t('write.remove'), onclick: () => drop(item) }, icon('close')),
        ),
      ),
      input,
    )
    changed()
  }
  const drop = (item) => {
    items = items.filter((other) => other !== item)
    draw()
  }
  async function add(files) {
    if (items.length + files.length > most) toast(t('refused.many'), view.parentElement?.getBoundingClientRect())
    for (const file of files.slice(0, most - items.length)) {
      const item = { id: '' }
      items.push(item)
      draw()
      const { id, error } = await upload(file)
      if (error) toast(t(error), view.parentElement?.getBoundingClientRect())
      if (!id || items.some((other) => other.id === id)) drop(item)
      else {
        item.id = id
        draw()
      }
    }
  }

  view.append(input)
  return {
    view,
    choose: () => input.click(),
    ids: () => items.flatMap(({ id }) => (id ? [id] : [])),
    busy: () => items.some(({ id }) => !id),
    clear() {
      items = []
      draw()
    },
    /** Takes what is dropped on the area and pasted into the words. */
    accept(area, words) {
      let depth = 0
      const has = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files')
      const mark = (step) => {
        depth = step === 0 ? 0 : Math.max(0, depth + step)
        area.classList.toggle('dropping', depth > 0)
      }
      area.dataset.drop = t('write.drop')
      area.addEventListener('dragenter', (event) => has(event) && mark(1))
      area.addEventListener('dragleave', (event) => has(event) && mark(-1))
      area.addEventListener('dragover', (event) => has(event) && event.preventDefault())
      area.addEventListener('drop', (event) => {
        if (!has(event)) return
        event.preventDefault()
        event.stopPropagation()
        mark(0)
        add([...event.dataTransfer.files])
      })
      words.addEventListener('paste', (event) => {
        const files = [...(event.clipboardData?.files ?? [])]
        if (files.length === 0) return
        event.preventDefault()
        add(files)
      })
    },
  }
}
`
