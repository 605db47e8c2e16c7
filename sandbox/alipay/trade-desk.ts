import type { Clock } from '../../src/core/clock.ts'
import { digits, type Merchant, type Random } from './app.ts'
import type { Files } from './files.ts'
import type { Ledger, LedgerEntry } from './ledger.ts'
import type { Rules } from './rules.ts'
import { beijing } from './time.ts'
import type { Trade } from './trade.ts'
import type { FeedbackCode, TradeComplain, TradeComplaint, TradeMove } from './trade-complaint.ts'
import { feedbackFrom, moverOf, played, replyFrom, spoken, supplementFrom } from './trade-state.ts'
import type { Trades } from './trades.ts'

/** What the merchant says, and with which pictures. */
export interface Spoken {
  readonly text: string
  readonly photos: readonly string[]
  readonly imageIds: readonly string[]
}

export interface TradeDesk {
  complain(said: TradeComplain): TradeComplaint
  move(id: string, move: TradeMove): TradeComplaint
  set(id: string, facts: Partial<Omit<TradeComplaint, 'id'>>): TradeComplaint
  /** The merchant's acts; undefined when the state does not allow it. */
  feedback(c: TradeComplaint, said: Spoken & { code: FeedbackCode; operator?: string }): TradeComplaint | undefined
  reply(c: TradeComplaint, said: Spoken): TradeComplaint | undefined
  supplement(c: TradeComplaint, said: Spoken): TradeComplaint | undefined
  get(id: string): TradeComplaint | undefined
  all(): readonly TradeComplaint[]
  advance(now: number): void
}

/** The complaints about trades and whatever changes them: one entry in the ledger and one message for each change. */
export function createTradeDesk(options: {
  readonly clock: Clock
  readonly random: Random
  readonly rules: Rules
  readonly merchants: readonly Merchant[]
  readonly ledger: Ledger
  readonly files: Files
  readonly trades: Trades
  readonly tell: (complaint: TradeComplaint) => void
}): TradeDesk {
  const { clock, random, rules, ledger, files, trades } = options
  const complaints = new Map<string, TradeComplaint>()

  function existing(id: string): TradeComplaint {
    const found = complaints.get(id)
    if (!found) throw new Error(`no complaint ${id}`)
    return found
  }

  function tradeOf({ pid, tradeNo, amount, subject }: TradeComplain): Trade {
    const known = trades.byNo(tradeNo ?? '')
    if (known && known.pid !== pid) throw new Error(`${pid} has no trade ${tradeNo}`)
    const facts = { tradeNo, total: amount, subject }
    const given = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
    return known ?? trades.put({ ...given, pid })
  }

  function complain(said: TradeComplain): TradeComplaint {
    const at = clock.now()
    const { tradeNo } = tradeOf(said)
    const { pid, targetType = 'APPID' } = said
    const appId = options.merchants.find((one) => one.pid === pid)?.appId ?? ''
    const complaint: TradeComplaint = {
      id: `${beijing(at).slice(0, 10).replaceAll('-', '')}${digits(random, 20)}`,
      pid,
      targetId: targetType === 'PID' ? pid : appId,
      targetType,
      status: 'MERCHANT_PROCESSING',
      tradeNo,
      category: said.category ?? '未收到货',
      reason: said.reason ?? '商家未发货',
      text: said.text ?? '下单一周还没有发货，客服也不回复。',
      phone: said.phone ?? `139${digits(random, 8)}`,
      photos: (said.photos ?? []).map(files.keep),
      createdAt: at,
      modifiedAt: at,
      replies: [],
    }
    const { id, status, text, photos } = complaint
    complaints.set(id, complaint)
    const media = photos.map((sha256) => ({ sha256 }))
    ledger.add({
      pid,
      source: 'trade',
      by: 'customer',
      what: 'complaint',
      complaint: id,
      tradeNo,
      to: status,
      text,
      media,
    })
    options.tell(complaint)
    return complaint
  }

  function keep(
    before: TradeComplaint,
    after: TradeComplaint,
    said: Pick<LedgerEntry, 'by' | 'what'> & Partial<LedgerEntry>,
    at?: number,
  ) {
    complaints.set(after.id, after)
    const { pid, id, status: to } = after
    ledger.add({ pid, source: 'trade', complaint: id, from: before.status, to, ...said }, at)
    if (said.by !== 'merchant' || rules.pushOwnActs) options.tell(after)
    return after
  }

  function move(id: string, next: TradeMove, at = clock.now()): TradeComplaint {
    const before = existing(id)
    const photos = 'photos' in next ? (next.photos ?? []).map(files.keep) : []
    const after = played(before, next, at, photos)
    if (!after) throw new Error(`${next.kind} is not possible at ${before.status}`)
    const words = 'text' in next && next.text !== undefined ? { text: next.text } : {}
    const media = photos.map((sha256) => ({ sha256 }))
    return keep(before, after, { by: moverOf(next.kind), what: next.kind, ...words, media }, at)
  }

  function say(
    before: TradeComplaint,
    after: TradeComplaint,
    what: string,
    { text, photos, imageIds }: Spoken,
    code?: string,
  ) {
    const media = photos.map((sha256, index) => ({ sha256, key: imageIds[index] ?? '' }))
    return keep(before, after, { by: 'merchant', what, text, media, ...(code === undefined ? {} : { code }) })
  }

  const at = ({ text, photos }: Spoken) => ({ at: clock.now(), text, photos })

  return {
    complain,
    move,
    set: (id, facts) => keep(existing(id), { ...existing(id), ...facts }, { by: 'platform', what: 'set' }),
    feedback(before, said) {
      if (!feedbackFrom.includes(before.status)) return undefined
      const { code, text, operator } = said
      const feedback = { code, text, ...(operator === undefined ? {} : { operator }) }
      const after = { ...spoken(before, at(said), 'MERCHANT_FEEDBACKED'), feedback }
      return say(before, after, 'feedback', said, code)
    },
    reply(before, said) {
      if (!replyFrom.includes(before.status)) return undefined
      return say(before, spoken(before, at(said), before.status), 'reply', said)
    },
    supplement(before, said) {
      if (!supplementFrom.includes(before.status)) return undefined
      return say(before, spoken(before, at(said), before.status), 'supplement', said)
    },
    get: (id) => complaints.get(id),
    all: () => [...complaints.values()],
    advance(now) {
      const { feedbackMs } = rules
      if (feedbackMs === null) return
      for (const one of [...complaints.values()]) {
        const due = one.createdAt + feedbackMs
        if (one.status === 'MERCHANT_PROCESSING' && due <= now) move(one.id, { kind: 'timeout' }, due)
      }
    },
  }
}
