import { z } from 'zod'
import type { TenantId } from '../core/words.ts'
import { type Audited, listAudit } from '../storage/audit.ts'
import type { Reads } from '../storage/storage.ts'
import { cursor, limitUpTo, openCursor, pageFrom, pageOf } from './cursor.ts'
import { none, operation, tenantOperation } from './operation.ts'

const page = z.strictObject({ limit: limitUpTo(200), cursor: cursor.exactOptional() })

const auditView = z.object({
  nr: z.number(),
  at: z.string(),
  /** Absent = of the installation. */
  tenant: z.string().exactOptional(),
  /** The key that did it, and what it is called. */
  key: z.string(),
  keyName: z.string(),
  operation: z.string(),
  target: z.string(),
  /** What was asked for, secrets masked. */
  wish: z.unknown().exactOptional(),
  /** How it was, where it can be looked at and has changed; secrets only as set or changed. */
  before: z.unknown().exactOptional(),
  after: z.unknown().exactOptional(),
})

export const auditOperations = [
  operation({
    id: 'listAudit',
    method: 'get',
    path: '/audit',
    summary: 'Lists who changed what, of all businesses and the installation, the newest first',
    query: page,
    body: none,
    status: 200,
    answer: pageOf(auditView),
    run: ({ parts, query }) => lines(parts.storage.reads, undefined, query),
  }),
  tenantOperation({
    id: 'listTenantAudit',
    method: 'get',
    path: '/audit',
    summary: 'Lists who changed what in a business, the newest first',
    query: page,
    body: none,
    status: 200,
    answer: pageOf(auditView),
    run: ({ parts, tenant, query }) => lines(parts.storage.reads, tenant.id, query),
  }),
]

async function lines(reads: Reads, tenant: TenantId | undefined, { limit, cursor: from }: z.output<typeof page>) {
  const listing = { tenant, list: 'audit' }
  const before = openCursor<number>(reads, listing, from)
  const found = await listAudit(reads, { tenant, limit: limit + 1, ...(before === undefined ? {} : { before }) })
  const { rows, next } = pageFrom<Audited>(reads, listing, { found, limit, position: ({ nr }) => nr })
  return { items: [...rows], ...next }
}
