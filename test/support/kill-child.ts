import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Death, FromChild, Order, ToChild } from './kill-wire.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The service as plain JavaScript. */
export interface Built {
  readonly file: string
  /** The same with a mistake in it. @throws when the source is no longer as the mistake knows it */
  withMistake(name: string, mistake: Mistake): string
  remove(): void
}

/** File below src/ → [what stands there once, what stands there instead]. */
export type Mistake = Readonly<Record<string, readonly (readonly [string, string])[]>>

/** Plain JavaScript starts in a third of the time; a second is enough to make it. */
export function buildChild(): Built {
  const folder = `${root}node_modules/.cache/redress-kill-${process.pid}`
  const folders = [folder]
  const fileIn = (where: string) => `${where}/test/kill/child.js`
  execFileSync(`${root}node_modules/.bin/tsc`, ['-p', `${root}test/kill/tsconfig.json`, '--outDir', folder])
  return {
    file: fileIn(folder),
    withMistake(name, mistake) {
      const copy = `${folder}-${name}`
      folders.push(copy)
      cpSync(folder, copy, { recursive: true })
      for (const [file, changes] of Object.entries(mistake)) change(`${copy}/src/${file}`, changes)
      return fileIn(copy)
    },
    remove: () => {
      for (const one of folders) rmSync(one, { recursive: true, force: true })
    },
  }
}

function change(file: string, changes: Mistake[string]): void {
  let text = readFileSync(file, 'utf8')
  for (const [from, to] of changes) {
    const parts = text.split(from)
    if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${from}`)
    text = parts.join(to)
  }
  writeFileSync(file, text)
}

/** One life of the service. */
export interface Life {
  readonly url: string
  /** Resolves with the signal that ended it. */
  readonly dead: Promise<NodeJS.Signals | null>
  arm(death: Death): Promise<void>
  stop(): void
  kill(): void
}

/** Lives of the service, one at a time; the next one is loaded and waits while this one runs. */
export interface Lives {
  begin(order: Order): Promise<Life>
  end(): void
}

/** @param expected how many there will be, as far as known: no spare one is loaded beyond */
export function createLives(file: string, expected = Number.POSITIVE_INFINITY): Lives {
  let spare: Loaded | undefined = load(file)
  let begun = 0
  return {
    async begin(order) {
      const { child, loaded } = spare ?? load(file)
      begun += 1
      await loaded
      const dead = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)))
      const listening = word(child, 'listening')
      tell(child, { do: 'start', order })
      const { url } = await listening
      spare = begun < expected ? load(file) : undefined
      return {
        url,
        dead,
        async arm(death) {
          const armed = word(child, 'armed')
          tell(child, { do: 'arm', death })
          await armed
        },
        stop: () => tell(child, { do: 'stop' }),
        kill: () => void child.kill('SIGKILL'),
      }
    },
    end: () => void spare?.child.kill('SIGKILL'),
  }
}

type Loaded = ReturnType<typeof load>

function load(file: string) {
  const child = fork(file, process.env.LOUD ? ['--loud'] : [], {
    execArgv: ['--enable-source-maps'],
  })
  const loaded = word(child, 'loaded')
  // A spare one may be ended before its time.
  loaded.catch(() => {})
  return { child, loaded }
}

const tell = (child: ChildProcess, what: ToChild) => void child.send(what)

function word<Is extends FromChild['is']>(child: ChildProcess, is: Is): Promise<Extract<FromChild, { is: Is }>> {
  return new Promise((resolve, reject) => {
    const listen = (said: FromChild) => {
      if (said.is !== is) return
      child.off('message', listen)
      resolve(said as Extract<FromChild, { is: Is }>)
    }
    child.on('message', listen)
    child.once('exit', () => reject(new Error(`it died before it was ${is}`)))
  })
}
