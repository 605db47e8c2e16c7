import { z } from 'zod'
import { count, money, rowsOf, text, texts, time } from '../fields.ts'

const answer = z.object({
  replier_role: text,
  replier_name: text,
  gmt_create: time,
  content: text,
  images: texts,
})
/** One step of 协商记录. */
export type Answer = z.output<typeof answer>

/** 交易投诉: list item and detail are the same but for the amount and what was said. Everything may be missing. */
export const complaint = z.object({
  complain_event_id: text,
  status: text,
  trade_no: text,
  merchant_order_no: text,
  gmt_create: time,
  gmt_modified: time,
  gmt_finished: time,
  /** 诉求 */
  leaf_category_name: text,
  complain_reason: text,
  content: text,
  images: texts,
  phone_no: text,
  /** APPID, PUBLICID or PID against which it goes. */
  target_id: text,
  target_type: text,
  trade_amount: money,
  reply_detail_infos: rowsOf(answer),
})
export type Told = z.output<typeof complaint>

export const listing = z.object({ total_page_num: count, total_num: count, trade_complain_infos: rowsOf(complaint) })
