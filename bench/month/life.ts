import { refundableOf } from '../../src/actions/refundable.ts'
import { request } from '../../src/actions/request.ts'
import type { Action } from '../../src/complaints/action.ts'
import type { Complaint, Move } from '../../src/complaints/complaint.ts'
import { dueOf } from '../../src/complaints/deadline.ts'
import { asId, millis } from '../../src/core/words.ts'
import { findComplaint } from '../../src/storage/complaints.ts'
import type { Chance } from '../../test/simulation/chance.ts'
import { type Colleague, group, type Town, texts } from './town.ts'

const minute = 60_000
const hour = 60 * minute

/** Things that will happen, each at its minute. */
export interface Plan {
  add(at: number, what: () => Promise<void>): void
  /** In the order in which they were planned. */
  due(now: number): readonly (() => Promise<void>)[]
}

/** @param from nothing happens before it */
export function createPlan(from: number): Plan {
  let next = Math.floor(from / minute)
  const minutes = new Map<number, (() => Promise<void>)[]>()
  return {
    add(at, what) {
      const slot = Math.max(next, Math.floor(at / minute))
      minutes.set(slot, [...(minutes.get(slot) ?? []), what])
    },
    due(now) {
      const found: (() => Promise<void>)[] = []
      for (; next <= now / minute; next++) {
        found.push(...(minutes.get(next) ?? []))
        minutes.delete(next)
      }
      return found
    },
  }
}

/** When people answer: soon, late in its time, after it, or never. */
const tempers = [...Array<'soon'>(15).fill('soon'), 'late', 'late', 'late', 'after', 'never'] as const
type Temper = (typeof tempers)[number]

/** A complaint at its platform, and how its customer ends it. */
interface Made {
  readonly number: string
  end(): Promise<unknown>
}

interface Life {
  readonly town: Town
  readonly chance: Chance
  readonly plan: Plan
}

/** A customer complains now, and everybody does about it in the next days what their temper says. */
export async function complain(life: Life): Promise<void> {
  const { town, chance, plan } = life
  const { number, end } = await made(life)
  const one = <Of>(some: readonly Of[]) => some[chance.pick(some.length)] as Of
  const temper = one(tempers)
  const who = one(Object.values(town.people))
  const now = town.clock.now()
  const later = (ms: number, act: (complaint: Complaint) => Promise<unknown>) =>
    plan.add(town.clock.now() + ms, async () => {
      const complaint = await known(town, number)
      if (complaint) await act(complaint)
    })
  const say = (words: (running: number) => string) => (complaint: Complaint) =>
    town.chat.say(who, group, words(complaint.running))
  if (chance.pick(5) === 0)
    later(
      5 * minute + chance.pick(30 * hour),
      say((n) => `/claim ${n}`),
    )
  if (chance.pick(5) === 0) {
    const span = 1 + chance.pick(24)
    later(
      chance.pick(30 * hour),
      say((n) => `/snooze ${n} ${span}h`),
    )
  }
  // Until then the platform may not have been asked what is owed until when.
  later(5 * minute, async (complaint) => {
    const at = answersAt(temper, { now, due: dueOf(complaint) }, chance)
    if (at !== undefined) later(at - town.clock.now(), (present) => act(life, present, who))
    if (at !== undefined) later(at - town.clock.now() + hour, (present) => act(life, present, who))
    const ends = (at ?? now + 50 * hour) + hour + chance.pick(3 * hour)
    // What the customer may not do in this state is not done; it stays open.
    plan.add(ends, () => end().then(ignored, ignored))
  })
}

const ignored = () => undefined

function answersAt(
  temper: Temper,
  { now, due }: { readonly now: number; readonly due: ReturnType<typeof dueOf> },
  chance: Chance,
): number | undefined {
  const end = due === undefined ? now + 24 * hour : millis(due)
  if (temper === 'never') return undefined
  if (temper === 'soon') return now + 10 * minute + chance.pick(3 * hour)
  if (temper === 'late') return now + (end - now) * (0.7 + chance.pick(29) / 100)
  return end + 10 * minute + chance.pick(4 * hour)
}

