import { z } from 'zod'
import { OutsideError } from '../core/errors.ts'
import { asId } from '../core/words.ts'
import { takeAddress } from '../inbox/address.ts'
import { type Imported, importNow, plainNumber } from '../inbox/import.ts'
import { readStanding } from '../inbox/watch.ts'
import { findAccountOf } from '../storage/accounts.ts'
import { findStanding } from '../storage/watch.ts'
import { none, tenantOperation } from './operation.ts'
import { invalid, notThere, Refusal } from './problem.ts'

const wanted = z.strictObject(
  {
    number: z
      .string('give the number of the complaint (投诉单号) as text')
      .max(64, 'at most 64 characters')
      .transform(plainNumber)
      .refine((number) => number !== '', 'give the number of the complaint (投诉单号), not the order number'),
  },
  'a JSON object',
)

const imported = z.object({
  /** known: it was here already and has been read again. */
  outcome: z.enum(['new', 'known']),
  running: z.number(),
  number: z.string(),
  label: z.string(),
})

const standing = z.object({
  readAt: z.string(),
  score: z.number().exactOptional(),
  guarantee: z
    .object({ active: z.boolean(), message: z.string().exactOptional(), reasons: z.array(z.string()).readonly() })
    .exactOptional(),
  penalties: z
    .array(
      z.object({
        number: z.string(),
        complaint: z.string().exactOptional(),
        wording: z.string(),
        label: z.string(),
        minus: z.number(),
        order: z.string().exactOptional(),
        at: z.string().exactOptional(),
        changedAt: z.string().exactOptional(),
      }),
    )
    .readonly(),
})

/** What an account is looked after with beside its callbacks. */
export const watchOperations = [
  tenantOperation({
    id: 'importComplaint',
    method: 'post',
    path: '/accounts/:account/import',
    summary: 'Fetches a complaint by the platform’s number, for one whose callback never came',
    query: none,
    body: wanted,
    status: 200,
    answer: imported,
    refuses: [502],
    async run({ parts, tenant, param, body }) {
      const account = await findAccountOf(parts.storage.reads, tenant.id, asId(param('account')))
      if (!account) return notThere('account')
      const found = await importNow(parts, { account, number: body.number })
      return found.outcome === 'refused' ? notRead(found) : { ...found.complaint, outcome: found.outcome }
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/accounts/:account/score',
    summary: 'Shows how the platform rates an account: score, violations, guarantee; as read last, or now',
    query: z.strictObject({ now: z.enum(['true', 'false'], 'true or false').default('false') }),
    body: none,
    status: 200,
    answer: standing,
    refuses: [502],
    async run({ parts, tenant, param, query }) {
      const { reads } = parts.storage
      const account = await findAccountOf(reads, tenant.id, asId(param('account')))
      if (!account) return notThere('account')
      if (query.now === 'true' || !(await findStanding(reads, account.id))) {
        const read = await readStanding(parts, account).catch((error: unknown) => unread(error))
        if (read instanceof Refusal) return read
      }
      const stored = await findStanding(reads, account.id)
      return stored ? { ...stored.standing, readAt: stored.readAt } : notThere('score: this platform rates nobody')
    },
  }),
  tenantOperation({
    id: 'takeAddress',
    method: 'post',
    path: '/accounts/:account/address',
    summary: 'Has the platform call back here, whoever is registered now',
    query: none,
    body: none,
    status: 200,
    answer: z.object({ url: z.string(), before: z.string().exactOptional() }),
    refuses: [502],
    async run({ parts, tenant, param }) {
      const account = await findAccountOf(parts.storage.reads, tenant.id, asId(param('account')))
      if (!account) return notThere('account')
      const taken = await takeAddress(parts, account).catch((error: unknown) => unread(error))
      return taken ?? invalid([{ field: 'account', fix: noAddress }])
    },
  }),
]

const noAddress =
  'only where the platform takes its callback address by API (wechat-pay), and the setting publicUrl is https'

function notRead({ trouble, why }: Extract<Imported, { outcome: 'refused' }>): Refusal {
  if (trouble === 'refused' || trouble === 'busy') return invalid([{ field: 'number', fix: english(why) }])
  return outside(why)
}

function unread(error: unknown): Refusal {
  if (error instanceof OutsideError) return outside(error.message)
  throw error
}

const outside = (why: string) =>
  new Refusal(502, { title: 'The platform did not answer as it should', detail: english(why) })

/** Errors of platforms come as `中文 | English`. */
const english = (message: string): string => message.split(' | ').at(-1) ?? message
