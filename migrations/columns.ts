import { type Kysely, PostgresAdapter, type RawBuilder, sql } from 'kysely'

/** `?` = may be null. Text is compared byte by byte in both databases, so that instants and ids sort alike under any locale. */
export type Column = 'text' | 'text?' | 'int' | 'int?' | 'bytes'

export interface Shape {
  readonly columns: Readonly<Record<string, Column>>
  readonly primary: readonly string[]
  readonly unique?: readonly (readonly string[])[]
  /** Many small rows that are only asked for by their key: SQLite keeps them once, in its order. */
  readonly byKey?: true
}

// biome-ignore lint/suspicious/noExplicitAny: a migration sees the schema as it was, which no type describes.
export type Schema = Kysely<any>

const onPostgres = (db: Schema) => db.getExecutor().adapter instanceof PostgresAdapter

export async function createTable(db: Schema, name: string, shape: Shape): Promise<void> {
  const columns = Object.entries(shape.columns).map(
    ([column, kind]) => sql`${sql.id(column)} ${typeOf(db, kind)} ${kind.endsWith('?') ? sql`` : sql`not null`}`,
  )
  const keys = [
    sql`primary key (${list(shape.primary)})`,
    ...(shape.unique ?? []).map((unique) => sql`unique (${list(unique)})`),
  ]
  const rowid = shape.byKey && !onPostgres(db) ? sql`without rowid` : sql``
  await sql`create table ${sql.table(name)} (${sql.join([...columns, ...keys])}) ${rowid}`.execute(db)
}

function typeOf(db: Schema, kind: Column): RawBuilder<unknown> | undefined {
  const types: Record<string, RawBuilder<unknown>> = onPostgres(db)
    ? { text: sql`text collate "C"`, int: sql`bigint`, bytes: sql`bytea` }
    : { text: sql`text`, int: sql`integer`, bytes: sql`blob` }
  return types[kind.replace('?', '')]
}

/** Rows that are there have nothing in it. */
export async function addColumn(db: Schema, table: string, column: string, kind: 'text?' | 'int?'): Promise<void> {
  await sql`alter table ${sql.table(table)} add column ${sql.id(column)} ${typeOf(db, kind)}`.execute(db)
}

export interface Index {
  readonly on: string
  readonly columns: readonly string[]
  readonly unique?: true
  /** Partial: a condition in SQL that both databases read alike. */
  readonly where?: string
}

export async function createIndex(db: Schema, name: string, index: Index): Promise<void> {
  const unique = index.unique ? sql`unique` : sql``
  const where = index.where ? sql`where ${sql.raw(index.where)}` : sql``
  await sql`create ${unique} index ${sql.id(name)} on ${sql.table(index.on)} (${list(index.columns)}) ${where}`.execute(
    db,
  )
}

/** Of SQLite: what it once counted of its tables, it goes on believing however they grow. */
export async function dropStatistics(db: Schema): Promise<void> {
  if (onPostgres(db)) return
  for (const table of ['sqlite_stat1', 'sqlite_stat4']) await sql`drop table if exists ${sql.table(table)}`.execute(db)
}

const list = (columns: readonly string[]) => sql.join(columns.map((column) => sql.id(column)))
