import { CompiledQuery, type KyselyPlugin } from 'kysely'
import type { Database } from '../../../src/storage/open.ts'
import type { Reads, Tx } from '../../../src/storage/storage.ts'

/** A statement as it was asked, and how SQLite goes about it. */
export interface Heard {
  readonly sql: string
  readonly parameters: readonly unknown[]
  /** `complaints.ts:128`: where storage/ asked it; '' = elsewhere. */
  readonly site: string
}

/** The same handle, with somebody who listens. */
export function listening<Handle extends Reads>(handle: Handle, hear: (heard: Heard) => void): Handle {
  const executor = handle.db.getExecutor()
  const ear: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      const { sql, parameters } = executor.compileQuery(node, queryId)
      hear({ sql, parameters, site: siteOf(stack()) })
      return node
    },
    transformResult: async ({ result }) => result,
  }
  return { ...handle, db: handle.db.withPlugin(ear) }
}

/** A database whose transactions are all part of this one. */
export const within = (tx: Tx): Database => ({
  reads: tx,
  transaction: (work) => work(tx),
  bare: (work) => work(tx.db),
  close: async () => {},
})

/** One line for each step; without statistics they are the same however many rows there are. */
export async function planOf(reads: Reads, { sql, parameters }: Heard): Promise<readonly string[]> {
  const { rows } = await reads.db.executeQuery<{ detail: string }>(
    CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
  )
  return rows.map(({ detail }) => detail)
}

function stack(): string {
  const usual = Error.stackTraceLimit
  Error.stackTraceLimit = 60
  const { stack: text = '' } = new Error('asked')
  Error.stackTraceLimit = usual
  return text
}

const siteOf = (text: string): string => {
  const [, file = '', line = ''] = /\/src\/storage\/([\w-]+\.ts):(\d+):\d+/.exec(text) ?? []
  return file === '' ? '' : `${file}:${line}`
}
