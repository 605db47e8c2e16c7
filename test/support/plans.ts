import { CompiledQuery, type KyselyPlugin } from 'kysely'
import type { Reads } from '../../src/storage/storage.ts'

/** How SQLite, without statistics, goes about each statement of `work`: one line per statement. */
export async function plansOf<Handle extends Reads>(
  handle: Handle,
  work: (handle: Handle) => Promise<unknown>,
): Promise<readonly string[]> {
  const executor = handle.db.getExecutor()
  const asked: CompiledQuery[] = []
  const ear: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      asked.push(executor.compileQuery(node, queryId))
      return node
    },
    transformResult: async ({ result }) => result,
  }
  await work({ ...handle, db: handle.db.withPlugin(ear) })
  const plans: string[] = []
  for (const { sql, parameters } of asked) {
    const { rows } = await handle.db.executeQuery<{ detail: string }>(
      CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
    )
    plans.push(rows.map((row) => row.detail).join(' | '))
  }
  return plans
}
