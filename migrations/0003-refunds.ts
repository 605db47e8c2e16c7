import { addColumn, createIndex, createTable, type Schema } from './columns.ts'

/** Money back: one row for each wish, written with it and before the first call. */
export async function up(db: Schema): Promise<void> {
  await createTable(db, 'refund', {
    columns: {
      action: 'text',
      tenant: 'text',
      complaint: 'text',
      account: 'text',
      platform: 'text',
      payee: 'text',
      order_no: 'text',
      ordinal: 'int',
      number: 'text',
      amount: 'int',
      total: 'int',
      member: 'text?',
      approver: 'text?',
      state: 'text',
      stuck: 'int',
      received_by: 'text?',
      not_before: 'text',
      requested_at: 'text',
      arrived_at: 'text?',
      settled_at: 'text?',
    },
    primary: ['action'],
  })
  const order = ['platform', 'payee', 'order_no']
  await createIndex(db, 'refund_open', { on: 'refund', columns: order, unique: true, where: "state = 'open'" })
  await createIndex(db, 'refund_of_order', { on: 'refund', columns: order })
  // What failed has left nothing behind: the next wish takes its number.
  await createIndex(db, 'refund_ordinal', {
    on: 'refund',
    columns: [...order, 'ordinal'],
    unique: true,
    where: "state <> 'failed'",
  })
  await createIndex(db, 'refund_number', { on: 'refund', columns: ['number'] })
  await createIndex(db, 'refund_of_day', { on: 'refund', columns: ['tenant', 'requested_at'] })
  await addColumn(db, 'tenant', 'refund_each', 'int?')
  await addColumn(db, 'tenant', 'refund_day', 'int?')
}
