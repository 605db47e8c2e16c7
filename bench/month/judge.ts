import { sql } from 'kysely'
import { DateTime } from 'luxon'
import { unsettled } from '../../src/complaints/action.ts'
import type { Fact } from '../../src/complaints/fact.ts'
import { isLoud, type Reminding, type Stage, shortly, stagesOf } from '../../src/complaints/stage.ts'
import { type Instant, instant, millis } from '../../src/core/words.ts'
import type { Reads } from '../../src/storage/storage.ts'
import type { Town } from './town.ts'

const minute = 60_000

type Reminded = Extract<Fact, { kind: 'reminded' }>

/** What is known of one deadline from what was said, and of when nothing had to be said of it. */
interface Watched {
  readonly told: (Reminded & { readonly at: Instant })[]
  /** Until when it was excused: somebody was at it, or had snoozed it, or we were away. */
  excused: number
  /** In all its life. */
  everExcused: boolean
  counted: boolean
  /** To reckon them takes a while, and they change only with the time from which they count. */
  stages?: { readonly knownAt: Instant; readonly all: readonly Stage[] }
}

export interface Judge {
  /** Looks at everything that is owed at this minute. */
  look(reads: Reads): Promise<void>
  /** We were away since then, or the clock was set: what passed meanwhile is said now. */
  interrupted(since: number): void
  readonly wrong: readonly string[]
  readonly figures: { stages: number; deadlines: number; late: number; whole: number }
}

interface Owed {
  readonly complaint: string
  readonly move: string
  readonly due: Instant
  readonly knownAt: Instant
  readonly snoozedUntil: Instant | null
  readonly inHand: boolean
}

/** Whoever is at it is left alone until it was looked at twice. */
const grace = 12 * minute
/** Later than this it is missed. */
const punctual = 5 * minute

/** Judges every minute what should have been said by then, from the facts and not from what the reminders remember. */
export function judgeOf({ clock }: Pick<Town, 'clock'>, reminding: Reminding): Judge {
  const watched = new Map<string, Watched>()
  const wrong: string[] = []
  const figures = { stages: 0, deadlines: 0, late: 0, whole: 0 }
  let last = 0
  const keyOf = ({ complaint, move, due }: Pick<Owed, 'complaint' | 'move' | 'due'>) => `${complaint} ${move} ${due}`
  const watch = (key: string): Watched => {
    const known = watched.get(key)
    if (known) return known
    const fresh: Watched = { told: [], excused: 0, everExcused: false, counted: false }
    watched.set(key, fresh)
    figures.deadlines += 1
    return fresh
  }
  const excuse = (one: Watched, until: number) => {
    one.excused = Math.max(one.excused, until)
    one.everExcused = true
  }

  async function hear(reads: Reads): Promise<void> {
    const { rows } = await sql<{ rowid: number; complaint: string; body: string; at: Instant }>`
      select rowid, complaint, body, at from fact where rowid > ${last} and kind = 'reminded' order by rowid`.execute(
      reads.db,
    )
    for (const { rowid, complaint, body, at } of rows) {
      last = rowid
      const fact = JSON.parse(body) as Reminded
      const key = keyOf({ complaint, ...fact })
      const one = watch(key)
      if (one.told.some(({ stage }) => stage === fact.stage)) wrong.push(`${key}: ${fact.stage} was said twice`)
      one.told.push({ ...fact, at })
      figures.stages += 1
      if (fact.lateBy !== undefined) figures.late += 1
    }
  }

  function judge(owed: Owed, now: number): void {
    const key = keyOf(owed)
    const one = watch(key)
    if (owed.inHand) excuse(one, now + grace)
    const snoozed = owed.snoozedUntil !== null && millis(owed.snoozedUntil) > now
    if (snoozed) one.everExcused = true
    if (one.stages?.knownAt !== owed.knownAt) one.stages = { knownAt: owed.knownAt, all: stagesOf(owed, reminding) }
    const stages = one.stages.all
    const passed = stages.findLastIndex(({ at }) => millis(at) <= now - punctual)
    const stage = stages[passed]
    const heard = Math.max(-1, ...one.told.map((told) => stages.findIndex(({ name }) => name === told.stage)))
    if (stage && heard < passed && !isExcused(one, stage, now, snoozed)) {
      wrong.push(`${key}: ${stage.name} at ${stage.at} was not said by ${instant(now)}`)
      excuse(one, Number.POSITIVE_INFINITY)
    }
    if (snoozed && !(stage && isLoud(stage.reach))) excuse(one, now + grace)
    if (!one.counted && now >= millis(owed.due)) end(key, one, owed)
  }

  function isExcused(one: Watched, stage: Stage, now: number, snoozed: boolean): boolean {
    if (one.excused >= now || (snoozed && !isLoud(stage.reach))) return true
    // What was not said in its time waits at night for the morning.
    return one.excused >= millis(stage.at) && stage.name !== 'due' && isNight(now, reminding)
  }

  /** decisions.md: at least three notices to two people, where there was time and nothing in between. */
  function end(key: string, one: Watched, owed: Owed): void {
    one.counted = true
    const whole = millis(owed.due) - millis(owed.knownAt)
    if (one.everExcused || whole < shortly) return
    figures.whole += 1
    const before = one.told.filter(({ at }) => at < owed.due)
    const people = new Set(before.flatMap(({ to }) => to.map(({ member }) => member)))
    if (before.length < 3) wrong.push(`${key}: only ${before.length} notices before its end`)
    if (people.size < 2) wrong.push(`${key}: ${people.size} people were told before its end`)
  }

  return {
    async look(reads) {
      await hear(reads)
      const now = clock.now()
      for (const owed of await owedNow(reads)) judge(owed, now)
    },
    interrupted(since) {
      const now = clock.now()
      for (const one of watched.values()) {
        if (one.counted) continue
        one.excused = Math.max(one.excused, now + punctual)
        // Stages that passed meanwhile are told in one.
        if (one.stages?.all.some(({ at }) => millis(at) > since - punctual && millis(at) <= now)) one.everExcused = true
      }
    },
    wrong,
    figures,
  }
}

