import type { Clock } from '../../src/core/clock.ts'
import { digits, type Random } from './app.ts'
import type { Files } from './files.ts'
import type { Ledger, LedgerEntry } from './ledger.ts'
import type { RiskComplain, RiskComplaint, RiskMove, RiskTrade } from './risk.ts'
import { canUpgrade, type Finish, finished, isOpen, overdue, refunding, turned, withdrawn } from './risk-state.ts'
import type { Rules } from './rules.ts'
import type { Trade, TradeWish } from './trade.ts'
import type { Trades } from './trades.ts'

export interface RiskDesk {
  complain(said: RiskComplain): RiskComplaint
  move(id: number, move: RiskMove): RiskComplaint
  set(id: number, facts: Partial<Omit<RiskComplaint, 'id'>>): RiskComplaint
  /** The merchant finishes it; undefined when its state does not allow it. */
  finish(c: RiskComplaint, finish: Finish, keys: readonly string[]): RiskComplaint | undefined
  reply(c: RiskComplaint, text: string): RiskComplaint | undefined
  /** Money of this trade has reached the payer. */
  refunded(trade: Trade, returned: number, at: number): void
  get(id: number): RiskComplaint | undefined
  all(): readonly RiskComplaint[]
  /** Deadlines pass, refunds are noticed. */
  advance(now: number): void
}

