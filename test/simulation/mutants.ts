import {
  type KyselyPlugin,
  type OperationNode,
  type QueryId,
  type QueryResult,
  sql,
  type UnknownRow,
  type UpdateQueryNode,
} from 'kysely'
import { queues } from '../../src/engine/queues.ts'
import type { Deed, Platform } from '../../src/platforms/platform.ts'
import type { Database } from '../../src/storage/open.ts'
import type { Storage, Tx } from '../../src/storage/storage.ts'
import { nothingPlanted } from './run.ts'
import type { WorldOptions } from './world.ts'

/** A mistake as somebody might make it, put in from outside: what stands behind the code under test is replaced, never the code. */
export interface Mistake {
  readonly name: string
  readonly planted: WorldOptions['planted']
  readonly tables?: (database: Database) => Promise<void>
  /** What the judge has to say about it. */
  readonly says: RegExp
}

type RefundDeed = Deed<'refund'>
const deed = (change: (deed: RefundDeed) => RefundDeed): WorldOptions['planted'] => {
  // A life has one, whoever asks for it.
  const changed = new WeakMap<RefundDeed, RefundDeed>()
  const once = (given: RefundDeed): RefundDeed => {
    const known = changed.get(given) ?? change(given)
    changed.set(given, known)
    return known
  }
  const platform = (given: Platform): Platform => ({
    ...given,
    deeds(seat) {
      const { refund, ...others } = given.deeds(seat)
      return refund ? { ...others, refund: once(refund) } : others
    },
  })
  return { ...nothingPlanted, platform }
}

const numberAfter = (given: RefundDeed): RefundDeed => {
  const tries = new Map<string, number>()
  const renamed = <Job extends Parameters<RefundDeed['perform']>[0]>(job: Job): Job => {
    const number = job.refund?.number ?? ''
    const nth = tries.get(number)
    return nth === undefined ? job : { ...job, refund: { number: `${number}-${nth}` } }
  }
  return {
    ...given,
    perform: (job) => given.perform(renamed(job)),
    async look(job) {
      const found = await given.look(renamed(job))
      const number = job.refund?.number ?? ''
      if (found.outcome === 'absent') tries.set(number, 1 + (tries.get(number) ?? 0))
      return found
    },
  }
}

const doneAtOnce = (given: RefundDeed): RefundDeed => ({
  ...given,
  async perform(job) {
    given.perform(job).catch(() => undefined)
    return { outcome: 'done', reference: job.refund?.number ?? '' }
  },
})

const absentIsFinal = (given: RefundDeed): RefundDeed => ({
  ...given,
  async look(job) {
    const found = await given.look(job)
    return found.outcome === 'absent' ? { outcome: 'failed', message: 'not there', again: false } : found
  },
})

const takenIsDone = (given: RefundDeed): RefundDeed => ({
  ...given,
  async perform(job) {
    const acted = await given.perform(job)
    return acted.outcome === 'unknown' ? { outcome: 'done', reference: job.refund?.number ?? '' } : acted
  },
})

/** Every transaction sees the refunds of the ledger as they are told here. */
const seeing = (tell: (row: UnknownRow) => UnknownRow | undefined): KyselyPlugin => {
  const asked = new WeakSet<QueryId>()
  return {
    transformQuery({ node, queryId }) {
      if (node.kind === 'SelectQueryNode') asked.add(queryId)
      return node
    },
    async transformResult({ result, queryId }): Promise<QueryResult<UnknownRow>> {
      const rows = result.rows as UnknownRow[]
      const told = asked.has(queryId) && rows.some((row) => 'ordinal' in row)
      return { ...result, rows: told ? rows.map(tell).filter((row) => row !== undefined) : rows }
    },
  }
}

const through = (storage: Storage, plugin: () => Promise<KyselyPlugin> | KyselyPlugin): Storage => ({
  ...storage,
  async transaction(work) {
    const how = await plugin()
    return storage.transaction((tx) => work({ ...tx, db: tx.db.withPlugin(how) } as Tx))
  },
})

