import { z } from 'zod'
import { asId, type Instant, instant, later, millis, type TenantId } from '../core/words.ts'
import {
  type ApiKey,
  createKey,
  endKey,
  isOver,
  listKeys,
  lockKey,
  newKeyText,
  othersRule,
  revokeKey,
} from '../storage/keys.ts'
import type { Reads, Tx } from '../storage/storage.ts'
import { findTenant } from '../storage/tenants.ts'
import { id, listOf, name } from './fields.ts'
import { none, operation, tenantOperation } from './operation.ts'
import { invalid, notThere, Refusal } from './problem.ts'

const day = 86_400_000
const hour = 3_600_000

const access = z.enum(['read', 'write'], 'read (GET only) or write')
const daysFix = 'a whole number of days from 1 to 3650; left out, it does not end by itself'
const days = z.int(daysFix).min(1, daysFix).max(3_650, daysFix)
const graceFix = 'a whole number of hours from 0 to 720: how long the old key still works'

const keyFields = { name: name('a name for the key: who or what uses it'), access: access.default('read') }
const newTenantKey = z.strictObject({ ...keyFields, days: days.exactOptional() }, 'a JSON object')
const newKey = newTenantKey.extend({
  tenant: id('the handle or id of a business; left out = the whole installation').exactOptional(),
})
const rotation = z.strictObject(
  { graceHours: z.int(graceFix).min(0, graceFix).max(720, graceFix).default(0), days: days.exactOptional() },
  'a JSON object',
)

const keyView = z.object({
  id: z.string(),
  name: z.string(),
  /** The first characters of the text. */
  prefix: z.string().exactOptional(),
  /** The business that it reaches; absent = the whole installation. */
  tenant: z.string().exactOptional(),
  access,
  state: z.enum(['valid', 'expired', 'revoked']),
  createdAt: z.string(),
  expiresAt: z.string().exactOptional(),
  lastUsedAt: z.string().exactOptional(),
  revokedAt: z.string().exactOptional(),
  replaces: z.string().exactOptional(),
})

/** The text is shown this once. */
const madeView = keyView.extend({ key: z.string() })

export const keyOperations = [
  operation({
    method: 'post',
    path: '/keys',
    summary: 'Makes a key, for the whole installation or one business; its text is shown this once',
    query: none,
    body: newKey,
    status: 201,
    answer: madeView,
    async run({ parts: { storage }, body: { tenant: named, ...wish } }) {
      const tenant = named === undefined ? undefined : await findTenant(storage.reads, named)
      if (named !== undefined && !tenant) return invalid([{ field: 'tenant', fix: 'the handle or id of a business' }])
      return storage.transaction((tx) => made(tx, wish, tenant?.id))
    },
  }),
  operation({
    method: 'get',
    path: '/keys',
    summary: 'Lists the keys, the newest first; their texts are known to their holders alone',
    query: none,
    body: none,
    status: 200,
    answer: listOf(keyView),
    run: async ({ parts: { storage } }) => listed(storage.reads, undefined),
  }),
  operation({
    method: 'get',
    path: '/keys/:key',
    summary: 'Shows a key; its text is known to its holder alone',
    query: none,
    body: none,
    status: 200,
    answer: keyView,
    run: async ({ parts: { storage }, param }) => found(storage.reads, param('key'), undefined),
  }),
  operation({
    method: 'post',
    path: '/keys/:key/rotate',
    summary: 'Makes a key in place of another, which ends at once or after some hours; its text is shown this once',
    query: none,
    body: rotation,
    status: 200,
    answer: madeView,
    refuses: [409],
    run: ({ parts: { storage }, param, body }) =>
      storage.transaction((tx) => rotated(tx, { id: param('key'), tenant: undefined }, body)),
  }),
  operation({
    method: 'post',
    path: '/keys/:key/revoke',
    summary: 'Ends a key now and for good; not the last one that may change everything',
    query: none,
    body: none,
    status: 200,
    answer: keyView,
    refuses: [409],
    run: ({ parts: { storage }, param }) =>
      storage.transaction((tx) => revoked(tx, { id: param('key'), tenant: undefined })),
  }),
  tenantOperation({
    id: 'createTenantKey',
    method: 'post',
    path: '/keys',
    summary: 'Makes a key that reaches this business alone; its text is shown this once',
    query: none,
    body: newTenantKey,
    status: 201,
    answer: madeView,
    run: ({ parts: { storage }, tenant, body }) => storage.transaction((tx) => made(tx, body, tenant.id)),
  }),
  tenantOperation({
    id: 'listTenantKeys',
    method: 'get',
    path: '/keys',
    summary: 'Lists the keys that reach this business alone, the newest first',
    query: none,
    body: none,
    status: 200,
    answer: listOf(keyView),
    run: async ({ parts: { storage }, tenant }) => listed(storage.reads, tenant.id),
  }),
  tenantOperation({
    id: 'getTenantKey',
    method: 'get',
    path: '/keys/:key',
    summary: 'Shows a key of this business; its text is known to its holder alone',
    query: none,
    body: none,
    status: 200,
    answer: keyView,
    run: async ({ parts: { storage }, tenant, param }) => found(storage.reads, param('key'), tenant.id),
  }),
  tenantOperation({
    id: 'rotateTenantKey',
    method: 'post',
    path: '/keys/:key/rotate',
    summary: 'Makes a key in place of another of this business, which ends at once or after some hours',
    query: none,
    body: rotation,
    status: 200,
    answer: madeView,
    refuses: [409],
    run: ({ parts: { storage }, tenant, param, body }) =>
      storage.transaction((tx) => rotated(tx, { id: param('key'), tenant: tenant.id }, body)),
  }),
  tenantOperation({
    id: 'revokeTenantKey',
    method: 'post',
    path: '/keys/:key/revoke',
    summary: 'Ends a key of this business now and for good',
    query: none,
    body: none,
    status: 200,
    answer: keyView,
    run: ({ parts: { storage }, tenant, param }) =>
      storage.transaction((tx) => revoked(tx, { id: param('key'), tenant: tenant.id })),
  }),
]

