import { z } from 'zod'
import { asId } from '../core/words.ts'
import { ring } from '../notify/fan-out.ts'
import { listChannels } from '../storage/channels.ts'
import { type DeadLetter, deadLetters, dismissDeliveries, reviveDeliveries } from '../storage/deliveries.ts'
import { listRecipients } from '../storage/recipients.ts'
import type { Reads } from '../storage/storage.ts'
import type { Tenant } from '../storage/tenants.ts'
import { cursor, limitUpTo, openCursor, pageFrom, pageOf } from './cursor.ts'
import { id } from './fields.ts'
import { none, tenantOperation } from './operation.ts'

const most = 500

const letterView = z.object({
  id: z.string(),
  /** Absent = it is gone. */
  channel: z.string().exactOptional(),
  recipient: z.string().exactOptional(),
  complaint: z.string().exactOptional(),
  error: z.string(),
  at: z.string(),
})

const named = z
  .array(id('the id of a dead letter'), 'a list of ids')
  .min(1, 'name at least one')
  .max(most, `at most ${most}`)

const retry = z.strictObject(
  {
    ids: z
      .array(id('the id of a dead letter'), 'a list of ids')
      .min(1, 'name at least one, or leave it out for all')
      .max(most, `at most ${most}`)
      .exactOptional(),
  },
  'a JSON object',
)

export const deadLetterOperations = [
  tenantOperation({
    method: 'get',
    path: '/dead-letters',
    summary: 'Lists what was given up: messages that reached nobody, the newest first',
    query: z.strictObject({ limit: limitUpTo(200), cursor: cursor.exactOptional() }),
    body: none,
    status: 200,
    answer: pageOf(letterView),
    async run({ parts, tenant, query: { limit, cursor: from } }) {
      const { reads } = parts.storage
      const listing = { tenant: tenant.id, list: 'dead-letters' }
      const after = openCursor<Pick<DeadLetter, 'at' | 'id'>>(reads, listing, from)
      const found = await deadLetters(reads, tenant.id, limit + 1, after)
      const { rows, next } = pageFrom(reads, listing, { found, limit, position: ({ at, id }) => ({ at, id }) })
      const names = await namesOf(reads, tenant)
      return { items: rows.map((letter) => viewOf(letter, names)), ...next }
    },
  }),
  tenantOperation({
    method: 'post',
    path: '/dead-letters/retry',
    summary: 'Has dead letters tried again: those that are named, or all',
    query: none,
    body: retry,
    status: 200,
    answer: z.object({ retried: z.number() }),
    async run({ parts, tenant, body }) {
      const { storage, engine } = parts
      const ids = body.ids?.map((id) => asId<'delivery'>(id)) ?? []
      const all = body.ids === undefined ? await deadLetters(storage.reads, tenant.id, most) : []
      const destinations = await storage.transaction(async (tx) => {
        const revived = await reviveDeliveries(tx, tenant.id, [...ids, ...all.map(({ id }) => id)])
        await ring(engine, tx, revived)
        return revived
      })
      return { retried: destinations.length }
    },
  }),
  tenantOperation({
    method: 'post',
    path: '/dead-letters/dismiss',
    summary: 'Dismisses dead letters: they are listed no more, and never tried again',
    query: none,
    body: z.strictObject({ ids: named }, 'a JSON object'),
    status: 200,
    answer: z.object({ dismissed: z.number() }),
    async run({ parts, tenant, body }) {
      const ids = body.ids.map((id) => asId<'delivery'>(id))
      return { dismissed: await parts.storage.transaction((tx) => dismissDeliveries(tx, tenant.id, ids)) }
    },
  }),
]

type Names = ReadonlyMap<string, { readonly channel: string; readonly recipient: string }>

async function namesOf(reads: Reads, tenant: Tenant): Promise<Names> {
  const channels = await listChannels(reads, tenant.id)
  const names = await Promise.all(
    channels.map(async ({ id, kind, name }) =>
      (await listRecipients(reads, id)).map(
        (recipient) => [`${kind}:${id}/${recipient.id}`, { channel: name, recipient: recipient.label }] as const,
      ),
    ),
  )
  return new Map(names.flat())
}

const viewOf = ({ destination, ...letter }: DeadLetter, names: Names): z.input<typeof letterView> => ({
  ...letter,
  ...names.get(destination),
})
