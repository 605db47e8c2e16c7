import type { ActionKind } from '../../complaints/action.ts'
import type { Happening, Move, Phase, Return, Snapshot } from '../../complaints/complaint.ts'
import { type Instant, later } from '../../core/words.ts'
import { both } from './errors.ts'
import { appealLabel, stateLabel, stepLabel, typeLabel, waybillLabel } from './states.ts'
import { type Limits, notReceived, takesOf } from './takes.ts'
import type { Told } from './wire.ts'

interface Meaning {
  readonly phase: Phase
  /** What we may do in this state. */
  readonly move?: ActionKind
  /** The platform waits for it. */
  readonly owed?: true
  /** The published window, for when the platform names no end of it. */
  readonly hours?: number
  /** It gives the money back itself: ours would be a second time. */
  readonly refunds?: true
}

// The table that a reviewer checks: docs/platforms/wechat-mini.md#states
const meanings: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [201, { phase: 'ours', move: 'respond', owed: true, hours: 48 }],
  [202, { phase: 'theirs' }],
  [203, { phase: 'theirs' }],
  [204, { phase: 'theirs' }],
  [101, { phase: 'platform' }],
  [103, { phase: 'platform' }],
  [104, { phase: 'platform' }],
  [105, { phase: 'platform' }],
  [106, { phase: 'platform', move: 'add-evidence', owed: true }],
  [107, { phase: 'platform' }],
  [108, { phase: 'platform', move: 'add-evidence', owed: true }],
  [109, { phase: 'platform' }],
  [305, { phase: 'platform' }],
  [307, { phase: 'platform' }],
  [310, { phase: 'platform' }],
  [206, { phase: 'remedy', move: 'prove-refund', owed: true, hours: 48 }],
  [207, { phase: 'platform' }],
  [208, { phase: 'platform' }],
  [308, { phase: 'remedy' }],
  [309, { phase: 'remedy' }],
  [311, { phase: 'remedy', move: 'prove-refund' }],
  [312, { phase: 'platform', refunds: true }],
  [102, { phase: 'closed' }],
  [112, { phase: 'closed' }],
  [115, { phase: 'closed' }],
  [116, { phase: 'closed' }],
  [205, { phase: 'closed' }],
  [209, { phase: 'closed' }],
])

// Believed, marked and shown in its own words; nothing is offered in a state that we do not know.
const unknown: Meaning = { phase: 'platform' }
const appealOpen = 401
const appealUnderWay = 403
const judged = [31, 32]
const hour = 3_600_000

/** Whether the platform would take this act now. */
export const waitsFor = (told: Pick<Told, 'status' | 'appeal'>, kind: ActionKind): boolean =>
  kind === 'appeal' ? told.appeal === appealOpen : meaningOf(told.status).move === kind

const meaningOf = (status: number | undefined): Meaning => meanings.get(status ?? Number.NaN) ?? unknown

export interface Asked {
  readonly number: string
  /** The appid: complaint numbers are unique only within it. */
  readonly scope: string
  readonly asOf: Instant
}

/** What the account and the installation allow to be said. */
export interface Rules {
  readonly limits: Limits
  readonly settings: Readonly<Record<string, unknown>>
}

/** What the detail says. */
export function snapshotOf(told: Told, asked: Asked, rules: Rules): Snapshot {
  const said = { ...shared(told, asked), timeline: timelineOf(told, asked) }
  return { ...said, moves: movesOf(told, rules), warnings: warningsOf(told) }
}

/** What a push alone says: nothing may be done on its word. */
export function provisionalOf(told: Told, asked: Asked): Snapshot {
  // A push does not say who made a step; while nobody but the user has spoken it can only be the user.
  const by = told.status === 201 ? 'user' : 'platform'
  const timeline = timelineOf(told, asked).map((step) => ({ ...step, by, label: '投诉进度' }) as const)
  return { ...shared(told, asked), timeline, moves: [], provisional: '', warnings: warningsOf(told) }
}

function shared(told: Told, asked: Asked): Omit<Snapshot, 'moves' | 'warnings' | 'timeline' | 'provisional'> {
  return {
    source: 'wechat-mini',
    number: asked.number,
    scope: asked.scope,
    phase: phaseOf(told),
    code: told.status === undefined ? '' : String(told.status),
    label: labelOf(told),
    orders: told.order === undefined ? [] : [told.order],
    ...(told.outTradeNo === undefined ? {} : { outTradeNo: told.outTradeNo }),
    text: told.text ?? sorted(told).find((step) => step.type === 1)?.text ?? '',
    reason: typeLabel(told.type),
    ...(told.product === undefined ? {} : { product: told.product }),
    ...(told.cost === undefined ? {} : { amountShown: told.cost }),
    person: {
      ...(told.name === undefined ? {} : { name: told.name }),
      ...(told.phone === undefined ? {} : { phone: told.phone }),
      ...(told.openid === undefined ? {} : { openid: told.openid }),
    },
    ...(told.bill === undefined ? {} : { returned: returnOf(told.bill) }),
    pictures: told.pictures,
    openedAt: told.created ?? sorted(told)[0]?.at ?? asked.asOf,
    asOf: asked.asOf,
  }
}

