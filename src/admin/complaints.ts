import { z } from 'zod'
import type { Complaint } from '../complaints/complaint.ts'
import { dueOf } from '../complaints/deadline.ts'
import type { Recorded } from '../complaints/fact.ts'
import { findRunning, listComplaints } from '../storage/complaints.ts'
import { factsOf } from '../storage/facts.ts'
import { listOf } from './fields.ts'
import { none, tenantOperation } from './operation.ts'
import { notThere } from './problem.ts'

const wish = z.strictObject({
  which: z.enum(['open', 'due', 'all'], 'open, due or all').default('open'),
  limit: z
    .stringFormat('count', /^\d{1,4}$/, 'a number from 1 to 200')
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= 200, 'a number from 1 to 200')
    .default(50),
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
  moves: z.array(z.object({ kind: z.string(), owed: z.boolean(), due: z.string().exactOptional() })).readonly(),
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
  facts: z.array(
    z.object({ nr: z.number(), at: z.string(), kind: z.string(), fact: z.record(z.string(), z.unknown()) }),
  ),
})

/** Facts of one complaint that are shown at once, the newest. */
const most = 200

export const complaintOperations = [
  tenantOperation({
    method: 'get',
    path: '/complaints',
    summary: 'Lists complaints: open and due ones by time left, all of them newest first',
    query: wish,
    body: none,
    status: 200,
    answer: listOf(line),
    async run({ parts, tenant, query }) {
      return { items: (await listComplaints(parts.storage.reads, { tenant: tenant.id, ...query })).map(lineOf) }
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
      const running = /^#?(\d{1,9})$/.exec(param('running'))?.[1]
      const complaint = running && (await findRunning(storage.reads, tenant.id, Number(running)))
      return complaint ? wholeOf(complaint, await factsOf(storage.reads, complaint.id, most)) : notThere('complaint')
    },
  }),
]

function lineOf(complaint: Complaint): z.input<typeof line> {
  const { claim } = complaint
  const due = dueOf(complaint)
  return { ...complaint, ...(due ? { due } : {}), ...(claim ? { claimedBy: claim.member } : {}) }
}

function wholeOf(complaint: Complaint, facts: readonly Recorded[]): z.input<typeof whole> {
  return {
    ...complaint,
    ...lineOf(complaint),
    // Addresses of pictures open them for whoever has them: how many there are is enough here.
    timeline: complaint.timeline.map((step) => ({ ...step, pictures: step.pictures.length })),
    facts: [...facts].reverse().map(({ nr, at, fact }) => ({ nr, at, kind: fact.kind, fact: factOf(fact) })),
  }
}

function factOf(fact: Recorded['fact']): Record<string, unknown> {
  const { kind: _, ...rest } = fact
  if (fact.kind !== 'said') return rest
  return { happening: { ...fact.happening, pictures: fact.happening.pictures.length } }
}
