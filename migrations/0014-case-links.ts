import { createIndex, createTable, type Schema } from './columns.ts'

/** Links to the page of one complaint: what was taken back, members' own links with their sessions, and pictures that strangers brought. */
export async function up(db: Schema): Promise<void> {
  await createTable(db, 'case_generation', {
    columns: { tenant: 'text', complaint: 'text', generation: 'int' },
    primary: ['tenant', 'complaint'],
  })
  await createTable(db, 'case_pass', {
    columns: {
      id: 'text',
      link_hash: 'text',
      tenant: 'text',
      complaint: 'text',
      member: 'text',
      room: 'text',
      user: 'text',
      expires_at: 'text',
      session_hash: 'text?',
      session_until: 'text?',
    },
    primary: ['id'],
    unique: [['link_hash']],
  })
  await createIndex(db, 'case_pass_tenant', { on: 'case_pass', columns: ['tenant', 'complaint'] })
  await createIndex(db, 'case_pass_expires', { on: 'case_pass', columns: ['expires_at'] })
  await createTable(db, 'case_nonce', {
    columns: { pass: 'text', nonce: 'text', used_at: 'text' },
    primary: ['pass', 'nonce'],
  })
  await createTable(db, 'offer', {
    columns: {
      id: 'text',
      tenant: 'text',
      complaint: 'text',
      room: 'text',
      at: 'text',
      expires_at: 'text',
      taken_by: 'text?',
      taken_at: 'text?',
    },
    primary: ['id'],
  })
  await createIndex(db, 'offer_expires', { on: 'offer', columns: ['expires_at'] })
  await createIndex(db, 'offer_waiting', { on: 'offer', columns: ['complaint', 'room', 'at'] })
  await createTable(db, 'offer_picture', {
    columns: { offer: 'text', nr: 'int', hash: 'text' },
    primary: ['offer', 'nr'],
  })
  await createIndex(db, 'offer_picture_hash', { on: 'offer_picture', columns: ['hash'] })
}
