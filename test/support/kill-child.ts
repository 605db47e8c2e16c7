import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Death, FromChild, Order, ToChild } from './kill-wire.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Plain JavaScript starts in a third of the time; a second is enough to make it. */
export function buildChild(): { readonly file: string; remove(): void } {
  const folder = `${root}node_modules/.cache/redress-kill-${process.pid}`
  execFileSync(`${root}node_modules/.bin/tsc`, ['-p', `${root}test/kill/tsconfig.json`, '--outDir', folder])
  return { file: `${folder}/test/kill/child.js`, remove: () => rmSync(folder, { recursive: true, force: true }) }
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

export function createLives(file: string): Lives {
  let spare = load(file)
  return {
    async begin(order) {
      const { child, loaded } = spare
      await loaded
      const dead = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)))
      const listening = word(child, 'listening')
      tell(child, { do: 'start', order })
      const { url } = await listening
      spare = load(file)
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
    end: () => void spare.child.kill('SIGKILL'),
  }
}

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