type Wish = Pick<ApiKey, 'name' | 'access' | 'replaces'> & { readonly days?: number }

async function made(tx: Tx, wish: Wish, tenant: TenantId | undefined): Promise<z.input<typeof madeView>> {
  const text = newKeyText(tx.random)
  const { days: lasting, ...rest } = wish
  const now = nowOf(tx)
  const key = await createKey(tx, {
    ...rest,
    text,
    ...(tenant === undefined ? {} : { tenant }),
    ...(lasting === undefined ? {} : { expiresAt: later(now, lasting * day) }),
  })
  return { ...viewOf(key, now), key: text }
}

async function listed(reads: Reads, tenant: TenantId | undefined) {
  const now = nowOf(reads)
  return { items: (await listKeys(reads, tenant)).map((key) => viewOf(key, now)) }
}

async function found(reads: Reads, id: string, tenant: TenantId | undefined) {
  const key = (await listKeys(reads, tenant)).find((one) => one.id === id)
  return key ? viewOf(key, nowOf(reads)) : notThere('key')
}

interface Which {
  readonly id: string
  readonly tenant: TenantId | undefined
}

async function rotated(tx: Tx, { id, tenant }: Which, wish: z.output<typeof rotation>) {
  const key = await lockKey(tx, asId(id), tenant)
  if (!key) return notThere('key')
  const now = nowOf(tx)
  if (isOver(key, now)) return hasEnded
  const ends = later(now, wish.graceHours * hour)
  if (key.expiresAt === undefined || ends < key.expiresAt) await endKey(tx, key.id, ends)
  const lasting = wish.days ?? daysOf(key)
  const { name: called, access: may } = key
  return made(
    tx,
    { name: called, access: may, replaces: key.id, ...(lasting === undefined ? {} : { days: lasting }) },
    key.tenant,
  )
}

async function revoked(tx: Tx, { id, tenant }: Which) {
  const key = await lockKey(tx, asId(id), tenant)
  if (!key) return notThere('key')
  const rules = key.tenant === undefined && key.access === 'write' && !isOver(key, nowOf(tx))
  if (rules && !(await othersRule(tx, key.id))) return lastOne
  await revokeKey(tx, key.id)
  return viewOf((await lockKey(tx, key.id, tenant)) ?? key, nowOf(tx))
}

/** As long as it was made for; it then lasts as long again. */
const daysOf = ({ createdAt, expiresAt }: ApiKey): number | undefined =>
  expiresAt === undefined ? undefined : Math.max(1, Math.round((millis(expiresAt) - millis(createdAt)) / day))

const nowOf = ({ clock }: Reads): Instant => instant(clock.now())

const hasEnded = new Refusal(409, {
  title: 'It has ended',
  detail: 'This key has expired or was revoked: make a new one (redress key add).',
})
const lastOne = new Refusal(409, {
  title: 'The last one',
  detail:
    'Without this key nobody could change anything any more: make another of the whole installation with access write first.',
})

const viewOf = (key: ApiKey, now: Instant): z.input<typeof keyView> => ({
  ...key,
  state: key.revokedAt !== undefined ? 'revoked' : isOver(key, now) ? 'expired' : 'valid',
})
