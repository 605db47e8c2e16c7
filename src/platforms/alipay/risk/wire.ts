import { z } from 'zod'
import { count, money, rowsOf, text, texts, time } from '../fields.ts'

const trade = z.object({
  trade_no: text,
  out_no: text,
  gmt_trade: time,
  gmt_refund: time,
  status: text,
  status_description: text,
  amount: money,
})
/** One of the trades that a complaint is about. */
export type Trade = z.output<typeof trade>

/** A complaint as the platform wrote it: list item and detail are the same but for a few fields. Everything may be missing. */
export const complaint = z.object({
  /** The number that all calls want; the 投诉单号 that people see is `task_id`. */
  id: text,
  task_id: text,
  /** 被投诉人: PID of the merchant. */
  opposite_pid: text,
  opposite_name: text,
  complain_amount: money,
  complain_content: text,
  /** 联系方式 of the user. */
  contact: text,
  gmt_complain: time,
  gmt_process: time,
  gmt_overdue: time,
  gmt_risk_finish_time: time,
  trade_no: text,
  status: text,
  status_description: text,
  process_code: text,
  process_message: text,
  process_remark: text,
  process_img_url_list: texts,
  complaint_trade_info_list: rowsOf(trade),
  complain_url: text,
  certify_info: texts,
  upgrade_content: text,
  gmt_upgrade: time,
  label_tag_list: texts,
})
export type Told = z.output<typeof complaint>

export const listing = z.object({ total_size: count, complaint_list: rowsOf(complaint) })
