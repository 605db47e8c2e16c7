import { DateTime } from 'luxon'
import type { Complaint } from '../complaints/complaint.ts'
import { dueOf } from '../complaints/deadline.ts'
import { mayRefundAlone } from '../complaints/merchant.ts'
import type { Inputs, Judged, Money, Rule } from '../complaints/rule.ts'
import { type Fen, fen, type Instant, type RuleId, type RulingId } from '../core/words.ts'
import { actionsOf, type StoredAction } from '../storage/actions.ts'
import { findBreaker } from '../storage/breakers.ts'
import { sumRuleRefunds } from '../storage/rule-refunds.ts'
import { type Ruling, rulingsOf } from '../storage/rulings.ts'
import { seatOf } from '../storage/seats.ts'
import type { Reads } from '../storage/storage.ts'
import { listTemplates } from '../storage/templates.ts'
import type { Tenant } from '../storage/tenants.ts'
import type { Refundable } from './refundable.ts'
import { midnight } from './spend.ts'

export interface Question {
  readonly complaint: Complaint
  readonly tenant: Tenant
  readonly rules: readonly Rule[]
  readonly at: Instant
  /** As the account that would pay has said, where it was asked. */
  readonly orders?: readonly Refundable[] | 'away'
  /** A ruling that is looked at once more: it does not stand in its own way. */
  readonly again?: RulingId
}

/** Actions of one complaint that are looked at: more were never seen. */
const most = 100

/** All that rules are told about a complaint, as the database knows it here and now. */
export async function inputsOf(reads: Reads, question: Question): Promise<Inputs> {
  const { complaint, tenant, rules, at } = question
  const actions = await actionsOf(reads, complaint.id, most)
  const rulings = await rulingsOf(reads, complaint.id)
  const seat = await seatOf(reads, complaint)
  const due = dueOf(complaint)
  const named = rules.flatMap(({ act }) => (act.kind === 'respond' && act.template ? [act.template] : []))
  const templates = named.length > 0 ? await listTemplates(reads, tenant.id) : []
  return {
    now: at,
    hour: DateTime.fromISO(at, { zone: tenant.zone }).hour,
    complaint: judged(complaint),
    shop: seat?.account.name ?? '',
    ...(due ? { deadline: DateTime.fromISO(due, { zone: tenant.zone }).toFormat('MM-dd HH:mm') } : {}),
    templates: templates
      .filter(({ id }) => named.includes(id))
      .map(({ id, text, for: acts, reasons, platforms }) => ({ id, text, for: acts, reasons, platforms })),
    inHand: complaint.claim !== undefined || actions.some(isPersons) || rulings.some(({ by }) => by !== undefined),
    acted: rulings.filter((one) => one.id !== question.again && hasActed(one)).map(({ rule }) => rule),
    busy: actions.filter(({ settledAt }) => settledAt === undefined).map(({ action }) => action.kind),
    money: await moneyFor(reads, question, seat !== undefined && seat.payer !== undefined && mayRefundAlone(seat)),
  }
}

const isPersons = ({ by, state }: StoredAction): boolean => by.via !== 'rule' && state !== 'withdrawn'
const hasActed = ({ state }: Ruling): boolean => state === 'done' || state === 'begun'

const judged = (complaint: Complaint): Judged => ({
  account: complaint.account,
  platform: complaint.platform,
  source: complaint.source,
  phase: complaint.phase,
  version: complaint.version,
  running: complaint.running,
  nth: complaint.nth,
  reason: complaint.reason,
  ...(complaint.product === undefined ? {} : { product: complaint.product }),
  ...(complaint.outTradeNo === undefined ? {} : { outTradeNo: complaint.outTradeNo }),
  ...(complaint.amountShown === undefined ? {} : { amountShown: complaint.amountShown }),
  provisional: complaint.provisional !== undefined,
  said: [complaint.text, ...complaint.timeline.flatMap(({ by, text }) => (by === 'user' && text ? [text] : []))].join(
    '\n',
  ),
  moves: complaint.moves.map(({ kind, owed, takes }) => ({
    ...{ kind, owed },
    ...(takes.choices ? { choices: takes.choices.map(({ code }) => code) } : {}),
  })),
})

async function moneyFor(reads: Reads, question: Question, alone: boolean): Promise<Money> {
  const { complaint, tenant, rules, at, orders } = question
  const giving = rules.filter(({ act }) => act.kind === 'refund')
  const since = midnight(tenant.zone, at)
  const today: Record<RuleId, Fen> = {}
  for (const { id } of giving) today[id] = await sumRuleRefunds(reads, tenant.id, { since, rule: id })
  return {
    ...(orders === undefined ? {} : { orders: orders === 'away' ? orders : orders.map(payable) }),
    alone,
    stopped: giving.length > 0 && (await findBreaker(reads, tenant.id)).tripped !== undefined,
    secondPersonFrom: tenant.secondPersonFrom,
    today,
    toPayer:
      giving.length > 0 ? await sumRuleRefunds(reads, tenant.id, { since, payer: complaint.payer ?? '' }) : fen(0),
  }
}

const payable = ({ settled: _, ...order }: Refundable) => order
