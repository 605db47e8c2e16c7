import type { Snapshot } from '../complaints/complaint.ts'
import type { Lately, Open } from '../complaints/digest.ts'
import type { Fact } from '../complaints/fact.ts'
import type { RuleActKind } from '../complaints/rule.ts'
import { asId, fen, type Instant, instant, millis, newId, type TenantId } from '../core/words.ts'
import { isOnNow } from './complaints.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'

/** That day's digest is ours to make. @returns false when it was made, or was not worth one */
export async function takeDigest(tx: Tx, tenant: TenantId, day: string): Promise<boolean> {
  const taken = await tx.db
    .insertInto('digest')
    .values({ tenant, day, at: instant(tx.clock.now()) })
    .onConflict((on) => on.doNothing())
    .returning('day')
    .execute()
  return taken.length > 0
}

export async function isDigestMade(reads: Reads, tenant: TenantId, day: string): Promise<boolean> {
  const row = await reads.db
    .selectFrom('digest')
    .select('day')
    .where('tenant', '=', tenant)
    .where('day', '=', day)
    .executeTakeFirst()
  return row !== undefined
}

/** What is open of those who are on. */
export async function openNow(reads: Reads, tenant: TenantId): Promise<readonly Open[]> {
  const rows = await reads.db
    .selectFrom('complaint')
    .select(['account', 'snapshot'])
    .where('tenant', '=', tenant)
    .where('phase', '<>', 'closed')
    .where(isOnNow)
    .execute()
  return rows.map(({ account, snapshot }) => {
    const { moves, amountShown } = ours<Pick<Snapshot, 'moves' | 'amountShown'>>(snapshot)
    return { account: asId<'account'>(account), moves, ...(amountShown === undefined ? {} : { amountShown }) }
  })
}

/** What happened after `since`. Only rows as young as that are read: ids begin with their time. */
export async function lately(reads: Reads, tenant: TenantId, since: Instant): Promise<readonly Lately[]> {
  const facts = await reads.db
    .selectFrom('fact')
    .innerJoin('complaint', 'complaint.id', 'fact.complaint')
    .select(['fact.body', 'complaint.account'])
    .where('fact.id', '>', newId('fact', Buffer.alloc, millis(since)))
    .where('fact.tenant', '=', tenant)
    .where('fact.kind', 'in', ['opened', 'turned', 'acted'])
    .where('fact.at', '>', since)
    .where(isOnNow)
    .execute()
  const rulings = await reads.db
    .selectFrom('ruling')
    .innerJoin('complaint', 'complaint.id', 'ruling.complaint')
    .select(['ruling.act', 'ruling.amount', 'complaint.account'])
    .where('ruling.id', '>', newId('ruling', Buffer.alloc, millis(since)))
    .where('ruling.tenant', '=', tenant)
    .where('ruling.state', '=', 'done')
    .where(isOnNow)
    .execute()
  return [
    ...facts.flatMap(({ body, account }): readonly Lately[] => {
      const what = whatOf(ours<Fact>(body))
      return what ? [{ account: asId(account), what }] : []
    }),
    ...rulings.map(
      ({ act, amount, account }): Lately => ({
        account: asId(account),
        what: 'ruled',
        act: act as RuleActKind,
        ...(amount === null ? {} : { amount: fen(amount) }),
      }),
    ),
  ]
}

function whatOf(fact: Fact): 'came' | 'closed' | 'done' | undefined {
  switch (fact.kind) {
    case 'opened':
      return 'came'
    case 'turned':
      return fact.to === 'closed' ? 'closed' : undefined
    case 'acted':
      return fact.state === 'done' && fact.by.via !== 'rule' ? 'done' : undefined
    default:
      return undefined
  }
}
