import type { Clock } from '../../src/core/clock.ts'
import type { Complaint, Seconds } from './complaint.ts'
import type { Ledger } from './ledger.ts'
import type { MiniProgram } from './program.ts'
import type { Rules } from './rules.ts'

/** One deduction from the experience score (扣分记录). */
export interface Penalty {
  readonly id: number
  readonly appid: string
  readonly complaint?: number
  readonly transactionId?: string
  readonly wording: string
  /** 2 deducted, 4 appealed, 5 appeal rejected, 6 appeal succeeded. */
  readonly status: 2 | 4 | 5 | 6
  readonly points: number
  readonly at: Seconds
  readonly updatedAt: Seconds
}

/** What is taken, and what for: a complaint, or something else of a mini program. */
export interface Deduct {
  readonly appid?: string
  readonly complaint?: number
  readonly wording?: string
  readonly points?: number
}

/** The merchant appeals in the admin console, no API call does it; the platform decides. */
export type PenaltyMove = 'appeal' | 'reject' | 'succeed'

export interface Penalties {
  deduct(about: { readonly appid: string; readonly complaint?: Complaint }, said: Deduct): Penalty
  /** Throws when the deduction's state does not allow it. */
  move(id: number, move: PenaltyMove): Penalty
  possible(penalty: Penalty): readonly PenaltyMove[]
  score(appid: string): number
  all(): readonly Penalty[]
}

const moves = {
  appeal: { from: 2, to: 4, by: 'merchant' },
  reject: { from: 4, to: 5, by: 'platform' },
  succeed: { from: 4, to: 6, by: 'platform' },
} as const

export const penaltyMoves = Object.keys(moves) as readonly PenaltyMove[]

export function createPenalties(options: {
  readonly clock: Clock
  readonly rules: Rules
  readonly programs: readonly MiniProgram[]
  readonly ledger: Ledger
}): Penalties {
  const { rules, ledger } = options
  const penalties = new Map<number, Penalty>()
  let nextId = 880_001
  const seconds = () => Math.floor(options.clock.now() / 1000)

  function deduct({ appid, complaint }: { appid: string; complaint?: Complaint }, said: Deduct): Penalty {
    const points = said.points ?? 5
    if (!(points > 0)) throw new Error('points: must be more than 0')
    const wording = said.wording ?? '未按平台规则处理消费者投诉'
    const about = complaint ? { complaint: complaint.id, transactionId: complaint.transactionId } : {}
    const at = seconds()
    const penalty: Penalty = { id: nextId++, appid, ...about, wording, status: 2, points, at, updatedAt: at }
    penalties.set(penalty.id, penalty)
    note(penalty, 'platform', 'deduct')
    return penalty
  }

  function note(penalty: Penalty, by: 'merchant' | 'platform', what: string) {
    const { appid, complaint, id, points, wording } = penalty
    const text = what === 'deduct' ? { text: wording } : {}
    ledger.add({ appid, ...(complaint ? { complaint } : {}), by, what, penalty: id, points, ...text })
  }

  // One appeal for each deduction, within 7 days of it.
  function possible(penalty: Penalty): readonly PenaltyMove[] {
    const late = seconds() >= penalty.at + Math.floor(rules.deductionAppealMs / 1000)
    return penaltyMoves.filter((move) => moves[move].from === penalty.status && !(move === 'appeal' && late))
  }

  return {
    deduct,
    possible,
    move(id, move) {
      const before = penalties.get(id)
      if (!before) throw new Error(`no deduction ${id}`)
      if (!possible(before).includes(move)) throw new Error(`${move} is not possible at ${before.status}`)
      const after: Penalty = { ...before, status: moves[move].to, updatedAt: seconds() }
      penalties.set(id, after)
      note(after, moves[move].by, `deduction-${move}`)
      return after
    },
    score(appid) {
      const start = options.programs.find((one) => one.appid === appid)?.score ?? rules.startScore
      const taken = [...penalties.values()].filter((one) => one.appid === appid && one.status !== 6)
      return taken.reduce((left, one) => Math.max(0, left - one.points), start)
    },
    all: () => [...penalties.values()],
  }
}