async function made({ town, chance }: Life): Promise<Made> {
  const one = <Of>(some: readonly Of[]) => some[chance.pick(some.length)] as Of
  const text = one(Object.values(texts))
  const amount = chance.pick(30) === 0 ? 30_000 : 500 + chance.pick(5_500)
  const phone = `138${String(chance.pick(100_000_000)).padStart(8, '0')}`
  const kind = chance.pick(20)
  const { wechat, pay, alipay } = town
  if (kind < 10) {
    const { transactionId } = await pay.order({ mchid: town.mchids[0] ?? '', total: amount })
    const about = { appid: one(town.programs).appid, text, amount, phone, transactionId }
    const { id } = await wechat.complain(about)
    return { number: String(id), end: () => wechat.move(id, { kind: one(['accept', 'withdraw'] as const) }) }
  }
  if (kind < 15) {
    const type = chance.pick(2) === 0 ? 'REFUND' : 'OTHERS'
    const { id } = await pay.complain({ mchid: one(town.mchids), text, amount, phone, type })
    return { number: id, end: () => pay.set(id, { state: 'PROCESSED' }) }
  }
  const pid = one(town.pids)
  if (kind < 18) {
    const { id } = await alipay.complainTrade({ pid, text, amount, phone })
    return { number: id, end: () => alipay.moveTrade(id, { kind: 'cancel' }) }
  }
  const { id } = await alipay.complainRisk({ pid, text, amount, contact: phone })
  return { number: String(id), end: () => alipay.moveRisk(id, { kind: 'withdraw' }) }
}

async function known({ storage: { reads }, tenant }: Town, number: string): Promise<Complaint | undefined> {
  const row = await reads.db.selectFrom('complaint').select('id').where('number', '=', number).executeTakeFirst()
  return row && findComplaint(reads, tenant.id, asId(row.id))
}

/** What a person would do about it, if anything may be done. */
async function act({ town, chance }: Life, complaint: Complaint, who: Colleague): Promise<void> {
  const { storage, built, tenant } = town
  const parts = { storage, engine: built.engine, platforms: built.platforms }
  const move = complaint.moves.find(({ owed }) => owed) ?? complaint.moves[0]
  if (complaint.phase === 'closed' || !move) return
  const pays = who.handle !== 'li' && complaint.moves.some(({ kind }) => kind === 'refund') && chance.pick(4) === 0
  const action = pays ? await refund(town, complaint) : actionFor(move, complaint.running)
  if (!action) return
  await request(parts, {
    ...{ tenant: tenant.id, complaint: complaint.id, action },
    key: `bench ${complaint.id} ${town.clock.now()}`,
    by: { name: who.name, member: who.member, via: 'chat' },
    member: { id: who.member, role: who.handle === 'chen' ? 'admin' : who.handle === 'wang' ? 'refunder' : 'agent' },
  })
}

async function refund({ storage, built }: Town, complaint: Complaint): Promise<Action | undefined> {
  const parts = { storage, platforms: built.platforms }
  const [order] = await refundableOf(parts, complaint)
  if (!order || order.left <= 0) return undefined
  const { order: number, left, total, paidAt } = order
  return { kind: 'refund', order: number, amount: left, total, reason: '协商', ...(paidAt ? { paidAt } : {}) }
}

function actionFor({ kind, takes }: Move, running: number): Action | undefined {
  const [choice] = takes.choices ?? []
  const words = takes.text ? { text: `#${running} 抱歉，正在处理` } : {}
  if (kind === 'respond') return { kind, stance: 'talk', ...words }
  if (kind === 'decide-refund') return { kind, verdict: 'reject', reason: '已发货', ...words }
  if (kind === 'finish') return { kind, ...(choice ? { choice: choice.code } : {}), ...words }
  if (kind === 'add-evidence' || kind === 'prove-refund' || kind === 'appeal') return { kind, ...words }
  return undefined
}
