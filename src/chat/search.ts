import type { Complaint } from '../complaints/complaint.ts'
import { wordsOf } from '../core/grams.ts'
import { findByWords, findExact, type Sought } from '../storage/search.ts'
import type { Answer } from './chat.ts'
import { type Context, refusal, say } from './context.ts'
import { listOf, shownAtOnce } from './list.ts'
import { show } from './show.ts'

/** `/search 4200…`, `/search #128`, `/search @li`, `/search 碎了`: what is named comes first, else what holds all the words. */
export async function search(context: Context, { rest }: { readonly rest: string }): Promise<Answer> {
  const asked = rest
    .normalize('NFKC')
    .trim()
    .replace(/^([#@])\s+/, '$1')
  const example = `/search ${say(context, 'search.example')}`
  if (asked === '') return refusal(context, 'no.arguments', { example })
  const words = wordsOf(asked)
  const found = await find(context, asked, words)
  const [first, second] = found
  if (first && !second) return show(context, first)
  if (first) return listOf(context, say(context, 'search.title'), found)
  const what = say(context, 'search.what', { example })
  return refusal(context, words.some(isLong) ? 'search.none' : 'search.short', { what })
}

/** What is too short for a pair of characters is looked for nowhere. */
const isLong = (word: string) => [...word].length > 1

async function find(context: Context, asked: string, words: readonly string[]): Promise<readonly Complaint[]> {
  const { parts, room, tenant } = context
  const within = {
    tenant: tenant.id,
    ...(room.accounts ? { accounts: room.accounts } : {}),
    limit: shownAtOnce + 1,
  }
  const { reads } = parts.storage
  const named = /\s/.test(asked) ? [] : await findExact(reads, within, meant(asked))
  if (named.length > 0 || /^[#@]/.test(asked)) return named
  return findByWords(reads, within, words)
}

/** What one word may name. A phone's digits are written as the card shows them, or bare. */
function meant(word: string): Sought {
  const bare = word.slice(1)
  if (word.startsWith('#')) return /^\d{1,9}$/.test(bare) ? { running: Number(bare) } : {}
  if (word.startsWith('@')) return { handle: bare }
  const digits = /^·?(\d{4})$/.exec(word)?.[1]
  return {
    ...(/^\d{1,9}$/.test(word) ? { running: Number(word) } : {}),
    number: word.replace(/^payorder@_?/, ''),
    ...(digits === undefined ? {} : { phoneTail: digits }),
    handle: word,
  }
}
