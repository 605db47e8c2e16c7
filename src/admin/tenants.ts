import { z } from 'zod'
import { fen } from '../core/words.ts'
import { createTenant, findTenant, listTenants } from '../storage/tenants.ts'
import { amount, language, listOf, name, tenantHandle, zone } from './fields.ts'
import { none, operation } from './operation.ts'
import { notThere, taken } from './problem.ts'

const newTenant = z.strictObject(
  {
    handle: tenantHandle,
    name: name('the name of the business'),
    zone: zone.default('Asia/Shanghai'),
    language: language.default('zh-CN'),
    /** Fen. */
    secondPersonFrom: amount.default(fen(20_000)),
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
      const tenant = await parts.storage.transaction((tx) => createTenant(tx, body))
      return tenant ?? taken(`The handle ${body.handle} is taken.`, { field: 'handle', fix: 'choose another' })
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
    run: async ({ parts }) => ({ items: [...(await listTenants(parts.storage.reads))] }),
  }),
  operation({
    method: 'get',
    path: '/tenants/:tenant',
    summary: 'Shows a business, by id or handle',
    query: none,
    body: none,
    status: 200,
    answer: tenantView,
    run: async ({ parts, param }) => (await findTenant(parts.storage.reads, param('tenant'))) ?? notThere('tenant'),
  }),
]
