import { z } from 'zod'
import { showOpenIn } from '../chat/bind.ts'
import type { Problem } from '../core/errors.ts'
import { type AccountId, asId, type TenantId } from '../core/words.ts'
import { listAccounts } from '../storage/accounts.ts'
import { createBindCode } from '../storage/bind-codes.ts'
import { listBots } from '../storage/bots.ts'
import { createRoom, listRooms, removeRoom } from '../storage/rooms.ts'
import type { Reads } from '../storage/storage.ts'
import { id, language, listOf, name } from './fields.ts'
import { codeAnswer, codeView } from './members.ts'
import { none, silence, tenantOperation } from './operation.ts'
import { invalid, notThere, taken } from './problem.ts'

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

export const someAccounts = z
  .array(id('the id of an account'), 'a list of account ids')
  .min(1, 'name at least one account, or leave it out for all')
  .max(100, 'at most 100 accounts')

const roomCode = z.strictObject(
  { language: language.exactOptional(), accounts: someAccounts.exactOptional() },
  'a JSON object',
)

const newRoom = z.strictObject(
  {
    bot: id('the id of a bot that only pushes'),
    title: name('a name for the group'),
    /** The chat's own id of the group, where it has one. */
    chat: name('the id of the group, or leave it out').default('group'),
    language: language.exactOptional(),
    accounts: someAccounts.exactOptional(),
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
    method: 'post',
    path: '/rooms',
    summary: 'Binds the group of a bot that only pushes: nobody can send a code there',
    query: none,
    body: newRoom,
    status: 201,
    answer: roomView,
    async run({ parts, tenant, body }) {
      const { storage, botKinds } = parts
      const bot = (await listBots(storage.reads, tenant.id)).find(({ id }) => id === body.bot)
      if (!bot) return invalid([{ field: 'bot', fix: 'the id of a bot of this business' }])
      if (!botKinds.some(({ kind, pushOnly }) => kind === bot.kind && pushOnly))
        return invalid([{ field: 'bot', fix: bindThere }])
      const accounts = body.accounts?.map((id) => asId<'account'>(id))
      const strange = await strangeAmong(storage.reads, tenant.id, accounts)
      if (strange.length > 0) return invalid(strange)
      const { chat, title } = body
      const wish = {
        ...{ tenant: tenant.id, bot: bot.id, chat, topic: '', alone: false, title },
        language: body.language ?? tenant.language,
        ...(accounts ? { accounts } : {}),
      }
      const room = await storage.transaction(async (tx) => {
        if ((await listRooms(tx, tenant.id)).some((other) => other.bot === bot.id)) return undefined
        const made = await createRoom(tx, wish)
        if (made) await showOpenIn(parts, tx, made)
        return made
      })
      return (
        room ?? taken(`${bot.name} has its room.`, { field: 'bot', fix: 'remove that one first, or add another bot' })
      )
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/rooms/:room',
    summary: 'Shows a bound group',
    query: none,
    body: none,
    status: 200,
    answer: roomView,
    async run({ parts, tenant, param }) {
      const room = (await listRooms(parts.storage.reads, tenant.id)).find(({ id }) => id === param('room'))
      return room ?? notThere('room')
    },
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
      const accounts = body.accounts?.map((id) => asId<'account'>(id))
      const strange = await strangeAmong(storage.reads, tenant.id, accounts)
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

const bindThere = 'this bot hears people: make a code (room-codes), and send it in the group'

export async function strangeAmong(
  reads: Reads,
  tenant: TenantId,
  accounts: readonly AccountId[] = [],
): Promise<readonly Problem[]> {
  const known = new Set((await listAccounts(reads, tenant)).map(({ id }) => id))
  return accounts.flatMap((id, at) =>
    known.has(id) ? [] : [{ field: `accounts.${at}`, fix: 'the id of an account of this business' }],
  )
}
