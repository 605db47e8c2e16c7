import { sql } from 'kysely'
import { failpoint } from '../core/failpoint.ts'
import type { Sealed } from '../core/seal.ts'
import { type AccountId, type CallbackId, type Instant, instant, type TenantId } from '../core/words.ts'
import type { Database } from './open.ts'

/** A verified callback, to be written down. */
export interface Receipt {
  readonly id: CallbackId
  readonly tenant: TenantId
  readonly account: AccountId
  /** The same for every repetition of the same message. */
  readonly key: string
  readonly event: string
  /** The complaint that it is about. */
  readonly number: string | undefined
  /** It is about a refund. What is about neither is kept, and nothing is to be done. */
  readonly refund?: boolean
  readonly told: Sealed
}

/** 'busy': too many wait already; nothing was written, the platform will repeat it. */
export type Taken = 'new' | 'duplicate' | 'busy'

export interface Receipts {
  /** Resolves when it is committed, and may be answered; rejects when it could not be written. */
  take(receipt: Receipt): Promise<Taken>
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>
}

export interface ReceiptsOptions {
  readonly database: Database
  /** The queue whose jobs have callback ids as keys. */
  readonly queue: string
  /** Called after a commit that wrote a job. */
  readonly ring: () => void
  /** Most receipts that may wait. */
  readonly limit?: number
}

interface Waiting {
  readonly row: Row
  readonly done: (taken: Taken) => void
  readonly failed: (error: unknown) => void
}

type Row = Omit<Receipt, 'number' | 'refund'> & {
  readonly number: string | null
  readonly state: 'new' | 'ignored'
  readonly at: Instant
}
type Write = (next: () => readonly Row[]) => Promise<ReadonlySet<string>>

/** One batch is committed while the next is on its way. */
const lanes = 2

/** Rows of one transaction: others wait for the writer some 20 ms at most. */
const batchSize = 500

/** Group commit: what arrives in one turn of the event loop shares one transaction, and one wait for the disk. */
export function createReceipts(options: ReceiptsOptions): Receipts {
  const { database, limit = 10_000 } = options
  const { clock } = database.reads
  const write: Write = database.batch
    ? sqliteWrite(database.batch, options.queue)
    : postgresWrite(database, options.queue)
  const underway = new Set<Promise<void>>()
  let waiting: Waiting[] = []
  let scheduled = false

  function schedule(): void {
    if (scheduled || underway.size >= lanes || waiting.length === 0) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      const batch = flush().finally(() => {
        underway.delete(batch)
        schedule()
      })
      underway.add(batch)
    })
  }

  async function flush(): Promise<void> {
    let batch: readonly Waiting[] = []
    // Asked for when the writer's turn has come: what arrived while we waited goes along.
    const next = () => {
      batch = waiting.slice(0, batchSize)
      waiting = waiting.slice(batchSize)
      return batch.map((each) => each.row)
    }
    try {
      const fresh = await write(next)
      failpoint('receipts.committed')
      for (const { row, done } of batch) done(fresh.has(row.id) ? 'new' : 'duplicate')
      if (batch.some(({ row }) => row.state === 'new' && fresh.has(row.id))) options.ring()
    } catch (error) {
      if (batch.length === 0) next()
      for (const { failed } of batch) failed(error)
    }
  }

  return {
    take(receipt) {
      if (waiting.length >= limit) return Promise.resolve('busy')
      const { refund = false, ...kept } = receipt
      const state = kept.number === undefined && !refund ? 'ignored' : 'new'
      const row: Row = { ...kept, number: kept.number ?? null, state, at: instant(clock.now()) }
      return new Promise((done, failed) => {
        waiting.push({ row, done, failed })
        schedule()
      })
    },
    async idle() {
      while (waiting.length > 0 || underway.size > 0) {
        await new Promise<void>((resolve) => setImmediate(resolve))
        await Promise.all(underway)
      }
    },
  }
}

const insertCallback = `
  insert into callback (id, tenant, account, key, event, number, told, state, received_at)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (account, key) do nothing`
const insertJob = 'insert into job (queue, key, run_at, wanted, attempts) values (?, ?, ?, 1, 0)'

function sqliteWrite(batch: NonNullable<Database['batch']>, queue: string): Write {
  return async (next) => {
    let rows: readonly Row[] = []
    const changes = await batch(() => {
      rows = next()
      return {
        first: insertCallback,
        follow: insertJob,
        rows: rows.map(({ id, tenant, account, key, event, number, told, state, at }) => ({
          first: [id, tenant, account, key, event, number, told, state, at],
          ...(state === 'new' && { follow: [queue, id, at] }),
        })),
      }
    })
    return new Set(rows.filter((_, n) => changes[n]).map((row) => row.id))
  }
}

function postgresWrite(database: Database, queue: string): Write {
  return (next) =>
    database.transaction(async (tx) => {
      // In one order everywhere: two processes with the same messages would otherwise wait for each other.
      const rows = [...next()].sort((a, b) => (a.account + a.key < b.account + b.key ? -1 : 1))
      const of = (column: keyof Row) => sql`${rows.map((row) => row[column])}::text[]`
      const written = await sql<{ id: string }>`
        with fresh as (
          insert into callback (id, tenant, account, key, event, number, told, state, received_at)
          select * from unnest(${of('id')}, ${of('tenant')}, ${of('account')}, ${of('key')}, ${of('event')},
            ${of('number')}, ${of('told')}, ${of('state')}, ${of('at')})
          on conflict (account, key) do nothing
          returning id, state, received_at
        ), rung as (
          insert into job (queue, key, run_at, wanted, attempts)
          select ${queue}, id, received_at, 1, 0 from fresh where state = 'new'
        )
        select id from fresh`.execute(tx.db)
      return new Set(written.rows.map((row) => row.id))
    })
}
