import { DateTime } from 'luxon'
import type { Complaint } from '../complaints/complaint.ts'
import { dueOf, leftOf } from '../complaints/deadline.ts'
import { maskNumbers } from '../complaints/person.ts'
import { oneLine, plain } from '../core/plain.ts'
import { type AccountId, type Instant, millis, yuan } from '../core/words.ts'
import type { Language } from '../storage/tenants.ts'
import { type Block, page } from './page.ts'
import { type Word, word } from './words.ts'

/** What a template may be filled with; a test holds docs and code together. */
export const fieldNames = [
  'count',
  'number',
  'case',
  'tail',
  'platform',
  'account',
  'reason',
  'amount',
  'turn',
  'state',
  'due',
  'dueClock',
  'opened',
  'customer',
  'order',
  'product',
  'text',
  'event',
] as const
export type FieldName = (typeof fieldNames)[number]
/** '' = nothing is known. Senders cut them to what their templates take. */
export type Fields = Readonly<Record<FieldName, string>>

/** What is said, for whichever way it goes. */
export interface Letter {
  /** The same for all that is said of a complaint: mail programs thread by it. */
  readonly subject: string
  readonly text: string
  /** Under 100 KB, everything inline and escaped. */
  readonly html: string
  readonly fields: Fields
}

/** A complaint, and what is new about it. */
export interface Told {
  readonly complaint: Complaint
  readonly account: string
  readonly merchant?: string
  /** Whose turn it is, in words. */
  readonly turn: string
  /** It came just now. */
  readonly fresh: boolean
  /** What happened, in words, the oldest first. */
  readonly lines: readonly string[]
}

export interface Reader {
  readonly language: Language
  readonly zone: string
  readonly now: Instant
  /** Of which they are told; undefined = of all. */
  readonly accounts?: readonly AccountId[]
}

export interface Content {
  /** In the order of what is due first. */
  readonly complaints: readonly Told[]
  readonly notices: readonly string[]
}

// Together, every letter of them escaped, they stay below what mail programs show (100 KB).
const mostLines = 20
const mostLine = 300
const mostText = 1_000

export function letterOf({ complaints, notices }: Content, reader: Reader): Letter {
  const [first] = complaints
  const say = (name: Word, params?: Record<string, string | number>) => word(reader.language, name, params)
  const fields = fieldsOf(complaints, notices, reader)
  const lines = notices
    .flatMap((notice) => notice.split('\n'))
    .slice(-mostLines)
    .map(tidy)
  const told: readonly Block[] = lines.length > 0 ? [{ lines }] : []
  if (!first) return letter(say('subject.notices'), told, { fields, footer: say('footer.plain') })
  if (complaints.length > 1) {
    const subject = say('subject.several', { count: complaints.length })
    const each = { lines: complaints.slice(0, mostLines).map((one) => inShort(one, reader)) }
    return letter(subject, [each, ...told], { fields, footer: say('footer.plain') })
  }
  const { running: n, source, number } = first.complaint
  const subject = say('subject', { platform: say(source), tail: tailOf(number), n })
  return letter(subject, [blockOf(first, reader), ...told], { fields, footer: say('footer', { n }) })
}

/** That a channel works; no complaint is in it, and every field has something to show. */
export function testLetter(channel: string, reader: Reader): Letter {
  const { language, zone, now } = reader
  const say = (name: Word) => word(language, name)
  const text = word(language, 'test', { channel: oneLine(channel) })
  const fields: Fields = {
    ...{ count: '1', number: '#0', case: '000000', tail: '000000', platform: say('wechat-pay') },
    ...{ account: oneLine(channel), reason: say('subject.test'), amount: '¥0.01', turn: say('new') },
    ...{ state: say('new'), due: timeOf(now, zone, 'yyyy-MM-dd HH:mm'), dueClock: timeOf(now, zone, 'HH:mm') },
    ...{
      opened: timeOf(now, zone, 'yyyy-MM-dd HH:mm'),
      customer: '张*',
      order: '000000',
      product: say('subject.test'),
    },
    ...{ text: say('subject.test'), event: say('subject.test') },
  }
  return letter(say('subject.test'), [{ lines: [text] }], { fields, footer: say('footer.plain') })
}

function letter(
  subject: string,
  blocks: readonly Block[],
  { fields, footer }: { readonly fields: Fields; readonly footer: string },
): Letter {
  return { subject, ...page({ title: subject, blocks, footer }), fields }
}

