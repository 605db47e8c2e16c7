import { told } from '../../src/core/errors.ts'
import type { Outgoing } from '../../src/core/transport.ts'
import { instant, millis } from '../../src/core/words.ts'
import type { Reads } from '../../src/storage/storage.ts'
import type { ActionRow, RefundRow } from '../../src/storage/tables.ts'
import { caps, type Shop } from './shop.ts'
import { type Outside, orders } from './side.ts'

/** Compares what the platform did with what we say of it. Its own words for every rule; none of the code under test. */
export interface Judge {
  /** A request leaves us. */
  called(request: Outgoing): Promise<void>
  /** We die, fall asleep, or are written down to begin again from here: of what is marked as sent nobody will know whether it was. */
  interrupted(): Promise<void>
  /** A backup takes the place of what was known. */
  forget(): Promise<void>
  /** What must hold at every moment. */
  look(): Promise<void>
  /** What must hold once faults have stopped and nothing changes any more. */
  end(): Promise<void>
  /** Nothing more can become of it by itself. */
  waits(action: Pick<ActionRow, 'state'>, refund: RefundRow | undefined): boolean
  /** Somebody who asked was answered by an error. */
  broken(error: unknown): void
  readonly wrong: readonly string[]
}

interface Known {
  readonly state: string
  readonly number: string | undefined
}

const settled = ['done', 'failed', 'withdrawn']
const counted = ['open', 'done', 'found']

