/** A mutex: one at a time, in the order of the calls. */
export interface Turn {
  /** Waits until all earlier ones are through; a failing one does not hold up the next. */
  take<Result>(work: () => Promise<Result> | Result): Promise<Result>
  /**
   * Ahead of all that wait: somebody outside waits for an answer. Shared with others of its kind, which begin in the order of the calls
   * and see to it themselves that they do not meet; where they come without end, each `take` in between has its turn.
   */
  share<Result>(work: () => Promise<Result> | Result): Promise<Result>
}

/** How many share a turn before one that waits has its own. */
const together = 8

/**
 * SQLite has one writer: transactions and group commits, whatever they are made of, take the same turn.
 * Everything on SQLite happens in one stretch of promises, however many transactions it is: between two of them the event loop has its turn, else nobody is heard while work waits.
 */
export function createTurn(): Turn {
  type Work = () => Promise<void>
  const waiting: Work[] = []
  const sharing: Work[] = []
  let busy = false
  /** While a shared turn has room. */
  let join: ((work: Work) => void) | undefined

  async function run(): Promise<void> {
    if (busy) return
    busy = true
    let shared = false
    while (waiting.length + sharing.length > 0) {
      shared = sharing.length > 0 && !(shared && waiting.length > 0)
      if (shared) await sharedTurn()
      else await waiting.shift()?.()
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    busy = false
  }

  function sharedTurn(): Promise<void> {
    return new Promise((resolve) => {
      let [left, inside] = [together, 0]
      const enter = (work: Work) => {
        left -= 1
        inside += 1
        if (left === 0) join = undefined
        void work().then(() => {
          inside -= 1
          if (inside > 0) return
          join = undefined
          resolve()
        })
      }
      join = enter
      for (const work of sharing.splice(0, together)) enter(work)
    })
  }

  const asked = <Result>(begin: (work: Work) => void, work: () => Promise<Result> | Result) =>
    new Promise<Result>((resolve, reject) => {
      begin(() => Promise.resolve().then(work).then(resolve, reject))
      void run()
    })

  return {
    take: (work) => asked((mine) => waiting.push(mine), work),
    share: (work) => asked((mine) => (join ? join(mine) : sharing.push(mine)), work),
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
