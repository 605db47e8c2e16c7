import { percentile } from '../measure.ts'
import { freshFor, type Source } from '../source.ts'
import type { Closed, Told } from './client.ts'
import type { Worker } from './crew.ts'
import type { Kind, Ready } from './server.ts'

export interface Crew {
  readonly source: Source
  readonly client: Worker
  readonly servers: Readonly<Record<Kind, Worker>>
  readonly ready: Readonly<Record<Kind, Ready>>
}

export interface Slice extends Told {
  readonly perSecond: number
  /** Processor time of the server for one answer. */
  readonly cpu: number
}

/** One slice of a measured server, the raw server's throughput just before and just after it, and how much of that it was. */
export interface Paired extends Slice {
  readonly raw: number
  readonly ofRaw: number
}

export const connections = 32

export async function slice(crew: Crew, kind: Kind, wish: Pick<Closed, 'ms' | 'which'>): Promise<Slice> {
  const { source, client, servers, ready } = crew
  const { port, account } = ready[kind]
  if (wish.which === 'fresh') await client.ask('make', { account, count: freshFor(source, wish.ms) })
  const before = await servers[kind].ask<number>('cpu')
  const told = await client.ask<Told>('closed', { ...wish, port, connections })
  const after = await servers[kind].ask<number>('cpu')
  if (told.refused > 0 || told.count === 0) throw new Error(`${kind}: ${told.refused} were refused`)
  return { ...told, perSecond: told.count / told.seconds, cpu: (after - before) / told.count }
}

/** The speed of a shared machine halves within minutes: each slice stands between two of the raw server, and counts when these agree; `anyhow` where only the shape is of interest. */
export async function paired(
  crew: Crew,
  { ms, anyhow = false }: { readonly ms: number; readonly anyhow?: boolean },
  plan: readonly (readonly [Kind, Closed['which']])[],
): Promise<readonly (Paired | undefined)[]> {
  const found: (Paired | undefined)[] = []
  let before = await slice(crew, 'raw', { ms, which: 'any' })
  for (const [kind, which] of plan) {
    const measured = await slice(crew, kind, { ms, which })
    const after = await slice(crew, 'raw', { ms, which: 'any' })
    const [slow, fast] = [before.perSecond, after.perSecond].sort((a, b) => a - b) as [number, number]
    const raw = (slow + fast) / 2
    found.push(fast / slow > 1.5 && !anyhow ? undefined : { ...measured, raw, ofRaw: measured.perSecond / raw })
    before = after
  }
  return found
}

export function quartiles(samples: readonly number[]): readonly [low: number, median: number, high: number] {
  const sorted = [...samples].sort((a, b) => a - b)
  return [percentile(sorted, 0.25), percentile(sorted, 0.5), percentile(sorted, 0.75)]
}

export const median = (samples: readonly number[]): number => quartiles(samples)[1]

/** `10.1 (9.6–10.9)` */
export function ratio(samples: readonly number[]): string {
  const [low, middle, high] = quartiles(samples).map((each) => each.toPrecision(3))
  return `${middle} (${low}–${high}, n ${samples.length})`
}