function blockOf(told: Told, { language, zone, now }: Reader): Block {
  const { complaint, account, merchant, turn, fresh, lines } = told
  const say = (name: Word) => word(language, name)
  const due = dueOf(complaint)
  const rows: readonly (readonly [Word, string | undefined])[] = [
    ['platform', say(complaint.source)],
    ['account', account],
    ['merchant', merchant],
    ['case', complaint.number],
    ['turn', turn],
    ['state', complaint.label],
    ['reason', complaint.reason],
    ['amount', amountOf(complaint)],
    ['due', due && `${timeOf(due, zone, 'yyyy-MM-dd HH:mm')} (${leftText(due, { language, zone, now })})`],
    ['product', complaint.product],
    ['order', complaint.outTradeNo],
    ['customer', complaint.who],
    ['opened', timeOf(complaint.openedAt, zone, 'yyyy-MM-dd HH:mm')],
  ]
  const text = cut(maskNumbers(plain(complaint.text)).trim(), mostText)
  return {
    heading: `#${complaint.running} ${fresh ? say('new') : tidy(complaint.label)}`,
    rows: [
      ...rows.flatMap(([name, value]) => (value ? [{ label: say(name), text: tidy(value) }] : [])),
      ...(text === '' ? [] : [{ label: say('text'), text }]),
    ],
    // The newest are kept: what was before them stands in earlier letters.
    ...(lines.length > 0 ? { about: say('happened'), lines: lines.slice(-mostLines).map(tidy) } : {}),
  }
}

/** One of several: which, how it stands, by when. */
function inShort({ complaint, account, merchant }: Told, { zone }: Reader): string {
  const due = dueOf(complaint)
  const parts = [`#${complaint.running}`, merchant ?? account, complaint.label, amountOf(complaint)]
  return tidy([...parts, due && timeOf(due, zone, 'MM-dd HH:mm')].filter(Boolean).join(' · '))
}

function fieldsOf(complaints: readonly Told[], notices: readonly string[], { language, zone, now }: Reader): Fields {
  const [first] = complaints
  const event = tidy(notices.at(-1) ?? '')
  if (!first) return { ...empty, event, text: event }
  const { complaint } = first
  const dues = complaints.flatMap((told) => dueOf(told.complaint) ?? []).sort()
  const [due] = dues
  const sources = new Set(complaints.map((told) => word(language, told.complaint.source)))
  const line = first.lines.at(-1)
  return {
    count: String(complaints.length),
    number: `#${complaint.running}`,
    case: complaint.number,
    tail: tailOf(complaint.number),
    platform: sources.size === 1 ? word(language, complaint.source) : word(language, 'several'),
    account: oneLine(first.merchant ?? first.account),
    reason: tidy(complaint.reason),
    amount: amountOf(complaint) ?? '',
    turn: first.turn,
    state: tidy(complaint.label),
    due: due ? timeOf(due, zone, 'yyyy-MM-dd HH:mm') : '',
    dueClock: due ? clockOf(due, { language, zone, now }) : '',
    opened: timeOf(complaint.openedAt, zone, 'yyyy-MM-dd HH:mm'),
    customer: complaint.who,
    order: complaint.outTradeNo ?? complaint.orders[0] ?? '',
    product: tidy(complaint.product ?? ''),
    text: tidy(complaint.text),
    event: first.fresh || line === undefined ? word(language, 'new') : tidy(line).replace(/^#\d+\s*/, ''),
  }
}

const empty = Object.fromEntries(fieldNames.map((name) => [name, ''])) as Record<FieldName, string>

const tailOf = (number: string) => number.slice(-6)
const amountOf = ({ amountShown }: Complaint) => (amountShown === undefined ? undefined : `¥${yuan(amountShown)}`)

/** One line as others may see it. */
const tidy = (text: string): string => cut(maskNumbers(oneLine(text)), mostLine)

const cut = (text: string, most: number): string => {
  const letters = [...text]
  return letters.length > most ? `${letters.slice(0, most).join('')}…` : text
}

const timeOf = (at: Instant, zone: string, format: string) => DateTime.fromMillis(millis(at), { zone }).toFormat(format)

/** At most six letters: 18:30, on another day 11-23, and what is over. */
function clockOf(due: Instant, { language, zone, now }: Reader): string {
  if (leftOf(due, now) <= 0) return word(language, 'late')
  const today = timeOf(due, zone, 'yyyyMMdd') === timeOf(now, zone, 'yyyyMMdd')
  return timeOf(due, zone, today ? 'HH:mm' : 'MM-dd')
}

function leftText(due: Instant, { language, now }: Reader): string {
  const minutes = Math.floor(leftOf(due, now) / 60_000)
  if (minutes <= 0) return word(language, 'late')
  const time =
    minutes < 60
      ? word(language, 'minutes', { n: minutes })
      : minutes < 48 * 60
        ? word(language, 'hours', { n: Math.floor(minutes / 60) })
        : word(language, 'days', { n: Math.floor(minutes / 1440) })
  return word(language, 'left', { time })
}
