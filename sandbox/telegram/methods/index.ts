import { badRequest } from '../errors.ts'
import type { Call } from '../rooms.ts'
import * as chats from './chats.ts'
import * as edit from './edit.ts'
import * as menus from './menus.ts'
import { answerCallbackQuery } from './queries.ts'
import * as receive from './receive.ts'
import * as send from './send.ts'
import * as topics from './topics.ts'

/** One method of the Bot API. Throws a Refusal; gives the `result`. */
export type Method = (call: Call) => unknown

const getMe: Method = ({ bot }) => ({
  ...bot.user,
  can_join_groups: true,
  can_read_all_group_messages: !bot.privacy,
  supports_inline_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
})

const getFile: Method = ({ core, bot, params }) => {
  const id = params.text('file_id')
  if (!id) throw badRequest('file_id is empty')
  return core.files.open(bot.user.id, id)
}

const yes: Method = () => true

const methods: Readonly<Record<string, Method>> = {
  getMe,
  getFile,
  answerCallbackQuery,
  getWebhookInfo: ({ bot }) => bot.hook.info(),
  // Only what a caller sees of them: the bot goes on.
  logOut: yes,
  close: yes,
  ...send,
  ...edit,
  ...chats,
  ...topics,
  ...menus,
  ...receive,
}

const byName = new Map(Object.entries(methods).map(([name, method]) => [name.toLowerCase(), { name, method }]))

/** Method names are case-insensitive. */
export const methodOf = (name: string): { readonly name: string; readonly method: Method } | undefined =>
  byName.get(name.toLowerCase())
