import { OutsideError } from '../../core/errors.ts'
import { both } from './errors.ts'
import type { SourceName } from './settings.ts'

// Two systems, two kinds of ids, and one column for both. An id of 消费者投诉 is a number of at most 16 digits (their samples have 9);
// those of 交易投诉 are 28 digits that begin with the date. One that looks like the other is marked.
const short = /^[1-9]\d{0,15}$/
const marked = /^(risk|trade)-([\w-]{1,64})$/
const any = /^[\w-]{1,64}$/

/** Our number of their complaint: their id, as it is. */
export const numberOf = (source: SourceName, id: string): string =>
  short.test(id) === (source === 'risk') && !marked.test(id) ? id : `${source}-${id}`

/** Which system it belongs to and its id there. @throws OutsideError `refused` for what is no number of theirs */
export function idOf(number: string): { readonly source: SourceName; readonly id: string } {
  const [, source, id] = marked.exec(number) ?? []
  if (id !== undefined) return { source: source === 'risk' ? 'risk' : 'trade', id }
  if (any.test(number)) return { source: short.test(number) ? 'risk' : 'trade', id: number }
  throw new OutsideError(
    'refused',
    both(`${number.slice(0, 40)} 不是支付宝的投诉单号`, 'not a complaint number of Alipay'),
  )
}
