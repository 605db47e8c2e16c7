import { OutsideError } from '../../../core/errors.ts'
import { type Instant, instant, millis } from '../../../core/words.ts'
import { both } from '../errors.ts'
import type { Caller, Gateway } from '../gateway.ts'
import { beijingText } from '../time.ts'
import { complaint, listing, type Told } from './wire.ts'

/** @throws OutsideError */
export async function detail(gateway: Gateway, caller: Caller, id: string): Promise<Told> {
  const answer = await gateway.read(caller, {
    method: 'alipay.merchant.tradecomplain.query',
    content: { complain_event_id: id },
  })
  const told = complaint.parse(answer)
  if (told.complain_event_id === id) return told
  const other = told.complain_event_id !== undefined
  const [zh, en] = other ? ['是另一张投诉单', 'is about another complaint'] : ['没有投诉单', 'holds no complaint']
  throw new OutsideError('unreachable', both(`支付宝返回的详情${zh}`, `the detail that Alipay returned ${en}`))
}

export const listCall = 'alipay.merchant.tradecomplain.batchquery'
const pageSize = 20
const mostPages = 200
// At most a year a question.
const year = 364 * 86_400_000

/** Created in this time, each once; in an order that is not published. @throws OutsideError */
export async function* listed(
  gateway: Gateway,
  caller: Caller,
  within: { readonly from: Instant; readonly to: Instant },
): AsyncIterable<Told & { complain_event_id: string }> {
  const seen = new Set<string>()
  const end = millis(within.to)
  for (let from = millis(within.from); from <= end; from += year) {
    const slice = { from: instant(from), to: instant(Math.min(end, from + year)) }
    for await (const told of pages(gateway, caller, slice)) {
      const { complain_event_id } = told
      if (complain_event_id === undefined || seen.has(complain_event_id)) continue
      seen.add(complain_event_id)
      yield { ...told, complain_event_id }
    }
  }
}

async function* pages(
  gateway: Gateway,
  caller: Caller,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): AsyncIterable<Told> {
  const time = { begin_time: beijingText(millis(from)), end_time: beijingText(millis(to)) }
  for (let page = 1; page <= mostPages; page++) {
    const answer = await gateway.read(caller, {
      method: listCall,
      content: { ...time, page_num: page, page_size: pageSize },
    })
    const { trade_complain_infos: rows, total_page_num: last, total_num: total } = listing.parse(answer)
    yield* rows
    const whole = last ?? (total === undefined ? undefined : Math.ceil(total / pageSize))
    if (rows.length === 0 || (whole === undefined ? rows.length < pageSize : page >= whole)) return
  }
}
