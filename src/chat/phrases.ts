import type { Phrases } from '../notify/phrases.ts'
import { findAction } from '../storage/actions.ts'
import { lineOf } from './lines.ts'
import { noticeLine } from './notices.ts'
import { text } from './texts.ts'

/** The words of the group, for those who are told elsewhere. */
export const chatPhrases: Phrases = {
  turn: (complaint, { language }) => text(language, `phase.${complaint.phase}`),
  async fact(reads, { complaint, told: { fact } }, { language, zone, now }) {
    const stored = 'action' in fact ? await findAction(reads, fact.action) : undefined
    // Nobody has a card beside it: what the card would show is said, too.
    return lineOf(fact, { complaint, language, zone, now, edit: 'on-press', ...(stored ? { stored } : {}) })
  },
  notice: (reads, id, reader) => noticeLine(reads, reader, id),
}
