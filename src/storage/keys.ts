import { createHash } from 'node:crypto'
import { instant } from '../core/words.ts'
import type { Reads, Tx } from './storage.ts'

/** 256 random bits: a plain hash is enough, and it is looked up by the hash, never compared with what was sent. */
export const keyHash = (key: string): string => createHash('sha256').update(key).digest('hex')

export async function addKey(tx: Tx, key: { readonly name: string; readonly hash: string }): Promise<void> {
  await tx.db
    .insertInto('api_key')
    .values({
      id: `key_${tx.random(8).toString('hex')}`,
      hash: key.hash,
      name: key.name,
      created_at: instant(tx.clock.now()),
      last_used_at: null,
    })
    .onConflict((on) => on.doNothing())
    .execute()
}

export async function findKey(reads: Reads, key: string): Promise<{ readonly name: string } | undefined> {
  return reads.db.selectFrom('api_key').select('name').where('hash', '=', keyHash(key)).executeTakeFirst()
}
