export type Lang = 'zh' | 'en'
type Words = Readonly<Record<string, readonly [zh: string, en: string]>>

const words: Words = {
  PENDING: ['待处理', 'Pending'],
  PROCESSING: ['处理中', 'Processing'],
  PROCESSED: ['已处理完成', 'Processed'],
  REFUND: ['申请退款', 'Refund wanted'],
  SERVICE_NOT_WORK: ['服务权益未生效', 'Service does not work'],
  OTHERS: ['其他问题', 'Other'],
  paid: ['付款', 'paid'],
  refund: ['发起退款', 'starts a refund'],
  'refund-success': ['退款到账', 'refund arrived'],
  'refund-abnormal': ['退款异常', 'refund abnormal'],
  'refund-closed': ['退款关闭', 'refund closed'],
  complaint: ['发起投诉', 'complains'],
  message: ['留言', 'Writes'],
  continue: ['继续投诉', 'Continues'],
  'ask-platform': ['申请平台协助', 'Asks the platform'],
  'cancel-platform': ['取消平台协助', 'Cancels the platform’s help'],
  satisfaction: ['评价', 'Rates'],
  click: ['点击按钮', 'Presses a button'],
  'platform-message': ['平台留言', 'Writes'],
  'finish-platform': ['结束平台协助', 'Finishes its help'],
  'want-immediate': ['要求即时服务', 'Wants immediate service'],
  reply: ['回复', 'replies'],
  immediate: ['即时回复', 'replies at once'],
  complete: ['反馈处理完成', 'says it is done'],
  approve: ['同意退款', 'approves the refund'],
  reject: ['拒绝退款', 'rejects the refund'],
  'partly-refunded': ['部分退款', 'partly refunded'],
  'fully-refunded': ['全额退款', 'fully refunded'],
  'refund-received': ['申请的退款已到账', 'the refund has arrived'],
  set: ['直接改状态', 'state set by hand'],
  'push-withheld': ['被扣下，没有发出', 'withheld, never sent'],
  'push-given-up': ['一直没有得到应答，放弃', 'never answered, given up'],
  customer: ['顾客', 'Customer'],
  merchant: ['商家', 'Merchant'],
  platform: ['平台', 'Platform'],
  clock: ['到期', 'Time'],
  push: ['通知', 'Notice'],
  CREATE_COMPLAINT: ['新投诉', 'new complaint'],
  CONTINUE_COMPLAINT: ['继续投诉', 'continued'],
  USER_RESPONSE: ['用户留言', 'customer wrote'],
  RESPONSE_BY_PLATFORM: ['平台留言', 'platform wrote'],
  USER_APPLY_PLATFORM_SERVICE: ['申请平台协助', 'asked for platform help'],
  USER_CANCEL_PLATFORM_SERVICE: ['取消平台协助', 'help cancelled'],
  PLATFORM_SERVICE_FINISHED: ['平台协助结束', 'help finished'],
  SELLER_REFUND: ['商户全额退款', 'refunded in full'],
  REFUND_SUCCESS: ['退款到账', 'refund arrived'],
  'REFUND.SUCCESS': ['退款成功', 'refund success'],
  'REFUND.ABNORMAL': ['退款异常', 'refund abnormal'],
  'REFUND.CLOSED': ['退款关闭', 'refund closed'],
}

// A refund's state and a complaint's have names in common.
const refunds: Words = {
  PROCESSING: ['退款处理中', 'underway'],
  SUCCESS: ['退款成功', 'success'],
  ABNORMAL: ['退款异常', 'abnormal'],
  CLOSED: ['退款关闭', 'closed'],
  never: ['一直处理中', 'never ends'],
}

const said = (table: Words, name: string, lang: Lang): string => table[name]?.[lang === 'zh' ? 0 : 1] ?? name
export const label = (name: string, lang: Lang): string => said(words, name, lang)
export const refundLabel = (status: string, lang: Lang): string => said(refunds, status, lang)
export const yuan = (fen: number): string => `${Math.trunc(fen / 100)}.${String(Math.abs(fen % 100)).padStart(2, '0')}`
