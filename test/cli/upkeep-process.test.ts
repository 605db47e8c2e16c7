import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../config/config.ts'
import { silent } from '../../src/core/logger.ts'
import { startRedress } from '../../src/main.ts'
import { folder, type Outcome, redress } from './support.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const loader = fileURLToPath(import.meta.resolve('tsx'))

/** As a person types it: a process of its own, on this data. */
const typed = (data: string, ...words: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH ?? '', REDRESS_DATA: data }
    const child = execFile(
      process.execPath,
      ['--import', loader, join(root, 'src/cli.ts'), ...words],
      { cwd: data, env },
      (_, out, err) => resolve({ exit: child.exitCode ?? -1, out, err }),
    )
  })

/** The service on this data, in this process. */
async function serving(data: string) {
  const read = readConfig({ files: [], env: { REDRESS_LISTEN_PORT: '0', REDRESS_DATA: data } })
  if (read.faults) throw new Error(JSON.stringify(read.faults))
  const running = await startRedress(read.config, { logger: silent })
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= running.stop()
    return stopped
  }
  onTestFinished(stop)
  const given = { url: running.url, key: running.adminKey.text ?? '' }
  return {
    stop,
    json: async (...words: string[]) => JSON.parse((await redress(given, ...words, '--json')).out),
  }
}

const tenant = (handle: string) => ['tenant', 'create', '--handle', handle, '--name', handle]
const handles = (rows: readonly { readonly handle: string }[]) => rows.map(({ handle }) => handle)

test('a backup, another master key, new keys and the way back, each as it is typed; none of it while the service runs', {
  timeout: 150_000,
}, async () => {
  const data = folder()
  const first = await serving(data)
  await first.json(...tenant('before'))
  await first.json('backup', '--keep', '3')
  expect((await first.json('backup', '--keep', '1')).bytes).toBeGreaterThan(0)
  expect(readdirSync(join(data, 'backups')).filter((name) => name.endsWith('.db'))).toHaveLength(1)
  await first.json(...tenant('after'))
  const key = () => readFileSync(join(data, 'master.key'), 'utf8')
  const old = key()
  const [held, fresh] = await Promise.all([typed(data, 'rotate-master'), typed(folder(), 'migrate')])
  expect([held.exit, held.err]).toEqual([1, expect.stringContaining('another redress process')])
  expect(key()).toBe(old)
  expect([fresh.exit, fresh.out]).toEqual([0, expect.stringMatching(/^done: 0001/)])
  await first.stop()

  const rotated = await typed(data, 'rotate-master', '--json')
  expect([rotated.exit, rotated.err, JSON.parse(rotated.out)]).toEqual([
    0,
    '',
    { keys: expect.any(Number), old: expect.any(String) },
  ])
  expect(key()).not.toBe(old)
  const resealed = await typed(data, 'reseal', '--json')
  expect([resealed.exit, resealed.err, JSON.parse(resealed.out)]).toMatchObject([
    0,
    '',
    { dropped: expect.any(Number) },
  ])
  const second = await serving(data)
  expect(handles(await second.json('tenant', 'list')).toSorted()).toEqual(['after', 'before'])
  const newer = (await second.json('backup')).file
  await second.json(...tenant('late'))
  await second.stop()

  const restored = await typed(data, 'restore', newer, '--json')
  expect([restored.exit, JSON.parse(restored.out)]).toEqual([0, { kept: expect.stringContaining('redress.db.before') }])
  const third = await serving(data)
  expect(handles(await third.json('tenant', 'list')).toSorted()).toEqual(['after', 'before'])
})
