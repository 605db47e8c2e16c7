import type { Notice } from '../complaints/notice.ts'
import {
  type AccountId,
  asId,
  type Instant,
  instant,
  type NoticeId,
  newId,
  type RoomId,
  type TenantId,
} from '../core/words.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'

/** Something to be told that is about no complaint. */
export interface NewNotice {
  readonly tenant: TenantId
  readonly account?: AccountId
  /** Told there and nowhere else. */
  readonly room?: RoomId
  readonly notice: Notice
}

export interface StoredNotice extends NewNotice {
  readonly id: NoticeId
  readonly at: Instant
}

export async function insertNotice(tx: Tx, { tenant, account, room, notice }: NewNotice): Promise<NoticeId> {
  const id = newId('notice', tx.random, tx.clock.now())
  await tx.db
    .insertInto('notice')
    .values({
      id,
      tenant,
      account: account ?? null,
      room: room ?? null,
      kind: notice.kind,
      body: JSON.stringify(notice),
      at: instant(tx.clock.now()),
    })
    .execute()
  return id
}

export async function findNotice(reads: Reads, id: NoticeId): Promise<StoredNotice | undefined> {
  const row = await reads.db.selectFrom('notice').selectAll().where('id', '=', id).executeTakeFirst()
  return (
    row && {
      id,
      tenant: asId(row.tenant),
      ...(row.account === null ? {} : { account: asId<'account'>(row.account) }),
      ...(row.room === null ? {} : { room: asId<'room'>(row.room) }),
      notice: ours(row.body),
      at: row.at as Instant,
    }
  )
}
