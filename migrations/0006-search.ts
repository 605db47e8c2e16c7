import { addColumn, createIndex, createTable, type Schema } from './columns.ts'

/**
 * By what a complaint is searched. Those that are there already have no words yet: the clock gives them theirs, some at a time,
 * for their texts are many and their phones are sealed.
 */
export async function up(db: Schema): Promise<void> {
  await createTable(db, 'term', {
    columns: { tenant: 'text', gram: 'text', running: 'int' },
    primary: ['tenant', 'gram', 'running'],
    byKey: true,
  })
  await addColumn(db, 'complaint', 'grams', 'text?')
  await addColumn(db, 'complaint', 'phone_tail', 'text?')
  await createIndex(db, 'complaint_wordless', { on: 'complaint', columns: ['created_at'], where: 'grams is null' })
  await createIndex(db, 'complaint_worded', { on: 'complaint', columns: ['created_at'], where: 'grams is not null' })
  await createIndex(db, 'complaint_number', { on: 'complaint', columns: ['tenant', 'number', 'running'] })
  await createIndex(db, 'complaint_of_phone_tail', {
    on: 'complaint',
    columns: ['tenant', 'phone_tail', 'running'],
    where: 'phone_tail is not null',
  })
  await createIndex(db, 'complaint_of_claimer', {
    on: 'complaint',
    columns: ['tenant', 'claimed_by', 'running'],
    where: 'claimed_by is not null',
  })
}
