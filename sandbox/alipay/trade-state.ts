import type { TradeComplaint, TradeMove, TradeReply, TradeStatus } from './trade-complaint.ts'

const open: readonly TradeStatus[] = [
  'MERCHANT_PROCESSING',
  'MERCHANT_FEEDBACKED',
  'MERCHANT_FEEDBACK_TIMEOUT',
  'PLATFORM_PROCESSING',
]

// PHP v3 docs: where each of the merchant's acts is allowed.
export const feedbackFrom: readonly TradeStatus[] = ['MERCHANT_PROCESSING', 'MERCHANT_FEEDBACK_TIMEOUT']
export const replyFrom: readonly TradeStatus[] = [
  'MERCHANT_PROCESSING',
  'MERCHANT_FEEDBACKED',
  'MERCHANT_FEEDBACK_TIMEOUT',
]
export const supplementFrom: readonly TradeStatus[] = ['PLATFORM_PROCESSING']

interface Way {
  readonly from: readonly TradeStatus[]
  /** The same state when left out. */
  readonly to?: TradeStatus
  readonly end?: true
  readonly by: 'customer' | 'platform' | 'clock'
}

const ways: Readonly<Record<TradeMove['kind'], Way>> = {
  reply: { from: open, by: 'customer' },
  cancel: { from: open, to: 'CANCELLED', end: true, by: 'customer' },
  confirm: { from: ['MERCHANT_FEEDBACKED'], to: 'FINISHED', end: true, by: 'customer' },
  'ask-platform': {
    from: ['MERCHANT_PROCESSING', 'MERCHANT_FEEDBACKED', 'MERCHANT_FEEDBACK_TIMEOUT'],
    to: 'PLATFORM_PROCESSING',
    by: 'customer',
  },
  'platform-reply': { from: ['PLATFORM_PROCESSING'], by: 'platform' },
  'platform-finish': { from: ['PLATFORM_PROCESSING'], to: 'PLATFORM_FINISH', end: true, by: 'platform' },
  close: { from: open, to: 'CLOSED', end: true, by: 'platform' },
  timeout: { from: ['MERCHANT_PROCESSING'], to: 'MERCHANT_FEEDBACK_TIMEOUT', by: 'clock' },
}

export const moverOf = (kind: TradeMove['kind']) => ways[kind].by
export const movesAt = (status: TradeStatus): readonly TradeMove['kind'][] =>
  (Object.keys(ways) as TradeMove['kind'][]).filter((kind) => ways[kind].from.includes(status))

/** The complaint after the move, or undefined when its state does not allow it. */
export function played(
  c: TradeComplaint,
  move: TradeMove,
  at: number,
  photos: readonly string[],
): TradeComplaint | undefined {
  const { from, to = c.status, end } = ways[move.kind]
  if (!from.includes(c.status)) return undefined
  const said = 'text' in move && move.text !== undefined ? [reply(move, at, photos)] : []
  const replies = [...c.replies, ...said]
  return { ...c, status: to, replies, modifiedAt: at, ...(end ? { finishedAt: at } : {}) }
}

function reply(move: TradeMove, at: number, photos: readonly string[]): TradeReply {
  const text = 'text' in move ? (move.text ?? '') : ''
  const customer = move.kind === 'reply'
  return { by: customer ? 'USER' : 'AUDITOR', name: customer ? '投诉用户' : '审核小二', at, text, photos }
}

/** What the merchant has said, and where that leads. */
export function spoken(c: TradeComplaint, said: Omit<TradeReply, 'by' | 'name'>, to: TradeStatus): TradeComplaint {
  const mine: TradeReply = { by: 'MERCHANT', name: '商家', ...said }
  return { ...c, status: to, modifiedAt: said.at, replies: [...c.replies, mine] }
}
