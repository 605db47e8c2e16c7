import type { Complaint, Talk } from './complaint.ts'
import type { Rules } from './rules.ts'

interface Words {
  readonly text?: string
  readonly photos?: readonly string[]
}

/** What the merchant does through the API. */
export type MerchantMove =
  | ({ readonly kind: 'reply' } & Words)
  | {
      readonly kind: 'immediate'
      readonly text: string
      readonly message: Readonly<Record<string, unknown>>
    }
  | { readonly kind: 'complete' }
  | { readonly kind: 'approve'; readonly text?: string; readonly day: number }
  | ({ readonly kind: 'reject' } & Words)

export type CustomerMove =
  | ({ readonly kind: 'message' } & Words)
  | ({ readonly kind: 'continue' } & Words)
  | { readonly kind: 'ask-platform'; readonly text?: string; readonly reason?: string }
  | { readonly kind: 'cancel-platform' }
  | { readonly kind: 'satisfaction'; readonly text?: string }
  /** A press on a button of an immediate reply. */
  | { readonly kind: 'click'; readonly text?: string; readonly actionId?: string }

export type PlatformMove =
  | ({ readonly kind: 'platform-message' } & Words)
  | { readonly kind: 'finish-platform' }
  | { readonly kind: 'want-immediate' }

/** What refunds do to the complaint about their order. */
export type MoneyMove = { readonly kind: 'partly-refunded' | 'fully-refunded' | 'refund-received' }

/** Every move that no API call makes. */
export type OutsideMove = CustomerMove | PlatformMove
export type Move = MerchantMove | OutsideMove | MoneyMove

const merchantKinds: readonly string[] = ['reply', 'immediate', 'complete', 'approve', 'reject']
const customerKinds: readonly string[] = [
  'message',
  'continue',
  'ask-platform',
  'cancel-platform',
  'satisfaction',
  'click',
]

export function moverOf({ kind }: Move): 'merchant' | 'customer' | 'platform' {
  if (merchantKinds.includes(kind)) return 'merchant'
  return customerKinds.includes(kind) ? 'customer' : 'platform'
}

/** WeChat Pay docs, complaint callback: what each move is told as; none = nothing is pushed. */
export const actionOf: Readonly<Partial<Record<Move['kind'], string>>> = {
  message: 'USER_RESPONSE',
  continue: 'CONTINUE_COMPLAINT',
  'ask-platform': 'USER_APPLY_PLATFORM_SERVICE',
  'cancel-platform': 'USER_CANCEL_PLATFORM_SERVICE',
  'platform-message': 'RESPONSE_BY_PLATFORM',
  'finish-platform': 'PLATFORM_SERVICE_FINISHED',
  reply: 'MERCHANT_RESPONSE',
  immediate: 'MERCHANT_RESPONSE',
  complete: 'MERCHANT_CONFIRM_COMPLETE',
  approve: 'MERCHANT_APPROVE_REFUND',
  reject: 'MERCHANT_REJECT_REFUND',
  'fully-refunded': 'SELLER_REFUND',
  'refund-received': 'REFUND_SUCCESS',
}

type Said = Pick<Talk, 'type'> & Partial<Talk>

const operators: readonly (readonly [RegExp, string])[] = [
  [/SYSTEM_MESSAGE$|^PLATFORM_HELP/, '系统'],
  [/^USER_/, '投诉人'],
  [/^MERCHANT_/, '商户'],
]

/** One more line in the history. */
export function talk(c: Complaint, at: number, said: Said): Complaint {
  const operator = operators.find(([pattern]) => pattern.test(said.type))?.[1] ?? '微信支付客服'
  const logId = `${c.id}${String(c.history.length + 1).padStart(4, '0')}`
  return { ...c, history: [...c.history, { logId, at, operator, text: '', photos: [], ...said }] }
}

