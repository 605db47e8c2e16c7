import { phoneTail } from '../complaints/person.ts'
import { gramsOf } from '../core/grams.ts'
import type { Instant } from '../core/words.ts'
import { complaintOf } from './complaints.ts'
import { skipLocked } from './dialect.ts'
import type { Tx } from './storage.ts'
import { asText, insertTerms, most, notesOf, ownGrams, tailHash } from './terms.ts'

/**
 * Complaints that came since then and were here before there was a search get what they are found by, the newest first.
 * @returns how many there were, at most `limit`
 */
export async function indexWordless(tx: Tx, since: Instant, limit: number): Promise<number> {
  const rows = await skipLocked(
    tx,
    tx.db
      .selectFrom('complaint')
      .selectAll()
      .where('grams', 'is', null)
      .where('created_at', '>=', since)
      .orderBy('created_at', 'desc')
      .limit(limit),
  ).execute()
  const complaints = rows.map((row) => complaintOf(tx, row))
  const notes = await notesOf(
    tx,
    complaints.map(({ id }) => id),
  )
  for (const complaint of complaints) {
    const { id, tenant, person } = complaint
    const noted = gramsOf(notes.get(id) ?? [], most)
    const grams = [...new Set([...ownGrams(complaint), ...noted])].slice(0, most)
    const tail = phoneTail(person)
    await insertTerms(tx, complaint, grams)
    await tx.db
      .updateTable('complaint')
      .set({ grams: asText(grams), phone_tail: tail === undefined ? null : tailHash(tx, tenant, tail) })
      .where('id', '=', id)
      .execute()
  }
  return rows.length
}