export function judgeFor(on: { readonly shop: Shop; readonly outside: Outside; reads(): Reads }): Judge {
  const { shop, outside } = on
  const wrong: string[] = []
  const known = new Map<string, Known>()
  /** Numbers that a backup made us forget. */
  const forgotten = new Set<string>()
  const unclear = new Set<string>()
  let overdrawn = 0

  const say = (what: string) => {
    const line = `${instant(outside.clock.now()).slice(0, 19)} ${what}`
    if (!wrong.some((said) => said.slice(20) === what)) wrong.push(line)
  }

  async function rows() {
    const { db } = on.reads()
    return {
      refunds: await db.selectFrom('refund').selectAll().execute(),
      actions: await db.selectFrom('action').selectAll().execute(),
      jobs: new Set(
        (await db.selectFrom('job').select('key').where('queue', '=', 'carry-out').execute()).map(({ key }) => key),
      ),
    }
  }

  const theirs = (wanted: string) => outside.refunds().find(({ number }) => number === wanted)

  function remember({ id, state }: ActionRow, refunds: readonly RefundRow[]) {
    const before = known.get(id)
    const number = refunds.find(({ action }) => action === id)?.number
    if (before && settled.includes(before.state) && before.state !== state)
      say(`an action was ${before.state} and is ${state}`)
    if (before && before.number !== number) say('an action changed its number')
    known.set(id, { state, number })
  }

  function ofOrders(refunds: readonly RefundRow[]) {
    for (const { number: order, total: paid } of orders) {
      const own = refunds.filter(({ order_no, state }) => order_no === order && counted.includes(state))
      if (sum(own) > paid) say(`more was promised than paid: ${sum(own)} of ${paid}`)
      if (own.filter(({ state }) => state === 'open').length > 1) say('two refunds of an order are on their way')
      if (new Set(own.map(({ number }) => number)).size < own.length) say('a number counts twice')
    }
    // The platform's own cap is the last guard, and nothing may have to lean on it.
    const fresh = outside.overdrawn().slice(overdrawn)
    overdrawn += fresh.length
    for (const { number, what } of fresh)
      if (forgotten.size === 0 && !theirs(number)) say(`the platform had to refuse ${what}`)
  }

  function done({ number, amount }: RefundRow) {
    const refund = theirs(number)
    if (refund?.state !== 'arrived') say(`done, and the platform says ${refund?.state ?? 'nothing'}`)
    else if (refund.amount !== amount) say(`done with ${amount}, and it was ${refund.amount}`)
  }

  async function look() {
    const { refunds, actions, jobs } = await rows()
    for (const action of actions) {
      remember(action, refunds)
      if (!settled.includes(action.state) && !jobs.has(action.id)) say(`${action.state}, and no job will look after it`)
    }
    ofOrders(refunds)
    for (const refund of refunds) {
      const action = actions.find(({ id }) => id === refund.action)
      if (refund.state === 'done') done(refund)
      if ((action?.state === 'done') !== (refund.state === 'done')) say('an action and its money disagree')
      if (settled.includes(action?.state ?? '') === (refund.state === 'open'))
        say('money is open after its action, or not')
    }
  }

  async function end() {
    const { refunds, actions } = await rows()
    for (const { number: order, total: paid } of orders) {
      const out = outside.refunds().filter((one) => one.order === order && one.state !== 'over')
      const promised = sum(out)
      if (promised > paid) say(`more went out than was paid: ${promised} of ${paid}`)
      const own = refunds.filter(({ order_no, state }) => order_no === order && counted.includes(state))
      const numbers = new Set(own.map(({ number }) => number))
      const lost = out.filter(({ number }) => !numbers.has(number) && forgotten.has(number))
      // Of what nobody may ask about, nobody can say that it did not go.
      const open = own.filter(({ number, state }) => state === 'open' && (theirs(number)?.state ?? 'over') === 'over')
      if (sum(own) - sum(open) + sum(lost) !== promised) say(`of an order ${promised} went out, and we say ${sum(own)}`)
    }
    for (const refund of outside.refunds())
      if (!forgotten.has(refund.number) && !refunds.some(({ number }) => number === refund.number))
        say('money went out under a number that is nowhere kept')
    for (const action of actions) {
      const refund = refunds.find(({ action: id }) => action.id === id)
      if (!settled.includes(action.state) && !waits(action, refund)) say(`after all this time still ${action.state}`)
    }
    withinCaps(refunds.filter(({ state }) => state === 'open' || state === 'done'))
    await trail(actions)
    answeredOnce()
  }

  /** For a person at the platform, or for a word that is never given again; whoever waits says so. */
  function waits({ state }: Pick<ActionRow, 'state'>, refund: RefundRow | undefined): boolean {
    if (!refund) return false
    const { number, account } = refund
    if (theirs(number)?.state === 'stuck') return refund.stuck === 1 && state === 'underway'
    return (
      state === 'unknown' && outside.unasked({ number, by: shop.outsideIds.get(account) ?? '' }, unclear.has(number))
    )
  }

  /** Roles, caps and second persons, on what went out. */
  function withinCaps(refunds: readonly RefundRow[]) {
    const memberOf = (id: string | null) => shop.askers.find(({ member }) => member.id === id && id !== null)?.member
    for (const { amount, member, approver } of refunds) {
      const [first, second] = [memberOf(member), memberOf(approver)]
      if (member !== null && !(first?.role === 'admin' || first?.role === 'refunder'))
        say('money without the right to it')
      if (amount > (first?.refundEach ?? amount)) say('one refund over its cap')
      if (amount < caps.secondPersonFrom) continue
      const may = second?.role === 'admin' || second?.role === 'refunder'
      if (!may || approver === member || amount > (second?.refundEach ?? amount)) say('money without its second person')
    }
    const days = new Map<string, RefundRow[]>()
    for (const one of refunds) {
      const day = dayInChina(one.requested_at)
      days.set(day, [...(days.get(day) ?? []), one])
    }
    for (const ofDay of days.values()) {
      if (sum(ofDay) > caps.refundDay) say('a day over the cap of the shop')
      for (const { member } of shop.askers) {
        const own = ofDay.filter((one) => {
          // A second person who was not needed has given nothing.
          const second = one.amount >= caps.secondPersonFrom && one.approver === member.id
          return member.id !== undefined && (one.member === member.id || second)
        })
        if (sum(own) > (member.refundDay ?? Number.POSITIVE_INFINITY)) say('a day over the cap of a person')
      }
    }
  }

  /** The audit trail: asked for once, ended once, and nothing after the end. */
  async function trail(actions: readonly ActionRow[]) {
    const facts = await on.reads().db.selectFrom('fact').select(['body', 'nr', 'complaint']).orderBy('nr').execute()
    const all = facts.map(({ body }) => JSON.parse(body) as { kind: string; action?: string; state?: string })
    for (const { id, state } of actions) {
      const own = all.filter(({ action }) => action === id)
      const ends = own.filter((fact) => fact.kind === 'acted' && settled.includes(fact.state ?? ''))
      if (own.filter(({ kind }) => kind === 'requested').length !== 1) say('an action was not told once')
      if (settled.includes(state) && (ends.length !== 1 || own.at(-1) !== ends[0])) say('an end was told twice, or not')
      if (ends.some((fact) => fact.state !== state)) say('what was told is not what is')
    }
  }

  function answeredOnce() {
    const answers = outside.answered()
    if (new Set(answers).size < answers.length) say('a customer was answered twice')
  }

  return {
    wrong,
    broken: (error) => say(`a wish broke: ${told(error)}`),
    waits,
    async called(request) {
      const asked = outside.wants(request)
      if (!asked) return
      const kept = await on
        .reads()
        .db.selectFrom('refund')
        .select('amount')
        .where('number', '=', asked.number)
        // Whoever slept over a call may make it when it is done already: under its number that changes nothing.
        .where('state', 'in', ['open', 'done'])
        .execute()
      if (!kept.some(({ amount }) => amount === asked.amount)) say('a call went out before its number was kept')
    },
    async interrupted() {
      const { refunds, actions } = await rows()
      const sent = new Set(actions.flatMap(({ id, state }) => (state === 'sent' ? id : [])))
      for (const { action, number } of refunds) if (sent.has(action)) unclear.add(number)
    },
    async forget() {
      for (const { number } of await on.reads().db.selectFrom('refund').select('number').execute())
        forgotten.add(number)
      known.clear()
    },
    look,
    end,
  }
}

const sum = (rows: readonly { readonly amount: number }[]): number => rows.reduce((all, { amount }) => all + amount, 0)
const dayInChina = (at: string): string => instant(millis(instant(Date.parse(at))) + 8 * 3_600_000).slice(0, 10)
