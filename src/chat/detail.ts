import type { Happening } from '../complaints/complaint.ts'
import type { Recorded } from '../complaints/fact.ts'
import { maskNumbers } from '../complaints/person.ts'
import { type Plan, plan } from './card.ts'
import { text } from './texts.ts'
import { clockTime } from './times.ts'
import type { View } from './view.ts'

const steps = 12

/** The whole story, for one person: the card's lines, then what happened, newest last. No buttons: those stay on the card. */
export function detail(view: View, facts: readonly Recorded[]): Plan {
  const { complaint, language, zone } = view
  const card = plan(view)
  const taken = new Set(facts.flatMap(({ fact }) => (fact.kind === 'unnoted' ? [fact.note] : [])))
  const n = complaint.running
  const notes = facts.toReversed().flatMap(({ id, fact, at }) => {
    if (fact.kind === 'noted' && !taken.has(id))
      return [{ at, line: text(language, 'fact.noted', { n, by: fact.by.name, text: fact.text }) }]
    return fact.kind === 'revealed' ? [{ at, line: text(language, 'fact.revealed', { n, by: fact.by.name }) }] : []
  })
  const happened = complaint.timeline.map((step) => ({ at: step.at, line: stepLine(view, step) }))
  const story = [...happened, ...notes].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).slice(-steps)
  return {
    ...card,
    title: text(language, 'detail.title', { n: complaint.running }),
    lines: [
      ...card.lines,
      { label: text(language, 'line.opened'), text: clockTime(complaint.openedAt, zone) },
      { label: text(language, 'line.number'), text: complaint.number },
      ...story.map(({ at, line }) => ({ label: clockTime(at, zone), text: line })),
    ],
    buttons: [],
  }
}

function stepLine({ language }: View, { by, label, text: words }: Happening): string {
  const who = text(language, `by.${by}`)
  return words ? text(language, 'detail.said', { who, label, text: maskNumbers(words) }) : `${who} · ${label}`
}
