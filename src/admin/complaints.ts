import { z } from 'zod'
import type { Complaint } from '../complaints/complaint.ts'
import { dueOf } from '../complaints/deadline.ts'
import type { Recorded } from '../complaints/fact.ts'
import { maskNumbers, withoutNumbers } from '../complaints/person.ts'
import type { TenantId } from '../core/words.ts'
import { findRunning, listComplaints, type Position, positionOf } from '../storage/complaints.ts'
import { factsOf } from '../storage/facts.ts'
import type { Reads } from '../storage/storage.ts'
import { cursor, limitUpTo, openCursor, pageFrom, pageOf } from './cursor.ts'
import { none, tenantOperation } from './operation.ts'
import { notThere } from './problem.ts'

const most = 200

const wish = z.strictObject({
  which: z.enum(['open', 'due', 'all'], 'open, due or all').default('open'),
  limit: limitUpTo(most),
  cursor: cursor.exactOptional(),
})

const line = z.object({
  running: z.number(),
  number: z.string(),
  platform: z.string(),
  account: z.string(),
  phase: z.string(),
  label: z.string(),
  reason: z.string(),
  /** Masked. */
  who: z.string(),
  nth: z.number(),
  openedAt: z.string(),
  due: z.string().exactOptional(),
  /** Fen, as the complaint shows it. */
  amountShown: z.number().exactOptional(),
  claimedBy: z.string().exactOptional(),
  provisional: z.string().exactOptional(),
})

const factView = z.object({
  nr: z.number(),
  at: z.string(),
  kind: z.string(),
  fact: z.record(z.string(), z.unknown()),
})

const takes = z.object({
  text: z
    .object({
      max: z.number(),
      unit: z.enum(['chars', 'bytes']),
      required: z.boolean(),
      /** No characters of four bytes, such as emoji. */
      plain: z.literal(true).exactOptional(),
    })
    .exactOptional(),
  pictures: z.object({ max: z.number(), bytes: z.number(), types: z.array(z.string()).readonly() }).exactOptional(),
  /** Text and pictures may each be missing, but not both. */
  either: z.boolean().exactOptional(),
  choices: z
    .array(z.object({ code: z.string(), label: z.string() }))
    .readonly()
    .exactOptional(),
  /** Taken once; nothing can be added later. */
  once: z.boolean().exactOptional(),
})

const whole = line.extend({
  version: z.number(),
  text: z.string(),
  product: z.string().exactOptional(),
  orders: z.array(z.string()).readonly(),
  returned: z
    .object({
      number: z.string().exactOptional(),
      carrier: z.string().exactOptional(),
      waybill: z.string().exactOptional(),
      label: z.string().exactOptional(),
    })
    .exactOptional(),
  /** What may be done now, and what each takes: done at …/actions. */
  moves: z.array(z.object({ kind: z.string(), owed: z.boolean(), due: z.string().exactOptional(), takes })).readonly(),
  warnings: z.array(z.string()).readonly(),
  timeline: z.array(
    z.object({
      at: z.string(),
      by: z.string(),
      label: z.string(),
      text: z.string().exactOptional(),
      pictures: z.number(),
    }),
  ),
  /** The newest, in their order; all of them are at …/facts. */
  facts: z.array(factView),
})

export const complaintOperations = [
  tenantOperation({
    method: 'get',
    path: '/complaints',
    summary: 'Lists complaints: open and due ones by time left, all of them newest first',
    query: wish,
    body: none,
    status: 200,
    answer: pageOf(line),
    async run({ parts, tenant, query: { which, limit, cursor: from } }) {
      const { reads } = parts.storage
      const listing = { tenant: tenant.id, list: 'complaints', filter: which }
      const after = openCursor<Position>(reads, listing, from)
      const filter = { tenant: tenant.id, which, limit: limit + 1, ...(after ? { after } : {}) }
      const found = await listComplaints(reads, filter)
      const { rows, next } = pageFrom(reads, listing, { found, limit, position: positionOf })
      return { items: rows.map(lineOf), ...next }
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/complaints/:running',
    summary: 'Shows a complaint by its number in the business, with what happened; the person is masked',
    query: none,
    body: none,
    status: 200,
    answer: whole,
    async run({ parts: { storage }, tenant, param }) {
      const complaint = await complaintAt(storage.reads, tenant.id, param('running'))
      return complaint ? wholeOf(complaint, await factsOf(storage.reads, complaint.id, most)) : notThere('complaint')
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/complaints/:running/facts',
    summary: 'Lists what happened to a complaint, the newest first',
    query: z.strictObject({ limit: limitUpTo(most), cursor: cursor.exactOptional() }),
    body: none,
    status: 200,
    answer: pageOf(factView),
    async run({ parts: { storage }, tenant, param, query: { limit, cursor: from } }) {
      const { reads } = storage
      const complaint = await complaintAt(reads, tenant.id, param('running'))
      if (!complaint) return notThere('complaint')
      const listing = { tenant: tenant.id, list: 'facts', filter: complaint.id }
      const found = await factsOf(reads, complaint.id, limit + 1, openCursor<number>(reads, listing, from))
      const { rows, next } = pageFrom(reads, listing, { found, limit, position: ({ nr }) => nr })
      return { items: rows.map(recordedView), ...next }
    },
  }),
]

export function complaintAt(reads: Reads, tenant: TenantId, named: string): Promise<Complaint | undefined> {
  const running = /^#?(\d{1,9})$/.exec(named)?.[1]
  return running === undefined ? Promise.resolve(undefined) : findRunning(reads, tenant, Number(running))
}

function lineOf(complaint: Complaint): z.input<typeof line> {
  const { claim } = complaint
  const due = dueOf(complaint)
  return { ...complaint, ...(due ? { due } : {}), ...(claim ? { claimedBy: claim.member } : {}) }
}

function wholeOf(complaint: Complaint, facts: readonly Recorded[]): z.input<typeof whole> {
  const masked = withoutNumbers(complaint)
  return {
    ...masked,
    ...lineOf(masked),
    // Addresses of pictures open them for whoever has them: how many there are is enough here.
    timeline: masked.timeline.map((step) => ({ ...step, pictures: step.pictures.length })),
    facts: [...facts].reverse().map(recordedView),
  }
}

const recordedView = ({ nr, at, fact }: Recorded): z.input<typeof factView> => ({
  nr,
  at,
  kind: fact.kind,
  fact: factOf(fact),
})

function factOf(fact: Recorded['fact']): Record<string, unknown> {
  const { kind: _, ...rest } = fact
  if (fact.kind !== 'said') return rest
  const { text, pictures } = fact.happening
  const masked = text === undefined ? {} : { text: maskNumbers(text) }
  return { happening: { ...fact.happening, ...masked, pictures: pictures.length } }
}
