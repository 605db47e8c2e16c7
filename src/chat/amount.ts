import { type Fen, fenFromYuan } from '../core/words.ts'

/** An amount and, after it, why: `12.5 少发一件`, `all`. */
export type Asked =
  | { readonly amount: Fen | 'all'; readonly reason: string }
  /** What stood there is no amount that could be given back; `word` as it was written. */
  | { readonly wrong: 'none' | 'form' | 'below' | 'zero' | 'decimals' | 'big'; readonly word: string }

const everything: readonly string[] = ['all', '全部', '全额']

/** The first word is the amount in yuan, digits of any width; what follows it is the reason. */
export function amountIn(said: string): Asked {
  const trimmed = said.trim()
  const [first = ''] = trimmed.split(/\s/u, 1)
  const reason = trimmed.slice(first.length).trim()
  const word = narrow(first)
  if (everything.includes(word.toLowerCase())) return { amount: 'all', reason }
  const plain = word.replace(/^¥/, '').replace(/元$/, '')
  const amount = fenFromYuan(plain)
  return amount === undefined || amount === 0 ? { wrong: wrongWith(plain), word: first } : { amount, reason }
}

// Not every likeness: in a full normal form 1² is 12.
const narrow = (word: string): string => word.replace(/[\uFF01-\uFF5E\uFFE5]/g, (wide) => wide.normalize('NFKC'))

function wrongWith(plain: string): Extract<Asked, { wrong: string }>['wrong'] {
  if (plain === '') return 'none'
  if (/^[-−–]\d/u.test(plain)) return 'below'
  if (/^0+(\.0*)?$/.test(plain)) return 'zero'
  if (/^\d+\.\d{3,}$/.test(plain)) return 'decimals'
  return /^\d{13,}(\.\d{1,2})?$/.test(plain) ? 'big' : 'form'
}
