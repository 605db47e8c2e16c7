import type { Clock } from '../../src/core/clock.ts'

export interface Window {
  readonly ms: number
  readonly most: number
}

export interface Quota {
  /** Takes one if every window has room. */
  take(key: string, windows: readonly Window[]): boolean
}

/** Sliding windows; the real ones may be fixed. */
export function createQuota(clock: Clock): Quota {
  const taken = new Map<string, number[]>()
  return {
    take(key, windows) {
      const now = clock.now()
      const longest = Math.max(...windows.map(({ ms }) => ms))
      const past = (taken.get(key) ?? []).filter((at) => at > now - longest)
      taken.set(key, past)
      if (windows.some(({ ms, most }) => past.filter((at) => at > now - ms).length >= most)) return false
      past.push(now)
      return true
    },
  }
}
