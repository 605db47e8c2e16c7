import Sqlite from 'better-sqlite3'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Clock } from '../core/clock.ts'
import { told } from '../core/errors.ts'
import { type Logger, silent } from '../core/logger.ts'
import type { Sealer } from '../core/seal.ts'
import type { Random } from '../core/words.ts'
import { type Batch, type BatchWriter, createBatchWriter } from './batch-writer.ts'
import { postgresDialect, type SqliteFile, sqliteDialect } from './dialect.ts'
import type { Reads, Storage, Tx } from './storage.ts'
import type { Tables } from './tables.ts'
import { createGate, createTurn } from './turn.ts'

export interface OpenOptions {
  readonly sealer: Sealer
  readonly clock: Clock
  readonly random: Random
  readonly logger?: Logger
}

export interface SqliteOptions extends OpenOptions {
  /** A file: ':memory:' has no second connection to read by. */
  readonly file: string
  /** 'full' = what is answered survives a power cut; 'off' is for tests. */
  readonly synchronous?: 'full' | 'off'
}

export interface PostgresOptions extends OpenOptions {
  readonly url: string
  /** Connections that write; half as many again read. */
  readonly poolSize?: number
}

/** An open database; what goes beyond Storage is for storage/ alone. */
export interface Database extends Storage {
  /** The writer without a transaction, in its turn: for migrations. */
  bare<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result>
  /** SQLite only. One transaction on the writing thread, in the writer's turn, ahead of all that wait; `next` is asked when the turn has come. */
  readonly batch?: (next: () => Batch) => ReturnType<BatchWriter['write']>
  /** SQLite only. The whole database as it is now, into a file that must be there and be empty, while others go on writing. */
  readonly copyTo?: (path: string) => Promise<void>
}

/** Other parts hold a transaction for milliseconds; this long means that something foreign is awaited inside it. */
const tooLong = 5_000

const lockTimeout = 2_000

/** @param options.readonly sees what is committed and can change nothing. */
export function openFile(path: string, options: { readonly readonly?: boolean } = {}): SqliteFile {
  // The wait blocks this thread, and a platform waits five seconds for its answer.
  return new Sqlite(path, { readonly: options.readonly ?? false, timeout: lockTimeout })
}

export function openSqlite(options: SqliteOptions): Database {
  if (options.file === ':memory:')
    throw new RangeError("SQLite needs a file: ':memory:' cannot be read by a second connection")
  const writer = openFile(options.file)
  const synchronous = options.synchronous ?? 'full'
  const pragmas = [
    'journal_mode = wal',
    `synchronous = ${synchronous}`,
    'foreign_keys = on',
    'journal_size_limit = 67108864',
    // 16 MB, four times the default: pages that every batch writes are copied back less often.
    'wal_autocheckpoint = 4000',
  ]
  for (const pragma of pragmas) writer.exec(`pragma ${pragma}`)
  const reader = openFile(options.file, { readonly: true })
  const writes = new Kysely<Tables>({ dialect: sqliteDialect(writer) })
  const reads = new Kysely<Tables>({ dialect: sqliteDialect(reader) })
  const batches = createBatchWriter({ path: options.file, pragmas, timeout: lockTimeout })
  const turn = createTurn()
  const gate = createGate()
  return {
    reads: { ...handles(options), db: reads, dialect: 'sqlite' },
    transaction: (work) =>
      gate.enter(() =>
        turn.take(() => transact({ ...handles(options), db: writes, dialect: 'sqlite' }, options.logger, work)),
      ),
    bare: (work) => gate.enter(() => turn.take(() => work(writes))),
    batch: (next) => gate.enter(() => turn.share(() => batches.write(next()))),
    copyTo: (path) => gate.enter(() => copyFile(options.file, path)),
    close: () =>
      gate.close(async () => {
        await batches.close()
        // No statistics are left behind: those of a small database make the planner read all of a table, for as long as the next process runs.
        // Without any it always takes the same way, which is tested (test/storage/plans.test.ts).
        reader.close()
        writer.close()
      }),
  }
}

