/** A fair mutex: one at a time, in the order of the calls. */
export interface Turn {
  /** Waits until all earlier ones are through; a failing one does not hold up the next. */
  take<Result>(work: () => Promise<Result> | Result): Promise<Result>
}

/** SQLite has one writer: transactions and group commits, whatever they are made of, take the same turn. */
export function createTurn(): Turn {
  let last: Promise<unknown> = Promise.resolve()
  return {
    take(work) {
      const mine = last.then(work)
      last = mine.catch(() => undefined)
      return mine
    },
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
