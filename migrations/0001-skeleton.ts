import { createIndex, createTable, type Schema } from './columns.ts'

export async function up(db: Schema): Promise<void> {
  await tenantsAndPeople(db)
  await accounts(db)
  await complaints(db)
  await actionsAndDeliveries(db)
  await chat(db)
  await engine(db)
}

async function tenantsAndPeople(db: Schema): Promise<void> {
  await createTable(db, 'tenant', {
    columns: {
      id: 'text',
      handle: 'text',
      name: 'text',
      zone: 'text',
      language: 'text',
      second_person_from: 'int',
      last_running: 'int',
      created_at: 'text',
    },
    primary: ['id'],
    unique: [['handle']],
  })
  await createTable(db, 'bot', {
    columns: {
      id: 'text',
      tenant: 'text',
      kind: 'text',
      name: 'text',
      enabled: 'int',
      settings: 'text',
      secrets: 'text',
      created_at: 'text',
    },
    primary: ['id'],
    unique: [['tenant', 'name']],
  })
  await createTable(db, 'room', {
    columns: {
      id: 'text',
      tenant: 'text',
      bot: 'text',
      chat: 'text',
      topic: 'text',
      alone: 'int',
      title: 'text',
      language: 'text',
      accounts: 'text?',
      created_at: 'text',
    },
    primary: ['id'],
    unique: [['bot', 'chat', 'topic']],
  })
  await createIndex(db, 'room_of_tenant', { on: 'room', columns: ['tenant'] })
  await createTable(db, 'member', {
    columns: {
      id: 'text',
      tenant: 'text',
      handle: 'text',
      name: 'text',
      role: 'text',
      enabled: 'int',
      refund_each: 'int?',
      refund_day: 'int?',
      created_at: 'text',
    },
    primary: ['id'],
    unique: [['tenant', 'handle']],
  })
  await createTable(db, 'identity', {
    columns: { tenant: 'text', realm: 'text', user: 'text', member: 'text', bound_at: 'text' },
    primary: ['realm', 'user', 'tenant'],
  })
  await createIndex(db, 'identity_of_member', { on: 'identity', columns: ['member'] })
  await createTable(db, 'bind_code', {
    columns: {
      hash: 'text',
      tenant: 'text',
      purpose: 'text',
      member: 'text?',
      language: 'text?',
      accounts: 'text?',
      expires_at: 'text',
      used_at: 'text?',
    },
    primary: ['hash'],
  })
  await createTable(db, 'api_key', {
    columns: { id: 'text', hash: 'text', name: 'text', created_at: 'text', last_used_at: 'text?' },
    primary: ['id'],
    unique: [['hash']],
  })
}

async function accounts(db: Schema): Promise<void> {
  await createTable(db, 'account', {
    columns: {
      id: 'text',
      tenant: 'text',
      platform: 'text',
      outside_id: 'text',
      name: 'text',
      enabled: 'int',
      settings: 'text',
      secrets: 'text',
      created_at: 'text',
    },
    primary: ['id'],
    // Each platform knows one callback address for it.
    unique: [['platform', 'outside_id']],
  })
  await createIndex(db, 'account_of_tenant', { on: 'account', columns: ['tenant'] })
  await createTable(db, 'token', {
    columns: { account: 'text', merchant: 'text', value: 'text', until: 'text', fence: 'int' },
    primary: ['account', 'merchant'],
  })
  await createTable(db, 'callback', {
    columns: {
      id: 'text',
      tenant: 'text',
      account: 'text',
      key: 'text',
      event: 'text',
      number: 'text?',
      told: 'text',
      state: 'text',
      received_at: 'text',
      drained_at: 'text?',
    },
    primary: ['id'],
    unique: [['account', 'key']],
  })
  await createIndex(db, 'callback_parked', { on: 'callback', columns: ['tenant'], where: "state = 'parked'" })
  await createIndex(db, 'callback_waiting', { on: 'callback', columns: ['received_at'], where: "state = 'new'" })
}

