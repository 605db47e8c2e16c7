import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  type PostgresPool,
  PostgresQueryCompiler,
  type QueryResult,
  type SelectQueryBuilder,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Reads } from './storage.ts'

/** As much of a SQLite connection as we use; open.ts makes it. */
export interface SqliteFile {
  prepare(sql: string): SqliteStatement
  exec(sql: string): unknown
  close(): unknown
}

export interface SqliteStatement {
  /** Whether it gives rows. */
  readonly reader: boolean
  all(...values: readonly unknown[]): unknown[]
  run(...values: readonly unknown[]): { readonly changes: number }
}

/** `select … for update` where many may write; SQLite has one writer and no such words. */
export function forUpdate<DB, Table extends keyof DB, Row>(
  handle: Reads,
  query: SelectQueryBuilder<DB, Table, Row>,
): SelectQueryBuilder<DB, Table, Row> {
  return handle.dialect === 'postgres' ? query.forUpdate() : query
}

/** As `forUpdate`, leaving out rows that another process holds. */
export function skipLocked<DB, Table extends keyof DB, Row>(
  handle: Reads,
  query: SelectQueryBuilder<DB, Table, Row>,
): SelectQueryBuilder<DB, Table, Row> {
  return handle.dialect === 'postgres' ? query.forUpdate().skipLocked() : query
}

/**
 * One loan of a connection. From its commit on it refuses: a statement that nobody awaited would otherwise land in somebody else's transaction.
 * It also remembers a failed statement: PostgreSQL turns the commit of such a transaction into a rollback without a word, and we would answer for rows that are not there.
 */
class Loan implements DatabaseConnection {
  readonly connection: DatabaseConnection
  failed = false
  over = false

  constructor(connection: DatabaseConnection) {
    this.connection = connection
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.over) throw new Error('this transaction is over: a statement in it was not awaited')
    try {
      return await this.connection.executeQuery<Row>(storable(query))
    } catch (error) {
      this.failed = true
      throw error
    }
  }

  streamQuery(): never {
    throw new Error('rows are not streamed: it would hold the connection; read page by page, by key')
  }
}

/** PostgreSQL keeps no text with U+0000 in it: a customer who writes one must not keep us from writing the complaint down. The same on SQLite. */
function storable(query: CompiledQuery): CompiledQuery {
  if (!query.parameters.some(holdsNul)) return query
  return { ...query, parameters: query.parameters.map((one) => (holdsNul(one) ? one.replaceAll('\0', '\ufffd') : one)) }
}

const holdsNul = (value: unknown): value is string => typeof value === 'string' && value.includes('\0')

/** Before a commit: nothing more comes in, and nothing in it may have failed. */
function lastWord(loan: DatabaseConnection): DatabaseConnection {
  if (!(loan instanceof Loan)) return loan
  loan.over = true
  if (loan.failed) throw new Error('a statement of this transaction failed: nothing is committed')
  return loan.connection
}

class SqliteConnection implements DatabaseConnection {
  readonly #file: SqliteFile
  readonly #statements = new Map<string, SqliteStatement>()

  constructor(file: SqliteFile) {
    this.#file = file
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const statement = this.#prepared(query.sql)
    if (statement.reader) return { rows: statement.all(...query.parameters) as Row[] }
    return { rows: [], numAffectedRows: BigInt(statement.run(...query.parameters).changes) }
  }

  streamQuery(): never {
    throw new Error('not supported')
  }

  // Preparing costs more than most of our statements; lists of many lengths must not fill the memory.
  #prepared(text: string): SqliteStatement {
    const known = this.#statements.get(text)
    if (known) return known
    if (this.#statements.size >= 500) this.#statements.clear()
    const statement = this.#file.prepare(text)
    this.#statements.set(text, statement)
    return statement
  }
}

/** kysely's own driver begins deferred (a later write may then fail) and hands one connection to whoever asks; ours begins to write, and turns are taken by the caller. */
class SqliteDriver implements Driver {
  readonly #file: SqliteFile
  readonly #connection: SqliteConnection

  constructor(file: SqliteFile) {
    this.#file = file
    this.#connection = new SqliteConnection(file)
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new Loan(this.#connection)
  }

  async beginTransaction(): Promise<void> {
    this.#file.exec('begin immediate')
  }

  async commitTransaction(loan: DatabaseConnection): Promise<void> {
    lastWord(loan)
    this.#file.exec('commit')
  }

  async rollbackTransaction(): Promise<void> {
    // Some failures (a full disk) have rolled back already.
    await this.#connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined)
  }

  async releaseConnection(loan: DatabaseConnection): Promise<void> {
    if (loan instanceof Loan) loan.over = true
  }

  async destroy(): Promise<void> {
    this.#file.close()
  }
}

class PostgresLoans extends PostgresDriver {
  override async acquireConnection(): Promise<DatabaseConnection> {
    return new Loan(await super.acquireConnection())
  }

  override async commitTransaction(loan: DatabaseConnection): Promise<void> {
    await super.commitTransaction(lastWord(loan))
  }

  override async rollbackTransaction(loan: DatabaseConnection): Promise<void> {
    await super.rollbackTransaction(loan instanceof Loan ? loan.connection : loan)
  }

  override async releaseConnection(loan: DatabaseConnection): Promise<void> {
    if (!(loan instanceof Loan)) return
    loan.over = true
    await super.releaseConnection(loan.connection as Parameters<PostgresDriver['releaseConnection']>[0])
  }
}

// SQLite can change its schema in a transaction; kysely does not use it by itself.
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

export const sqliteDialect = (file: SqliteFile): Dialect => ({
  createAdapter: () => new TransactionalSqliteAdapter(),
  createDriver: () => new SqliteDriver(file),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
})

export const postgresDialect = (pool: PostgresPool, first: readonly string[]): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver: () =>
    new PostgresLoans({
      pool,
      async onCreateConnection(connection) {
        for (const statement of first) await connection.executeQuery(CompiledQuery.raw(statement))
      },
    }),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
})
