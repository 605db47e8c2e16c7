import { Secret } from '../core/seal.ts'
import { type AccountId, asId, type Instant } from '../core/words.ts'
import type { Reads, Storage } from './storage.ts'
import type { TokenRow } from './tables.ts'

/** A platform's access token as it is kept between processes. */
export interface KeptToken {
  readonly value: Secret
  readonly until: Instant
  /** Grows with every write; who writes names the one that he saw. */
  readonly fence: number
}

export interface TokenStore {
  read(account: AccountId): Promise<KeptToken | undefined>
  write(account: AccountId, token: Omit<KeptToken, 'fence'>, seen: number): Promise<KeptToken>
}

export const tokenStore = (storage: Storage): TokenStore => ({
  read: (account) => readToken(storage.reads, account),
  write: (account, token, seen) =>
    storage.transaction(async (tx) => {
      const now = await readToken(tx, account)
      if (now && now.fence !== seen) return now
      const fence = seen + 1
      const value = tx.sealer.seal(placeOf(account), token.value.reveal())
      await tx.db
        .insertInto('token')
        .values({ account, merchant: '', value, until: token.until, fence })
        .onConflict((on) =>
          on
            .columns(['account', 'merchant'])
            .doUpdateSet({ value, until: token.until, fence })
            .where('token.fence', '=', seen),
        )
        .execute()
      return { ...token, fence }
    }),
})

async function readToken(reads: Reads, account: AccountId): Promise<KeptToken | undefined> {
  const row = await reads.db
    .selectFrom('token')
    .selectAll()
    .where('account', '=', account)
    .where('merchant', '=', '')
    .executeTakeFirst()
  return row && tokenOf(reads, row)
}

const placeOf = (account: string) => ({ tenant: '', table: 'token', row: account, column: 'value' })

const tokenOf = (reads: Reads, row: TokenRow): KeptToken => ({
  value: new Secret(reads.sealer.open(placeOf(asId<'account'>(row.account)), row.value)),
  until: row.until as Instant,
  fence: row.fence,
})
