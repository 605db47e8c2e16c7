import type { Claim } from '../storage/jobs.ts'
import type { Handled } from './engine.ts'

export type Handler = (key: string, attempt: number) => Promise<Handled>

/** A job that is locked for us; its lease moves on while we hold it. */
export interface Held {
  claim: Claim
}

interface Lane {
  readonly queue: string
  readonly handler: Handler
  readonly places: number
  /** How many jobs are taken ahead: grows while they end faster than they are fetched, so that one transaction serves many. */
  batch: number
  fetched: number
  endedSince: number
  running: number
  readonly waiting: Held[]
}

/** Most jobs of a queue that are taken at once. */
const mostAhead = 256

/** What this process holds of each queue: what waits here, what runs, how much more it can take. */
export interface Lanes {
  add(queue: string, handler: Handler): void
  /** The queues that have a handler. */
  names(): readonly string[]
  withRoom(): readonly string[]
  room(queue: string): number
  give(queue: string, held: readonly Held[]): void
  /** The next job that may start, queue by queue in turn; it counts as running until `ended`. */
  next(): { readonly held: Held; readonly handler: Handler } | undefined
  ended(held: Held): void
  /** Takes out what has not begun. */
  drain(): readonly Held[]
}

export function createLanes(options: {
  readonly places: Readonly<Record<string, number>>
  readonly cap: number
}): Lanes {
  const lanes = new Map<string, Lane>()
  let running = 0
  const room = (lane: Lane) => Math.max(0, lane.batch - lane.waiting.length - lane.running)
  return {
    add(queue, handler) {
      if (lanes.has(queue)) throw new RangeError(`two handlers for the queue '${queue}'`)
      const places = options.places[queue] ?? 4
      lanes.set(queue, { queue, handler, places, batch: places, fetched: 0, endedSince: 0, running: 0, waiting: [] })
    },
    names: () => [...lanes.keys()],
    withRoom: () => [...lanes.values()].filter((lane) => room(lane) > 0).map((lane) => lane.queue),
    room(queue) {
      const lane = lanes.get(queue)
      return lane ? room(lane) : 0
    },
    give(queue, held) {
      const lane = lanes.get(queue)
      if (!lane) return
      lane.waiting.push(...held)
      const fast = held.length >= lane.places && lane.endedSince >= lane.fetched
      lane.batch = fast ? Math.min(mostAhead, lane.batch * 2) : Math.max(lane.places, lane.batch >> 1)
      lane.fetched = held.length
      lane.endedSince = 0
    },
    next() {
      if (running >= options.cap) return undefined
      for (const lane of lanes.values()) {
        if (lane.running >= lane.places) continue
        const held = lane.waiting.shift()
        if (!held) continue
        lane.running += 1
        running += 1
        // To the back of the line: where the cap is small no queue may take it all.
        lanes.delete(lane.queue)
        lanes.set(lane.queue, lane)
        return { held, handler: lane.handler }
      }
      return undefined
    },
    ended(held) {
      running -= 1
      const lane = lanes.get(held.claim.queue)
      if (!lane) return
      lane.running -= 1
      lane.endedSince += 1
    },
    drain: () => [...lanes.values()].flatMap((lane) => lane.waiting.splice(0)),
  }
}
