import type { Complaint } from '../complaints/complaint.ts'
import type { Fact } from '../complaints/fact.ts'
import { maskNumbers } from '../complaints/person.ts'
import { refundsIn, sumOf } from '../complaints/rule.ts'
import { oneLine } from '../core/plain.ts'
import type { Instant } from '../core/words.ts'
import type { StoredAction } from '../storage/actions.ts'
import type { Language } from '../storage/tenants.ts'
import { actOf, byText } from './act-name.ts'
import type { Abilities } from './chat.ts'
import { isRefund, refundLine } from './refund-words.ts'
import { ruledAct, stoppedText } from './ruling-words.ts'
import { problem, text, textKeys } from './texts.ts'
import { leftText, secondsTime, span, timeOf } from './times.ts'

export interface Around {
  readonly complaint: Complaint
  readonly language: Language
  readonly zone: string
  readonly now: Instant
  /** Of a fact about an action: that action. */
  readonly stored?: StoredAction
  /** Where the card stays as it was posted, lines tell whose turn it is, and nothing that can wait for the next press. */
  readonly edit: Abilities['edit']
  /** The card was posted just now, and says whose turn it is. */
  readonly anew?: boolean
}

/** The line that a fact is worth beside the card; most facts only change the card. */
export function lineOf(fact: Fact, around: Around): string | undefined {
  const { complaint, language, edit } = around
  const n = complaint.running
  const still = edit !== 'any-time'
  switch (fact.kind) {
    case 'acted':
      return actedLine(fact, around)
    case 'unfollowed': {
      const act = text(language, `act.${fact.act}`)
      const params = { n, act, by: byText(language, fact.by), why: whyWords(fact, around) }
      return text(language, 'fact.unfollowed', params)
    }
    case 'said': {
      const words = maskNumbers(oneLine(fact.happening.text || fact.happening.label))
      if (fact.happening.by === 'user') return text(language, 'fact.said', { n, text: words })
      return still ? undefined : text(language, 'fact.platform', { n, text: words })
    }
    case 'reminded':
      return remindedLine(fact, around)
    case 'snoozed':
      return still ? undefined : snoozedLine(fact, around)
    case 'released':
      // Who gave it back by doing nothing is to know.
      if (fact.by.via === 'rule') return text(language, 'fact.released.silent', { n, by: fact.by.name })
      return still ? undefined : text(language, 'fact.released', { n, by: fact.by.name })
    case 'claimed':
      return still ? undefined : text(language, 'fact.claimed', { n, by: fact.by.name })
    case 'assigned':
      return text(language, 'fact.assigned', { n, by: fact.by.name, to: fact.to.name })
    case 'ruled':
      return still ? ruledLines(fact, around) : undefined
    case 'stopped':
      return stoppedLine(fact, around)
    case 'unnoted':
      return still ? undefined : text(language, 'fact.unnoted', { n, by: fact.by.name })
    case 'noted':
      return still ? undefined : text(language, 'fact.noted', { n, by: fact.by.name, text: fact.text })
    case 'revealed':
      return still ? undefined : text(language, 'fact.revealed', { n, by: fact.by.name })
    case 'turned': {
      if (fact.to === 'closed') return text(language, 'fact.closed', { n, label: fact.label })
      const turn = text(language, `phase.${fact.to}`)
      return still && !around.anew && fact.from !== fact.to
        ? text(language, 'fact.turned', { n, turn, label: fact.label })
        : undefined
    }
    default:
      return undefined
  }
}

function remindedLine(fact: Extract<Fact, { kind: 'reminded' }>, around: Around): string {
  const { complaint, language, zone, now } = around
  const over = fact.due <= now
  const params = {
    n: complaint.running,
    act: text(language, `act.${fact.move}`),
    due: timeOf(fact.due, zone, now),
    left: leftText(language, fact.due, now),
    people: fact.to.map(({ name }) => `@${name}`).join(' '),
  }
  const late =
    fact.lateBy === undefined ? '' : text(language, 'fact.reminded.late', { time: span(language, fact.lateBy) })
  return [text(language, over ? 'fact.overdue' : 'fact.reminded', params).trim(), late].filter(Boolean).join('\n')
}

function snoozedLine({ by, until }: Extract<Fact, { kind: 'snoozed' }>, { complaint, language, zone, now }: Around) {
  const params = { n: complaint.running, by: by.name }
  return until === undefined
    ? text(language, 'fact.snoozed.not', params)
    : text(language, 'fact.snoozed', { ...params, until: timeOf(until, zone, now) })
}

/** What goes by itself, and how to stop it where no button can be shown. */
function ruledLines({ inputs, decisions }: Extract<Fact, { kind: 'ruled' }>, around: Around): string | undefined {
  const { language, complaint, zone } = around
  const n = complaint.running
  const lines = decisions.flatMap((decision) => {
    if (decision.outcome !== 'act' || decision.act === 'note' || decision.due === inputs.now) return []
    const money = refundsIn(decision.does).length > 0 ? { amount: sumOf(decision.does) } : {}
    const act = ruledAct(language, { act: decision.act, ...money })
    const params = { n, act, rule: decision.name, at: secondsTime(decision.due, zone), example: `/undo ${n}` }
    return text(language, 'fact.ruled', params)
  })
  return lines.join('\n') || undefined
}

/** The breaker speaks for itself, once for all. */
function stoppedLine(fact: Extract<Fact, { kind: 'stopped' }>, { language, complaint }: Around): string | undefined {
  const params = { n: complaint.running, act: ruledAct(language, fact), rule: fact.rule }
  if (fact.by) return text(language, fact.begun ? 'fact.halted.rest' : 'fact.halted', { ...params, by: fact.by.name })
  if (fact.why === 'breaker' || fact.act === 'note') return undefined
  return text(language, fact.begun ? 'fact.stopped.rest' : 'fact.stopped', {
    ...params,
    why: stoppedText(language, fact.why),
  })
}

function actedLine(fact: Extract<Fact, { kind: 'acted' }>, around: Around): string | undefined {
  const { complaint, language, stored } = around
  const n = complaint.running
  const act = stored ? actOf(language, stored) : text(language, `act.${fact.act}`)
  const params = { n, act, by: byText(language, fact.by) }
  switch (fact.state) {
    case 'done':
      return stored && isRefund(stored) ? refundLine({ ...around, n }, stored) : text(language, 'fact.done', params)
    case 'failed':
      return text(language, 'fact.failed', { ...params, why: problem(language, fact.message) })
    case 'withdrawn':
      return text(language, 'fact.withdrawn', params)
    case 'underway':
      return fact.message === '@stuck' ? text(language, 'fact.stuck', params) : undefined
    default:
      return undefined
  }
}

/** A refusal that nobody was there to read, without its figures; or words. */
function whyWords({ act, why }: Extract<Fact, { kind: 'unfollowed' }>, { complaint, language }: Around): string {
  const key = [`unfollowed.${why}`, `no.${why}`].flatMap((name) => textKeys.find((known) => known === name) ?? [])[0]
  const { running: n, label } = complaint
  const example = `/${act === 'finish' ? 'finish' : 'refund'} ${n}`
  return key ? text(language, key, { n, label, example }) : problem(language, why)
}
