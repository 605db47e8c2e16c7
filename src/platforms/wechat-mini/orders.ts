import type { Disputed } from '../../complaints/notice.ts'
import { fen, type Instant, instant, millis } from '../../core/words.ts'
import type { Account, Stretch } from '../platform.ts'
import type { Client } from './client.ts'
import { type Fields, isFields, list, text, time, whole } from './fields.ts'

const day = 86_400_000
const pageSize = 100

/**
 * 发货信息管理 knows which orders are in dispute (not in which complaint): what was never pushed is seen here.
 * A day at a time, newest first, since the order of their rows is not published. docs/platforms/wechat-mini.md#net
 */
export async function* disputed(client: Client, account: Account, within: Stretch): AsyncIterable<Disputed> {
  let calls = 0
  for (const slice of slices(within)) {
    for (let after = ''; calls < within.calls; ) {
      calls += 1
      const page = await client.read(account, pageOf(slice, after))
      yield* list(page.order_list).filter(isFields).flatMap(inDispute)
      const last = text(page, 'last_index')
      // A page that leads to itself would never end.
      if (!isTrue(page.has_more) || last === undefined || last === after) break
      after = last
    }
  }
}

function* slices({ from, to }: Stretch): Iterable<{ readonly from: Instant; readonly to: Instant }> {
  for (let end = millis(to); end > millis(from); end -= day)
    yield { from: instant(Math.max(millis(from), end - day)), to: instant(end) }
}

const seconds = (at: Instant) => Math.floor(millis(at) / 1000)

const pageOf = (slice: { readonly from: Instant; readonly to: Instant }, after: string) => ({
  method: 'POST' as const,
  path: '/wxa/sec/order/get_order_list',
  body: JSON.stringify({
    pay_time_range: { begin_time: seconds(slice.from), end_time: seconds(slice.to) },
    page_size: pageSize,
    ...(after === '' ? {} : { last_index: after }),
  }),
})

function inDispute(row: Fields): readonly Disputed[] {
  if (!isTrue(row.in_complaint)) return []
  const [order, outTradeNo] = [text(row, 'transaction_id'), text(row, 'merchant_trade_no')]
  if (order === undefined && outTradeNo === undefined) return []
  const [paid, paidAt, product] = [whole(row, 'paid_amount'), time(row, 'pay_time'), text(row, 'description')]
  return [
    {
      ...(order === undefined ? {} : { order }),
      ...(outTradeNo === undefined ? {} : { outTradeNo }),
      ...(product === undefined ? {} : { product }),
      ...(paid === undefined || paid < 0 ? {} : { paid: fen(paid) }),
      ...(paidAt === undefined ? {} : { paidAt }),
    },
  ]
}

const isTrue = (value: unknown): boolean => value === true || value === 1 || value === 'true'
