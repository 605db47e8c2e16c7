/** A mutex: one at a time, in the order of the calls. */
export interface Turn {
  /** Waits until all earlier ones are through; a failing one does not hold up the next. */
  take<Result>(work: () => Promise<Result> | Result): Promise<Result>
  /** Ahead of all that wait: somebody outside waits for an answer. Must not be called without end. */
  takeFirst<Result>(work: () => Promise<Result> | Result): Promise<Result>
}

/**
 * SQLite has one writer: transactions and group commits, whatever they are made of, take the same turn.
 * Everything on SQLite happens in one stretch of promises, however many transactions it is: between two of them the event loop has its turn, else nobody is heard while work waits.
 */
export function createTurn(): Turn {
  const waiting: (() => Promise<void>)[] = []
  const hurried: (() => Promise<void>)[] = []
  let busy = false

  async function run(): Promise<void> {
    if (busy) return
    busy = true
    for (let next = hurried.shift() ?? waiting.shift(); next; next = hurried.shift() ?? waiting.shift()) {
      await next()
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    busy = false
  }

  const enter = <Result>(queue: (() => Promise<void>)[], work: () => Promise<Result> | Result) =>
    new Promise<Result>((resolve, reject) => {
      queue.push(() => Promise.resolve().then(work).then(resolve, reject))
      void run()
    })

  return {
    take: (work) => enter(waiting, work),
    takeFirst: (work) => enter(hurried, work),
  }
}

export interface Gate {
  enter<Result>(work: () => Promise<Result>): Promise<Result>
  close(work: () => Promise<void>): Promise<void>
}

/** Lets work in until closed, and closes when all that came in is out. */
export function createGate(): Gate {
  const inside = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined
  return {
    enter<Result>(work: () => Promise<Result>): Promise<Result> {
      if (closing) return Promise.reject(new Error('the database is closed'))
      const mine = work()
      inside.add(mine)
      const out = () => inside.delete(mine)
      mine.then(out, out)
      return mine
    },
    close(work: () => Promise<void>): Promise<void> {
      closing ??= Promise.allSettled(inside).then(work)
      return closing
    },
  }
}
