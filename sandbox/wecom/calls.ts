import type { Clock } from '../../src/core/clock.ts'
import type { CallEntry, Json } from './wecom.ts'

export interface Calls {
  add(botId: string, cmd: string, body: Json, errcode: number): void
  entries(): readonly CallEntry[]
}

const most = 10_000
const hidden = ['secret', 'base64', 'base64_data']

export function createCalls(clock: Clock): Calls {
  const entries: CallEntry[] = []
  return {
    add(botId, cmd, body, errcode) {
      entries.push({ at: clock.now(), botId, cmd, body: bare(body) as Json, errcode })
      if (entries.length > most) entries.shift()
    },
    entries: () => [...entries],
  }
}

/** The long and the secret are not kept. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare)
  if (typeof value !== 'object' || value === null) return value
  const plain = (name: string, one: unknown) =>
    hidden.includes(name) ? `(${String(one).length} characters)` : bare(one)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(name, one)]))
}
