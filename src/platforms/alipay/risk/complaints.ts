import { OutsideError } from '../../../core/errors.ts'
import { type Instant, millis } from '../../../core/words.ts'
import { both } from '../errors.ts'
import type { Caller, Gateway } from '../gateway.ts'
import { beijingText } from '../time.ts'
import { openStates } from './states.ts'
import { complaint, listing, type Told } from './wire.ts'

/** 查询消费者投诉详情. @throws OutsideError */
export async function detail(gateway: Gateway, caller: Caller, id: string): Promise<Told> {
  const answer = await gateway.read(caller, {
    method: 'alipay.security.risk.complaint.info.query',
    content: { complain_id: id },
  })
  const told = complaint.parse(answer)
  if (told.id === id) return told
  const [zh, en] =
    told.id === undefined ? ['没有投诉单', 'holds no complaint'] : ['是另一张投诉单', 'is about another complaint']
  throw new OutsideError('unreachable', both(`支付宝返回的详情${zh}`, `the detail that Alipay returned ${en}`))
}

/** Which ones a list is about. */
export type Which = { readonly from: Instant; readonly to: Instant } | 'open'

export const listCall = 'alipay.security.risk.complaint.info.batchquery'
// The most is not published; other lists of theirs end at 20.
const pageSize = 20
// A list that never ends is none.
const mostPages = 200

/** 查询消费者投诉列表, each once; in an order that is not published. @throws OutsideError */
export async function* listed(gateway: Gateway, caller: Caller, which: Which): AsyncIterable<Told & { id: string }> {
  const seen = new Set<string>()
  for (let page = 1; page <= mostPages; page++) {
    const answer = await gateway.read(caller, {
      method: listCall,
      content: { ...filterOf(which), current_page_num: page, page_size: pageSize },
    })
    const { complaint_list: rows, total_size: total } = listing.parse(answer)
    for (const told of rows) {
      const { id } = told
      if (id === undefined || seen.has(id)) continue
      seen.add(id)
      yield { ...told, id }
    }
    if (rows.length === 0 || (total === undefined ? rows.length < pageSize : page * pageSize >= total)) return
  }
}

const filterOf = (which: Which): object =>
  which === 'open'
    ? { status_list: openStates }
    : {
        gmt_complaint_start: beijingText(millis(which.from)),
        gmt_complaint_end: beijingText(millis(which.to)),
      }
