import type { SelectQueryBuilder } from 'kysely'
import type { Complaint } from '../complaints/complaint.ts'
import { gramsOf, holdsAll } from '../core/grams.ts'
import type { AccountId, MemberId, TenantId } from '../core/words.ts'
import { findRunnings } from './complaints.ts'
import { memberCalled } from './members.ts'
import type { Reads } from './storage.ts'
import type { Tables } from './tables.ts'
import { notesOf, ownTexts, tailHash } from './terms.ts'

/** Where is looked, and how many are wanted: the newest. */
export interface Within {
  readonly tenant: TenantId
  /** Complaints of others are not there. */
  readonly accounts?: readonly AccountId[]
  readonly limit: number
}

/** What one word may be: a complaint that is any of these is meant. */
export interface Sought {
  readonly running?: number
  /** A complaint's, an order's, a refund's. */
  readonly number?: string
  /** The last four digits of the customer's phone. */
  readonly phoneTail?: string
  /** Of the member who has claimed it. */
  readonly handle?: string
}

/** Pairs of a question that are looked up; of a longer one the others are only compared. */
const mostGrams = 16
/** Candidates whose words are compared: what is common and matches in nothing else must not go on for ever. */
const mostCandidates = 1_000
const mostAtOnce = 200
/** By how many of its newest complaints a pair is judged. */
const sample = 64

type Query = SelectQueryBuilder<Tables, 'complaint', { running: number }>

/** Complaints that are named by what belongs to them alone; the newest first. */
export async function findExact(reads: Reads, within: Within, sought: Sought): Promise<readonly Complaint[]> {
  const found = new Set<number>()
  for (const query of exactQueries(reads, within, await named(reads, within, sought)))
    for (const { running } of await query.orderBy('complaint.running', 'desc').limit(within.limit).execute())
      found.add(running)
  const newest = [...found].sort((a, b) => b - a).slice(0, within.limit)
  return findRunnings(reads, within.tenant, newest)
}

/** Its handle known as the member: asked for within one question, SQLite would go through all that the tenant has. */
type Named = Omit<Sought, 'handle'> & { readonly claimer?: MemberId }

async function named(reads: Reads, { tenant }: Within, { handle, ...sought }: Sought): Promise<Named> {
  const member = handle === undefined ? undefined : await memberCalled(reads, tenant, handle)
  return member ? { ...sought, claimer: member.id } : sought
}

function exactQueries(reads: Reads, within: Within, { running, number, phoneTail, claimer }: Named): readonly Query[] {
  const { tenant } = within
  const complaints = here(reads, within)
  const queries: Query[] = []
  if (running !== undefined) queries.push(complaints.where('complaint.running', '=', running))
  if (number !== undefined)
    queries.push(
      complaints.where('complaint.number', '=', number),
      complaints
        .innerJoin('complaint_order', 'complaint_order.complaint', 'complaint.id')
        .where('complaint_order.tenant', '=', tenant)
        .where('complaint_order.number', 'in', [number, `out:${number}`])
        .distinct(),
      complaints
        .innerJoin('refund', 'refund.complaint', 'complaint.id')
        .where('refund.number', '=', number.toLowerCase())
        .distinct(),
    )
  if (phoneTail !== undefined)
    queries.push(complaints.where('complaint.phone_tail', '=', tailHash(reads, tenant, phoneTail)))
  if (claimer !== undefined) queries.push(complaints.where('complaint.claimed_by', '=', claimer))
  return queries
}

const here = (reads: Reads, { tenant, accounts }: Within): Query =>
  reads.db
    .selectFrom('complaint')
    .select('complaint.running')
    .where('complaint.tenant', '=', tenant)
    .$if(accounts !== undefined, (query) => query.where('complaint.account', 'in', anyOf(accounts)))

const anyOf = (accounts: readonly AccountId[] = []): string[] => (accounts.length > 0 ? [...accounts] : [''])

/** Complaints of the last year in whose text, product and notes all the words stand; the newest first. Words as `wordsOf` gives them. */
export async function findByWords(
  reads: Reads,
  within: Within,
  words: readonly string[],
): Promise<readonly Complaint[]> {
  const grams = await rarestFirst(reads, within.tenant, gramsOf(words, mostGrams))
  const found: Complaint[] = []
  let below = Number.MAX_SAFE_INTEGER
  // Who holds the pairs nearly always holds the words: no more is looked at than is wanted, until that was too few.
  let atOnce = within.limit
  for (let seen = 0; grams.length > 0 && seen < mostCandidates && found.length < within.limit; seen += atOnce) {
    const candidates = await holding(reads, within, { grams, below, most: atOnce })
    found.push(...(await inWhose(reads, within.tenant, candidates, words)))
    if (candidates.length < atOnce) break
    below = candidates.at(-1) ?? 0
    atOnce = Math.min(2 * atOnce, mostAtOnce)
  }
  return found.slice(0, within.limit)
}

/** Running numbers of complaints that hold all of the pairs, the newest first. */
async function holding(
  reads: Reads,
  { tenant, accounts }: Within,
  { grams, below, most }: { readonly grams: readonly string[]; readonly below: number; readonly most: number },
): Promise<readonly number[]> {
  const [first = '', ...others] = grams
  let query = reads.db
    .selectFrom('term')
    .select('term.running')
    .where('term.tenant', '=', tenant)
    .where('term.gram', '=', first)
    .where('term.running', '<', below)
  for (const gram of others)
    query = query.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('term as other')
          .select('other.gram')
          .where('other.tenant', '=', tenant)
          .where('other.gram', '=', gram)
          .whereRef('other.running', '=', 'term.running'),
      ),
    )
  if (accounts)
    query = query.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('complaint')
          .select('complaint.id')
          .where('complaint.tenant', '=', tenant)
          .whereRef('complaint.running', '=', 'term.running')
          .where('complaint.account', 'in', anyOf(accounts)),
      ),
    )
  const rows = await query.orderBy('term.running', 'desc').limit(most).execute()
  return rows.map(({ running }) => running)
}

/**
 * The rarest pair leads: the others are only asked about what holds it. Rare is what has few, else whose newest reach far back.
 * @returns none where one of them is nowhere
 */
async function rarestFirst(reads: Reads, tenant: TenantId, grams: readonly string[]): Promise<readonly string[]> {
  if (grams.length < 2) return grams
  const judged: { readonly gram: string; readonly count: number; readonly back: number }[] = []
  for (const gram of grams) {
    const some = reads.db
      .selectFrom('term')
      .select('running')
      .where('tenant', '=', tenant)
      .where('gram', '=', gram)
      .orderBy('running', 'desc')
      .limit(sample)
    const row = await reads.db
      .selectFrom(some.as('some'))
      .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min<number | null>('running').as('back')])
      .executeTakeFirstOrThrow()
    if (Number(row.count) === 0) return []
    judged.push({ gram, count: Number(row.count), back: Number(row.back) })
  }
  return judged.sort((a, b) => a.count - b.count || a.back - b.back).map(({ gram }) => gram)
}

/** Pairs may stand apart in a text: it is read before anybody is told that it holds the words. */
async function inWhose(
  reads: Reads,
  tenant: TenantId,
  candidates: readonly number[],
  words: readonly string[],
): Promise<readonly Complaint[]> {
  const complaints = await findRunnings(reads, tenant, candidates)
  const notes = await notesOf(
    reads,
    complaints.map(({ id }) => id),
  )
  return complaints.filter((complaint) => holdsAll([...ownTexts(complaint), ...(notes.get(complaint.id) ?? [])], words))
}
