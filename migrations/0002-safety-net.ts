import { addColumn, createIndex, createTable, type Schema } from './columns.ts'

/** What is watched beside the pushes, and what people are told that is about no complaint of ours. */
export async function up(db: Schema): Promise<void> {
  // Whose chat with the bot alone it is.
  await addColumn(db, 'room', 'member', 'text?')
  await createTable(db, 'notice', {
    columns: { id: 'text', tenant: 'text', account: 'text?', room: 'text?', kind: 'text', body: 'text', at: 'text' },
    primary: ['id'],
  })
  await createTable(db, 'alarm', {
    columns: {
      id: 'text',
      tenant: 'text',
      account: 'text',
      number: 'text',
      body: 'text',
      seen_at: 'text',
      raised_at: 'text?',
      closed_at: 'text?',
      complaint: 'text?',
    },
    primary: ['id'],
    // One per order, ever.
    unique: [['account', 'number']],
  })
  await createIndex(db, 'alarm_open', { on: 'alarm', columns: ['tenant', 'account'], where: 'closed_at is null' })
  await createIndex(db, 'alarm_silent', {
    on: 'alarm',
    columns: ['seen_at'],
    where: 'raised_at is null and closed_at is null',
  })
  await createTable(db, 'wanted', {
    columns: {
      account: 'text',
      number: 'text',
      tenant: 'text',
      room: 'text?',
      state: 'text',
      asked_at: 'text',
      settled_at: 'text?',
      told_at: 'text?',
    },
    primary: ['account', 'number'],
  })
  await createIndex(db, 'wanted_waiting', { on: 'wanted', columns: ['asked_at'], where: "state = 'waiting'" })
  await createTable(db, 'watch', {
    columns: { account: 'text', what: 'text', ran_at: 'text', off_why: 'text?' },
    primary: ['account', 'what'],
  })
  await createTable(db, 'standing', {
    columns: { account: 'text', tenant: 'text', body: 'text', read_at: 'text' },
    primary: ['account'],
  })
}
