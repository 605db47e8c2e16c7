import { addColumn, createIndex, type Schema } from './columns.ts'

/** Whose complaint it is where several stand under an account, and when each was last asked about. */
export async function up(db: Schema): Promise<void> {
  await addColumn(db, 'complaint', 'merchant', 'text?')
  await addColumn(db, 'wanted', 'merchant', 'text?')
  for (const column of ['poll_due', 'polled_at', 'swept_at', 'heard_at', 'lacks'] as const)
    await addColumn(db, 'merchant', column, 'text?')
  await createIndex(db, 'merchant_poll', {
    on: 'merchant',
    columns: ['account', 'poll_due'],
    where: 'token is not null',
  })
  await createIndex(db, 'merchant_polled', {
    on: 'merchant',
    columns: ['account', 'polled_at'],
    where: 'token is not null',
  })
  await createIndex(db, 'complaint_of_merchant', {
    on: 'complaint',
    columns: ['merchant', 'phase'],
    where: 'merchant is not null',
  })
}
