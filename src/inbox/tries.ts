import type { Clock } from '../core/clock.ts'

/** Many names are no way to fill the memory: whoever tried longest ago is forgotten, which only lets it try again. */
const remembered = 10_000

/**
 * How often something may be tried under a name: so many at once, and one more whenever `every` milliseconds have passed. Kept in memory.
 * @returns a question that uses a try up; false when there is none left.
 */
export function createTries(clock: Pick<Clock, 'now'>, { burst, every }: { burst: number; every: number }) {
  const names = new Map<string, { readonly left: number; readonly at: number }>()
  return (name: string): boolean => {
    const now = clock.now()
    const known = names.get(name)
    const since = known ? Math.max(0, now - known.at) : 0
    const left = Math.min(burst, (known?.left ?? burst) + since / every)
    names.delete(name)
    names.set(name, { left: left >= 1 ? left - 1 : left, at: now })
    const [oldest] = names.keys()
    if (oldest !== undefined && names.size > remembered) names.delete(oldest)
    return left >= 1
  }
}
