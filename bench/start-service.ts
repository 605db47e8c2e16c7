import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const built = fileURLToPath(new URL('../dist/src/cli.js', import.meta.url))
const source = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

/** Nobody listens there: what a service says to the outside gets nowhere. */
const nowhere = 'http://127.0.0.1:9'

/** The built service as a process of its own. */
export interface Service {
  readonly url: string
  /** The installation's first key. */
  readonly key: string
  /** Milliseconds from its start until it said that all of it works. */
  readonly ready: number
  stop(): Promise<void>
}

export interface ServiceOptions {
  readonly folder: string
  /** As it stands in the source: for a look whether a bench runs, where nothing may be built. */
  readonly quick: boolean
  /** Beside ours. */
  readonly env?: Readonly<Record<string, string>>
}

export async function startService({ folder, quick, env = {} }: ServiceOptions): Promise<Service> {
  const program = quick ? ['--import', 'tsx', source] : [built]
  const begun = performance.now()
  const child = spawn(process.execPath, [...program, 'start'], {
    env: {
      ...process.env,
      REDRESS_DATA: folder,
      REDRESS_LISTEN_PORT: '0',
      REDRESS_LOG_LEVEL: 'error',
      REDRESS_WECHAT_BASE_URL: nowhere,
      REDRESS_WECHAT_PAY_BASE_URL: nowhere,
      REDRESS_ALIPAY_GATEWAY_URL: nowhere,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const end = () => child.kill('SIGKILL')
  // Whoever interrupts the bench leaves no service behind.
  process.once('exit', end)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve(void process.off('exit', end))))
  const welcome = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (text) => resolve(String(text)))
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)))
  })
  const url = /http:\/\/[\d.:]+/.exec(welcome)?.[0] ?? ''
  while ((await status(`${url}/readyz`)) !== 200) await new Promise((resolve) => setTimeout(resolve, 5))
  const ready = performance.now() - begun
  return {
    url,
    key: readFileSync(join(folder, 'admin.key'), 'utf8').trim(),
    ready,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

const status = (url: string) =>
  new Promise<number | undefined>((resolve) => {
    get(url, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    }).on('error', () => resolve(undefined))
  })
