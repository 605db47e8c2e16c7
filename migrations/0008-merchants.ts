import { createIndex, createTable, type Schema } from './columns.ts'

/** Those who stand under an account, and how they let it speak for them. */
export async function up(db: Schema): Promise<void> {
  await createTable(db, 'merchant', {
    columns: {
      id: 'text',
      tenant: 'text',
      account: 'text',
      outside_id: 'text',
      auth_app_id: 'text?',
      name: 'text',
      company: 'text',
      enabled: 'int',
      auto_refund: 'int',
      token: 'text?',
      refresh_token: 'text?',
      token_until: 'text?',
      refresh_until: 'text?',
      fence: 'int',
      revoked_at: 'text?',
      created_at: 'text',
      checked_at: 'text?',
    },
    primary: ['id'],
    unique: [['account', 'outside_id']],
  })
  await createIndex(db, 'merchant_app', {
    on: 'merchant',
    columns: ['account', 'auth_app_id'],
    unique: true,
    where: 'auth_app_id is not null',
  })
  await createIndex(db, 'merchant_checked', {
    on: 'merchant',
    columns: ['checked_at'],
    where: 'token is not null',
  })
  await createTable(db, 'auth_state', {
    columns: {
      hash: 'text',
      tenant: 'text',
      account: 'text',
      created_by: 'text',
      expires_at: 'text',
      used_at: 'text?',
    },
    primary: ['hash'],
  })
  await createIndex(db, 'auth_state_expires', { on: 'auth_state', columns: ['expires_at'] })
  await createTable(db, 'auth_waiting', {
    columns: {
      account: 'text',
      outside_id: 'text',
      hash: 'text',
      auth_app_id: 'text?',
      token: 'text',
      refresh_token: 'text?',
      token_until: 'text?',
      refresh_until: 'text?',
      created_at: 'text',
      expires_at: 'text',
    },
    primary: ['account', 'outside_id'],
    unique: [['hash']],
  })
  await createIndex(db, 'auth_waiting_expires', { on: 'auth_waiting', columns: ['expires_at'] })
}