/** Their word for the state, and for the appeal where there is one. */
export const labelOf = ({ status, appeal }: Pick<Told, 'status' | 'appeal'>): string =>
  appeal ? `${stateLabel(status)} · ${appealLabel(appeal)}` : stateLabel(status)

/** A finished complaint is the platform's again while it decides on our appeal. */
function phaseOf({ status, appeal }: Told): Phase {
  const { phase } = meaningOf(status)
  return phase === 'closed' && appeal === appealUnderWay ? 'platform' : phase
}

function returnOf({ returnId, carrier, waybill, status }: NonNullable<Told['bill']>): Return {
  return {
    ...(returnId === undefined ? {} : { number: returnId }),
    ...(carrier === undefined ? {} : { carrier }),
    ...(waybill === undefined ? {} : { waybill }),
    ...(status === undefined ? {} : { label: waybillLabel(status) }),
  }
}

function movesOf(told: Told, { limits, settings }: Rules): readonly Move[] {
  const meaning = meaningOf(told.status)
  const due = dueOf(told)
  const dated = due === undefined ? {} : { due }
  const circumstances = { limits, returned: told.bill?.returnId !== undefined, no: notReceived(settings) !== undefined }
  const takes = (kind: ActionKind) => takesOf(kind, circumstances)
  const moves: Move[] = []
  if (meaning.move)
    moves.push({ kind: meaning.move, owed: meaning.owed ?? false, ...dated, takes: takes(meaning.move) })
  // Windows that we count ourselves belong to the state; how long an appeal stays open only WeChat says.
  const until = told.expires === undefined ? {} : { due: told.expires }
  if (told.appeal === appealOpen) moves.push({ kind: 'appeal', owed: false, ...until, takes: takes('appeal') })
  // Money is not theirs to allow: wherever somebody pays for this account, and the case is not over.
  if (told.order !== undefined && meaning !== unknown && meaning.phase !== 'closed' && !meaning.refunds)
    moves.push({ kind: 'refund', owed: false, takes: takes('refund') })
  return moves
}

/** Theirs when they name it; else the published window, from where the state began; else none. */
function dueOf(told: Told): Instant | undefined {
  if (told.expires !== undefined) return told.expires
  const { hours } = meaningOf(told.status)
  const began = told.status === 206 ? judgedAt(told) : told.created
  return hours !== undefined && began !== undefined ? later(began, hours * hour) : undefined
}

// Without the step of the judgement the newest one stands for it: a reminder that comes early, rather than none.
const judgedAt = (told: Told): Instant | undefined => {
  const all = sorted(told)
  return (all.findLast((step) => step.type !== undefined && judged.includes(step.type)) ?? all.at(-1))?.at
}

// The order of their steps is not published.
const sorted = (told: Told) =>
  [...told.steps].sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : (a.at ?? '') > (b.at ?? '') ? 1 : 0))

const timelineOf = (told: Told, asked: Asked): readonly Happening[] =>
  sorted(told).map((step) => ({
    at: step.at ?? told.created ?? asked.asOf,
    ...stepLabel(step.type, step.blame, step.appeal),
    ...(step.text === undefined ? {} : { text: step.text }),
    pictures: step.pictures,
  }))

function warningsOf(told: Told): readonly string[] {
  const { hours } = meaningOf(told.status)
  const code = told.status ?? '—'
  const found: (string | false)[] = [
    !meanings.has(told.status ?? Number.NaN) &&
      both(
        `微信给出了不认识的状态 ${code}，请到小程序后台查看`,
        `WeChat gave a state that is not known here, ${code}: look into the console`,
      ),
    told.status === 208 &&
      both(
        '超时未上传凭证：之后如何处理没有公开说明，请到小程序后台查看',
        'the time for the proof has passed: what follows is not published, look into the console',
      ),
    hours !== undefined &&
      told.expires === undefined &&
      dueOf(told) !== undefined &&
      both(`微信没有给出期限，按 ${hours} 小时计算`, `WeChat named no time limit; counted as ${hours} hours`),
  ]
  return found.filter((line) => line !== false)
}
