import { type Complaint, isClosed } from './complaint.ts'
import { type Refusal, refuse } from './errors.ts'
import type { Order, Orders } from './orders.ts'
import type { Quirks, Rules } from './rules.ts'

type Body = Readonly<Record<string, unknown>>
type Answer = Readonly<Record<string, unknown>> | Refusal

export interface OrderBook {
  readonly rules: Rules
  readonly orders: Orders
  /** Whether this mini program stands under order shipping. */
  managed(appid: string): boolean
  complaints(): readonly Complaint[]
}

/** WeChat docs, 查询订单发货状态: by the pay order's number, or by the merchant's and its own number. */
export function getOrder(book: OrderBook, appid: string, body: Body): Answer {
  if (!book.managed(appid)) return refuse(48001)
  const {
    transaction_id: transactionId,
    merchant_id: merchant,
    sub_merchant_id: sub = '',
    merchant_trade_no: no,
  } = body
  const order = transactionId
    ? book.orders.get(appid, String(transactionId))
    : book.orders.named(appid, String(merchant), String(sub), String(no))
  if (!order) return refuse(10060001)
  return { errcode: 0, errmsg: 'ok', order: show(order, disputed(book, appid)) }
}

/** WeChat docs, 查询订单列表: filters, and pages by last_index. Not documented: the order of the rows, the largest page. */
export function getOrderList(book: OrderBook, appid: string, body: Body, quirks: Quirks): Answer {
  if (!book.managed(appid)) return refuse(48001)
  const wish = readWish(body)
  if ('errcode' in wish) return wish
  const newest = quirks.orderRows === 'newest-first'
  const rows = book.orders
    .all()
    .filter((one) => one.appid === appid && matches(one, wish))
    .sort((a, b) => (newest ? compare(b, a) : compare(a, b)))
  const from = wish.after === undefined ? 0 : rows.findIndex((one) => beyond(one, wish.after ?? '', newest))
  const rest = from < 0 ? [] : rows.slice(from)
  const page = rest.slice(0, Math.min(wish.size, book.rules.maxOrderPage))
  const last = page.at(-1)
  const inDispute = disputed(book, appid)
  return {
    errcode: 0,
    errmsg: 'ok',
    last_index: last ? Buffer.from(indexOf(last)).toString('base64url') : '',
    has_more: page.length < rest.length,
    order_list: page.map((one) => show(one, inDispute)),
  }
}

interface Wish {
  readonly begin: number
  readonly end: number
  readonly state: number | undefined
  readonly openid: string | undefined
  /** The index of the last row that the caller has. */
  readonly after: string | undefined
  readonly size: number
}

function readWish(body: Body): Wish | Refusal {
  const { pay_time_range: range = {}, order_state: state, openid, last_index: index, page_size: size = 100 } = body
  const { begin_time: begin = 0, end_time: end = 2 ** 32 - 1 } = Object(range)
  if (!isWhole(begin) || !isWhole(end)) return refuse(10060014, 'pay_time_range')
  if (state !== undefined && (!isWhole(state) || state < 1 || state > 6)) return refuse(10060014, 'order_state')
  if (openid !== undefined && typeof openid !== 'string') return refuse(10060014, 'openid')
  if (!isWhole(size) || size === 0) return refuse(10060014, 'page_size')
  const after = index ? Buffer.from(String(index), 'base64url').toString() : undefined
  if (after !== undefined && !/^\d{10} \d+$/.test(after)) return refuse(10060014, 'last_index')
  return { begin, end, state, openid, after, size }
}

const isWhole = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

const matches = (order: Order, { begin, end, state, openid }: Wish) =>
  order.paidAt >= begin &&
  order.paidAt <= end &&
  (state === undefined || order.state === state) &&
  (openid === undefined || order.openid === openid)

const indexOf = ({ paidAt, transactionId }: Order) => `${String(paidAt).padStart(10, '0')} ${transactionId}`
const compare = (a: Order, b: Order) => (indexOf(a) < indexOf(b) ? -1 : 1)
const beyond = (order: Order, index: string, newest: boolean) =>
  newest ? indexOf(order) < index : indexOf(order) > index

/** The transaction numbers of the open complaints, told to the merchant or not. */
const disputed = (book: OrderBook, appid: string): ReadonlySet<string> =>
  new Set(
    book
      .complaints()
      .filter((one) => one.appid === appid && !isClosed(one))
      .map(({ transactionId }) => transactionId),
  )

function show(order: Order, inDispute: ReadonlySet<string>): Record<string, unknown> {
  return {
    transaction_id: order.transactionId,
    merchant_id: order.merchantId,
    sub_merchant_id: order.subMerchantId,
    merchant_trade_no: order.outTradeNo,
    description: order.product,
    paid_amount: order.amount,
    openid: order.openid,
    trade_create_time: order.createdAt,
    pay_time: order.paidAt,
    order_state: order.state,
    in_complaint: inDispute.has(order.transactionId),
    ...(order.waybill ? { shipping: shipping(order) } : {}),
  }
}

const shipping = ({ waybill, carrier, product, paidAt }: Order) => ({
  delivery_mode: 1,
  logistics_type: 1,
  finish_shipping: true,
  goods_desc: product,
  finish_shipping_count: 1,
  shipping_list: [
    {
      tracking_no: waybill,
      express_company: carrier,
      goods_desc: product,
      upload_time: paidAt + 7200,
      contact: { consignor_contact: '138****0000', receiver_contact: '' },
    },
  ],
})
