import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Capture } from './capture.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The command as it is installed: plain JavaScript, which starts in a third of the time. */
export function buildCommand() {
  const folder = `${root}node_modules/.cache/redress-canaries-${process.pid}`
  execFileSync(`${root}node_modules/.bin/tsc`, ['-p', `${root}test/canaries/tsconfig.json`, '--outDir', folder])
  symlinkSync(`${root}package.json`, `${folder}/package.json`)
  return { file: `${folder}/src/cli.js`, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** What a process is told to do by a file and a signal. */
export type Order =
  /** Written by nobody's logger. */
  | { readonly do: 'say'; readonly words: string }
  /** A mistake in it, by whatever holds these: as a library's errors hold what was sent. */
  | { readonly do: 'crash'; readonly holding: Readonly<Record<string, string>> }

const obeying = (file: string) => `
import { readFileSync } from 'node:fs'
process.on('SIGUSR2', () => {
  const order = JSON.parse(readFileSync(${JSON.stringify(file)}, 'utf8'))
  if (order.do === 'say') {
    process.stdout.write(order.words + '\\n')
    process.stderr.write(order.words + '\\n')
    return
  }
  const error = new Error('a library stumbled', { cause: Object.assign(new Error('inside'), order.holding) })
  throw Object.assign(error, { config: { headers: order.holding }, request: order.holding, response: { body: order.holding } })
})
`

export interface Ran {
  readonly exit: number | null
  readonly out: string
  readonly err: string
}

/** Runs the command; all that it writes is captured, as `kinds` says. */
export function createRunner({ file, folder, capture }: { file: string; folder: string; capture: Capture }) {
  const orders = join(folder, 'orders.json')
  const preload = join(folder, 'obey.mjs')
  writeFileSync(preload, obeying(orders))
  const children = new Set<ChildProcess>()

  function run(env: Readonly<Record<string, string>>, words: readonly string[], kinds: { out: string; err: string }) {
    const child = spawn(process.execPath, ['--import', preload, file, ...words], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', ...env },
    })
    children.add(child)
    const said = { out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.err += text
    })
    const ended = new Promise<Ran>((resolve) => {
      child.on('close', (exit) => {
        children.delete(child)
        capture.add(kinds.out, said.out)
        capture.add(kinds.err, said.err)
        resolve({ exit, ...said })
      })
    })
    return {
      ...{ said, ended },
      order(order: Order) {
        writeFileSync(orders, JSON.stringify(order))
        child.kill('SIGUSR2')
      },
      stop: () => void child.kill('SIGTERM'),
    }
  }

  return {
    run,
    end() {
      for (const child of children) child.kill('SIGKILL')
    },
  }
}

export type Service = ReturnType<ReturnType<typeof createRunner>['run']>
