import type { RiskComplaint, RiskMove } from './risk.ts'
import { canUpgrade, overdue, withdrawn } from './risk-state.ts'
import type { TradeComplaint, TradeMove } from './trade-complaint.ts'
import { movesAt } from './trade-state.ts'

/** What the customer or the clock may do to it now. */
export function riskMoves(c: RiskComplaint): readonly RiskMove['kind'][] {
  const moves: RiskMove['kind'][] = []
  if (withdrawn(c, 0)) moves.push('withdraw')
  if (canUpgrade(c)) moves.push('upgrade')
  if (overdue(c, 0)) moves.push('overdue')
  return moves
}

const words: Readonly<Partial<Record<TradeMove['kind'], string>>> = {
  reply: '请问什么时候能处理？',
  'platform-reply': '请商家补充凭证。',
  'platform-finish': '经核实，支持用户诉求。',
}

/** The same for a trade complaint, with words that could be theirs. */
export const tradeMoves = ({ status }: TradeComplaint): readonly TradeMove[] =>
  movesAt(status).map((kind) => ({ kind, ...(words[kind] ? { text: words[kind] } : {}) }) as TradeMove)