/** The complaints of the RiskGO desk and whatever changes them: one entry in the ledger for each change. */
export function createRiskDesk(options: {
  readonly clock: Clock
  readonly random: Random
  readonly rules: Rules
  readonly ledger: Ledger
  readonly files: Files
  readonly trades: Trades
  readonly tell: (complaint: RiskComplaint) => void
}): RiskDesk {
  const { clock, random, rules, ledger, files, trades } = options
  const complaints = new Map<number, RiskComplaint>()
  const turning: { due: number; id: number; tradeNo: string }[] = []
  // Samples: nine digits for the key of the table, eleven for the number that people see.
  let lastId = 158_000_000 + Number(digits(random, 5))

  function existing(id: number): RiskComplaint {
    const found = complaints.get(id)
    if (!found) throw new Error(`no complaint ${id}`)
    return found
  }

  function keep(
    before: RiskComplaint,
    after: RiskComplaint,
    said: Pick<LedgerEntry, 'by' | 'what'> & Partial<LedgerEntry>,
    at?: number,
  ) {
    complaints.set(after.id, after)
    const { pid, id, status: to } = after
    ledger.add({ pid, source: 'risk', complaint: String(id), from: before.status, to, ...said }, at)
    options.tell(after)
    return after
  }

  function tradesOf(said: RiskComplain): { trade: Trade; amount: number }[] {
    const { pid, trades: wishes = [oneTrade(said)] } = said
    return wishes.map((wish) => {
      if (typeof wish === 'string') {
        const known = trades.byNo(wish)
        if (known?.pid !== pid) throw new Error(`${pid} has no trade ${wish}`)
        return { trade: known, amount: known.total }
      }
      const { complained, ...facts } = wish
      const trade = trades.put({ ...facts, pid })
      return { trade, amount: complained ?? trade.total }
    })
  }

  function complain(said: RiskComplain): RiskComplaint {
    const at = clock.now()
    const id = ++lastId
    const rows = tradesOf(said).map(
      ({ trade, amount }, index): RiskTrade => ({
        id: id * 10 + index,
        tradeNo: trade.tradeNo,
        amount,
        status: 'WAIT_PROCESS',
        late: false,
      }),
    )
    const complaint: RiskComplaint = {
      id,
      taskId: `102${digits(random, 8)}`,
      pid: said.pid,
      status: 'WAIT_PROCESS',
      text: said.text ?? '付了钱没有收到东西，商家一直不回复，要求退款。',
      contact: said.contact ?? `138${digits(random, 8)}`,
      trades: rows,
      createdAt: at,
      overdueAt: at + (said.overdueMs ?? rules.overdueMs),
      processPhotos: [],
      replies: [],
      photos: (said.photos ?? []).map(files.keep),
      labels: said.labels ?? [],
    }
    complaints.set(id, complaint)
    const { pid, text, photos } = complaint
    const media = photos.map((sha256) => ({ sha256 }))
    const about = { source: 'risk', complaint: String(id), ...(rows[0] ? { tradeNo: rows[0].tradeNo } : {}) } as const
    ledger.add({ pid, by: 'customer', what: 'complaint', to: 'WAIT_PROCESS', text, media, ...about })
    options.tell(complaint)
    return complaint
  }

  function move(id: number, next: RiskMove): RiskComplaint {
    const before = existing(id)
    const at = clock.now()
    const by = next.kind === 'overdue' ? 'clock' : 'customer'
    const words = 'text' in next && next.text !== undefined ? { text: next.text } : {}
    const after = played(before, next, at)
    if (!after) throw new Error(`${next.kind} is not possible at ${before.status}`)
    return keep(before, after, { by, what: next.kind, ...words })
  }

  function advance(now: number) {
    const due = turning.filter((one) => one.due <= now).sort((a, b) => a.due - b.due)
    for (const one of due) {
      turning.splice(turning.indexOf(one), 1)
      const before = existing(one.id)
      const after = turned(before, one.tradeNo, one.due)
      if (after) keep(before, after, { by: 'clock', what: 'turned', tradeNo: one.tradeNo }, one.due)
    }
    for (const before of [...complaints.values()].filter((one) => isOpen(one) && one.overdueAt <= now)) {
      const after = overdue(before, before.overdueAt)
      if (after) keep(before, after, { by: 'clock', what: 'overdue' }, before.overdueAt)
    }
  }

  return {
    complain,
    move,
    advance,
    set: (id, facts) => keep(existing(id), { ...existing(id), ...facts }, { by: 'platform', what: 'set' }),
    finish(before, finish, keys) {
      if (!rules.finishFrom.includes(before.status)) return undefined
      const after = finished(before, finish, clock.now())
      const media = finish.photos.map((sha256, index) => ({ sha256, key: keys[index] ?? '' }))
      const words = finish.remark ?? finish.reply
      const more = { code: finish.code, ...(words === undefined ? {} : { text: words }) }
      return keep(before, after, { by: 'merchant', what: 'finish', ...more, ...(media.length > 0 ? { media } : {}) })
    },
    reply(before, text) {
      if (!isOpen(before) && !rules.replyAfterEnd) return undefined
      const after = { ...before, replies: [...before.replies, { at: clock.now(), text }] }
      return keep(before, after, { by: 'merchant', what: 'reply', text })
    },
    refunded({ tradeNo }, returned, at) {
      if (!rules.refundTurns) return
      for (const before of [...complaints.values()]) {
        const row = before.trades.find((one) => one.tradeNo === tradeNo)
        const after = row && returned >= row.amount ? refunding(before, tradeNo, at) : undefined
        if (!after) continue
        keep(before, after, { by: 'clock', what: 'refunding', tradeNo }, at)
        turning.push({ due: at + rules.refundTurnsMs, id: before.id, tradeNo })
      }
    },
    get: (id) => complaints.get(id),
    all: () => [...complaints.values()],
  }
}

function oneTrade({ amount, subject }: RiskComplain): Omit<TradeWish, 'pid'> & { complained?: number } {
  return { ...(amount === undefined ? {} : { total: amount }), ...(subject === undefined ? {} : { subject }) }
}

function played(c: RiskComplaint, move: RiskMove, at: number): RiskComplaint | undefined {
  switch (move.kind) {
    case 'withdraw':
      return withdrawn(c, at)
    case 'overdue':
      return overdue(c, at)
    case 'upgrade': {
      if (!canUpgrade(c)) return undefined
      const text = move.text ?? '商家迟迟不处理，升级投诉。'
      return { ...c, upgrade: { at, text }, labels: [...c.labels, '升级投诉'] }
    }
  }
}
