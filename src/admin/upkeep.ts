import { z } from 'zod'
import { asId } from '../core/words.ts'
import { type Queue, queues } from '../engine/queues.ts'
import { findCallback } from '../storage/callbacks.ts'
import { callbacksAbout, erasePerson } from '../storage/forget.ts'
import { jobExists, listParked, renewCallback, stuckJobs } from '../storage/replay.ts'
import { listOf } from './fields.ts'
import { none, operation, tenantOperation } from './operation.ts'
import { notThere, Refusal } from './problem.ts'

const most = 200

const backupView = z.object({
  /** On the service's machine. */
  file: z.string(),
  bytes: z.number(),
  at: z.string(),
  masterKeyIncluded: z.literal(false),
})

const noBackup = new Refusal(409, {
  title: 'Not here',
  detail: 'The data is in PostgreSQL: take its backups by pg_dump --format=custom, as docs/operation.md shows.',
})

const jobView = z.object({
  queue: z.string(),
  key: z.string(),
  attempts: z.number(),
  runAt: z.string(),
  error: z.string(),
})

const known: ReadonlySet<string> = new Set(Object.values(queues))
const isQueue = (name: string): name is Queue => known.has(name)

const phoneFix = 'a phone number: 5 to 20 digits'
const person = z.strictObject(
  {
    phone: z
      .string(phoneFix)
      .max(40, phoneFix)
      .transform((text) => text.replace(/[\s-]/g, '').replace(/^(\+86|0086)(?=1\d{10}$)/, ''))
      .refine((text) => /^\+?\d{5,20}$/.test(text), phoneFix)
      .meta({ writeOnly: true }),
  },
  'a JSON object',
)

export const upkeepOperations = [
  operation({
    id: 'makeBackup',
    method: 'post',
    path: '/backups',
    summary: 'Writes a backup of the database beside it, while it is in use; the master key is not in it',
    query: none,
    body: z.strictObject(
      { keep: z.int('how many backups to keep').min(1, 'at least 1').max(10_000, 'at most 10000').exactOptional() },
      'a JSON object',
    ),
    status: 201,
    answer: backupView,
    refuses: [409],
    async run({ parts, body }) {
      if (!parts.backups) return noBackup
      return { ...(await parts.backups.make(body.keep)), masterKeyIncluded: false as const }
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/callbacks/parked',
    summary: 'Lists callbacks of which nothing could be made, the newest first',
    query: none,
    body: none,
    status: 200,
    answer: listOf(
      z.object({
        id: z.string(),
        account: z.string(),
        event: z.string(),
        number: z.string().exactOptional(),
        receivedAt: z.string(),
      }),
    ),
    run: async ({ parts, tenant }) => ({ items: [...(await listParked(parts.storage.reads, tenant.id, most))] }),
  }),
  tenantOperation({
    id: 'replayCallback',
    method: 'post',
    path: '/callbacks/:callback/replay',
    summary: 'Has a stored callback worked on again, as if it had just come',
    query: none,
    body: none,
    status: 200,
    answer: z.object({ id: z.string(), replayed: z.literal(true) }),
    refuses: [409],
    async run({ parts, tenant, param }) {
      const { storage, engine } = parts
      const id = asId<'callback'>(param('callback'))
      const callback = await findCallback(storage.reads, id)
      if (callback?.tenant !== tenant.id) return notThere('callback')
      if (callback.told === '' && callback.number === undefined)
        return new Refusal(409, { title: 'Gone', detail: 'What this callback said has been deleted.' })
      await storage.transaction(async (tx) => {
        if (await renewCallback(tx, tenant.id, id)) await engine.send(tx, queues.drain, id)
      })
      return { id, replayed: true as const }
    },
  }),
  operation({
    id: 'listJobs',
    method: 'get',
    path: '/jobs',
    summary: 'Lists jobs that have failed and wait to be tried again, the worst first',
    query: none,
    body: none,
    status: 200,
    answer: listOf(jobView),
    run: async ({ parts }) => ({ items: [...(await stuckJobs(parts.storage.reads, most))] }),
  }),
  operation({
    id: 'replayJob',
    method: 'post',
    path: '/jobs/:queue/:key/replay',
    summary: 'Has a waiting job run now',
    query: none,
    body: none,
    status: 200,
    answer: z.object({ queue: z.string(), key: z.string(), replayed: z.literal(true) }),
    async run({ parts, param }) {
      const { storage, engine } = parts
      const [queue, key] = [param('queue'), param('key')]
      if (!isQueue(queue)) return notThere('queue')
      const there = await storage.transaction(async (tx) => {
        const found = await jobExists(tx, queue, key)
        if (found) await engine.send(tx, queue, key)
        return found
      })
      return there ? { queue, key, replayed: true as const } : notThere('job')
    },
  }),
  tenantOperation({
    id: 'erasePerson',
    method: 'post',
    path: '/erase',
    summary: 'Deletes what tells who a person is, over all closed complaints of the tenant; what was refunded stays',
    query: none,
    body: person,
    status: 200,
    answer: z.object({
      complaints: z.number(),
      open: z.number(),
      callbacks: z.number(),
      pictures: z.number(),
    }),
    async run({ parts, tenant, body }) {
      const { storage } = parts
      const callbacks = await callbacksAbout(storage.reads, tenant.id, body.phone)
      return storage.transaction((tx) => erasePerson(tx, tenant.id, { phone: body.phone, callbacks }))
    },
  }),
]
