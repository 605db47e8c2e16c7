import type { Complaint } from './complaint.ts'
import { type Move, play } from './moves.ts'
import type { Rules } from './rules.ts'

const every: readonly Move[] = [
  { kind: 'accept' },
  { kind: 'ask-platform', content: '商家的处理我不认可，申请平台介入。' },
  { kind: 'message', content: '请问什么时候能处理？' },
  { kind: 'user-evidence', content: '补充聊天记录截图。' },
  { kind: 'ship-return' },
  { kind: 'withdraw' },
  { kind: 'take-up' },
  { kind: 'ask-evidence', of: 'merchant', content: '请商家在时限内补充发货与物流凭证。' },
  { kind: 'ask-evidence', of: 'both', content: '请双方在时限内补充凭证。' },
  { kind: 'ask-evidence', of: 'customer', content: '请用户补充商品问题的照片。' },
  { kind: 'judge', verdict: 'liable', content: '经核实，判定为商家责任，请退款后上传处理凭证。' },
  { kind: 'judge', verdict: 'return', content: '判定为商家责任，用户退货后由商家退款。' },
  { kind: 'judge', verdict: 'not-liable', content: '经核实，商家无责。' },
  { kind: 'judge', verdict: 'dismissed', content: '经核实，投诉不成立，予以完结。' },
  { kind: 'return-received' },
  { kind: 'return-abnormal' },
  { kind: 'verify-proof' },
  { kind: 'refuse-proof', content: '处理凭证无法核实。' },
  { kind: 'pay' },
  { kind: 'finish-pay' },
  { kind: 'open-appeal' },
  { kind: 'close-appeal' },
  { kind: 'win-appeal' },
  { kind: 'lose-appeal' },
]

/** The customer's and the platform's moves that are possible now, with words that could be theirs; the waybill has a list of its own. */
export function possible(complaint: Complaint, rules: Rules): readonly Move[] {
  return every.filter((move) => play(complaint, move, complaint.createdAt, rules) !== undefined)
}
