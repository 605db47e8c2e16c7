import { z } from 'zod'
import { told } from '../core/errors.ts'
import { asId } from '../core/words.ts'
import { changeBot, createBot, listBots, lockBot, removeBot, type StoredBot } from '../storage/bots.ts'
import type { ApiKey } from '../storage/keys.ts'
import { listRooms, type Room } from '../storage/rooms.ts'
import type { Tx } from '../storage/storage.ts'
import { flag, kindName, listOf, masked, masks, merged, name, secrets, secretsChange, settings } from './fields.ts'
import { none, silence, tenantOperation } from './operation.ts'
import type { AdminParts } from './parts.ts'
import { invalid, notThere, Refusal, taken } from './problem.ts'

const newBot = z.strictObject(
  {
    kind: kindName('give the kind of chat, such as telegram'),
    name: name('a name for the bot'),
    enabled: flag.default(true),
    settings: settings.default({}),
    secrets: secrets.default({}),
  },
  'a JSON object',
)

const botChange = z.strictObject(
  {
    name: name('a name for the bot').exactOptional(),
    enabled: flag.exactOptional(),
    settings: settings.exactOptional(),
    secrets: secretsChange.exactOptional(),
  },
  'a JSON object',
)

const botView = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  /** In the process that answers. */
  running: z.boolean(),
  /** Where a person opens it, for bots that are a page; it lets whoever has it in, so that a key that may only read does not see it. */
  address: z.string().optional(),
  settings,
  secrets: masks,
})

export const botOperations = [
  tenantOperation({
    method: 'post',
    path: '/bots',
    summary: 'Adds a chat connection and starts it',
    query: none,
    body: newBot,
    status: 201,
    answer: botView,
    async run({ parts, tenant, body, caller }) {
      const kind = parts.botKinds.find((each) => each.kind === body.kind)
      if (!kind)
        return invalid([{ field: 'kind', fix: `one of ${parts.botKinds.map((each) => each.kind).join(', ')}` }])
      kind.check(body.settings, body.secrets)
      const bot = await parts.storage.transaction((tx) => createBot(tx, { ...body, tenant: tenant.id }))
      if (!bot) return called(body.name)
      await refresh(parts)
      return viewOf(parts, bot, caller)
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/bots',
    summary: 'Lists the chat connections of a business',
    query: none,
    body: none,
    status: 200,
    answer: listOf(botView),
    async run({ parts, tenant, caller }) {
      return { items: (await listBots(parts.storage.reads, tenant.id)).map((bot) => viewOf(parts, bot, caller)) }
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/bots/:bot',
    summary: 'Shows a chat connection; its secrets stay inside',
    query: none,
    body: none,
    status: 200,
    answer: botView,
    async run({ parts, tenant, param, caller }) {
      const bot = (await listBots(parts.storage.reads, tenant.id)).find(({ id }) => id === param('bot'))
      return bot ? viewOf(parts, bot, caller) : notThere('bot')
    },
  }),
  tenantOperation({
    method: 'patch',
    path: '/bots/:bot',
    summary:
      'Changes a chat connection: what is not named stays, null takes a setting or a secret out; it goes on with the new ones at once',
    query: none,
    body: botChange,
    status: 200,
    answer: botView,
    refuses: [409],
    async run({ parts, tenant, param, body, caller }) {
      const changed = await parts.storage.transaction(async (tx) => {
        const before = await lockBot(tx, tenant.id, asId(param('bot')))
        return before && change(parts, tx, before, body)
      })
      if (changed === 'taken') return called(body.name ?? '')
      if (!changed) return notThere('bot')
      await refresh(parts)
      return viewOf(parts, changed, caller)
    },
  }),
  tenantOperation({
    method: 'delete',
    path: '/bots/:bot',
    summary: 'Removes a chat connection that no group is bound to any more',
    query: none,
    body: none,
    status: 204,
    answer: silence,
    refuses: [409],
    async run({ parts, tenant, param }) {
      const id = asId<'bot'>(param('bot'))
      const gone = await parts.storage.transaction(async (tx) => {
        const rooms = (await listRooms(tx, tenant.id)).filter(({ bot, alone }) => bot === id && !alone)
        return rooms.length > 0 ? bound(rooms) : removeBot(tx, tenant.id, id)
      })
      if (gone instanceof Refusal) return gone
      if (!gone) return notThere('bot')
      await refresh(parts)
      return undefined
    },
  }),
]

/** Judged as a whole: a change that would leave it unable to start changes nothing. */
async function change(
  { botKinds }: AdminParts,
  tx: Tx,
  before: StoredBot,
  { name: named, enabled, settings: given, secrets: told }: z.output<typeof botChange>,
): Promise<StoredBot | 'taken' | undefined> {
  const after = { settings: merged(before.settings, given), secrets: merged(before.secrets, told) }
  if (given || told || (enabled && !before.enabled))
    botKinds.find(({ kind }) => kind === before.kind)?.check(after.settings, after.secrets)
  return changeBot(tx, before, {
    ...(named === undefined ? {} : { name: named }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(given ? { settings: after.settings } : {}),
    ...(told ? { secrets: after.secrets } : {}),
  })
}

const called = (named: string) => taken(`There is a bot called ${named}.`, { field: 'name', fix: 'choose another' })

const bound = (rooms: readonly Room[]) =>
  new Refusal(409, {
    title: 'In use',
    detail: `Groups are bound to this bot: ${rooms.map(({ title }) => title).join(', ')}.`,
    problems: rooms.map(({ id }) => ({ field: 'bot', fix: `let the group go first: DELETE …/rooms/${id}` })),
  })

/** It is stored; whether it runs is said by `running`, and why not by the log. */
const refresh = ({ bots, logger }: AdminParts): Promise<void> =>
  bots.refresh().catch((error) => logger.error({ error: told(error) }, 'the bots could not be brought up to date'))

const viewOf = (parts: AdminParts, bot: StoredBot, caller: ApiKey): z.input<typeof botView> => ({
  ...bot,
  settings: settings.parse(bot.settings),
  secrets: masked(bot.secrets),
  running: parts.bots.running(bot.id),
  ...(caller.access === 'write' ? { address: parts.bots.address(bot.id) } : {}),
})