function isNight(now: number, { quiet, zone }: Reminding): boolean {
  if (!quiet) return false
  const here = DateTime.fromMillis(now, { zone })
  const minutes = here.hour * 60 + here.minute
  return minutes >= quiet.from || minutes < quiet.to
}

/** In hand: an act of the kind is on its way, or was taken after the platform was last read. */
async function owedNow({ db }: Reads): Promise<readonly Owed[]> {
  const rows = await db
    .selectFrom('deadline')
    .innerJoin('complaint', 'complaint.id', 'deadline.complaint')
    .select(['deadline.complaint', 'deadline.move', 'deadline.due', 'known_at', 'snoozed_until'])
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom('action')
          .select('action.id')
          .whereRef('action.complaint', '=', 'deadline.complaint')
          .whereRef('action.kind', '=', 'deadline.move')
          .where(({ eb, or, and, ref }) =>
            or([
              eb('state', 'in', unsettled),
              and([eb('state', '=', 'done'), eb('settled_at', '>', ref('complaint.as_of'))]),
            ]),
          ),
      ).as('in_hand'),
    )
    .where('deadline.ended_at', 'is', null)
    .execute()
  return rows.map((row) => ({
    complaint: row.complaint,
    move: row.move,
    due: row.due as Instant,
    knownAt: row.known_at as Instant,
    snoozedUntil: row.snoozed_until as Instant | null,
    inHand: Boolean(row.in_hand),
  }))
}

/** By the outside's own books, beside what we meant to do: what was done there more often than that, and where money went twice. */
export async function doubled({ storage: { reads }, wechat, pay, alipay }: Town): Promise<readonly string[]> {
  const wrong: string[] = []
  const meant = new Map<string, number>()
  const rows = await reads.db
    .selectFrom('action')
    .innerJoin('complaint', 'complaint.id', 'action.complaint')
    .select(['complaint.number', 'action.kind', (eb) => eb.fn.countAll<number>().as('count')])
    .where('action.state', 'not in', ['failed', 'withdrawn'])
    .groupBy(['complaint.number', 'action.kind'])
    .execute()
  for (const { number, kind, count } of rows) meant.set(`${number} ${kind}`, Number(count))
  const done = new Map<string, number>()
  const books = [wechat.ledger(), pay.ledger(), alipay.ledger()].flat()
  for (const { by, what, complaint } of books) {
    const kind = by === 'merchant' && complaint !== undefined ? deeds[what] : undefined
    if (kind) done.set(`${complaint} ${kind}`, (done.get(`${complaint} ${kind}`) ?? 0) + 1)
  }
  for (const [deed, count] of done)
    if (count > (meant.get(deed) ?? 0)) wrong.push(`${deed}: done ${count} times, meant ${meant.get(deed) ?? 0}`)
  const orders = [
    ...pay.money().map(({ transactionId: order, promised: back, paid, refunds }) => ({ order, back, paid, refunds })),
    ...alipay.money().map((its) => ({ ...its, order: its.tradeNo, back: its.promised + its.returned })),
  ]
  for (const { order, paid, back, refunds } of orders) {
    if (back > paid) wrong.push(`${order}: ${back} of ${paid} fen was paid back`)
    // Nothing here gives back less than all: a second time is one too many.
    const gone = refunds.filter(({ status }) => status !== 'CLOSED' && status !== 'FAILED')
    if (gone.length > 1) wrong.push(`${order}: paid back ${gone.length} times`)
  }
  return wrong
}

/** Their word for it, and ours. */
const deeds: Readonly<Record<string, string>> = {
  respond: 'respond',
  evidence: 'add-evidence',
  proof: 'prove-refund',
  appeal: 'appeal',
  reply: 'respond',
  approve: 'decide-refund',
  reject: 'decide-refund',
  complete: 'finish',
  finish: 'finish',
  feedback: 'finish',
}