const blind = (storage: Storage) => through(storage, () => seeing((row) => (row.state === 'open' ? undefined : row)))

/** What others have committed since one asked is not seen: as where two complaints of an order lock only themselves. */
const behind = (storage: Storage) =>
  through(storage, async () => {
    const rows = await storage.reads.db.selectFrom('refund').select('action').execute()
    const seen = new Set(rows.map(({ action }) => action))
    return seeing((row) => (seen.has(String(row.action)) ? row : undefined))
  })

const settledOnly = (storage: Storage) =>
  through(storage, () => seeing((row) => (row.state === 'open' ? { ...row, state: 'closed' } : row)))

const withoutIndexes = async (database: Database): Promise<void> => {
  await database.transaction(async ({ db }) => {
    for (const name of ['refund_open', 'refund_ordinal']) await sql`drop index ${sql.id(name)}`.execute(db)
  })
}

/** `where id = … and state in (…)` loses its second half. */
const careless: KyselyPlugin = {
  transformQuery({ node }) {
    return node.kind === 'UpdateQueryNode' && isOurs(node) ? { ...node, ...onlyFirst(node) } : node
  },
  transformResult: async ({ result }) => result,
}
const isOurs = ({ table }: UpdateQueryNode): boolean => {
  const name = JSON.stringify(table)
  return name.includes('"action"') || name.includes('"refund"')
}
function onlyFirst({ where }: UpdateQueryNode): Partial<UpdateQueryNode> {
  const both = where?.where as (OperationNode & { readonly left?: OperationNode }) | undefined
  return where && both?.kind === 'AndNode' && both.left ? { where: { ...where, where: both.left } } : {}
}

/** The ledger cannot see what is on its way, and only the unique indexes stand. */
export const blindButIndexed: WorldOptions['planted'] = { ...nothingPlanted, storage: blind }

export const mistakes: readonly Mistake[] = [
  { name: 'a new number after "not found"', planted: deed(numberAfter), says: /went out, and we say/ },
  { name: 'done marked before the call', planted: deed(doneAtOnce), says: /done, and the platform says/ },
  {
    // On SQLite the writer's turn stands before the index: it must be blind for the index to matter.
    name: 'no partial unique index',
    planted: blindButIndexed,
    tables: withoutIndexes,
    says: /two refunds of an order are on their way/,
  },
  {
    name: 'a lock per complaint instead of per order',
    planted: { ...nothingPlanted, storage: behind },
    tables: withoutIndexes,
    says: /a number counts twice/,
  },
  {
    name: 'a sum without refunds in flight',
    planted: { ...nothingPlanted, storage: settledOnly },
    tables: withoutIndexes,
    says: /more was promised than paid/,
  },
  {
    name: 'the job outside the transaction',
    planted: {
      ...nothingPlanted,
      engine: (engine, storage) => ({
        ...engine,
        async send(tx, queue, key, at) {
          if (queue !== queues.carryOut) return engine.send(tx, queue, key, at)
          tx.afterCommit(() => void storage.transaction((then) => engine.send(then, queue, key, at)))
        },
      }),
    },
    says: /no job will look after it/,
  },
  {
    name: 'a state written without its predecessors',
    planted: { ...nothingPlanted, storage: (storage) => through(storage, () => careless) },
    says: /an action was (done|failed) and is|an end was told twice/,
  },
  { name: '"absent" taken as final at once', planted: deed(absentIsFinal), says: /went out, and we say/ },
]

/** What only a platform with several accounts for one payee, and with answers that are no end, can show. */
export const mistakesAtAlipay: readonly Mistake[] = [
  {
    name: 'the account as payee instead of the merchant',
    planted: {
      ...nothingPlanted,
      platform: (given) => ({ ...given, payee: ({ payer, account }) => (payer ?? account).outsideId }),
    },
    says: /two refunds of an order are on their way|more was promised than paid/,
  },
  { name: 'what was only accepted taken for arrived', planted: deed(takenIsDone), says: /done, and the platform says/ },
]
