import type { Member } from '../complaints/member.ts'
import { showOpen } from '../notify/show-open.ts'
import { listAccounts } from '../storage/accounts.ts'
import { useBindCode } from '../storage/bind-codes.ts'
import type { StoredBot } from '../storage/bots.ts'
import { bindIdentity, findMember } from '../storage/members.ts'
import { concerns, createRoom, type Room, roomAt } from '../storage/rooms.ts'
import type { Tx } from '../storage/storage.ts'
import { findTenant, type Language } from '../storage/tenants.ts'
import type { Answer, Heard } from './chat.ts'
import type { ChatParts } from './context.ts'
import { text } from './texts.ts'

export interface Newcomer {
  readonly parts: ChatParts
  readonly bot: StoredBot
  readonly heard: Heard
  readonly language: Language
  readonly room: Room | undefined
}

/** Whose user ids are the same person: one realm per Telegram, one per WeCom bot (also when it is set up anew), one per bot elsewhere. */
export function realmOf({ kind, id, secrets }: Pick<StoredBot, 'kind' | 'id' | 'secrets'>): string {
  if (kind === 'telegram') return kind
  return `${kind}:${(kind === 'wecom' && secrets.botId) || id}`
}

/** `/bind CODE`: a person in a private chat, a group in the group. */
export const bind = (from: Newcomer, code: string): Promise<Answer> =>
  from.heard.alone ? bindPerson(from, code) : bindRoom(from, code)

async function bindPerson({ parts, bot, heard, language }: Newcomer, code: string): Promise<Answer> {
  const member = await parts.storage.transaction(async (tx): Promise<Member | undefined> => {
    const binding = await useBindCode(tx, code, 'member', bot.tenant)
    const found = binding?.purpose === 'member' ? await findMember(tx, bot.tenant, binding.member) : undefined
    if (found) await bindIdentity(tx, found, { realm: realmOf(bot), user: heard.user.id })
    return found
  })
  if (!member) return { text: text(language, 'bind.bad.member') }
  return { text: text(language, 'bind.member', { name: member.name, role: text(language, `role.${member.role}`) }) }
}

async function bindRoom({ parts, bot, heard, language, room }: Newcomer, code: string): Promise<Answer> {
  if (room) return { text: text(language, 'bind.room.already') }
  const made = await parts.storage.transaction(async (tx) => {
    const binding = await useBindCode(tx, code, 'room', bot.tenant)
    if (binding?.purpose !== 'room') {
      // Everybody has now seen it: a personal code sent into a group binds nobody any more.
      await useBindCode(tx, code, 'member', bot.tenant)
      return undefined
    }
    const made = await createRoom(tx, {
      tenant: bot.tenant,
      bot: bot.id,
      chat: heard.spot.chat,
      topic: heard.spot.topic ?? '',
      alone: false,
      title: heard.title ?? '',
      language: binding.language,
      ...(binding.accounts ? { accounts: binding.accounts } : {}),
    })
    if (made) await showOpenIn(parts, tx, made)
    return made
  })
  if (!made) return { text: text(language, 'bind.bad.room') }
  const tenant = await findTenant(parts.storage.reads, made.tenant)
  return { text: text(made.language, 'bind.room', { tenant: tenant?.name ?? '' }) }
}

/** What is open already is this room's affair from now on; other rooms, which show it, have nothing new to show. */
export async function showOpenIn({ engine }: Pick<ChatParts, 'engine'>, tx: Tx, room: Room): Promise<void> {
  const accounts = (await listAccounts(tx, room.tenant)).filter(({ id, enabled }) => enabled && concerns(room, id))
  for (const { id } of accounts) await showOpen(engine, tx, id)
}

/** One member's chat with the bot alone: made when first needed, so that questions and buttons have a place. */
export async function roomAlone({ parts, bot, heard, language }: Newcomer, member: Member): Promise<Room | undefined> {
  const { chat, topic = '' } = heard.spot
  const about = { tenant: member.tenant, bot: bot.id, chat, topic, alone: true, title: member.name, language }
  // Two first words at once make one room.
  return parts.storage.transaction(
    async (tx) => (await createRoom(tx, { ...about, member: member.id })) ?? roomAt(tx, bot.id, heard.spot),
  )
}
