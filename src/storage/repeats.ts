import { type Instant, instant, later } from '../core/words.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import type { RepeatRow } from './tables.ts'

/** A wish that says of itself that it may come twice. */
export interface Wished {
  /** Whose it is, where it goes, what they call it: as one hash. */
  readonly id: string
  /** Hash of what was sent. */
  readonly body: string
  /** The process that does it. */
  readonly runner: string
}

export interface Begun extends Wished {
  /** Something of it is in the database. */
  readonly wrote: boolean
  readonly startedAt: Instant
  /** As it was given. */
  readonly answer?: unknown
}

const kept = 24 * 3_600_000

/** @returns what is known of an earlier one within 24 hours; undefined = this is the first, and is now known. */
export async function beginOnce(tx: Tx, wish: Wished): Promise<Begun | undefined> {
  const now = instant(tx.clock.now())
  await tx.db.deleteFrom('repeat').where('started_at', '<=', later(now, -kept)).execute()
  const values = { ...wish, wrote: 0, answer: null, started_at: now }
  for (;;) {
    const insert = tx.db
      .insertInto('repeat')
      .values(values)
      .onConflict((on) => on.doNothing())
    if (await insert.returning('id').executeTakeFirst()) return undefined
    const row = await tx.db.selectFrom('repeat').selectAll().where('id', '=', wish.id).executeTakeFirst()
    // Gone again: the other one was refused just now, and is forgotten.
    if (row) return begunOf(tx, row)
  }
}

/** In the transaction of its effect. */
export async function onceWrote(tx: Tx, id: string): Promise<void> {
  await tx.db.updateTable('repeat').set({ wrote: 1 }).where('id', '=', id).execute()
}

export async function onceAnswered(tx: Tx, id: string, answer: unknown): Promise<void> {
  // An answer may hold a key that is shown once.
  const sealed = tx.sealer.seal(place(id), JSON.stringify(answer))
  await tx.db.updateTable('repeat').set({ answer: sealed }).where('id', '=', id).execute()
}

/** It had no effect: as if it had never come. */
export async function forgetOnce(tx: Tx, id: string): Promise<void> {
  await tx.db.deleteFrom('repeat').where('id', '=', id).execute()
}

const place = (row: string) => ({ tenant: '', table: 'repeat', row, column: 'answer' })

const begunOf = ({ sealer }: Reads, row: RepeatRow): Begun => ({
  id: row.id,
  body: row.body,
  runner: row.runner,
  wrote: row.wrote === 1,
  startedAt: row.started_at as Instant,
  ...(row.answer === null ? {} : { answer: ours(sealer.open(place(row.id), row.answer)) }),
})
