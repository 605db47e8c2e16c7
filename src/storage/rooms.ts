import {
  type AccountId,
  asId,
  type BotId,
  instant,
  type MemberId,
  newId,
  type RoomId,
  type TenantId,
} from '../core/words.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import type { RoomRow } from './tables.ts'
import type { Language } from './tenants.ts'

/** A group (or a topic of one) bound to a tenant; or one member's chat with the bot alone. */
export interface Room {
  readonly id: RoomId
  readonly tenant: TenantId
  readonly bot: BotId
  readonly chat: string
  readonly topic: string
  readonly alone: boolean
  readonly title: string
  readonly language: Language
  /** Whose chat with the bot alone it is. */
  readonly member?: MemberId
  /** Limited to these accounts; undefined = all of the tenant. */
  readonly accounts?: readonly AccountId[]
}

/** @returns undefined when the chat is bound already. */
export async function createRoom(tx: Tx, room: Omit<Room, 'id'>): Promise<Room | undefined> {
  const row = await tx.db
    .insertInto('room')
    .values({
      id: newId('room', tx.random, tx.clock.now()),
      tenant: room.tenant,
      bot: room.bot,
      chat: room.chat,
      topic: room.topic,
      alone: room.alone ? 1 : 0,
      title: room.title,
      language: room.language,
      accounts: room.accounts ? JSON.stringify(room.accounts) : null,
      member: room.member ?? null,
      created_at: instant(tx.clock.now()),
    })
    .onConflict((on) => on.doNothing())
    .returningAll()
    .executeTakeFirst()
  return row && roomOf(row)
}

export async function findRoom(reads: Reads, id: RoomId): Promise<Room | undefined> {
  const row = await reads.db.selectFrom('room').selectAll().where('id', '=', id).executeTakeFirst()
  return row && roomOf(row)
}

export async function roomAt(
  reads: Reads,
  bot: BotId,
  spot: { chat: string; topic?: string },
): Promise<Room | undefined> {
  const row = await reads.db
    .selectFrom('room')
    .selectAll()
    .where('bot', '=', bot)
    .where('chat', '=', spot.chat)
    .where('topic', '=', spot.topic ?? '')
    .executeTakeFirst()
  return row && roomOf(row)
}

export async function listRooms(reads: Reads, tenant: TenantId): Promise<readonly Room[]> {
  const rows = await reads.db.selectFrom('room').selectAll().where('tenant', '=', tenant).orderBy('id').execute()
  return rows.map(roomOf)
}

/** The chat has a new id; a room that stands there already stays what it is. @returns how many rooms went along */
export async function moveRooms(
  tx: Tx,
  bot: BotId,
  from: { readonly chat: string },
  to: { readonly chat: string },
): Promise<number> {
  const taken = await tx.db
    .selectFrom('room')
    .select('topic')
    .where('bot', '=', bot)
    .where('chat', '=', to.chat)
    .execute()
  const rows = await tx.db
    .updateTable('room')
    .set({ chat: to.chat })
    .where('bot', '=', bot)
    .where('chat', '=', from.chat)
    .$if(taken.length > 0, (query) =>
      query.where(
        'topic',
        'not in',
        taken.map(({ topic }) => topic),
      ),
    )
    .returning('id')
    .execute()
  return rows.length
}

export async function setRoomLanguage(tx: Tx, id: RoomId, language: Language): Promise<void> {
  await tx.db.updateTable('room').set({ language }).where('id', '=', id).execute()
}

export async function removeRoom(tx: Tx, tenant: TenantId, id: RoomId): Promise<boolean> {
  const gone = await tx.db
    .deleteFrom('room')
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .returning('id')
    .execute()
  // Nobody can press them any more, and drafts stand behind them.
  if (gone.length > 0) await tx.db.deleteFrom('button').where('room', '=', id).execute()
  return gone.length > 0
}

/** Whether a complaint of this account is this room's affair. */
export const concerns = (room: Pick<Room, 'accounts'>, account: AccountId): boolean =>
  room.accounts === undefined || room.accounts.includes(account)

const roomOf = (row: RoomRow): Room => ({
  id: asId(row.id),
  tenant: asId(row.tenant),
  bot: asId(row.bot),
  chat: row.chat,
  topic: row.topic,
  alone: row.alone === 1,
  title: row.title,
  language: row.language as Language,
  ...(row.member === null ? {} : { member: asId<'member'>(row.member) }),
  ...(row.accounts === null ? {} : { accounts: ours<AccountId[]>(row.accounts) }),
})
