import type { Complaint } from '../complaints/complaint.ts'
import { isOn } from '../complaints/merchant.ts'
import { type Decision, decide, type Rule } from '../complaints/rule.ts'
import { OutsideError } from '../core/errors.ts'
import { instant } from '../core/words.ts'
import { listComplaints } from '../storage/complaints.ts'
import { listRules } from '../storage/rules.ts'
import { readerOf } from '../storage/seats.ts'
import type { Reads } from '../storage/storage.ts'
import type { Tenant } from '../storage/tenants.ts'
import { type Refundable, refundableOf } from './refundable.ts'
import type { RequestParts } from './request.ts'
import { inputsOf, type Question } from './rule-inputs.ts'

/** Open complaints that are looked at: those with the least time left. */
const most = 200
/** So many are asked about at a time. */
const abreast = 4

export interface Tried {
  readonly complaint: Complaint
  /** As if the rule were on, and each complaint the only one. */
  readonly decision: Decision
}

export interface Trial {
  readonly tried: readonly Tried[]
  /** Others are open as well. */
  readonly more: boolean
}

type TrialParts = Pick<RequestParts, 'storage' | 'platforms'>

/**
 * What a rule makes of the complaints that are open now. Nothing is kept, told or done.
 * Asks over the network what orders cost where that matters: never inside a transaction.
 */
export async function tryRule(parts: TrialParts, tenant: Tenant, rule: Rule): Promise<Trial> {
  const { reads } = parts.storage
  const { questions, more } = await questionsAbout(reads, tenant, rule)
  const tried: Tried[] = []
  for (let at = 0; at < questions.length; at += abreast) {
    const some = questions.slice(at, at + abreast)
    tried.push(...(await Promise.all(some.map((question) => tryOne(parts, question, rule)))))
  }
  return { tried, more }
}

async function tryOne(parts: TrialParts, question: Question, rule: Rule): Promise<Tried> {
  const { reads } = parts.storage
  const { complaint } = question
  const first = decide(question.rules, await inputsOf(reads, question))
  if (!first.some(isUnasked)) return { complaint, decision: of(rule, first) }
  const orders = await ordersOf(parts, complaint)
  return { complaint, decision: of(rule, decide(question.rules, await inputsOf(reads, { ...question, orders }))) }
}

async function ordersOf(parts: TrialParts, complaint: Complaint): Promise<readonly Refundable[] | 'away'> {
  try {
    return await refundableOf(parts, complaint)
  } catch (error) {
    if (error instanceof OutsideError) return 'away'
    throw error
  }
}

/** How many open complaints a rule would act on, as far as we know without asking anybody what they cost. */
export async function countFitting(reads: Reads, tenant: Tenant, rule: Rule): Promise<number> {
  const { questions } = await questionsAbout(reads, tenant, rule)
  let count = 0
  for (const question of questions) {
    const decision = of(rule, decide(question.rules, await inputsOf(reads, question)))
    if (decision.outcome === 'act' || isUnasked(decision)) count += 1
  }
  return count
}

const isUnasked = (decision: Decision): boolean => decision.outcome === 'would' && decision.why === 'unasked'

function of({ id }: Rule, decisions: readonly Decision[]): Decision {
  const decision = decisions.find(({ rule }) => rule === id)
  if (!decision) throw new Error('every rule is decided about')
  return decision
}

/** Beside the rules that are on, in its place among them. */
async function questionsAbout(reads: Reads, tenant: Tenant, rule: Rule) {
  const beside = (await listRules(reads, tenant.id)).filter(({ id, mode }) => mode === 'on' && id !== rule.id)
  const rules: readonly Rule[] = [...beside, { ...rule, mode: 'on' }]
  const accounts = rule.accounts.length > 0 ? { accounts: rule.accounts } : {}
  const open = await listComplaints(reads, { tenant: tenant.id, which: 'open', limit: most + 1, ...accounts })
  const at = instant(reads.clock.now())
  const questions: Question[] = []
  for (const complaint of open.slice(0, most)) {
    const seat = await readerOf(reads, complaint)
    if (seat && isOn(seat)) questions.push({ complaint, tenant, rules, at })
  }
  return { questions, more: open.length > most }
}
