import type { KillWorld } from './kill-world.ts'

/** Worlds that tests share, one test at a time in each. */
export interface KillPool {
  /** A world of its own for a while, with the number of its deaths since; whoever waits longest is next. */
  alone(work: (w: KillWorld, deaths: () => number) => Promise<void>): Promise<void>
  /** How often each failpoint was passed, over all worlds. */
  passed(point: string): number
  close(): Promise<void>
}

export async function killPool(count: number, make: () => Promise<KillWorld>): Promise<KillPool> {
  const all = await Promise.all(Array.from({ length: count }, make))
  const free = [...all]
  const queue: ((w: KillWorld) => void)[] = []
  return {
    async alone(work) {
      const w = free.pop() ?? (await new Promise<KillWorld>((resolve) => queue.push(resolve)))
      const before = w.deaths()
      const give = () => {
        const next = queue.shift()
        if (next) next(w)
        else free.push(w)
      }
      await work(w, () => w.deaths() - before).finally(give)
    },
    passed: (point) => all.reduce((sum, w) => sum + (w.hits().get(point) ?? 0), 0),
    async close() {
      await Promise.all(all.map((w) => w.close()))
    },
  }
}
