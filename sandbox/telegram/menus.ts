import type { Bot } from './core.ts'
import type { Json } from './shapes.ts'
import { isAdmin, type Room } from './state.ts'

export interface Scope {
  readonly type: string
  readonly chat?: number | undefined
  readonly user?: number | undefined
}

export const menuKey = ({ type, chat, user }: Scope, language: string): string =>
  [type, chat ?? '', user ?? '', language].join(' ')

/** The menu that a person sees: the narrowest scope first, in each the person's language before the common one. */
export function menuFor(bot: Bot, room: Room, person: number, language: string): readonly Json[] {
  const admin = isAdmin(room.members.get(person))
  const chat = room.id
  const group: Scope[] = [
    { type: 'chat_member', chat, user: person },
    ...(admin ? [{ type: 'chat_administrators', chat }] : []),
    { type: 'chat', chat },
    ...(admin ? [{ type: 'all_chat_administrators' }] : []),
    { type: 'all_group_chats' },
  ]
  const own: Scope[] = [{ type: 'chat', chat }, { type: 'all_private_chats' }]
  for (const scope of [...(room.kind === 'private' ? own : group), { type: 'default' }])
    for (const language_code of [language, '']) {
      const found = bot.menus.get(menuKey(scope, language_code))
      if (found) return found
    }
  return []
}
