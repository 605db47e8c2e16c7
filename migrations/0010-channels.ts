import { createIndex, createTable, type Schema } from './columns.ts'

/** Ways to people beside the group: who is told through what, and what was sent. */
export async function up(db: Schema): Promise<void> {
  await createTable(db, 'channel', {
    columns: {
      id: 'text',
      tenant: 'text',
      kind: 'text',
      name: 'text',
      enabled: 'int',
      settings: 'text',
      secrets: 'text',
      accounts: 'text?',
      stopped_at: 'text?',
      stopped_why: 'text?',
      held_until: 'text?',
      held_why: 'text?',
      failures: 'int',
      created_at: 'text',
    },
    primary: ['id'],
    unique: [['tenant', 'name']],
  })
  await createTable(db, 'recipient', {
    columns: {
      id: 'text',
      tenant: 'text',
      channel: 'text',
      address: 'text',
      hash: 'text',
      label: 'text',
      wants: 'text',
      enabled: 'int',
      off_why: 'text?',
      created_at: 'text',
    },
    primary: ['id'],
    unique: [['channel', 'hash']],
  })
  await createTable(db, 'dispatch', {
    columns: {
      id: 'text',
      tenant: 'text',
      channel: 'text',
      recipient: 'text',
      complaint: 'text',
      deliveries: 'text',
      test: 'int',
      state: 'text',
      reference: 'text?',
      error: 'text?',
      at: 'text',
      ended_at: 'text?',
    },
    primary: ['id'],
  })
  await createIndex(db, 'dispatch_of_channel', { on: 'dispatch', columns: ['channel', 'at'] })
  await createIndex(db, 'dispatch_going', { on: 'dispatch', columns: ['channel'], where: "state = 'going'" })
  await createTable(db, 'bind_request', {
    columns: {
      hash: 'text',
      tenant: 'text',
      channel: 'text',
      label: 'text',
      wants: 'text',
      expires_at: 'text',
      used_at: 'text?',
    },
    primary: ['hash'],
  })
  await createIndex(db, 'bind_request_expires', { on: 'bind_request', columns: ['expires_at'] })
  await createIndex(db, 'delivery_dead', {
    on: 'delivery',
    columns: ['tenant', 'settled_at'],
    where: "state = 'dead'",
  })
}
