import type { Complaint } from '../complaints/complaint.ts'
import { isOn } from '../complaints/merchant.ts'
import { type Decision, decide, refundsIn, sumOf } from '../complaints/rule.ts'
import { OutsideError } from '../core/errors.ts'
import { failpoint } from '../core/failpoint.ts'
import { type ComplaintId, instant } from '../core/words.ts'
import { queues } from '../engine/queues.ts'
import { tell } from '../engine/tell.ts'
import { complaintOfJob, lockComplaint } from '../storage/complaints.ts'
import { listRules } from '../storage/rules.ts'
import { insertRuling, type NewRuling, rulingsOf } from '../storage/rulings.ts'
import { readerOf } from '../storage/seats.ts'
import type { Tx } from '../storage/storage.ts'
import { findTenant, type Tenant } from '../storage/tenants.ts'
import { type Refundable, refundableOf } from './refundable.ts'
import type { RequestParts } from './request.ts'
import { retireRule } from './retire.ts'
import { inputsOf, type Question } from './rule-inputs.ts'

/** So often whoever would pay is asked what it cost; then it stays with the people. */
const asks = 6

/** What rules make of a complaint as it stands now: decided, told and written down with its job in one transaction. Nothing is done yet. */
export async function considerRules(parts: RequestParts, id: ComplaintId, attempt: number): Promise<void> {
  const { reads } = parts.storage
  const complaint = await complaintOfJob(reads, id)
  const seat = complaint && (await readerOf(reads, complaint))
  const tenant = complaint && (await findTenant(reads, complaint.tenant))
  if (!complaint || !seat || !tenant) return
  await lookAgain(parts, complaint)
  const rules = (await listRules(reads, tenant.id)).filter(({ mode }) => mode === 'on')
  if (rules.length === 0 || !isOn(seat) || complaint.provisional !== undefined) return
  const question = { complaint, tenant, rules, at: instant(reads.clock.now()) }
  const first = decide(rules, await inputsOf(reads, question))
  const orders = first.some(isUnasked) ? await ordersOf(parts, complaint, attempt) : undefined
  failpoint('rules.asked')
  await parts.storage.transaction((tx) => keep(parts, tx, { ...question, ...(orders ? { orders } : {}) }))
  failpoint('rules.committed')
}

const isUnasked = (decision: Decision): boolean => decision.outcome === 'would' && decision.why === 'unasked'

/** What waits here was decided when the case stood otherwise, perhaps: each sees for itself. */
async function lookAgain({ storage, engine }: RequestParts, { id }: Complaint): Promise<void> {
  const waiting = (await rulingsOf(storage.reads, id)).filter(({ state }) => state === 'waiting' || state === 'begun')
  if (waiting.length === 0) return
  await storage.transaction(async (tx) => {
    for (const ruling of waiting) await engine.send(tx, queues.ruling, ruling.id)
  })
}

async function ordersOf(
  parts: RequestParts,
  complaint: Complaint,
  attempt: number,
): Promise<readonly Refundable[] | 'away'> {
  try {
    return await refundableOf(parts, complaint)
  } catch (error) {
    if (error instanceof OutsideError && attempt >= asks) return 'away'
    throw error
  }
}

async function keep(parts: RequestParts, tx: Tx, question: Question): Promise<void> {
  const { complaint, tenant, rules } = question
  const now = await lockComplaint(tx, tenant.id, complaint.id)
  if (!now) return
  // What was asked was asked about another case.
  if (now.version !== complaint.version) return parts.engine.send(tx, queues.rules, complaint.id)
  const inputs = await inputsOf(tx, { ...question, complaint: now })
  const decisions = decide(rules, inputs)
  const spoken = (await rulingsOf(tx, now.id)).filter(({ version }) => version === now.version)
  const fresh = decisions.filter(
    ({ rule, outcome }) => outcome !== 'skip' && spoken.every((before) => before.rule !== rule),
  )
  if (fresh.length === 0) return
  const [fact] = await tell(parts.engine, tx, now, [{ kind: 'ruled', inputs, decisions }])
  for (const decision of fresh) {
    const position = rules.find(({ id }) => id === decision.rule)?.position ?? 0
    const wish = rulingOf({ complaint: now, tenant, nr: fact?.nr ?? 0, position }, decision)
    const made = wish && (await insertRuling(tx, wish))
    if (made?.state === 'waiting') await parts.engine.send(tx, queues.ruling, made.id, made.due)
    if (made?.why === 'template-gone') await retireRule(parts.engine, tx, made)
  }
  failpoint('rules.before-commit')
}

interface Deciding {
  readonly complaint: Complaint
  readonly tenant: Tenant
  readonly nr: number
  readonly position: number
}

function rulingOf({ complaint, tenant, nr, position }: Deciding, decision: Decision): NewRuling | undefined {
  if (decision.outcome === 'skip') return undefined
  const { rule, name, act, does } = decision
  const money = does && refundsIn(does).length > 0 ? { amount: sumOf(does) } : {}
  return {
    ...{
      tenant: tenant.id,
      complaint: complaint.id,
      version: complaint.version,
      rule,
      name,
      act,
      nr,
      position,
      ...money,
    },
    ...(does ? { does } : {}),
    ...(decision.outcome === 'act'
      ? { state: 'waiting', due: decision.due }
      : { state: 'skipped', why: decision.why, due: complaint.asOf }),
  }
}
