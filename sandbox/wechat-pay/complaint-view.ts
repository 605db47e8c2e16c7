import type { KeyObject } from 'node:crypto'
import type { Complaint, Talk } from './complaint.ts'
import type { Images } from './images.ts'
import type { Quirks } from './rules.ts'
import { encryptFor } from './sealed.ts'
import { rfc3339 } from './time.ts'

export interface Viewer {
  readonly images: Images
  readonly key: KeyObject
  readonly quirks: Quirks
}

/** WeChat Pay docs, complaint object of the list; the detail has the openid besides. */
export function showComplaint(c: Complaint, viewer: Viewer): Record<string, unknown> {
  const { quirks, images } = viewer
  const orders = c.orders.map((one) => {
    return { transaction_id: one.transactionId, out_trade_no: one.outTradeNo, amount: one.amount }
  })
  const service = c.serviceOrder
  const pictures = c.photos.map((sha256) => images.mediaUrl(c.account, sha256))
  return {
    complaint_id: c.id,
    complaint_time: rfc3339(c.at, quirks.times),
    complaint_detail: c.detail,
    complaint_state: quirks.state || c.state,
    complainted_mchid: quirks.mchid === 'number' ? Number(c.mchid) : c.mchid,
    ...phone(c, viewer),
    ...(quirks.orders === 'absent' ? {} : { complaint_order_info: orders }),
    ...(service
      ? { service_order_info: [{ order_id: service.orderId, out_order_no: service.outOrderNo, state: service.state }] }
      : {}),
    complaint_full_refunded: c.fullRefunded,
    incoming_user_response: c.incomingUserResponse,
    problem_description: c.problem,
    user_complaint_times: c.times,
    ...(pictures.length > 0
      ? { complaint_media_list: [{ media_type: 'USER_COMPLAINT_IMAGE', media_url: pictures }] }
      : {}),
    problem_type: c.type,
    ...(c.type === 'REFUND' ? { apply_refund_amount: c.applied } : {}),
    ...(c.tags.length > 0 ? { user_tag_list: c.tags } : {}),
    ...(c.powerBank ? { additional_info: powerBank(c) } : {}),
    in_platform_service: c.inPlatformService,
    need_immediate_service: c.needImmediateService,
    is_agent_mode: c.agentMode,
  }
}

export const showDetail = (c: Complaint, viewer: Viewer): Record<string, unknown> => ({
  ...showComplaint(c, viewer),
  ...(c.openid ? { payer_openid: c.openid } : {}),
})

function phone(c: Complaint, { key, quirks }: Viewer): Record<string, string> {
  if (quirks.phone === 'absent') return {}
  const sealed = encryptFor(key, c.phone)
  return { payer_phone: quirks.phone === 'broken' ? `AAAA${sealed.slice(4)}` : sealed }
}

const powerBank = (c: Complaint) => ({
  type: 'SHARE_POWER_TYPE',
  share_power_info: {
    return_time: rfc3339(c.at - 3_600_000),
    return_address_info: {
      return_address: '广东省深圳市南山区海天二路 33 号',
      longitude: '113.93535488533665',
      latitude: '22.52305518747831',
    },
    is_returned_to_same_machine: false,
  },
})

/** WeChat Pay docs, negotiation history: one line. The names are the platform's own, misspelt ones included. */
export function showTalk(c: Complaint, one: Talk, { images, quirks }: Viewer): Record<string, unknown> {
  const urls = one.photos.map((sha256) => images.mediaUrl(c.account, sha256))
  const media = { media_type: 'OPERATION_IMAGE', media_url: urls }
  const customers = one.type.startsWith('USER_') && urls.length > 0
  return {
    log_id: one.logId,
    operator: one.operator,
    operate_time: rfc3339(one.at, quirks.times),
    operate_type: one.type,
    operate_details: one.text,
    ...(one.photos.length > 0 ? { image_list: one.photos.map(images.plainUrl) } : {}),
    ...(customers ? { complaint_media_list: quirks.historyMedia === 'array' ? [media] : media } : {}),
    ...(one.reason
      ? { user_appy_platform_service_reason: one.reason, user_appy_platform_service_reason_description: one.text }
      : {}),
    ...(one.message ? { normal_message: one.message } : {}),
    ...(one.click
      ? {
          click_message: {
            message_content: one.click.text,
            action_id: one.click.actionId,
            clicked_log_id: one.click.logId,
          },
        }
      : {}),
  }
}
