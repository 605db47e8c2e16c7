import type { Fen, Instant } from '../../core/words.ts'
import { both, PayError } from './errors.ts'
import { amount, type Fields, fieldsOf, flag, isFields, list, text, texts, time, whole } from './fields.ts'

/** A complaint as the platform wrote it: list item and detail are the same but for the openid. Every field may be missing. */
export interface Told {
  readonly number: string
  readonly state: string
  readonly created: Instant | undefined
  readonly text: string | undefined
  /** 被诉商户号: for a service provider the sub-merchant. */
  readonly merchant: string | undefined
  /** Sealed for the merchant's certificate. */
  readonly phone: string | undefined
  readonly openid: string | undefined
  readonly orders: readonly ToldOrder[]
  readonly services: readonly { readonly number: string; readonly state: string }[]
  readonly fullyRefunded: boolean
  /** A message of the user waits for an answer. */
  readonly waiting: boolean
  readonly problem: string | undefined
  readonly type: string
  /** How often this user has complained about this; 1 = the first time. */
  readonly times: number | undefined
  readonly applied: Fen | undefined
  readonly tags: readonly string[]
  readonly pictures: readonly string[]
  readonly powerBank: string | undefined
  /** 平台协助中 */
  readonly assisted: boolean
  /** 需即时服务 */
  readonly immediate: boolean
  /** 智能体投诉 */
  readonly agent: boolean
}

export interface ToldOrder {
  readonly transaction: string | undefined
  readonly outTradeNo: string | undefined
  readonly amount: Fen | undefined
}

/** The answer of the detail. @throws PayError when it is no complaint, or another one. */
export function readDetail(answer: Fields, number: string): Told {
  const told = readComplaint(answer)
  if (told?.number === number) return told
  const [zh, en] = told ? ['是另一张投诉单', 'is about another complaint'] : ['没有投诉单', 'holds no complaint']
  throw new PayError('unreachable', both(`微信支付返回的详情${zh}`, `the detail that WeChat Pay returned ${en}`))
}

export function readComplaint(fields: Fields): Told | undefined {
  const number = text(fields, 'complaint_id')
  if (number === undefined) return undefined
  return {
    number,
    state: text(fields, 'complaint_state') ?? '',
    created: time(fields, 'complaint_time'),
    text: text(fields, 'complaint_detail'),
    merchant: text(fields, 'complainted_mchid'),
    phone: text(fields, 'payer_phone'),
    openid: text(fields, 'payer_openid'),
    orders: list(fields.complaint_order_info).filter(isFields).map(readOrder),
    services: list(fields.service_order_info).filter(isFields).map(readService),
    fullyRefunded: flag(fields, 'complaint_full_refunded'),
    waiting: flag(fields, 'incoming_user_response'),
    problem: text(fields, 'problem_description'),
    type: text(fields, 'problem_type') ?? '',
    times: whole(fields, 'user_complaint_times'),
    applied: amount(fields, 'apply_refund_amount'),
    tags: texts(fields.user_tag_list),
    pictures: mediaOf(fields.complaint_media_list),
    powerBank: powerBankOf(fieldsOf(fields.additional_info)),
    assisted: flag(fields, 'in_platform_service'),
    immediate: flag(fields, 'need_immediate_service'),
    agent: flag(fields, 'is_agent_mode'),
  }
}

const readOrder = (order: Fields): ToldOrder => ({
  transaction: text(order, 'transaction_id'),
  outTradeNo: text(order, 'out_trade_no'),
  amount: amount(order, 'amount'),
})

const readService = (service: Fields) => ({
  number: text(service, 'out_order_no') ?? text(service, 'order_id') ?? '',
  state: text(service, 'state') ?? '',
})

/** One object or several, each with several addresses. */
const mediaOf = (media: unknown): readonly string[] =>
  list(media)
    .filter(isFields)
    .flatMap((one) => texts(one.media_url))

function powerBankOf(info: Fields): string | undefined {
  if (text(info, 'type') !== 'SHARE_POWER_TYPE') return undefined
  const power = fieldsOf(info.share_power_info)
  const place = text(fieldsOf(power.return_address_info), 'return_address')
  return ['充电宝', time(power, 'return_time'), place].filter((part) => part !== undefined).join(' ')
}

/** One step of the negotiation history. */
export interface Step {
  readonly type: string
  readonly operator: string | undefined
  readonly at: Instant | undefined
  readonly text: string | undefined
  /** At their API: to be asked for with our signature. */
  readonly media: readonly string[]
  /** Elsewhere, for about an hour. */
  readonly images: readonly string[]
}

export interface Page<Row> {
  readonly rows: readonly Row[]
  /** How many they sent, readable or not. */
  readonly size: number
  readonly total: number | undefined
}

export const readHistory = (answer: Fields): Page<Step> => pageOf(answer, readStep)
export const readList = (answer: Fields): Page<Told> => pageOf(answer, readComplaint)

function pageOf<Row>(answer: Fields, read: (row: Fields) => Row | undefined): Page<Row> {
  const data = list(answer.data)
  const rows = data.filter(isFields).flatMap((row) => read(row) ?? [])
  return { rows, size: data.length, total: whole(answer, 'total_count') }
}

function readStep(row: Fields): Step {
  const said = [
    text(row, 'operate_details'),
    text(row, 'user_appy_platform_service_reason'),
    text(row, 'user_appy_platform_service_reason_description'),
    ...blocksOf(fieldsOf(row.normal_message)),
    text(fieldsOf(row.click_message), 'message_content'),
  ].filter((words) => words !== undefined)
  return {
    type: text(row, 'operate_type') ?? '',
    operator: text(row, 'operator'),
    at: time(row, 'operate_time'),
    // The block model repeats what stands in operate_details.
    text: said.length === 0 ? undefined : [...new Set(said)].join('\n'),
    media: mediaOf(row.complaint_media_list),
    images: texts(row.image_list),
  }
}

const blocksOf = (message: Fields): readonly (string | undefined)[] =>
  list(message.blocks)
    .filter(isFields)
    .map((block) => text(fieldsOf(block.text), 'text') ?? text(fieldsOf(block.link), 'text'))
