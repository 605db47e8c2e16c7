import { type Complaint, type Item, isClosed, isWorking, type Seconds } from './complaint.ts'
import type { Rules } from './rules.ts'

interface Words {
  readonly content?: string
  readonly photos?: readonly string[]
}

/** What the merchant does through the API. */
export type MerchantMove =
  | ({ readonly kind: 'respond'; readonly agree: boolean } & Words)
  | ({ readonly kind: 'evidence' } & Words)
  | ({ readonly kind: 'proof'; readonly received?: boolean } & Words)
  | ({ readonly kind: 'appeal' } & Words)

/** What the merchant does in the admin console; no API call does it. */
export type ConsoleMove = { readonly kind: 'merchant-message' } & Words

export type CustomerMove =
  | { readonly kind: 'accept' }
  | ({ readonly kind: 'ask-platform' } & Words)
  | { readonly kind: 'withdraw' }
  | ({ readonly kind: 'message' } & Words)
  | ({ readonly kind: 'user-evidence' } & Words)
  | { readonly kind: 'ship-return'; readonly waybill?: string; readonly carrier?: string }

export type PlatformMove =
  | { readonly kind: 'take-up' }
  | { readonly kind: 'ask-evidence'; readonly of: 'merchant' | 'both' | 'customer'; readonly content?: string }
  | {
      readonly kind: 'judge'
      readonly verdict: 'liable' | 'return' | 'not-liable' | 'dismissed'
      readonly content?: string
    }
  | { readonly kind: 'return-received' }
  | { readonly kind: 'return-abnormal' }
  /** What the carrier tells of the returned goods. */
  | { readonly kind: 'waybill'; readonly state: number }
  | { readonly kind: 'verify-proof' }
  /** The table has two nodes with one meaning. */
  | { readonly kind: 'refuse-proof'; readonly node?: 26 | 37; readonly content?: string }
  | { readonly kind: 'pay' }
  | { readonly kind: 'finish-pay' }
  | { readonly kind: 'open-appeal' }
  | { readonly kind: 'close-appeal' }
  | { readonly kind: 'win-appeal' }
  | { readonly kind: 'lose-appeal' }

/** Every move that no API call makes. */
export type OutsideMove = ConsoleMove | CustomerMove | PlatformMove
export type Move = MerchantMove | OutsideMove

/** Who makes this move. */
export function moverOf(move: Move): 'merchant' | 'customer' | 'platform' {
  if (['respond', 'evidence', 'proof', 'appeal', 'merchant-message'].includes(move.kind)) return 'merchant'
  const customer = ['accept', 'ask-platform', 'withdraw', 'message', 'user-evidence', 'ship-return']
  return customer.includes(move.kind) ? 'customer' : 'platform'
}

/** The complaint after the move, or undefined when its state does not allow it. WeChat docs, 交易投诉: flow, status and node tables. */
export function play(complaint: Complaint, move: Move, at: Seconds, rules: Rules): Complaint | undefined {
  switch (move.kind) {
    case 'respond':
    case 'evidence':
    case 'proof':
    case 'appeal':
      return merchantPlays(complaint, move, at, rules)
    case 'merchant-message':
      return isClosed(complaint) ? undefined : note(complaint, { type: 3, time: at, ...words(move) })
    case 'accept':
    case 'ask-platform':
    case 'withdraw':
    case 'message':
    case 'user-evidence':
    case 'ship-return':
      return customerPlays(complaint, move, at, rules)
    default:
      return platformPlays(complaint, move, at, rules)
  }
}

interface Step {
  readonly status: number
  /** How long the new state lasts; 0 = without end. */
  readonly lasts?: number
  readonly item?: Item
}

function step(complaint: Complaint, at: Seconds, { status, lasts = 0, item }: Step): Complaint {
  const expiresAt = lasts ? at + Math.floor(lasts / 1000) : 0
  return { ...complaint, status, expiresAt, items: item ? [...complaint.items, item] : complaint.items }
}

const note = (complaint: Complaint, item: Item): Complaint => ({ ...complaint, items: [...complaint.items, item] })

