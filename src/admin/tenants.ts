import { z } from 'zod'
import { fen } from '../core/words.ts'
import { addStarters } from '../storage/templates.ts'
import { createTenant, listTenants, setCaps, type Tenant } from '../storage/tenants.ts'
import { amount, language, listOf, name, tenantHandle, zone } from './fields.ts'
import { none, operation, tenantOperation } from './operation.ts'
import { notThere, taken } from './problem.ts'

const newTenant = z.strictObject(
  {
    handle: tenantHandle,
    name: name('the name of the business'),
    zone: zone.default('Asia/Shanghai'),
    language: language.default('zh-CN'),
    /** Fen. */
    secondPersonFrom: amount.default(fen(20_000)),
    refundEach: amount.exactOptional(),
    refundDay: amount.exactOptional(),
    refunderEach: amount.exactOptional(),
    refunderDay: amount.exactOptional(),
  },
  'a JSON object',
)

/** What may be given away. Fen; null = no cap but the members' own. */
const tenantChange = z.strictObject(
  {
    secondPersonFrom: amount.exactOptional(),
    refundEach: amount.nullable().exactOptional(),
    refundDay: amount.nullable().exactOptional(),
    refunderEach: amount.nullable().exactOptional(),
    refunderDay: amount.nullable().exactOptional(),
  },
  'a JSON object',
)

const tenantView = z.object({
  id: z.string(),
  handle: z.string(),
  name: z.string(),
  zone: z.string(),
  language,
  secondPersonFrom: z.number(),
  refundEach: z.number().nullable(),
  refundDay: z.number().nullable(),
  /** Of each refunder of whom nothing else is said. */
  refunderEach: z.number().nullable(),
  refunderDay: z.number().nullable(),
})

export const tenantOperations = [
  operation({
    method: 'post',
    path: '/tenants',
    summary: 'Adds a business',
    query: none,
    body: newTenant,
    status: 201,
    answer: tenantView,
    async run({ parts, body }) {
      const tenant = await parts.storage.transaction(async (tx) => {
        const made = await createTenant(tx, body)
        if (made) await addStarters(tx, made)
        return made
      })
      return tenant
        ? viewOf(tenant)
        : taken(`The handle ${body.handle} is taken.`, { field: 'handle', fix: 'choose another' })
    },
  }),
  operation({
    method: 'get',
    path: '/tenants',
    summary: 'Lists the businesses',
    query: none,
    body: none,
    status: 200,
    answer: listOf(tenantView),
    run: async ({ parts }) => ({ items: (await listTenants(parts.storage.reads)).map(viewOf) }),
  }),
  tenantOperation({
    method: 'get',
    path: '',
    summary: 'Shows a business, by id or handle',
    query: none,
    body: none,
    status: 200,
    answer: tenantView,
    run: async ({ tenant }) => viewOf(tenant),
  }),
  tenantOperation({
    method: 'patch',
    path: '',
    summary: 'Changes what may be refunded: what is not named stays; null takes a cap away',
    query: none,
    body: tenantChange,
    status: 200,
    answer: tenantView,
    async run({ parts, tenant, body }) {
      const changed = await parts.storage.transaction((tx) => setCaps(tx, tenant.id, body))
      return changed ? viewOf(changed) : notThere('tenant')
    },
  }),
]

const viewOf = (tenant: Tenant): z.input<typeof tenantView> => ({
  ...tenant,
  refundEach: tenant.refundEach ?? null,
  refundDay: tenant.refundDay ?? null,
  refunderEach: tenant.refunderEach ?? null,
  refunderDay: tenant.refunderDay ?? null,
})