async function complaints(db: Schema): Promise<void> {
  await createTable(db, 'complaint', {
    columns: {
      id: 'text',
      tenant: 'text',
      account: 'text',
      platform: 'text',
      source: 'text',
      scope: 'text',
      number: 'text',
      running: 'int',
      phase: 'text',
      code: 'text',
      label: 'text',
      version: 'int',
      provisional: 'int',
      opened_at: 'text',
      due_at: 'text?',
      read_due: 'text?',
      as_of: 'text',
      payer: 'text?',
      nth: 'int',
      who: 'text',
      person: 'text',
      snapshot: 'text',
      claimed_by: 'text?',
      claimed_at: 'text?',
      created_at: 'text',
      changed_at: 'text',
    },
    primary: ['id'],
    unique: [
      ['tenant', 'platform', 'scope', 'number'],
      ['tenant', 'running'],
    ],
  })
  await createIndex(db, 'complaint_open_by_due', {
    on: 'complaint',
    columns: ['tenant', 'due_at'],
    where: "phase <> 'closed'",
  })
  await createIndex(db, 'complaint_to_read', { on: 'complaint', columns: ['read_due'], where: 'read_due is not null' })
  await createIndex(db, 'complaint_of_payer', {
    on: 'complaint',
    columns: ['tenant', 'payer'],
    where: 'payer is not null',
  })
  await createTable(db, 'complaint_order', {
    columns: { complaint: 'text', tenant: 'text', number: 'text' },
    primary: ['complaint', 'number'],
  })
  await createIndex(db, 'complaint_order_number', { on: 'complaint_order', columns: ['tenant', 'number'] })
  await createTable(db, 'picture', {
    columns: { hash: 'text', type: 'text', bytes: 'bytes', created_at: 'text' },
    primary: ['hash'],
  })
  await createTable(db, 'complaint_picture', {
    columns: { complaint: 'text', place: 'text', hash: 'text?', failed: 'text?', tries: 'int' },
    primary: ['complaint', 'place'],
  })
  await createTable(db, 'upload', {
    columns: { account: 'text', hash: 'text', media: 'text', until: 'text' },
    primary: ['account', 'hash'],
  })
  await createTable(db, 'fact', {
    columns: { id: 'text', tenant: 'text', complaint: 'text', nr: 'int', kind: 'text', body: 'text', at: 'text' },
    primary: ['id'],
    unique: [['complaint', 'nr']],
  })
}

async function actionsAndDeliveries(db: Schema): Promise<void> {
  await createTable(db, 'action', {
    columns: {
      id: 'text',
      tenant: 'text',
      complaint: 'text',
      kind: 'text',
      body: 'text',
      key: 'text',
      by: 'text',
      state: 'text',
      reference: 'text?',
      message: 'text?',
      version: 'int',
      requested_at: 'text',
      sent_at: 'text?',
      called_at: 'text?',
      settled_at: 'text?',
    },
    primary: ['id'],
    unique: [['tenant', 'key']],
  })
  // At most one unsettled action of a kind per complaint, whoever asks and from wherever.
  await createIndex(db, 'action_one_unsettled', {
    on: 'action',
    columns: ['complaint', 'kind'],
    unique: true,
    where: "state in ('requested', 'sent', 'underway', 'unknown')",
  })
  await createIndex(db, 'action_of_complaint', { on: 'action', columns: ['complaint', 'requested_at'] })
  await createIndex(db, 'action_unsettled', {
    on: 'action',
    columns: ['requested_at'],
    where: "state in ('requested', 'sent', 'underway', 'unknown')",
  })
  await createTable(db, 'delivery', {
    columns: {
      id: 'text',
      tenant: 'text',
      fact: 'text',
      destination: 'text',
      complaint: 'text',
      nr: 'int',
      state: 'text',
      not_before: 'text',
      tries: 'int',
      error: 'text?',
      created_at: 'text',
      settled_at: 'text?',
    },
    primary: ['id'],
    unique: [['fact', 'destination']],
  })
  await createIndex(db, 'delivery_waiting', {
    on: 'delivery',
    columns: ['destination', 'created_at', 'complaint', 'nr'],
    where: "state = 'waiting'",
  })
}

async function chat(db: Schema): Promise<void> {
  await createTable(db, 'post', {
    columns: { room: 'text', post: 'text', complaint: 'text', current: 'int', shown: 'text', posted_at: 'text' },
    primary: ['room', 'post'],
  })
  await createIndex(db, 'post_current', {
    on: 'post',
    columns: ['room', 'complaint'],
    unique: true,
    where: 'current = 1',
  })
  await createTable(db, 'button', {
    columns: {
      token: 'text',
      tenant: 'text',
      room: 'text',
      complaint: 'text',
      version: 'int',
      intent: 'text',
      member: 'text',
      expires_at: 'text?',
    },
    primary: ['token'],
    // The same button drawn again is the same button: its token is the key of the wish.
    unique: [['room', 'complaint', 'version', 'intent', 'member']],
  })
  await createTable(db, 'prompt', {
    columns: {
      room: 'text',
      member: 'text',
      complaint: 'text',
      version: 'int',
      intent: 'text',
      key: 'text',
      expires_at: 'text',
      answer: 'text?',
    },
    primary: ['room', 'member'],
  })
  await createTable(db, 'staged', {
    columns: { complaint: 'text', member: 'text', room: 'text', hash: 'text', at: 'text' },
    primary: ['complaint', 'member', 'room', 'hash'],
  })
}

async function engine(db: Schema): Promise<void> {
  await createTable(db, 'job', {
    columns: {
      queue: 'text',
      key: 'text',
      run_at: 'text',
      wanted: 'int',
      attempts: 'int',
      locked_until: 'text?',
      last_error: 'text?',
    },
    primary: ['queue', 'key'],
  })
  // Claimed jobs are few, waiting ones may be many: each question has its own index.
  await createIndex(db, 'job_due', { on: 'job', columns: ['queue', 'run_at'], where: 'locked_until is null' })
  await createIndex(db, 'job_failing', { on: 'job', columns: ['attempts'], where: 'last_error is not null' })
  await createIndex(db, 'job_lease', { on: 'job', columns: ['locked_until'], where: 'locked_until is not null' })
  await createTable(db, 'tick', { columns: { name: 'text', slot: 'text' }, primary: ['name', 'slot'] })
}
