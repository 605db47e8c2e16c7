import type { Choice, Happening, Phase } from '../../../complaints/complaint.ts'

const states: ReadonlyMap<string, readonly [label: string, phase: Phase]> = new Map<string, readonly [string, Phase]>([
  ['MERCHANT_PROCESSING', ['待商家处理', 'ours']],
  ['MERCHANT_FEEDBACK_TIMEOUT', ['商家处理超时', 'ours']],
  ['MERCHANT_FEEDBACKED', ['商家已反馈', 'theirs']],
  ['PLATFORM_PROCESSING', ['客服处理中', 'platform']],
  ['PLATFORM_FINISH', ['客服处理完结', 'closed']],
  ['FINISHED', ['投诉已完结', 'closed']],
  ['CANCELLED', ['投诉已撤销', 'closed']],
  ['CLOSED', ['投诉已关闭', 'closed']],
  ['REPORT_SUCCEED', ['举报成功', 'closed']],
])

export const isState = (code: string): boolean => states.has(code)
export const stateLabel = (code: string): string => states.get(code)?.[0] ?? `状态 ${code || '—'}（未知）`
export const phaseOf = (code: string): Phase => states.get(code)?.[1] ?? 'platform'

/** feedback_code */
export const feedbacks: readonly Choice[] = [
  { code: '02', label: '通过其他方式退款' },
  { code: '03', label: '已发货' },
  { code: '05', label: '已完成售后服务' },
  { code: '06', label: '非我方责任' },
  { code: '194', label: '反馈处理结果（安心付）' },
  { code: '04', label: '其他' },
]

const roles: ReadonlyMap<string, readonly [by: Happening['by'], label: string]> = new Map<
  string,
  readonly [Happening['by'], string]
>([
  ['USER', ['user', '用户']],
  ['MERCHANT', ['merchant', '商家']],
  ['SYSTEM', ['platform', '系统']],
  ['AUDITOR', ['platform', '审核小二']],
  ['GOVERNMENT', ['platform', '监管部门']],
])
export const roleOf = (code: string): readonly [by: Happening['by'], label: string] =>
  roles.get(code) ?? ['platform', `${code || '—'}（未知）`]