async function copyFile(from: string, to: string): Promise<void> {
  const source = new Sqlite(from, { readonly: true, timeout: lockTimeout })
  try {
    // One view of it from the first page to the last: else each write by another connection would begin the copy anew.
    source.exec('begin')
    source.prepare('select count(*) from sqlite_schema').get()
    await source.backup(to, { progress: () => pagesAtOnce })
  } finally {
    source.close()
  }
}

/** 1 MiB, a few milliseconds: then others have their turn. */
const pagesAtOnce = 256

export function openPostgres(options: PostgresOptions): Database {
  const size = options.poolSize ?? 10
  const first = [
    // A transaction that its process has lost must not hold its rows for hours.
    "set idle_in_transaction_session_timeout = '30s'",
    // What is answered survives a power cut, whatever the server's habit is.
    "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'",
  ]
  const writes = new Kysely<Tables>({ dialect: postgresDialect(pool(options, size), first) })
  const reads = new Kysely<Tables>({
    dialect: postgresDialect(pool(options, Math.ceil(size / 2)), [...first, 'set default_transaction_read_only = on']),
  })
  const gate = createGate()
  return {
    reads: { ...handles(options), db: reads, dialect: 'postgres' },
    transaction: (work) =>
      gate.enter(() => transact({ ...handles(options), db: writes, dialect: 'postgres' }, options.logger, work)),
    bare: (work) => gate.enter(() => onePlainConnection(options, work)),
    close: () =>
      gate.close(async () => {
        await reads.destroy()
        await writes.destroy()
      }),
  }
}

// The migrator goes on with its connection after its transaction, which a loan refuses.
async function onePlainConnection<Result>(
  options: PostgresOptions,
  work: (db: Kysely<Tables>) => Promise<Result>,
): Promise<Result> {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool(options, 1) }) })
  try {
    return await work(db)
  } finally {
    await db.destroy()
  }
}

function pool(options: PostgresOptions, max: number): pg.Pool {
  // int8 and numeric come as text by default; our amounts and counts stay below 2^53.
  const types = new pg.TypeOverrides()
  types.setTypeParser(pg.types.builtins.INT8, Number)
  types.setTypeParser(pg.types.builtins.NUMERIC, Number)
  const made = new pg.Pool({
    connectionString: options.url,
    max,
    types,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
  })
  // An idle connection that breaks is replaced; unheard, this event would end the process.
  made.on('error', (error) => options.logger?.warn({ error: told(error) }, 'an idle database connection broke'))
  return made
}

/**
 * PostgreSQL's counterpart of the locked folder, for as long as one process runs everything: a session's lock, freed when its connection ends.
 * @throws Error when another process holds it.
 */
export async function holdPostgres(url: string): Promise<{ release(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url, keepAlive: true })
  // A broken connection is not the end: whoever takes the lock over meets the same unique keys.
  client.on('error', () => {})
  await client.connect()
  const { rows } = await client.query<{ held: boolean }>("select pg_try_advisory_lock(hashtext('redress')) as held")
  if (rows[0]?.held) return { release: () => client.end() }
  await client.end()
  throw new Error('another redress process uses this database. Stop it first: for now one process serves a database.')
}

const handles = ({ sealer, clock, random }: OpenOptions) => ({ sealer, clock, random })

async function transact<Result>(
  writer: Reads,
  logger: Logger = silent,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  const then: (() => void)[] = []
  const result = await writer.db.transaction().execute(async (db) => {
    const cancel = writer.clock.after(tooLong, () =>
      logger.warn({ ms: tooLong }, 'a transaction is still open: something foreign is awaited inside it'),
    )
    try {
      return await work({ ...writer, db, afterCommit: (run: () => void) => then.push(run) } as unknown as Tx)
    } finally {
      cancel()
    }
  })
  for (const run of then) attempt(run, logger)
  return result
}

/** It is committed: whatever fails from here on cannot take it back. */
function attempt(run: () => void, logger: Logger): void {
  try {
    run()
  } catch (error) {
    logger.error({ error: told(error) }, 'a step after a commit failed')
  }
}
