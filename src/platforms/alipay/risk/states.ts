import type { Choice, Phase } from '../../../complaints/complaint.ts'

interface State {
  readonly label: string
  readonly phase: Phase
  /** Closed by a result of ours, in time or not. */
  readonly processed?: true
}

const states: ReadonlyMap<string, State> = new Map<string, State>([
  ['WAIT_PROCESS', { label: '待处理', phase: 'ours' }],
  ['OVERDUE', { label: '超时未处理', phase: 'ours' }],
  ['PROCESSING', { label: '处理中', phase: 'ours' }],
  ['PART_OVERDUE', { label: '部分超时未处理', phase: 'ours' }],
  ['PROCESSED', { label: '处理完成', phase: 'closed', processed: true }],
  ['OVERDUE_PROCESSED', { label: '超时处理完成', phase: 'closed', processed: true }],
  ['DROP_COMPLAIN', { label: '用户撤诉', phase: 'closed' }],
  ['DROP_PROCESSED', { label: '处理完成用户撤诉', phase: 'closed', processed: true }],
  ['DROP_OVERDUE_COMPLAIN', { label: '超时后用户撤诉', phase: 'closed' }],
  ['DROP_OVERDUE_PROCESSED', { label: '超时处理完成用户撤诉', phase: 'closed', processed: true }],
])

export const isState = (code: string): boolean => states.has(code)
/** Believed, marked and shown in its own words; nothing is offered in a state that we do not know. */
export const phaseOf = (code: string): Phase => states.get(code)?.phase ?? 'platform'
export const stateLabel = (code: string): string | undefined => states.get(code)?.label
export const isProcessed = (code: string): boolean => states.get(code)?.processed === true
export const openStates: readonly string[] = [...states].flatMap(([code, { phase }]) =>
  phase === 'closed' ? [] : [code],
)

/** process_code; ORTHER is really spelled so. */
export const results: readonly Choice[] = [
  { code: 'CONSENSUS_WITH_CLIENT', label: '已联系到用户，协商一致' },
  { code: 'REFUND', label: '已退款，用户无异议' },
  { code: 'RECTIFICATION_NO_REFUND', label: '不涉及退款，已整改' },
  { code: 'SUBMIT_PROOF_NOT_CONTACTED', label: '已提交证明材料' },
  { code: 'ORTHER', label: '其他' },
]
export const resultLabel = (code: string): string => results.find((each) => each.code === code)?.label ?? code

/** Of one trade of a complaint. */
export const refunded = 'PROCESSED'
const rows: ReadonlyMap<string, string> = new Map([
  ['WAIT_PROCESS', '待处理'],
  ['REFUNDING', '退款处理中'],
  [refunded, '已退款'],
  ['OVERDUE', '超时未处理'],
  ['DROP_COMPLAIN', '用户撤诉'],
])
export const rowLabel = (code: string): string | undefined => rows.get(code)
