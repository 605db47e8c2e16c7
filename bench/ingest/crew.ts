import { execFileSync, fork } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

let compiled = false

/**
 * The other processes run what is shipped, compiled by tsc: tsx gives every function its name back at run time, which costs where functions are made per request.
 * @returns the folder of the compiled files
 */
export function compile(): string {
  const folder = join(root, 'node_modules', '.cache', 'redress-bench')
  if (compiled) return folder
  mkdirSync(folder, { recursive: true })
  // Below node_modules no package.json of ours is in force.
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', join(root, 'bench/tsconfig.json'), '--outDir', folder])
  compiled = true
  return folder
}

/** A process of its own, asked by messages. */
export interface Worker {
  readonly pid: number
  ask<Answer>(what: string, given?: unknown): Promise<Answer>
  /** Resolves when it is gone. */
  dismiss(): Promise<void>
}

export function hire(
  folder: string,
  { name, given, execArgv = [] }: { name: string; given: unknown; execArgv?: readonly string[] },
): Worker {
  const child = fork(join(folder, 'bench/ingest', `${name}.js`), [JSON.stringify(given)], {
    execArgv: [...execArgv],
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const waiting = new Map<number, { done: (answer: unknown) => void; failed: (error: Error) => void }>()
  let count = 0
  child.on('message', ({ nr, answer, error }: { nr: number; answer: unknown; error?: string }) => {
    const asked = waiting.get(nr)
    waiting.delete(nr)
    if (error === undefined) asked?.done(answer)
    else asked?.failed(new Error(`${name}: ${error}`))
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.once('exit', (code) => {
    for (const { failed } of waiting.values()) failed(new Error(`${name} ended with ${code}`))
  })
  return {
    pid: child.pid ?? 0,
    ask: <Answer>(what: string, asked?: unknown) =>
      new Promise<Answer>((done, failed) => {
        const nr = ++count
        waiting.set(nr, { done: (answer) => done(answer as Answer), failed })
        child.send({ nr, what, asked })
      }),
    dismiss() {
      if (child.connected) child.disconnect()
      return gone
    },
  }
}
