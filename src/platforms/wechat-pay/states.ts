import type { Happening } from '../../complaints/complaint.ts'

// The platform's own words for its codes. docs/platforms/wechat-pay.md#tables
// A code that is not here is shown as it came, never refused.

type Words = ReadonlyMap<string, string>
type By = Happening['by']

/** complaint_state */
const states: Words = new Map([
  ['PENDING', '待处理'],
  ['PROCESSING', '处理中'],
  ['PROCESSED', '已处理完成'],
])

/** problem_type */
const problems: Words = new Map([
  ['REFUND', '申请退款'],
  ['SERVICE_NOT_WORK', '服务权益未生效'],
  ['OTHERS', '其他类型'],
])

/** service_order_info.state */
const services: Words = new Map([
  ['DOING', '服务订单进行中'],
  ['REVOKED', '商户取消服务订单'],
  ['WAITPAY', '服务订单待支付'],
  ['CREATED', '服务订单待支付'],
  ['DONE', '服务订单已完成'],
])

/** action_type of a callback */
const actions: Words = new Map([
  ['CREATE_COMPLAINT', '用户提交投诉'],
  ['CONTINUE_COMPLAINT', '用户继续投诉'],
  ['USER_RESPONSE', '用户新留言'],
  ['RESPONSE_BY_PLATFORM', '平台新留言'],
  ['SELLER_REFUND', '商户发起全额退款'],
  ['MERCHANT_RESPONSE', '商户新回复'],
  ['MERCHANT_CONFIRM_COMPLETE', '商户反馈处理完成'],
  ['USER_APPLY_PLATFORM_SERVICE', '用户申请平台协助'],
  // As the changelog once spells it.
  ['USER_APPLY_PLATFORM_SERIVCE', '用户申请平台协助'],
  ['USER_CANCEL_PLATFORM_SERVICE', '用户取消平台协助'],
  ['PLATFORM_SERVICE_FINISHED', '客服结束平台协助'],
  ['MERCHANT_APPROVE_REFUND', '商户同意退款'],
  ['MERCHANT_REJECT_REFUND', '商户驳回退款'],
  ['REFUND_SUCCESS', '退款到账'],
])

/** operate_type of the negotiation history 协商历史 */
const steps: ReadonlyMap<string, readonly [by: By, label: string]> = new Map<string, readonly [By, string]>([
  ['USER_CREATE_COMPLAINT', ['user', '用户提交投诉']],
  ['USER_CONTINUE_COMPLAINT', ['user', '用户继续投诉']],
  ['USER_RESPONSE', ['user', '用户留言']],
  ['USER_CLICK_RESPONSE', ['user', '用户点击回复']],
  ['USER_REVOKE_COMPLAINT', ['user', '用户撤诉']],
  ['USER_COMFIRM_COMPLAINT', ['user', '用户确认投诉解决']],
  ['USER_APPLY_PLATFORM_HELP', ['user', '用户申请平台协助']],
  ['USER_APPLY_PLATFORM_SERVICE', ['user', '用户申请平台协助']],
  ['USER_CANCEL_PLATFORM_SERVICE', ['user', '用户取消平台协助']],
  ['USER_SUBMIT_SATISFACTION', ['user', '用户提交满意度评价']],
  ['MERCHANT_RESPONSE', ['merchant', '商户回复']],
  ['MERCHANT_CONFIRM_COMPLETE', ['merchant', '商户反馈处理完成']],
  ['MERCHANT_APPROVE_REFUND', ['merchant', '商户同意退款']],
  ['MERCHANT_REFUSE_RERUND', ['merchant', '商户驳回退款']],
  ['MERCHANT_REJECT_REFUND', ['merchant', '商户驳回退款']],
  ['PLATFORM_RESPONSE', ['platform', '平台留言']],
  ['PLATFORM_HELP_APPLICATION', ['platform', '平台协助申请']],
  ['PLATFORM_SERVICE_FINISHED', ['platform', '客服结束平台协助']],
  ['SERVICE_ORDER_CANCEL', ['platform', '服务单取消']],
  ['SERVICE_ORDER_COMPLETE', ['platform', '服务单完成']],
  ['USER_CREATE_COMPLAINT_SYSTEM_MESSAGE', ['platform', '用户提交投诉（系统通知）']],
  ['USER_CONTINUE_COMPLAINT_SYSTEM_MESSAGE', ['platform', '用户继续投诉（系统通知）']],
  ['MERCHANT_CONFIRM_COMPLETE_SYSTEM_MESSAGE', ['platform', '商户反馈处理完成（系统通知）']],
  ['COMPLAINT_FULL_REFUNDED', ['platform', '已全额退款']],
  ['COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE', ['platform', '已全额退款（系统通知）']],
  ['COMPLAINT_PARTIAL_REFUNDED_SYSTEM_MESSAGE', ['platform', '已部分退款（系统通知）']],
  ['COMPLAINT_REFUND_RECEIVED_SYSTEM_MESSAGE', ['platform', '退款到账（系统通知）']],
  ['COMPLAINT_ENTRUSTED_REFUND_SYSTEM_MESSAGE', ['platform', '委托退款（系统通知）']],
])

export const isState = (code: string): boolean => states.has(code)
export const stateLabel = (code: string): string => states.get(code) ?? `状态 ${code || '—'}（未知）`
export const problemLabel = (code: string): string => problems.get(code) ?? code
export const serviceLabel = (code: string): string => services.get(code) ?? code
export const actionLabel = (code: string): string => actions.get(code) ?? `${code}（未知）`
export const isAction = (code: string): boolean => actions.has(code)

export function stepLabel(code: string, operator = ''): { readonly by: By; readonly label: string } {
  const [by, label] = steps.get(code) ?? [byName(operator), `${code || '—'}（未知）`]
  return { by, label }
}

const byName = (operator: string): By =>
  operator.includes('投诉人') || operator.includes('用户')
    ? 'user'
    : operator.includes('商户')
      ? 'merchant'
      : 'platform'
