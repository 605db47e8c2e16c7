import { sql } from 'kysely'
import type { Snapshot } from '../complaints/complaint.ts'
import type { Fact } from '../complaints/fact.ts'
import { gramsOf } from '../core/grams.ts'
import type { ComplaintId, Instant, TenantId } from '../core/words.ts'
import { skipLocked } from './dialect.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import type { ComplaintRow } from './tables.ts'

/** Of one complaint; what it says itself leaves room for what the team notes. */
export const most = 400
const mostOwn = 300

/** What a complaint says itself; the team's notes are the rest of what is searched. */
export const ownTexts = ({ text, product }: Pick<Snapshot, 'text' | 'product'>): readonly string[] =>
  product === undefined ? [text] : [text, product]

export const ownGrams = (said: Pick<Snapshot, 'text' | 'product'>): readonly string[] =>
  gramsOf(ownTexts(said), mostOwn)

export const asText = (grams: readonly string[]): string => grams.join(' ')

/** Keyed: who looks into the database learns nobody's digits. */
export const tailHash = ({ sealer }: Reads, tenant: TenantId, fourDigits: string): string =>
  sealer.pseudonym(tenant, `phone tail ${fourDigits}`)

type Place = Pick<ComplaintRow, 'id' | 'tenant' | 'running'>
type Worded = Place & Pick<ComplaintRow, 'grams'>

/** In one statement that is the same however many they are: it is prepared once. */
export async function insertTerms(tx: Tx, { tenant, running }: Place, grams: readonly string[]): Promise<void> {
  if (grams.length === 0) return
  await sql`insert into term (tenant, gram, running)
    select cast(${tenant} as text), value, cast(${running} as bigint) from ${each(tx, grams)} where true
    on conflict do nothing`.execute(tx.db)
}

/** It may say something else now. What it said before still leads to it: whoever searches reads the text itself. */
export const addOwn = (tx: Tx, row: Worded, said: Snapshot): Promise<void> => add(tx, row, ownGrams(said))

/** The caller holds the complaint's lock. */
export async function addNotes(tx: Tx, id: ComplaintId, facts: readonly Fact[]): Promise<void> {
  const notes = facts.flatMap((fact) => (fact.kind === 'noted' ? fact.text : []))
  if (notes.length === 0) return
  const row = await tx.db
    .selectFrom('complaint')
    .select(['id', 'tenant', 'running', 'grams'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  await add(tx, row, gramsOf(notes, most))
}

/** A complaint without words has none yet, and then gets these with the others; or it has none any more. */
async function add(tx: Tx, row: Worded, grams: readonly string[]): Promise<void> {
  if (row.grams === null) return
  const has = row.grams === '' ? [] : row.grams.split(' ')
  const known = new Set(has)
  const more = grams.filter((gram) => !known.has(gram)).slice(0, most - has.length)
  if (more.length === 0) return
  await insertTerms(tx, row, more)
  await setGrams(tx, row.id, asText([...has, ...more]))
}

const setGrams = (tx: Tx, id: string, grams: string | null) =>
  tx.db.updateTable('complaint').set({ grams }).where('id', '=', id).execute()

/** What the team noted about them. */
export async function notesOf(
  reads: Reads,
  complaints: readonly ComplaintId[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const notes = new Map<string, string[]>()
  if (complaints.length === 0) return notes
  const rows = await reads.db
    .selectFrom('fact')
    .select(['complaint', 'body'])
    .where('complaint', 'in', [...complaints])
    .where('kind', '=', 'noted')
    .execute()
  for (const { complaint, body } of rows)
    notes.set(complaint, [...(notes.get(complaint) ?? []), ours<Extract<Fact, { readonly kind: 'noted' }>>(body).text])
  return notes
}

/** Complaints that came before then are found by their words no more. @returns how many there were, at most `limit` */
export async function forgetTerms(tx: Tx, before: Instant, limit: number): Promise<number> {
  const rows = await skipLocked(
    tx,
    tx.db
      .selectFrom('complaint')
      .select(['id', 'tenant', 'running', 'grams'])
      .where('grams', 'is not', null)
      .where('created_at', '<', before)
      .orderBy('created_at')
      .limit(limit),
  ).execute()
  for (const row of rows) await clearTerms(tx, row)
  return rows.length
}

/** It is found by its words no more. */
export async function clearTerms(tx: Tx, { id, tenant, running, grams }: Worded): Promise<void> {
  await sql`delete from term where tenant = ${tenant} and running = ${running}
    and gram in (select value from ${each(tx, (grams ?? '').split(' '))})`.execute(tx.db)
  await setGrams(tx, id, null)
}

/** A list as rows with a `value`. */
function each({ dialect }: Reads, list: readonly string[]) {
  const json = JSON.stringify(list)
  return dialect === 'postgres'
    ? sql`json_array_elements_text(cast(${json} as json)) as one(value)`
    : sql`json_each(${json})`
}
