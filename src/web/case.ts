import { lineOf } from '../chat/lines.ts'
import { text } from '../chat/texts.ts'
import { type View, viewOf } from '../chat/view.ts'
import type { Complaint } from '../complaints/complaint.ts'
import type { Recorded } from '../complaints/fact.ts'
import { isOn } from '../complaints/merchant.ts'
import { withoutNumbers } from '../complaints/person.ts'
import type { Instant, PictureHash } from '../core/words.ts'
import { picturePlaces } from '../inbox/pictures.ts'
import type { Platforms } from '../platforms/registry.ts'
import { findAction } from '../storage/actions.ts'
import { factsOf } from '../storage/facts.ts'
import { heldPictures } from '../storage/pictures.ts'
import type { Room } from '../storage/rooms.ts'
import { readerOf } from '../storage/seats.ts'
import type { Reads } from '../storage/storage.ts'

/** One thing that happened. */
export interface Step {
  readonly at: Instant
  readonly by: 'user' | 'merchant' | 'platform' | 'us'
  readonly words: string
  readonly pictures: readonly PictureHash[]
}

/** All that a page of a complaint is drawn from. */
export interface Case {
  readonly view: View
  /** The newest first. */
  readonly story: readonly Step[]
  /** The complaint's own. */
  readonly pictures: readonly PictureHash[]
  /** Its account, and the merchant under it, are not switched off. */
  readonly enabled: boolean
}

/** @param masked by a link that may have been passed on: no notes of the team, no number that a person can be called by */
export async function caseOf(
  reads: Reads,
  platforms: Platforms,
  of: { readonly complaint: Complaint; readonly room: Room; readonly masked: boolean },
): Promise<Case> {
  const view = await viewOf(reads, platforms, of)
  const seen = of.masked ? { ...view, complaint: withoutNumbers(view.complaint) } : view
  const { complaint } = seen
  const facts = (await factsOf(reads, complaint.id, 200)).filter(({ fact }) => !of.masked || !isOurs(fact.kind))
  const hashes = new Map((await heldPictures(reads, complaint.id)).map(({ place, hash }) => [place, hash]))
  const held = picturePlaces(complaint).map(({ place }) => hashes.get(place))
  const own = distinct(held.slice(0, complaint.pictures.length))
  const seat = await readerOf(reads, complaint)
  return {
    view: seen,
    story: [...happened(seen, held.slice(complaint.pictures.length), own), ...(await done(reads, seen, facts))].sort(
      (a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0),
    ),
    pictures: own,
    enabled: seat !== undefined && isOn(seat),
  }
}

const isOurs = (kind: Recorded['fact']['kind']): boolean =>
  kind === 'noted' || kind === 'unnoted' || kind === 'revealed' || kind === 'snoozed'

/** As the platform tells it. `held`: the pictures of all steps, in their order; those that are `shown` already are not shown twice. */
function happened(
  { complaint, language }: View,
  held: readonly (PictureHash | undefined)[],
  shown: readonly PictureHash[],
): readonly Step[] {
  let at = 0
  return complaint.timeline.map((step) => {
    const pictures = distinct(held.slice(at, at + step.pictures.length)).filter((hash) => !shown.includes(hash))
    at += step.pictures.length
    const words =
      step.text && step.label ? text(language, 'step.said', { label: step.label, text: step.text }) : step.label
    return { at: step.at, by: step.by, words, pictures }
  })
}

/** As we know it: what the platform tells is not told twice. */
async function done(reads: Reads, view: View, facts: readonly Recorded[]): Promise<readonly Step[]> {
  const { complaint, language, zone, now } = view
  const taken = new Set(facts.flatMap(({ fact }) => (fact.kind === 'unnoted' ? [fact.note] : [])))
  const steps: Step[] = []
  for (const { id, at, fact } of facts) {
    if (fact.kind === 'said' || fact.kind === 'ruled' || taken.has(id)) continue
    const stored = fact.kind === 'acted' ? await findAction(reads, fact.action) : undefined
    const line = lineOf(fact, { complaint, language, zone, now, edit: 'any-time', ...(stored ? { stored } : {}) })
    const by = fact.kind === 'turned' || fact.kind === 'reminded' ? 'platform' : 'us'
    // The number stands over the page.
    if (line) steps.push({ at, by, words: line.replace(`#${complaint.running} `, ''), pictures: [] })
  }
  return steps
}

const distinct = (hashes: readonly (PictureHash | undefined)[]): readonly PictureHash[] => [
  ...new Set(hashes.filter((hash) => hash !== undefined)),
]
