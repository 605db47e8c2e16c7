import type { Asking } from './api.ts'
import { present, yuan } from './fields.ts'
import type { ProcessCode, RiskComplaint, RiskStatus, RiskTrade, RiskTradeStatus } from './risk.ts'
import { beijing } from './time.ts'

export const statusText: Readonly<Record<RiskStatus, string>> = {
  WAIT_PROCESS: '待处理',
  OVERDUE: '超时未处理',
  PROCESSING: '处理中',
  PART_OVERDUE: '部分超时未处理',
  PROCESSED: '处理完成',
  OVERDUE_PROCESSED: '超时处理完成',
  DROP_COMPLAIN: '用户撤诉',
  DROP_PROCESSED: '处理完成用户撤诉',
  DROP_OVERDUE_COMPLAIN: '超时后用户撤诉',
  DROP_OVERDUE_PROCESSED: '超时处理完成用户撤诉',
}

export const rowText: Readonly<Record<RiskTradeStatus, string>> = {
  WAIT_PROCESS: '待处理',
  REFUNDING: '退款处理中',
  PROCESSED: '已退款',
  OVERDUE: '超时未处理',
  DROP_COMPLAIN: '用户撤诉',
}

export const codeText: Readonly<Record<ProcessCode, string>> = {
  CONSENSUS_WITH_CLIENT: '已联系到用户，协商一致',
  REFUND: '已退款，用户无异议',
  RECTIFICATION_NO_REFUND: '不涉及退款，已整改',
  SUBMIT_PROOF_NOT_CONTACTED: '已提交证明材料',
  ORTHER: '其他',
}

/** An item of the list; everything but what only the detail has. */
export function listed(c: RiskComplaint, asking: Asking): Record<string, unknown> {
  const { house, quirks } = asking
  const merchant = house.merchants.find(({ pid }) => pid === c.pid)
  return present({
    id: c.id,
    task_id: c.taskId,
    opposite_pid: c.pid,
    opposite_name: merchant?.name,
    complain_amount: yuan(c.trades.reduce((sum, { amount }) => sum + amount, 0)),
    complain_content: c.text,
    contact: quirks.contact === 'shown' ? c.contact : undefined,
    gmt_complain: beijing(c.createdAt),
    gmt_process: c.processedAt === undefined ? undefined : beijing(c.processedAt),
    gmt_overdue: beijing(c.overdueAt),
    gmt_risk_finish_time: beijing(c.createdAt),
    trade_no: c.trades[0]?.tradeNo,
    status: quirks.status || c.status,
    status_description: quirks.status || statusText[c.status],
    process_code: c.processCode,
    process_message: c.processCode && codeText[c.processCode],
    process_remark: c.remark,
    process_img_url_list: c.processPhotos.length > 0 ? c.processPhotos.map(house.files.url) : undefined,
    complaint_trade_info_list: c.trades.map((row) => rowOf(row, c, asking)),
    upgrade_content: c.upgrade?.text,
    gmt_upgrade: c.upgrade && beijing(c.upgrade.at),
    gmt_upgrade_risk_finish_time: c.upgrade && beijing(c.upgrade.at),
    label_tag_list: c.labels.length > 0 ? c.labels : undefined,
  })
}

export const detailed = (c: RiskComplaint, asking: Asking): Record<string, unknown> => ({
  ...listed(c, asking),
  complain_url: 'https://b.alipay.com/page/security/complain',
  ...(c.photos.length > 0 && asking.quirks.certifyInfo === 'shown'
    ? { certify_info: c.photos.map(asking.house.files.url) }
    : {}),
})

function rowOf(row: RiskTrade, { id: record }: RiskComplaint, { house, quirks }: Asking): Record<string, unknown> {
  const trade = house.trades.byNo(row.tradeNo)
  const written = (id: number) => (quirks.rowIds === 'string' ? String(id) : id)
  return present({
    id: written(row.id),
    complaint_record_id: written(record),
    trade_no: row.tradeNo,
    out_no: trade?.outTradeNo,
    gmt_trade: trade && beijing(trade.paidAt),
    gmt_refund: row.refundedAt === undefined ? undefined : beijing(row.refundedAt),
    status: row.status,
    status_description: rowText[row.status],
    amount: yuan(row.amount),
  })
}
