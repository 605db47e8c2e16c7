import { codeText, rowText, statusText } from './risk-view.ts'

export type Lang = 'zh' | 'en'
type Words = Readonly<Record<string, readonly [zh: string, en: string]>>

const words: Words = {
  MERCHANT_PROCESSING: ['待商家处理', 'Merchant’s turn'],
  MERCHANT_FEEDBACKED: ['商家已反馈', 'Merchant has answered'],
  MERCHANT_FEEDBACK_TIMEOUT: ['商家处理超时', 'Merchant is late'],
  FINISHED: ['完结', 'Finished'],
  CANCELLED: ['用户撤销', 'Cancelled'],
  PLATFORM_PROCESSING: ['客服处理中', 'Platform decides'],
  PLATFORM_FINISH: ['客服处理完结', 'Platform has decided'],
  CLOSED: ['关闭', 'Closed'],
  REPORT_SUCCEED: ['举报成立', 'Report succeeded'],
  risk: ['支付交易投诉', 'RiskGO'],
  trade: ['交易投诉', 'Trade complaint'],
  '02': ['其他方式退款', 'refunded elsewhere'],
  '03': ['已发货', 'sent'],
  '04': ['其他', 'other'],
  '05': ['已完成售后', 'served'],
  '06': ['非我方责任', 'not our fault'],
  '194': ['反馈处理结果', 'result'],
  paid: ['付款', 'paid'],
  complaint: ['发起投诉', 'complains'],
  refund: ['发起退款', 'starts a refund'],
  'refund-success': ['退款到账', 'refund arrived'],
  'refund-failed': ['退款失败', 'refund failed'],
  refunding: ['平台看到退款', 'refund noticed'],
  turned: ['投诉自动转为已退款', 'turns by itself'],
  overdue: ['超时', 'Deadline passes'],
  withdraw: ['撤诉', 'Withdraws'],
  upgrade: ['升级投诉', 'Upgrades'],
  finish: ['提交处理结果', 'finishes'],
  feedback: ['反馈', 'gives feedback'],
  reply: ['回复', 'Replies'],
  supplement: ['补充凭证', 'adds evidence'],
  cancel: ['撤销', 'Cancels'],
  confirm: ['认可', 'Accepts'],
  'ask-platform': ['申请客服介入', 'Asks the platform'],
  'platform-reply': ['留言', 'Writes'],
  'platform-finish': ['判定完结', 'Decides'],
  close: ['关闭', 'Closes'],
  timeout: ['超时', 'Time runs out'],
  set: ['直接改状态', 'state set by hand'],
  consent: ['同意授权', 'consents'],
  token: ['授权码换令牌', 'code exchanged'],
  refreshed: ['令牌刷新', 'token refreshed'],
  cancelled: ['取消授权', 'takes its consent back'],
  'push-withheld': ['被扣下，没有发出', 'withheld, never sent'],
  'push-given-up': ['一直没有得到应答，放弃', 'never answered, given up'],
  customer: ['顾客', 'Customer'],
  merchant: ['商家', 'Merchant'],
  platform: ['平台', 'Platform'],
  clock: ['时间', 'Time'],
  push: ['消息', 'Message'],
}

// The RiskGO desk has its own Chinese names, and no English ones.
const risk: Readonly<Record<string, string>> = { ...codeText, ...statusText }
const rows: Readonly<Record<string, string>> = rowText

export const label = (name: string, lang: Lang): string =>
  words[name]?.[lang === 'zh' ? 0 : 1] ?? (lang === 'zh' ? risk[name] : undefined) ?? name

/** Of one complained trade: the same words mean something else there. */
export const rowLabel = (status: string, lang: Lang): string => (lang === 'zh' ? rows[status] : undefined) ?? status