/** The complaint after the move, or undefined when its state does not allow it. */
export function play(c: Complaint, move: Move, at: number, rules: Rules): Complaint | undefined {
  const open = c.state !== 'PROCESSED'
  switch (move.kind) {
    case 'reply':
      if (!open && !rules.replyWhenProcessed) return undefined
      if (c.needImmediateService && !rules.plainReplyServes) return undefined
      return answered(talk(c, at, { type: 'MERCHANT_RESPONSE', ...words(move) }))
    case 'immediate': {
      if (!open || !c.needImmediateService) return undefined
      const { text, message } = move
      return answered(talk(c, at, { type: 'MERCHANT_RESPONSE', text, message }))
    }
    case 'complete':
      if (!rules.completeFrom.includes(c.state)) return undefined
      return closed(talk(c, at, { type: 'MERCHANT_CONFIRM_COMPLETE' }))
    case 'approve':
      if (!decidable(c)) return undefined
      return { ...answered(talk(c, at, { type: 'MERCHANT_APPROVE_REFUND', ...words(move) })), decision: 'approved' }
    case 'reject':
      if (!decidable(c)) return undefined
      return { ...closed(talk(c, at, { type: 'MERCHANT_REFUSE_RERUND', ...words(move) })), decision: 'rejected' }
    case 'message':
      return open
        ? { ...talk(c, at, { type: 'USER_RESPONSE', ...words(move) }), incomingUserResponse: true }
        : undefined
    case 'continue':
      return open ? undefined : continued(c, move, at, rules)
    case 'ask-platform': {
      if (c.inPlatformService) return undefined
      const reason = move.reason ?? '商家未解决问题'
      const asked = talk(c, at, { type: 'USER_APPLY_PLATFORM_SERVICE', ...words(move), reason })
      return { ...asked, inPlatformService: true }
    }
    case 'cancel-platform':
      return withoutPlatform(c, at, 'USER_CANCEL_PLATFORM_SERVICE')
    case 'finish-platform':
      return withoutPlatform(c, at, 'PLATFORM_SERVICE_FINISHED')
    case 'satisfaction':
      return open ? undefined : talk(c, at, { type: 'USER_SUBMIT_SATISFACTION', ...words(move) })
    case 'click':
      return clicked(c, move, at)
    case 'platform-message':
      return talk(c, at, { type: 'PLATFORM_RESPONSE', ...words(move) })
    case 'want-immediate':
      return c.needImmediateService || !open ? undefined : { ...c, needImmediateService: true }
    case 'partly-refunded':
      return talk(c, at, { type: 'COMPLAINT_PARTIAL_REFUNDED_SYSTEM_MESSAGE', text: '商户已发起部分退款。' })
    case 'fully-refunded': {
      const told = talk(c, at, { type: 'COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE', text: '商户已发起全额退款。' })
      return { ...told, fullRefunded: true }
    }
    case 'refund-received':
      return received(c, at, rules)
  }
}

const words = ({ text, photos }: Words) => ({ ...(text ? { text } : {}), ...(photos ? { photos } : {}) })
const closed = (c: Complaint): Complaint => ({ ...c, state: 'PROCESSED', incomingUserResponse: false })
const answered = (c: Complaint): Complaint => ({
  ...c,
  state: c.state === 'PENDING' ? 'PROCESSING' : c.state,
  incomingUserResponse: false,
})
// WeChat Pay docs, refund decision: once, and not after the refund.
const decidable = (c: Complaint) => c.type === 'REFUND' && c.decision === 'none' && c.state !== 'PROCESSED'

function continued(c: Complaint, move: Words, at: number, rules: Rules): Complaint {
  const told = talk(c, at, { type: 'USER_CONTINUE_COMPLAINT', ...words(move) })
  const noted = talk(told, at, { type: 'USER_CONTINUE_COMPLAINT_SYSTEM_MESSAGE', text: '用户继续投诉，请尽快处理。' })
  const decision = c.decision === 'rejected' && rules.decideAfterContinue ? 'none' : c.decision
  return { ...noted, state: rules.continueTo, times: c.times + 1, incomingUserResponse: true, decision }
}

const withoutPlatform = (c: Complaint, at: number, type: string): Complaint | undefined =>
  c.inPlatformService ? { ...talk(c, at, { type }), inPlatformService: false } : undefined

function clicked(c: Complaint, move: { text?: string; actionId?: string }, at: number): Complaint | undefined {
  const told = c.history.findLast((one) => one.message !== undefined)
  if (!told) return undefined
  const click = { text: move.text ?? '', actionId: move.actionId ?? '', logId: told.logId }
  return talk(c, at, { type: 'USER_CLICK_RESPONSE', click })
}

// WeChat Pay docs, refund decision: when the money has arrived the request is done.
function received(c: Complaint, at: number, rules: Rules): Complaint | undefined {
  if (c.type !== 'REFUND' || c.decision === 'refunded') return undefined
  const told = talk(c, at, { type: 'COMPLAINT_REFUND_RECEIVED_SYSTEM_MESSAGE', text: '退款已到账。' })
  const ends = c.decision === 'approved' || rules.refundAloneCloses
  return { ...(ends ? closed(told) : told), decision: 'refunded' }
}
