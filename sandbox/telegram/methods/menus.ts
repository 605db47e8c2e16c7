import { badRequest } from '../errors.ts'
import { menuKey, type Scope } from '../menus.ts'
import { fieldsOf, paramsOf } from '../params.ts'
import { type Call, roomOf } from '../rooms.ts'
import type { Json } from '../shapes.ts'

const plain = ['default', 'all_private_chats', 'all_group_chats', 'all_chat_administrators']
const ofChat = ['chat', 'chat_administrators', 'chat_member']

export function setMyCommands(call: Call): true {
  const list = call.params.json('commands', 'commands')
  if (!Array.isArray(list)) throw badRequest("can't parse commands JSON object")
  if (list.length > 100) throw badRequest('BOT_COMMANDS_TOO_MUCH')
  call.bot.menus.set(keyOf(call), list.map(readCommand))
  return true
}

export const getMyCommands = (call: Call): readonly Json[] => call.bot.menus.get(keyOf(call)) ?? []

export function deleteMyCommands(call: Call): true {
  call.bot.menus.delete(keyOf(call))
  return true
}

function readCommand(value: unknown): Json {
  const { command, description } = fieldsOf(value, 'BotCommand')
  const name = String(command ?? '').replace(/^\//, '')
  if (!/^[a-z0-9_]{1,32}$/.test(name)) throw badRequest('BOT_COMMAND_INVALID')
  const words = String(description ?? '').trim()
  if (words.length < 1 || words.length > 256) throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID')
  return { command: name, description: words }
}

function keyOf(call: Call): string {
  const language = call.params.text('language_code') ?? ''
  if (!/^([a-z]{2})?$/.test(language)) throw badRequest('LANG_CODE_INVALID')
  return menuKey(readScope(call), language)
}

function readScope(call: Call): Scope {
  const value = call.params.json('scope', 'scope')
  if (value === undefined) return { type: 'default' }
  const { type, chat_id, user_id } = fieldsOf(value, 'BotCommandScope')
  const kind = String(type)
  if (plain.includes(kind)) return { type: kind }
  if (!ofChat.includes(kind)) throw badRequest("can't parse BotCommandScope: Unsupported type specified")
  const { id } = roomOf({ ...call, params: paramsOf({ chat_id }) })
  if (kind !== 'chat_member') return { type: kind, chat: id }
  if (!Number.isInteger(Number(user_id)) || !user_id) throw badRequest('user_id is required')
  return { type: kind, chat: id, user: Number(user_id) }
}

export function setMyDescription(call: Call): true {
  call.bot.descriptions.set(call.params.text('language_code') ?? '', call.params.text('description') ?? '')
  return true
}

export const getMyDescription = (call: Call): Json => ({
  description: call.bot.descriptions.get(call.params.text('language_code') ?? '') ?? '',
})
