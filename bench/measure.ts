import { createVerify, generateKeyPairSync, sign } from 'node:crypto'
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Bench = (options: { readonly quick: boolean }) => Promise<Found | undefined>

export interface Found {
  readonly gates: readonly Gate[]
  readonly figures?: Readonly<Record<string, number>>
}

/** A bound that the median must keep, and what we would like it to be. */
export interface Gate {
  readonly name: string
  readonly samples: readonly number[]
  readonly least?: number
  readonly most?: number
  readonly goal: number
}

export interface Machine {
  readonly node: string
  readonly verifies: number
  readonly syncs: number
}

export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

/** `p50 12.3 · p99 45.6 ms (n 300)` */
export function spread(samples: readonly number[]): string {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share: number) => percentile(sorted, share).toFixed(1)
  return `p50 ${at(0.5)} · p90 ${at(0.9)} · p99 ${at(0.99)} · max ${at(1)} ms (n ${sorted.length})`
}

/** What this machine does at this moment, so that figures of two machines can be compared as ratios. */
export function calibrate(): Machine {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const signature = sign('sha256', Buffer.from('redress'), privateKey)
  const verifies = perSecond(300, () => void createVerify('sha256').update('redress').verify(publicKey, signature))
  const folder = mkdtempSync(join(tmpdir(), 'redress-bench-'))
  const file = openSync(join(folder, 'x'), 'w')
  const syncs = perSecond(500, () => {
    writeSync(file, 'x')
    fsyncSync(file)
  })
  closeSync(file)
  rmSync(folder, { recursive: true })
  console.log(
    `machine: node ${process.version}, ${verifies.toFixed(0)} RSA-2048 verifies/s, ${syncs.toFixed(0)} fsyncs/s`,
  )
  return { node: process.version, verifies: Math.round(verifies), syncs: Math.round(syncs) }
}

function perSecond(ms: number, work: () => void): number {
  const start = performance.now()
  let count = 0
  while (performance.now() - start < ms) {
    work()
    count += 1
  }
  return (count / (performance.now() - start)) * 1000
}
