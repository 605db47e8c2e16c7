import type { Complaint } from './complaint.ts'
import { accountOf, type Merchant } from './merchant.ts'
import type { NotifyUrls } from './notify-url.ts'
import type { Order } from './orders.ts'
import type { Post } from './post.ts'
import { type Refund, showNotice } from './refund.ts'

const summaries: Readonly<Record<string, string>> = {
  SUCCESS: '退款成功',
  ABNORMAL: '退款异常',
  CLOSED: '退款关闭',
}

/** Who is told of what, where. Without an address nobody is. */
export interface Tell {
  complaint(complaint: Complaint, action: string): void
  refund(refund: Refund, order: Order): void
}

export function createTell(options: {
  readonly merchants: readonly Merchant[]
  readonly urls: NotifyUrls
  readonly post: Post
}): Tell {
  const { merchants, urls, post } = options
  return {
    complaint({ id, mchid }, action) {
      const merchant = accountOf(merchants, mchid)
      const url = merchant && urls.of(merchant)
      if (!url) return
      const created = action === 'CREATE_COMPLAINT'
      post.send({
        kind: 'complaint',
        merchant,
        url,
        event: created ? 'COMPLAINT.CREATE' : 'COMPLAINT.STATE_CHANGE',
        summary: created ? '产生新投诉' : '投诉状态变化',
        plain: { complaint_id: id, action_type: action },
        thread: id,
        about: { mchid, complaint: id, told: action },
      })
    },
    refund(refund, order) {
      const { mchid, transactionId, outRefundNo, status } = refund
      const merchant = accountOf(merchants, mchid)
      const url = refund.notifyUrl ?? merchant?.refundNotifyUrl
      if (!merchant || !url) return
      post.send({
        kind: 'refund',
        merchant,
        url,
        event: `REFUND.${status}`,
        summary: summaries[status] ?? status,
        plain: showNotice(refund, order),
        thread: transactionId,
        about: { mchid, transactionId, outRefundNo, told: `REFUND.${status}` },
      })
    },
  }
}
