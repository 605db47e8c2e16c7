import { type Kysely, type Migration, Migrator } from 'kysely'
import type { Database } from './open.ts'
import type { Tables } from './tables.ts'

/**
 * Brings the database to what this program knows; all of it or nothing.
 * @returns the names of the migrations that were run.
 * @throws Error when the database is newer than this program.
 */
export function migrate(database: Database, migrations: Record<string, Migration>): Promise<readonly string[]> {
  return database.bare(async (db) => {
    const newer = (await applied(db)).filter((name) => !(name in migrations))
    if (newer.length > 0)
      throw new Error(
        `the database is newer than this program: it has ${newer.join(', ')}. Start the newer version, or restore the backup made before it.`,
      )
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
    const { error, results } = await migrator.migrateToLatest()
    if (error) throw error
    return (results ?? []).map((result) => result.migrationName)
  })
}

/** The migrations that a database still lacks, without touching it. */
export async function lacking(database: Database, migrations: Record<string, Migration>): Promise<readonly string[]> {
  const has = await applied(database.reads.db)
  return Object.keys(migrations)
    .sort()
    .filter((name) => !has.includes(name))
}

async function applied(db: Kysely<Tables>): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some((table) => table.name === 'kysely_migration')) return []
  const rows = await (db as unknown as Kysely<{ kysely_migration: { name: string } }>)
    .selectFrom('kysely_migration')
    .select('name')
    .orderBy('name')
    .execute()
  return rows.map((row) => row.name)
}
