import { createHash } from 'node:crypto'
import { asId, type ChannelId, type Instant, instant, later, type TenantId } from '../core/words.ts'
import { ours } from './json.ts'
import type { Tx } from './storage.ts'

/** Who will stand under a channel once they have scanned its code. */
export interface BindRequest {
  readonly tenant: TenantId
  readonly channel: ChannelId
  readonly label: string
  readonly wants: readonly string[]
}

/** Seconds for which a code is good. */
export const bindFor = 600

/** @returns the code, which is not kept: only its hash is. 160 bits, one use. */
export async function createBindRequest(
  tx: Tx,
  request: BindRequest,
): Promise<{ readonly code: string; readonly expiresAt: Instant }> {
  const now = instant(tx.clock.now())
  const code = tx.random(20).toString('base64url')
  const expiresAt = later(now, bindFor * 1000)
  // Nobody can use what is too old.
  await tx.db.deleteFrom('bind_request').where('expires_at', '<', now).execute()
  await tx.db
    .insertInto('bind_request')
    .values({
      ...request,
      hash: hashOf(code),
      wants: JSON.stringify(request.wants),
      expires_at: expiresAt,
      used_at: null,
    })
    .execute()
  return { code, expiresAt }
}

/** Uses the code up. @returns undefined when it is unknown, used, too old or another channel's: they are not told apart. */
export async function useBindRequest(tx: Tx, channel: ChannelId, code: string): Promise<BindRequest | undefined> {
  const now = instant(tx.clock.now())
  const row = await tx.db
    .updateTable('bind_request')
    .set({ used_at: now })
    .where('hash', '=', hashOf(code))
    .where('channel', '=', channel)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst()
  return row && { tenant: asId(row.tenant), channel, label: row.label, wants: ours(row.wants) }
}

const hashOf = (code: string) => createHash('sha256').update(code).digest('hex')
