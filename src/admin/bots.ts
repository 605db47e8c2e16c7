import { z } from 'zod'
import { told } from '../core/errors.ts'
import { asId } from '../core/words.ts'
import { createBot, enableBot, listBots, type StoredBot } from '../storage/bots.ts'
import { flag, listOf, masked, masks, name, secrets, settings } from './fields.ts'
import { none, tenantOperation } from './operation.ts'
import type { AdminParts } from './parts.ts'
import { invalid, notThere, taken } from './problem.ts'

const newBot = z.strictObject(
  {
    kind: z.string('give the kind of chat, such as telegram'),
    name: name('a name for the bot'),
    enabled: flag.default(true),
    settings: settings.default({}),
    secrets: secrets.default({}),
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
  /** Where a person opens it, for bots that are a page; it lets whoever has it in. */
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
    async run({ parts, tenant, body }) {
      const kind = parts.botKinds.find((each) => each.kind === body.kind)
      if (!kind)
        return invalid([{ field: 'kind', fix: `one of ${parts.botKinds.map((each) => each.kind).join(', ')}` }])
      kind.check(body.settings, body.secrets)
      const bot = await parts.storage.transaction((tx) => createBot(tx, { ...body, tenant: tenant.id }))
      if (!bot) return taken(`There is a bot called ${body.name}.`, { field: 'name', fix: 'choose another' })
      await refresh(parts)
      return viewOf(parts, bot)
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
    async run({ parts, tenant }) {
      return { items: (await listBots(parts.storage.reads, tenant.id)).map((bot) => viewOf(parts, bot)) }
    },
  }),
  tenantOperation({
    method: 'patch',
    path: '/bots/:bot',
    summary: 'Switches a chat connection on or off',
    query: none,
    body: z.strictObject({ enabled: flag }, 'a JSON object'),
    status: 200,
    answer: botView,
    async run({ parts, tenant, param, body }) {
      const bot = await parts.storage.transaction((tx) => enableBot(tx, tenant.id, asId(param('bot')), body.enabled))
      if (!bot) return notThere('bot')
      await refresh(parts)
      return viewOf(parts, bot)
    },
  }),
]

/** It is stored; whether it runs is said by `running`, and why not by the log. */
const refresh = ({ bots, logger }: AdminParts): Promise<void> =>
  bots.refresh().catch((error) => logger.error({ error: told(error) }, 'the bots could not be brought up to date'))

const viewOf = (parts: AdminParts, bot: StoredBot): z.input<typeof botView> => ({
  ...bot,
  settings: settings.parse(bot.settings),
  secrets: masked(bot.secrets),
  running: parts.bots.running(bot.id),
  address: parts.bots.address(bot.id),
})
