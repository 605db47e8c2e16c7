import { z } from 'zod'
import { fen } from '../core/words.ts'
import { changeReminding, findReminding } from '../storage/reminding.ts'
import type { Reads } from '../storage/storage.ts'
import { addStarters } from '../storage/templates.ts'
import { createTenant, findTenant, listTenants, setCaps, type Tenant } from '../storage/tenants.ts'
import { raisesCaps } from './caps.ts'
import { amount, language, listOf, name, tenantHandle, zone } from './fields.ts'
import { none, operation, tenantOperation } from './operation.ts'
import { notThere, Refusal, taken } from './problem.ts'
import { remindingChange, remindingOf, remindingView, settingsOf } from './reminding.ts'

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

/** What may be given away (fen; null = no cap but the members' own), and when people are told. */
const tenantChange = z.strictObject(
  {
    secondPersonFrom: amount.exactOptional(),
    refundEach: amount.nullable().exactOptional(),
    refundDay: amount.nullable().exactOptional(),
    refunderEach: amount.nullable().exactOptional(),
    refunderDay: amount.nullable().exactOptional(),
    reminding: remindingChange.exactOptional(),
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
  reminding: remindingView,
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
        ? viewOf(parts.storage.reads, tenant)
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
    async run({ parts }) {
      const { reads } = parts.storage
      return { items: await Promise.all((await listTenants(reads)).map((tenant) => viewOf(reads, tenant))) }
    },
  }),
  tenantOperation({
    method: 'get',
    path: '',
    summary: 'Shows a business, by id or handle',
    query: none,
    body: none,
    status: 200,
    answer: tenantView,
    run: ({ parts, tenant }) => viewOf(parts.storage.reads, tenant),
  }),
  tenantOperation({
    method: 'patch',
    path: '',
    summary: 'Changes what may be refunded and when people are told: what is not named stays; null takes a cap away',
    query: none,
    body: tenantChange,
    status: 200,
    answer: tenantView,
    async run({ parts, tenant, body, caller }) {
      const { reminding, ...caps } = body
      const changed = await parts.storage.transaction(async (tx) => {
        const now = await findTenant(tx, tenant.id)
        const no = now && raisesCaps(caller, now, caps)
        if (no) return no
        if (reminding) await changeReminding(tx, tenant.id, settingsOf(reminding))
        return setCaps(tx, tenant.id, caps)
      })
      if (changed instanceof Refusal) return changed
      return changed ? viewOf(parts.storage.reads, changed) : notThere('tenant')
    },
  }),
]

const viewOf = async (reads: Reads, tenant: Tenant): Promise<z.input<typeof tenantView>> => ({
  ...tenant,
  refundEach: tenant.refundEach ?? null,
  refundDay: tenant.refundDay ?? null,
  refunderEach: tenant.refunderEach ?? null,
  refunderDay: tenant.refunderDay ?? null,
  reminding: remindingOf(await findReminding(reads, tenant.id)),
})
