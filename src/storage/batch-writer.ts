// The compiler finds it nowhere else, and has to bring it along.
/// <reference path="./batch-writer.worker.mjs" />
import { Worker } from 'node:worker_threads'
import { failpoint } from '../core/failpoint.ts'

type Value = string | number | null

/** Rows of one transaction. `follow` is run for those rows of `first` that changed something, and have values for it. */
export interface Batch {
  readonly first: string
  readonly follow: string
  readonly rows: readonly { readonly first: readonly Value[]; readonly follow?: readonly Value[] }[]
}

export interface BatchWriter {
  /**
   * The caller has the writer's turn. A second may be sent while the first is written: the thread goes on without waiting for us.
   * @returns for each row how many `first` changed, once it is committed
   */
  write(batch: Batch): Promise<readonly number[]>
  close(): Promise<void>
}

interface WriterOptions {
  readonly path: string
  readonly pragmas: readonly string[]
  /** Milliseconds to wait for a writer of another process. */
  readonly timeout: number
}

interface Asked {
  readonly done: (changes: readonly number[]) => void
  readonly failed: (error: Error) => void
}

type Told = { readonly changes: readonly number[] } | { readonly error: string }

/**
 * Commits on a thread of its own: writing and waiting for the disk is a third of what a callback costs, and meanwhile the next ones are verified.
 * The thread starts with the first batch, does not keep the process alive while it has nothing to do, and is started again when it broke.
 */
export function createBatchWriter(options: WriterOptions): BatchWriter {
  let thread: Worker | undefined
  /** In the order in which they were sent, which is that of the answers. */
  let asked: Asked[] = []

  function start(): Worker {
    const made = new Worker(new URL('./batch-writer.worker.mjs', import.meta.url), { workerData: options })
    made.on('message', (told: Told) => {
      const first = asked.shift()
      if (asked.length === 0) made.unref()
      if ('error' in told) first?.failed(new Error(told.error))
      else first?.done(told.changes)
    })
    const broke = (error: Error) => {
      if (thread !== made) return
      thread = undefined
      const lost = asked
      asked = []
      for (const { failed } of lost) failed(error)
    }
    made.on('error', broke)
    made.on('exit', () => broke(new Error('the writing thread ended')))
    return made
  }

  return {
    write: (batch) =>
      new Promise((done, failed) => {
        thread ??= start()
        asked.push({ done, failed })
        thread.ref()
        thread.postMessage(JSON.stringify(batch))
        failpoint('batch.sent')
      }),
    async close() {
      const ending = thread
      if (!ending) return
      const gone = new Promise((resolve) => ending.once('exit', resolve))
      ending.ref()
      ending.postMessage('close')
      await gone
    },
  }
}
