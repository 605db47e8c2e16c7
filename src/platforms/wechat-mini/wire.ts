import { OutsideError } from '../../core/errors.ts'
import { type Fen, fen, fenFromYuan, type Instant } from '../../core/words.ts'
import { both } from './errors.ts'
import { type Fields, fieldsOf, isFields, list, references, text, time, whole } from './fields.ts'
import { inner, isNumber } from './push.ts'

/** A complaint as the platform wrote it, in either of its two spellings; every field may be missing. */
export interface Told {
  readonly number: string | undefined
  readonly status: number | undefined
  readonly type: number | undefined
  readonly created: Instant | undefined
  readonly expires: Instant | undefined
  readonly openid: string | undefined
  readonly phone: string | undefined
  readonly name: string | undefined
  readonly text: string | undefined
  readonly pictures: readonly string[]
  readonly order: string | undefined
  readonly outTradeNo: string | undefined
  readonly product: string | undefined
  readonly cost: Fen | undefined
  readonly appeal: number | undefined
  readonly steps: readonly Step[]
  readonly bill: Bill | undefined
}

export interface Step {
  readonly type: number | undefined
  readonly at: Instant | undefined
  readonly text: string | undefined
  readonly pictures: readonly string[]
  readonly blame: number | undefined
  readonly appeal: number | undefined
}

/** The way of a return. */
export interface Bill {
  readonly returnId: string | undefined
  readonly waybill: string | undefined
  readonly carrier: string | undefined
  readonly status: number | undefined
}

/** The answer of complaintOrderDetail. @throws OutsideError when it is no complaint, or another one. */
export function readDetail(answer: Fields, number: string): Told {
  const order = fieldsOf(answer.complaintOrder)
  const told = text(order, 'complaintOrderId')
  if (told === undefined && text(order, 'status') === undefined) throw odd('没有投诉单', 'holds no complaint')
  if (told !== undefined && told !== number) throw odd(`是另一张投诉单 ${told}`, `is about another complaint, ${told}`)
  const material = fieldsOf(order.customerMaterial)
  return {
    number: told ?? number,
    status: whole(order, 'status'),
    type: whole(order, 'type'),
    created: time(order, 'createTime'),
    expires: time(order, 'expireTime'),
    openid: text(order, 'openid', 'openId'),
    phone: text(order, 'phoneNumber'),
    name: text(order, 'nickName'),
    text: text(material, 'content'),
    pictures: references(material.mediaIdList),
    order: transaction(text(order, 'orderId')),
    outTradeNo: text(order, 'outTradeNo'),
    product: text(order, 'productName'),
    cost: yuanText(text(order, 'totalCostStr')) ?? shown(text(order, 'totalCost')),
    appeal: whole(order, 'appealState'),
    steps: list(answer.item).filter(isFields).map(detailStep),
    bill: isFields(answer.returnBill) ? readBill(answer.returnBill) : undefined,
  }
}

const odd = (zh: string, en: string) =>
  new OutsideError('unreachable', both(`微信返回的详情${zh}`, `the detail that WeChat returned ${en}`))

const detailStep = (item: Fields): Step => ({
  type: whole(item, 'itemType'),
  at: time(item, 'time'),
  text: text(item, 'content'),
  pictures: references(item.mediaIdList),
  blame: whole(item, 'blameResult'),
  appeal: whole(item, 'appealItemType'),
})

function readBill(bill: Fields): Bill | undefined {
  const read = {
    returnId: text(bill, 'returnId'),
    waybill: text(bill, 'waybillId'),
    carrier: text(bill, 'deliveryName'),
    status: whole(bill, 'orderStatus'),
  }
  return Object.values(read).some((value) => value !== undefined) ? read : undefined
}

/** The complaint in a verified push: wrapped (XML) or flat (JSON). */
export function readPush(fields: Fields): Told {
  const body = inner(fields)
  const history = list(body.history).filter(isFields).map(pushStep)
  return {
    number: text(body, 'complaint_order_id'),
    status: whole(body, 'status'),
    type: whole(body, 'type'),
    created: time(body, 'create_time') ?? time(fields, 'CreateTime'),
    expires: time(body, 'expire_time'),
    openid: text(body, 'open_id', 'openid'),
    phone: text(body, 'phone_number'),
    name: undefined,
    // Absent in real JSON pushes: there the first words of the user stand in the history only.
    text: text(body, 'customer_material_content') ?? history[0]?.text,
    pictures: references(body.customer_material_media_id_list),
    order: transaction(text(body, 'order_id')),
    outTradeNo: text(body, 'out_trade_no', 'out_trade_No'),
    product: text(body, 'product_name'),
    cost: shown(text(body, 'total_cost')),
    appeal: undefined,
    steps: history,
    bill: undefined,
  }
}

const pushStep = (entry: Fields): Step => ({
  type: undefined,
  at: time(entry, 'time'),
  text: text(entry, 'content'),
  pictures: references(entry.media_id_list),
  blame: undefined,
  appeal: undefined,
})

/** `payorder@_4200…` → `4200…`; what is no transaction number is none. */
export function transaction(order: string | undefined): string | undefined {
  const bare = order?.replace(/^payorder@_?/, '')
  return bare !== undefined && /^\d+$/.test(bare) ? bare : undefined
}

/** `¥12.50` → 1250. */
const yuanText = (written: string | undefined): Fen | undefined =>
  written === undefined ? undefined : fenFromYuan(written.replace(/[^\d.]/g, ''))

/** A bare whole number is fen; with a currency sign it is yuan after all; else nothing is shown. */
function shown(written: string | undefined): Fen | undefined {
  if (written === undefined) return undefined
  if (/^\d{1,15}$/.test(written)) return fen(Number(written))
  return /[¥￥元]/.test(written) ? yuanText(written) : undefined
}

/** The number as their JSON and their query want it: digits. @throws OutsideError when it would not arrive exactly. */
export function digits(number: string): number {
  if (isNumber(number)) return Number(number)
  throw new OutsideError(
    'refused',
    both(
      `投诉单号 ${number.slice(0, 40)} 不是小程序的投诉单号`,
      'not a complaint number of a mini program: digits below 2^53',
    ),
  )
}

/** What an act says beside its words. `returnId` comes as text and goes as a number, however long it is. */
export interface ActFields {
  readonly bussiHandle?: 1 | 2
  readonly acceptReturn?: number
  readonly returnId?: string
}

/** Whether it can be written into JSON as a bare number. */
export const isReturnId = (id: string): boolean => /^(?:0|[1-9]\d{0,18})$/.test(id)

/** The body of an act: the numbers unquoted, words and pictures only where there are some. */
export function actBody(
  number: string,
  said: { text: string; mediaIds: readonly string[] },
  { returnId, ...more }: ActFields = {},
): string {
  const body = JSON.stringify({
    complaintOrderId: digits(number),
    ...more,
    ...(said.text === '' ? {} : { content: said.text }),
    ...(said.mediaIds.length === 0 ? {} : { mediaIdList: said.mediaIds }),
  })
  // JSON.stringify would round a number that is longer than a double is exact.
  return returnId === undefined ? body : `${body.slice(0, -1)},"returnId":${returnId}}`
}