/** An end; where the merchant is liable, the appeal opens. */
function finish(complaint: Complaint, at: Seconds, rules: Rules, ending: Step): Complaint {
  const ended = step(complaint, at, ending)
  return ended.liable && rules.appealOpens ? openAppeal(ended, at, rules) : ended
}

const openAppeal = (complaint: Complaint, at: Seconds, rules: Rules): Complaint => ({
  ...complaint,
  appealState: 401,
  expiresAt: rules.appealMs ? at + Math.floor(rules.appealMs / 1000) : 0,
})

const words = ({ content, photos }: Words): Words => ({
  ...(content ? { content } : {}),
  ...(photos?.length ? { photos } : {}),
})

function merchantPlays(c: Complaint, move: MerchantMove, at: Seconds, rules: Rules): Complaint | undefined {
  switch (move.kind) {
    case 'respond': {
      if (c.status !== 201) return undefined
      const status = move.agree ? rules.agreed : rules.refused
      return step(c, at, { status, lasts: rules.confirmMs, item: { type: 109, time: at, ...words(move) } })
    }
    case 'evidence':
      if (c.status !== 106 && c.status !== 108) return undefined
      return step(c, at, { status: 107, item: { type: 8, time: at, ...words(move) } })
    case 'proof':
      // 311: the return arrived damaged or not at all; whether proof is taken then is not documented.
      if (c.status !== 206 && c.status !== 311) return undefined
      return step(c, at, { status: 207, item: { type: 110, time: at, ...words(move) } })
    case 'appeal': {
      if (c.appealState !== 401) return undefined
      const item = { type: rules.appealNode, time: at, appealItemType: 403, ...words(move) }
      return { ...c, appealState: 403, expiresAt: 0, items: [...c.items, item] }
    }
  }
}

const waitsForCustomer: readonly number[] = [202, 203, 204]

function customerPlays(c: Complaint, move: CustomerMove, at: Seconds, rules: Rules): Complaint | undefined {
  switch (move.kind) {
    case 'accept':
      if (!waitsForCustomer.includes(c.status)) return undefined
      return finish(c, at, rules, { status: 205, item: { type: 104, time: at } })
    case 'ask-platform':
      if (!waitsForCustomer.includes(c.status)) return undefined
      return step(c, at, { status: 101, item: { type: 11, time: at, ...words(move) } })
    case 'withdraw':
      if (isClosed(c)) return undefined
      return step(c, at, { status: 102, item: { type: 12, time: at } })
    case 'message':
      if (isClosed(c)) return undefined
      return note(c, { type: 2, time: at, phoneNumber: c.phone, ...words(move) })
    case 'user-evidence':
      if (c.status !== 104 && c.status !== 108) return undefined
      return step(c, at, { status: 105, item: { type: 7, time: at, ...words(move) } })
    case 'ship-return': {
      if (c.status !== 308 || !c.returnBill) return undefined
      const waybillId = move.waybill ?? `SF${c.returnBill.returnId}`
      const returnBill = { ...c.returnBill, waybillId, deliveryName: move.carrier ?? '顺丰速运', orderStatus: 2 }
      return { ...step(c, at, { status: 309, lasts: rules.returnMs }), returnBill }
    }
  }
}

const asked = {
  merchant: { status: 106, type: 16 },
  both: { status: 108, type: 18 },
  customer: { status: 104, type: 14 },
} as const

function platformPlays(c: Complaint, move: PlatformMove, at: Seconds, rules: Rules): Complaint | undefined {
  switch (move.kind) {
    case 'take-up':
      return takeUp(c, at)
    case 'ask-evidence': {
      const { status, type } = asked[move.of]
      const item = { type, time: at, ...words(move) }
      return isWorking(c) ? step(c, at, { status, lasts: rules.evidenceMs, item }) : undefined
    }
    case 'judge':
      return isWorking(c) ? judge(c, move, at, rules) : undefined
    case 'return-received':
    case 'return-abnormal':
      return returned(c, move.kind === 'return-received', at, rules)
    case 'waybill':
      if (isClosed(c) || !c.returnBill || !waybillStates.includes(move.state)) return undefined
      return { ...c, returnBill: { ...c.returnBill, orderStatus: move.state } }
    case 'verify-proof':
      if (c.status !== 207) return undefined
      return finish(c, at, rules, { status: 115, item: { type: 36, time: at } })
    case 'refuse-proof':
      if (c.status !== 207) return undefined
      return finish(c, at, rules, { status: 209, item: { type: move.node ?? 37, time: at, ...words(move) } })
    case 'pay':
      if (!isWorking(c) && c.status !== 206) return undefined
      return { ...step(c, at, { status: 312, item: { type: 118, time: at } }), liable: true }
    case 'finish-pay':
      return c.status === 312 ? finish(c, at, rules, { status: 112 }) : undefined
    default:
      return appealPlays(c, move.kind, at, rules)
  }
}

