import { createIndex, createTable, type Schema } from './columns.ts'

/** What is done by itself, what waits to be done so, and what stops it. */
export async function up(db: Schema): Promise<void> {
  await createTable(db, 'rule', {
    columns: {
      id: 'text',
      tenant: 'text',
      name: 'text',
      position: 'int',
      mode: 'text',
      accounts: 'text',
      conditions: 'text',
      act: 'text',
      delay: 'int',
      each: 'int?',
      day: 'int?',
      payer_day: 'int?',
      created_at: 'text',
    },
    primary: ['id'],
    unique: [['tenant', 'name']],
  })
  await createIndex(db, 'rule_on', { on: 'rule', columns: ['tenant'], where: "mode = 'on'" })
  await createTable(db, 'ruling', {
    columns: {
      id: 'text',
      tenant: 'text',
      complaint: 'text',
      rule: 'text',
      version: 'int',
      position: 'int',
      name: 'text',
      act: 'text',
      amount: 'int?',
      does: 'text',
      nr: 'int',
      due: 'text',
      state: 'text',
      why: 'text?',
      by: 'text?',
      created_at: 'text',
      settled_at: 'text?',
    },
    primary: ['id'],
    unique: [['complaint', 'rule', 'version']],
  })
  const open = 'settled_at is null'
  await createIndex(db, 'ruling_due', { on: 'ruling', columns: ['due'], where: open })
  await createIndex(db, 'ruling_of_tenant', { on: 'ruling', columns: ['tenant', 'act', 'due'], where: open })
  await createTable(db, 'rule_refund', {
    columns: {
      ruling: 'text',
      order_no: 'text',
      tenant: 'text',
      rule: 'text',
      payer: 'text',
      amount: 'int',
      at: 'text',
    },
    primary: ['ruling', 'order_no'],
  })
  await createIndex(db, 'rule_refund_at', { on: 'rule_refund', columns: ['tenant', 'at'] })
  await createTable(db, 'breaker', {
    columns: {
      tenant: 'text',
      most: 'int?',
      tripped_at: 'text?',
      count: 'int?',
      limit_then: 'int?',
      reset_at: 'text?',
    },
    primary: ['tenant'],
  })
}
