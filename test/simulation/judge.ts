import { told } from '../../src/core/errors.ts'
import type { Outgoing } from '../../src/core/transport.ts'
import { instant, millis } from '../../src/core/words.ts'
import type { Reads } from '../../src/storage/storage.ts'
import type { ActionRow, RefundRow } from '../../src/storage/tables.ts'
import type { Outside } from './outside.ts'
import { caps, type Shop } from './shop.ts'

/** Compares what the platform did with what we say of it. Its own words for every rule; none of the code under test. */
export interface Judge {
  /** A request leaves us. */
  called(request: Outgoing): Promise<void>
  /** A backup takes the place of what was known. */
  forget(): Promise<void>
  /** What must hold at every moment. */
  look(): Promise<void>
  /** What must hold once faults have stopped and nothing changes any more. */
  end(): Promise<void>
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
  let calls = 0

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

  const theirs = (number: string) => outside.pay.refunds().find(({ outRefundNo }) => outRefundNo === number)

  function remember({ id, state }: ActionRow, refunds: readonly RefundRow[]) {
    const before = known.get(id)
    const number = refunds.find(({ action }) => action === id)?.number
    if (before && settled.includes(before.state) && before.state !== state)
      say(`an action was ${before.state} and is ${state}`)
    if (before && before.number !== number) say('an action changed its number')
    known.set(id, { state, number })
  }

  function ofOrders(refunds: readonly RefundRow[]) {
    for (const { transactionId, paid } of outside.pay.money()) {
      const own = refunds.filter(({ order_no, state }) => order_no === transactionId && counted.includes(state))
      if (sum(own) > paid) say(`more was promised than paid: ${sum(own)} of ${paid}`)
      if (own.filter(({ state }) => state === 'open').length > 1) say('two refunds of an order are on their way')
      if (new Set(own.map(({ number }) => number)).size < own.length) say('a number counts twice')
    }
    // The platform's own cap is the last guard, and nothing may have to lean on it.
    const fresh = outside.pay.calls().slice(calls)
    calls += fresh.length
    const over = fresh.filter(({ on, code, body }) => on === 'refund' && code === 'INVALID_REQUEST' && body)
    for (const { refund = '', body } of over)
      if (forgotten.size === 0 && !theirs(refund)) say(`the platform had to refuse ${JSON.stringify(body?.amount)}`)
  }

  function done({ number, amount }: RefundRow) {
    const refund = theirs(number)
    if (refund?.status !== 'SUCCESS') say(`done, and the platform says ${refund?.status ?? 'nothing'}`)
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
    for (const { transactionId, paid, promised, refunds: all } of outside.pay.money()) {
      if (promised > paid) say(`more went out than was paid: ${promised} of ${paid}`)
      const own = refunds.filter(({ order_no, state }) => order_no === transactionId && counted.includes(state))
      const numbers = new Set(own.map(({ number }) => number))
      const lost = all.filter(
        ({ status, outRefundNo }) => status !== 'CLOSED' && !numbers.has(outRefundNo) && forgotten.has(outRefundNo),
      )
      if (sum(own) + sum(lost) !== promised) say(`of an order ${promised} went out, and we say ${sum(own)}`)
    }
    for (const refund of outside.pay.refunds())
      if (!forgotten.has(refund.outRefundNo) && !refunds.some(({ number }) => number === refund.outRefundNo))
        say('money went out under a number that is nowhere kept')
    for (const { id, state } of actions) {
      const refund = refunds.find(({ action }) => action === id)
      if (settled.includes(state)) continue
      const waits = refund && theirs(refund.number)?.status === 'ABNORMAL' && refund.stuck === 1 && state === 'underway'
      if (!waits) say(`after all this time still ${state}`)
    }
    withinCaps(refunds.filter(({ state }) => state === 'open' || state === 'done'))
    await trail(actions)
    answeredOnce()
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
    const answers = outside.mini.ledger().filter(({ by, what }) => by === 'merchant' && what === 'respond')
    const complaints = new Set(answers.map(({ complaint }) => complaint))
    if (complaints.size < answers.length) say('a customer was answered twice')
    const decided = outside.pay.ledger().filter(({ what }) => what === 'approve' || what === 'reject')
    if (decided.length > 1) say('a request was decided twice')
  }

  return {
    wrong,
    broken: (error) => say(`a wish broke: ${told(error)}`),
    async called({ method, url, body }) {
      if (method !== 'POST' || !url.endsWith('/v3/refund/domestic/refunds')) return
      const asked = JSON.parse(String(body)) as { out_refund_no: string; amount: { refund: number } }
      const kept = await on
        .reads()
        .db.selectFrom('refund')
        .select('amount')
        .where('number', '=', asked.out_refund_no)
        .where('state', '=', 'open')
        .execute()
      if (!kept.some(({ amount }) => amount === asked.amount.refund)) say('a call went out before its number was kept')
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