// WeChat docs, 运单状态.
export const waybillStates: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 99]

// Not documented: what leads to 310; here the platform takes back what the merchant missed or the carrier spoiled.
function takeUp(c: Complaint, at: Seconds): Complaint | undefined {
  const item = { type: 13, time: at }
  if (isWorking(c)) return step(c, at, { status: 103, item })
  const missed = c.status === 208 && (c.appealState === 0 || c.appealState === 401)
  if (!missed && c.status !== 311) return undefined
  return { ...step(c, at, { status: 310, item }), appealState: 0 }
}

type Verdict = Extract<PlatformMove, { kind: 'judge' }>

function judge(c: Complaint, { verdict, content }: Verdict, at: Seconds, rules: Rules): Complaint {
  const item = { time: at, ...words({ ...(content ? { content } : {}) }) }
  if (verdict === 'not-liable') return step(c, at, { status: 112, item: { type: 30, ...item } })
  if (verdict === 'dismissed') return step(c, at, { status: 116, item: { type: 33, ...item } })
  const liable = { ...c, liable: true }
  if (verdict === 'liable') {
    return step(liable, at, { status: 206, lasts: rules.proofMs, item: { type: 31, blameResult: 0, ...item } })
  }
  const returnBill = { returnId: String(c.id + 500_000), waybillId: '', deliveryName: '', orderStatus: 10 }
  const returning = step(liable, at, {
    status: 308,
    lasts: rules.returnMs,
    item: { type: 32, blameResult: 1, ...item },
  })
  return { ...returning, returnBill }
}

function returned(c: Complaint, well: boolean, at: Seconds, rules: Rules): Complaint | undefined {
  const onItsWay = c.status === 308 || c.status === 309 || (well && c.status === 311)
  if (!onItsWay || !c.returnBill) return undefined
  const next = step(c, at, well ? { status: 206, lasts: rules.proofMs } : { status: 311 })
  return { ...next, returnBill: { ...c.returnBill, orderStatus: well ? 4 : 5 } }
}

function appealPlays(c: Complaint, kind: string, at: Seconds, rules: Rules): Complaint | undefined {
  if (kind === 'open-appeal')
    return isClosed(c) && c.appealState === 0 ? openAppeal({ ...c, liable: true }, at, rules) : undefined
  if (kind === 'close-appeal') return c.appealState === 401 ? { ...c, appealState: 402, expiresAt: 0 } : undefined
  if (c.appealState !== 403) return undefined
  const appealState = kind === 'win-appeal' ? 117 : 118
  const item = { type: rules.appealNode, time: at, appealItemType: appealState }
  return { ...c, appealState, items: [...c.items, item] }
}

/** What happens by itself at the moment a state ends. */
export function timeUp(c: Complaint, rules: Rules): Complaint | undefined {
  const at = c.expiresAt
  if (c.appealState === 401 && isClosed(c)) return { ...c, appealState: 402, expiresAt: 0 }
  const silent = (status: number, type: number, lasts = 0) => step(c, at, { status, lasts, item: { type, time: at } })
  switch (c.status) {
    case 201:
      return rules.unanswered === 'customer' ? silent(202, 101, rules.confirmMs) : silent(101, 101)
    case 202:
    case 203:
    case 204:
      return silent(205, 108)
    case 104:
      return silent(305, 111)
    case 106:
      return silent(307, 112)
    case 108:
      return silent(109, 113)
    case 206:
      return finish(c, at, rules, { status: 208, item: { type: 107, time: at } })
    default:
      return undefined
  }
}
