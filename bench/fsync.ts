import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Told } from './ingest/client.ts'
import { dismissAll, hireAll } from './ingest.ts'
import type { Bench } from './measure.ts'

/** What the system saw: between reading a push and writing its answer the log of the database was synced. With `synchronous = off` as the proof that the look can fail. */
export const fsync: Bench = async ({ quick }) => {
  if (!(await hasStrace())) {
    console.log('skipped: strace is not here (apt-get install strace)')
    return undefined
  }
  const pushes = quick ? 20 : 100
  const full = await between('full', pushes)
  const off = await between('off', pushes)
  console.log(`synchronous = full: an fsync between read and answer for ${full.synced} of ${full.answered} callbacks`)
  console.log(`synchronous = off:  ${off.synced} of ${off.answered}`)
  if (full.answered !== pushes || off.answered !== pushes) throw new Error('not every callback was seen')
  return {
    gates: [{ name: 'callbacks synced before the answer, share', samples: [full.synced / pushes], least: 1, goal: 1 }],
    figures: { seen: full.answered, syncedWhenOff: off.synced },
  }
}

async function between(synchronous: 'full' | 'off', pushes: number) {
  const folder = mkdtempSync(join(tmpdir(), 'redress-strace-'))
  const trace = join(folder, 'trace')
  // What is written down is not worked on, so that no other commit is taken for that of the callback.
  const crew = await hireAll(['held'], { synchronous })
  try {
    const { port, account } = crew.ready.held
    await crew.client.ask('make', { account, count: pushes })
    const calls = 'trace=read,fsync,fdatasync,write,writev'
    const pid = String(crew.servers.held.pid)
    const strace = spawn('strace', ['-f', '-y', '-s', '24', '-e', calls, '-o', trace, '-p', pid], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const gone = new Promise((resolve) => strace.once('exit', resolve))
    await new Promise((resolve) => strace.stderr.once('data', resolve))
    await crew.client.ask<Told>('closed', { port, ms: 60_000, connections: 1, which: 'fresh' })
    strace.kill('SIGINT')
    await gone
    return counted(readFileSync(trace, 'utf8'))
  } finally {
    await dismissAll(crew)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Lines such as `812 read(23<socket:[7]>, "POST /hooks/acc_"..., 65536) = 1187`, `812 fsync(19</tmp/x/redress.db-wal>) = 0`. */
function counted(trace: string): { readonly answered: number; readonly synced: number } {
  const open = new Map<string, boolean>()
  let [answered, synced] = [0, 0]
  for (const line of trace.split('\n')) {
    const [, call = '', file = ''] = /^\d+\s+(\w+)\((\d+)/.exec(line) ?? []
    if (call === 'read' && line.includes('"POST /hooks/')) open.set(file, false)
    else if (/^f(data)?sync$/.test(call) && line.includes('redress.db-wal'))
      for (const each of open.keys()) open.set(each, true)
    else if (call.startsWith('write') && line.includes('"HTTP/1.1 200') && open.has(file)) {
      answered += 1
      if (open.get(file)) synced += 1
      open.delete(file)
    }
  }
  return { answered, synced }
}

function hasStrace(): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = spawn('strace', ['-V'], { stdio: 'ignore' })
    asked.once('error', () => resolve(false))
    asked.once('exit', (code) => resolve(code === 0))
  })
}
