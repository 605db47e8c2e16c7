import { z } from 'zod'
import { asId } from '../core/words.ts'
import { listAccounts } from '../storage/accounts.ts'
import { createBindCode } from '../storage/bind-codes.ts'
import { listRooms, removeRoom } from '../storage/rooms.ts'
import { language, listOf } from './fields.ts'
import { codeAnswer, codeView } from './members.ts'
import { none, silence, tenantOperation } from './operation.ts'
import { invalid, notThere } from './problem.ts'

const roomView = z.object({
  id: z.string(),
  bot: z.string(),
  title: z.string(),
  /** One person with the bot: no cards are posted there. */
  alone: z.boolean(),
  language,
  /** Limited to these; absent = all accounts of the business. */
  accounts: z.array(z.string()).readonly().exactOptional(),
})

const roomCode = z.strictObject(
  {
    language: language.exactOptional(),
    accounts: z
      .array(z.string('the id of an account'), 'a list of account ids')
      .min(1, 'name at least one account, or leave it out for all')
      .max(100, 'at most 100 accounts')
      .exactOptional(),
  },
  'a JSON object',
)

export const roomOperations = [
  tenantOperation({
    method: 'get',
    path: '/rooms',
    summary: 'Lists the bound groups of a business',
    query: none,
    body: none,
    status: 200,
    answer: listOf(roomView),
    run: async ({ parts, tenant }) => ({ items: [...(await listRooms(parts.storage.reads, tenant.id))] }),
  }),
  tenantOperation({
    method: 'delete',
    path: '/rooms/:room',
    summary: 'Unbinds a group: nothing more is posted or heard there',
    query: none,
    body: none,
    status: 204,
    answer: silence,
    async run({ parts, tenant, param }) {
      const gone = await parts.storage.transaction((tx) => removeRoom(tx, tenant.id, asId(param('room'))))
      return gone ? undefined : notThere('room')
    },
  }),
  tenantOperation({
    method: 'post',
    path: '/room-codes',
    summary: 'Makes a one-time code that binds a group: sent in the group, within 24 hours',
    query: none,
    body: roomCode,
    status: 201,
    answer: codeView,
    async run({ parts: { storage }, tenant, body }) {
      const known = new Set<string>((await listAccounts(storage.reads, tenant.id)).map(({ id }) => id))
      const accounts = body.accounts?.map((id) => asId<'account'>(id))
      const strange = (accounts ?? []).flatMap((id, at) =>
        known.has(id) ? [] : [{ field: `accounts.${at}`, fix: 'the id of an account of this business' }],
      )
      if (strange.length > 0) return invalid(strange)
      const binding = {
        purpose: 'room',
        tenant: tenant.id,
        language: body.language ?? tenant.language,
        ...(accounts ? { accounts } : {}),
      } as const
      return codeAnswer(await storage.transaction((tx) => createBindCode(tx, binding)))
    },
  }),
]
