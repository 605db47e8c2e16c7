import type { PlatformName, Source } from '../complaints/complaint.ts'
import { type AccountId, asId, type ComplaintId, type Instant, type MerchantId } from '../core/words.ts'
import { openPhases } from './complaints.ts'
import { merchantOf, type StoredMerchant } from './merchants.ts'
import type { Reads, Tx } from './storage.ts'
import type { MerchantRow } from './tables.ts'

/** A merchant whose turn it is to be asked for its complaints. */
export interface DuePoll {
  readonly merchant: StoredMerchant
  /** Absent: at once. */
  readonly due?: Instant
  /** What was made before this has been listed. */
  readonly polledAt?: Instant
  /** When all that is open was last listed. */
  readonly sweptAt?: Instant
  /** When a complaint about it last came. */
  readonly heardAt?: Instant
}

/** Those who are due, whoever waits for the first time before all others, then the longest due. */
export async function duePolls(
  reads: Reads,
  account: AccountId,
  now: Instant,
  limit: number,
): Promise<readonly DuePoll[]> {
  const all = reads.db.selectFrom('merchant').selectAll().where('account', '=', account).where('token', 'is not', null)
  const first = await all.where('poll_due', 'is', null).limit(limit).execute()
  const left = limit - first.length
  const then = left > 0 ? await all.where('poll_due', '<=', now).orderBy('poll_due').limit(left).execute() : []
  return [...first, ...then].map(dueOf)
}

const dueOf = (row: MerchantRow): DuePoll => ({
  merchant: merchantOf(row),
  ...stamp('due', row.poll_due),
  ...stamp('polledAt', row.polled_at),
  ...stamp('sweptAt', row.swept_at),
  ...stamp('heardAt', row.heard_at),
})

const stamp = <Name extends string>(name: Name, at: string | null) =>
  (at === null ? {} : { [name]: at }) as { readonly [Each in Name]?: Instant }

/** When the next one is due: 'now' where one waits for the first time, undefined where nobody stands under the account. */
export async function nextPoll(reads: Reads, account: AccountId): Promise<Instant | 'now' | undefined> {
  const all = reads.db
    .selectFrom('merchant')
    .select('poll_due')
    .where('account', '=', account)
    .where('token', 'is not', null)
  if (await all.where('poll_due', 'is', null).limit(1).executeTakeFirst()) return 'now'
  const row = await all.where('poll_due', 'is not', null).orderBy('poll_due').limit(1).executeTakeFirst()
  return (row?.poll_due ?? undefined) as Instant | undefined
}

/** Accounts of these platforms, enabled or not, under which somebody is due. */
export async function accountsToPoll(
  reads: Reads,
  platforms: readonly PlatformName[],
  now: Instant,
): Promise<readonly AccountId[]> {
  if (platforms.length === 0) return []
  const rows = await reads.db
    .selectFrom('account')
    .select('account.id')
    .where('account.platform', 'in', [...platforms])
    .where(({ exists, or, selectFrom }) => {
      const one = selectFrom('merchant')
        .select('merchant.id')
        .whereRef('merchant.account', '=', 'account.id')
        .where('merchant.token', 'is not', null)
      return or([exists(one.where('merchant.poll_due', 'is', null)), exists(one.where('merchant.poll_due', '<=', now))])
    })
    .execute()
  return rows.map(({ id }) => asId(id))
}

/** Of these accounts those under which merchants stand, whether they have authorised or no longer. */
export async function accountsWithMerchants(
  reads: Reads,
  accounts: readonly AccountId[],
): Promise<ReadonlySet<AccountId>> {
  if (accounts.length === 0) return new Set()
  const rows = await reads.db
    .selectFrom('account')
    .select('account.id')
    .where('account.id', 'in', [...accounts])
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('merchant').select('merchant.id').whereRef('merchant.account', '=', 'account.id')),
    )
    .execute()
  return new Set(rows.map(({ id }) => asId<'account'>(id)))
}

/** How the asking went; what is absent stays. */
export interface Polled {
  /** As it was when it was asked. */
  readonly asked: DuePoll
  readonly due: Instant
  readonly polledAt?: Instant
  readonly sweptAt?: Instant
}

/** Says nothing of a merchant whose authorisation is another one by now. Whoever was wanted sooner meanwhile stays wanted. */
export async function savePoll(tx: Tx, { asked, due, polledAt, sweptAt }: Polled): Promise<void> {
  const { id, fence } = asked.merchant
  await tx.db
    .updateTable('merchant')
    .set((is) => ({
      poll_due: is
        .case()
        .when(is.fn.coalesce('poll_due', is.val('')), '=', asked.due ?? '')
        .then(is.cast<string>(is.val(due), 'text'))
        .else(is.ref('poll_due'))
        .end(),
      ...(polledAt === undefined ? {} : { polled_at: polledAt }),
      ...(sweptAt === undefined ? {} : { swept_at: sweptAt }),
    }))
    .where('id', '=', id)
    .where('fence', '=', fence)
    .where('token', 'is not', null)
    .execute()
}

/** Makes those due now who were last asked before `before`, at most `most`, whoever would come next first. */
export async function hurryPolls(
  tx: Tx,
  account: AccountId,
  { now, before, most }: { readonly now: Instant; readonly before: Instant; readonly most: number },
): Promise<void> {
  await tx.db
    .updateTable('merchant')
    .set({ poll_due: now })
    .where('id', 'in', (from) =>
      from
        .selectFrom('merchant')
        .select('id')
        .where('account', '=', account)
        .where('token', 'is not', null)
        .where('poll_due', 'is not', null)
        .where((is) => is.or([is('polled_at', 'is', null), is('polled_at', '<', before)]))
        .orderBy('poll_due')
        .limit(most),
    )
    .execute()
}

/** Complaints about this merchant that we hold as open, as far as they come from this source and were last read before `until`. */
export async function openOfMerchant(
  reads: Reads,
  of: { readonly merchant: MerchantId; readonly source: Source; readonly until: Instant },
): Promise<readonly { readonly id: ComplaintId; readonly number: string }[]> {
  const rows = await reads.db
    .selectFrom('complaint')
    .select(['id', 'number'])
    .where('merchant', '=', of.merchant)
    .where('phase', 'in', openPhases)
    .where('source', '=', of.source)
    .where('as_of', '<=', of.until)
    .execute()
  return rows.map(({ id, number }) => ({ id: asId(id), number }))
}

/** For each account of these platforms, as far as it is enabled: since when the merchant that was not asked for longest has not been. */
export async function oldestPolls(
  reads: Reads,
  platforms: readonly PlatformName[],
): Promise<readonly { readonly platform: PlatformName; readonly since: Instant }[]> {
  if (platforms.length === 0) return []
  const rows = await reads.db
    .selectFrom('account')
    .select(({ selectFrom }) => {
      const on = selectFrom('merchant')
        .whereRef('merchant.account', '=', 'account.id')
        .where('merchant.token', 'is not', null)
        .where('merchant.enabled', '=', 1)
        .limit(1)
      return [
        'account.platform',
        on.select('created_at').where('polled_at', 'is', null).as('never'),
        on.select('polled_at').where('polled_at', 'is not', null).orderBy('polled_at').as('oldest'),
      ]
    })
    .where('account.platform', 'in', [...platforms])
    .where('account.enabled', '=', 1)
    .execute()
  return rows.flatMap(({ platform, never, oldest }) => {
    const [since] = [never, oldest].filter((at) => at !== null).sort()
    return since === undefined ? [] : [{ platform: platform as PlatformName, since: since as Instant }]
  })
}
