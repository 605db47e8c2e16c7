import { createHash } from 'node:crypto'
import { type AccountId, asId, type Instant, instant, later, type MemberId, type TenantId } from '../core/words.ts'
import { ours } from './json.ts'
import type { Tx } from './storage.ts'
import type { Language } from './tenants.ts'

/** What a one-time code binds: a group, or a person. */
export type Binding =
  | {
      readonly purpose: 'room'
      readonly tenant: TenantId
      readonly language: Language
      readonly accounts?: readonly AccountId[]
    }
  | { readonly purpose: 'member'; readonly tenant: TenantId; readonly member: MemberId }

const life = 24 * 3_600_000
/** No letters that are read as each other. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** @returns the code, which is not kept: only its hash is. 10 characters of 32 = 50 bits, one use, 24 hours. */
export async function createBindCode(tx: Tx, binding: Binding): Promise<{ code: string; expiresAt: Instant }> {
  const code = [...tx.random(10)].map((byte) => alphabet[byte % alphabet.length]).join('')
  const expiresAt = later(instant(tx.clock.now()), life)
  await tx.db
    .insertInto('bind_code')
    .values({
      hash: hashOf(code),
      tenant: binding.tenant,
      purpose: binding.purpose,
      member: binding.purpose === 'member' ? binding.member : null,
      language: binding.purpose === 'room' ? binding.language : null,
      accounts: binding.purpose === 'room' && binding.accounts ? JSON.stringify(binding.accounts) : null,
      expires_at: expiresAt,
      used_at: null,
    })
    .execute()
  return { code, expiresAt }
}

/** Uses the code up. @returns undefined when it is unknown, used or too old: the three are not told apart. */
export async function useBindCode(
  tx: Tx,
  code: string,
  purpose: Binding['purpose'],
  tenant: TenantId,
): Promise<Binding | undefined> {
  const now = instant(tx.clock.now())
  const row = await tx.db
    .updateTable('bind_code')
    .set({ used_at: now })
    .where('hash', '=', hashOf(code))
    .where('purpose', '=', purpose)
    // A code of one business does nothing at another's bot.
    .where('tenant', '=', tenant)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst()
  if (!row) return undefined
  if (row.member !== null) return { purpose: 'member', tenant, member: asId(row.member) }
  const accounts = row.accounts === null ? {} : { accounts: ours<AccountId[]>(row.accounts) }
  return { purpose: 'room', tenant, language: (row.language ?? 'zh-CN') as Language, ...accounts }
}

const hashOf = (code: string) => createHash('sha256').update(code.trim().toUpperCase()).digest('hex')
