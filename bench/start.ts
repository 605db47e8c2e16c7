import { execFileSync } from 'node:child_process'
import { cpSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fill, prepare } from './api-fill.ts'
import { median } from './ingest/rounds.ts'
import type { Found } from './measure.ts'
import { startService } from './start-service.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** How long the built service takes from its start until it says that all of it works, and how much of the disk an installation takes. */
export async function start({ quick }: { readonly quick: boolean }): Promise<Found> {
  const runs = quick ? 1 : 5
  const many = quick ? 300 : 100_000
  const first = await timed({ runs, quick }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'redress-bench-'))
    return { folder, over: () => rmSync(folder, { recursive: true, force: true }) }
  })
  const folder = mkdtempSync(join(tmpdir(), 'redress-bench-'))
  try {
    const same = async () => ({ folder, over: () => {} })
    await prepare({ folder })
    const again = await timed({ runs, quick }, same)
    await fill({ folder }, many)
    const filled = await timed({ runs, quick }, same)
    console.log(`ready after, an empty folder: ${said(first)}`)
    console.log(`ready after, nothing in the database: ${said(again)}`)
    console.log(`ready after, with ${many} complaints: ${said(filled)}`)
    return {
      gates: [],
      figures: { first: median(first), again: median(again), filled: median(filled), ...sizes(quick) },
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Where {
  readonly folder: string
  over(): void
}

async function timed(
  { runs, quick }: { readonly runs: number; readonly quick: boolean },
  place: () => Promise<Where>,
): Promise<readonly number[]> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const { folder, over } = await place()
    const service = await startService({ folder, quick })
    times.push(Math.round(service.ready))
    await service.stop()
    over()
  }
  return times
}

const said = (times: readonly number[]) =>
  `${median(times)} ms (${Math.min(...times)}–${Math.max(...times)}, n ${times.length})`

/** Bytes, as the files say: not as blocks of a disk. */
function sizes(quick: boolean): Readonly<Record<string, number>> {
  if (quick) return {}
  const built = bytesOf(join(root, 'dist'))
  console.log(`dist: ${mebibytes(built)}`)
  const folder = mkdtempSync(join(tmpdir(), 'redress-bench-'))
  try {
    for (const file of ['package.json', 'package-lock.json']) cpSync(join(root, file), join(folder, file))
    const npm = (...words: readonly string[]) =>
      execFileSync('npm', [...words, '--omit=dev', '--no-audit', '--no-fund'], {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'inherit'],
      })
    const begun = performance.now()
    npm('ci')
    const seconds = ((performance.now() - begun) / 1000).toFixed(0)
    const whole = bytesOf(join(folder, 'node_modules'))
    npm('prune', '--omit=optional')
    const least = bytesOf(join(folder, 'node_modules'))
    console.log(`npm ci --omit=dev: ${mebibytes(whole)} in ${seconds} s; without optional parts ${mebibytes(least)}`)
    return { dist: built, whole, least }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function bytesOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name)
    return sum + (entry.isDirectory() ? bytesOf(path) : lstatSync(path).size)
  }, 0)
}

const mebibytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(1)} MiB`
