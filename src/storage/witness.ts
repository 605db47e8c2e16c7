import type { KyselyPlugin } from 'kysely'
import type { Tx } from './storage.ts'

/** The same transaction, and whether a row was written through it: the database's own word, which no caller can forget to give. */
export function witnessed(tx: Tx): { readonly tx: Tx; wrote(): boolean } {
  let wrote = false
  const writing = new WeakSet<object>()
  const eye: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      if (/^(Insert|Update|Delete|Merge)QueryNode$/.test(node.kind)) writing.add(queryId)
      return node
    },
    async transformResult({ result, queryId }) {
      // What a writing statement returns was written by it; of one in plain SQL only the count is believed.
      if ((result.numAffectedRows ?? 0n) > 0n || (writing.has(queryId) && result.rows.length > 0)) wrote = true
      return result
    },
  }
  return { tx: { ...tx, db: tx.db.withPlugin(eye) }, wrote: () => wrote }
}
