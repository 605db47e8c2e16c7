import { OutsideError } from '../../core/errors.ts'
import { type Instant, millis } from '../../core/words.ts'
import type { Account } from '../platform.ts'
import type { Client } from './client.ts'
import { target } from './exchange.ts'
import { type Page, readDetail, readHistory, readList, type Step, type Told } from './wire.ts'

const root = '/v3/merchant-service/complaints-v2'
/** Of one complaint; a number of theirs stands in a path, so it must not lead elsewhere. */
export const pathOf = (number: string, call = ''): string => `${root}/${encodeURIComponent(number)}${call}`

export async function detail(client: Client, account: Account, number: string): Promise<Told> {
  const answer = await client.read(account, { operation: 'detail', method: 'GET', target: pathOf(number) })
  return readDetail(answer, number)
}

// Newer documents allow 300 a page, others report errors above 130.
const pageSize = 50
// A history or a list that never ends is none.
const mostPages = 400

/** 协商历史, whole; in whatever order they send it. */
export async function history(client: Client, account: Account, number: string): Promise<readonly Step[]> {
  const steps: Step[] = []
  for await (const page of pages((offset) => historyPage(client, account, number, offset))) steps.push(...page)
  return steps
}

async function historyPage(client: Client, account: Account, number: string, offset: number) {
  const where = target(pathOf(number, '/negotiation-historys'), { limit: pageSize, offset })
  const answer = await client.read(account, { operation: 'history', method: 'GET', target: where })
  return { page: readHistory(answer), limit: pageSize }
}

const day = 86_400_000
const beijing = 8 * 3_600_000
// "Not more than 30 days", both ends counted.
const slice = 30

/** Created on the days of this time, as Beijing counts them; each once. The order is not published. */
export async function* listed(
  client: Client,
  account: Account,
  within: { readonly from: Instant; readonly to: Instant; readonly merchant?: string },
): AsyncIterable<Told> {
  const seen = new Set<string>()
  for (const days of slices(within.from, within.to)) {
    for await (const page of pages((offset) => listPage(client, account, { ...days, ...within, offset }))) {
      for (const told of page) {
        if (!seen.has(told.number)) yield told
        seen.add(told.number)
      }
    }
  }
}

interface Listing {
  readonly begin: string
  readonly end: string
  readonly offset: number
  readonly merchant?: string
}

/** "The result is too large": asked again for fewer at a time. */
async function listPage(client: Client, account: Account, { begin, end, offset, merchant }: Listing) {
  for (let limit = pageSize; ; limit = Math.floor(limit / 2)) {
    const query = { limit, offset, begin_date: begin, end_date: end, complainted_mchid: merchant }
    try {
      const answer = await client.read(account, { operation: 'list', method: 'GET', target: target(root, query) })
      return { page: readList(answer), limit }
    } catch (error) {
      if (!(error instanceof OutsideError && error.code === 'INVALID_REQUEST') || limit <= 5) throw error
    }
  }
}

/** Page after page, until there is nothing more: by the total where they name it, else by a page that is not full. */
async function* pages<Row>(
  ask: (offset: number) => Promise<{ readonly page: Page<Row>; readonly limit: number }>,
): AsyncIterable<readonly Row[]> {
  let total: number | undefined
  for (let offset = 0, count = 0; count < mostPages; count++) {
    const { page, limit } = await ask(offset)
    yield page.rows
    total ??= page.total
    offset += page.size
    if (page.size === 0 || (total === undefined ? page.size < limit : offset >= total)) return
  }
}

function* slices(from: Instant, to: Instant): Iterable<{ readonly begin: string; readonly end: string }> {
  const last = dayOf(millis(to))
  for (let first = dayOf(millis(from)); first <= last; first += slice)
    yield { begin: dayText(first), end: dayText(Math.min(last, first + slice - 1)) }
}

const dayOf = (ms: number) => Math.floor((ms + beijing) / day)
const dayText = (nr: number) => new Date(nr * day).toISOString().slice(0, 10)
