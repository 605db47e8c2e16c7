import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Sealed } from '../core/seal.ts'
import type { Reads } from '../storage/storage.ts'
import { invalid } from './problem.ts'

/** Where a list goes on. */
export const cursor = z.string('the text that the page before gave as next').max(2_048, 'at most 2048 characters')

/** A page of a list; `next` asks for the one after it, and is absent on the last. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().exactOptional() })

/** @param most of one page; where nothing is said 50 */
export const limitUpTo = (most: number) => {
  const fix = `a number from 1 to ${most}`
  return (
    z
      .stringFormat('count', /^\d{1,4}$/, fix)
      .transform(Number)
      .refine((limit) => limit >= 1 && limit <= most, fix)
      .default(50)
      // In an address it is text; what it says is a number.
      .meta({ like: z.int().min(1).max(most).default(50) })
  )
}

/** What a cursor is good for: this list, of this tenant, filtered like this. */
export interface Listing {
  readonly tenant: string | undefined
  readonly list: string
  readonly filter?: unknown
}

const place = ({ tenant = '', list, filter = '' }: Listing) => ({
  tenant,
  table: 'cursor',
  row: list,
  column: createHash('sha256').update(JSON.stringify(filter)).digest('hex'),
})

/** Bound by its seal: it opens for no other listing. @throws Refusal */
export function openCursor<Position>(reads: Reads, listing: Listing, text: string | undefined): Position | undefined {
  if (text === undefined) return undefined
  try {
    return JSON.parse(reads.sealer.open(place(listing), text as Sealed)) as Position
  } catch {
    throw invalid([
      { field: 'cursor', fix: 'the next of a page of this very list, with the same filter; or begin anew without one' },
    ])
  }
}

/** @param found up to one more than fits: whether there is a next page is then known without a second look */
export function pageFrom<Row>(
  reads: Reads,
  listing: Listing,
  { found, limit, position }: { readonly found: readonly Row[]; readonly limit: number; position(last: Row): unknown },
): { readonly rows: readonly Row[]; readonly next: { readonly next?: string } } {
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  if (found.length <= limit || last === undefined) return { rows, next: {} }
  return { rows, next: { next: reads.sealer.seal(place(listing), JSON.stringify(position(last))) } }
}
