import { z } from 'zod'
import { asId } from '../core/words.ts'
import { ring } from '../notify/fan-out.ts'
import { listChannels } from '../storage/channels.ts'
import { type DeadLetter, deadLetters, reviveDeliveries } from '../storage/deliveries.ts'
import { listRecipients } from '../storage/recipients.ts'
import type { Reads } from '../storage/storage.ts'
import type { Tenant } from '../storage/tenants.ts'
import { listOf } from './fields.ts'
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

const retry = z.strictObject(
  {
    ids: z
      .array(z.string('the id of a dead letter'), 'a list of ids')
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
    query: none,
    body: none,
    status: 200,
    answer: listOf(letterView),
    async run({ parts, tenant }) {
      const { reads } = parts.storage
      const names = await namesOf(reads, tenant)
      const letters = await deadLetters(reads, tenant.id, most)
      return { items: letters.map((letter) => viewOf(letter, names)) }
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
