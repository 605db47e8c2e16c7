import { createIndex, createTable, type Schema } from './columns.ts'

/** What is owed until when, how far people have been told, and who is on duty. */
export async function up(db: Schema): Promise<void> {
  await createTable(db, 'deadline', {
    columns: {
      complaint: 'text',
      move: 'text',
      due: 'text',
      tenant: 'text',
      known_at: 'text',
      said_stage: 'text?',
      said_at: 'text?',
      snoozed_until: 'text?',
      looked_at: 'text',
      next_at: 'text?',
      ended_at: 'text?',
    },
    primary: ['complaint', 'move', 'due'],
  })
  await createIndex(db, 'deadline_next', { on: 'deadline', columns: ['next_at'], where: 'next_at is not null' })
  await createIndex(db, 'deadline_looked', { on: 'deadline', columns: ['looked_at'], where: 'next_at is not null' })
  await createTable(db, 'duty', {
    columns: { tenant: 'text', member: 'text', from_minute: 'int', to_minute: 'int' },
    primary: ['tenant', 'member'],
  })
  await createTable(db, 'reminding', {
    columns: { tenant: 'text', settings: 'text' },
    primary: ['tenant'],
  })
  await createTable(db, 'digest', {
    columns: { tenant: 'text', day: 'text', at: 'text' },
    primary: ['tenant', 'day'],
  })
  await createIndex(db, 'complaint_claimed', {
    on: 'complaint',
    columns: ['claimed_at'],
    where: 'claimed_at is not null',
  })
}
