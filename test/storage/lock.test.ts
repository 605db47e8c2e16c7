import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { lockFolder } from '../../src/storage/lock.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'redress-lock-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** A process of its own that holds the lock until it is killed. */
async function holder(data: string) {
  const source = new URL('../../src/storage/lock.ts', import.meta.url).href
  const script = `const { lockFolder } = await import('${source}'); lockFolder(process.argv[1]); console.log('held'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

test('a folder is locked once, also within one process', () => {
  const data = folder()
  const lock = lockFolder(data)
  expect(() => lockFolder(data)).toThrow(`another redress process uses ${data}`)
  lock.release()
  lockFolder(data).release()
})

test('two folders are two locks', () => {
  const locks = [folder(), folder()].map(lockFolder)
  for (const lock of locks) lock.release()
})

test('another process is refused while one lives, and let in when that one was killed', async () => {
  const data = folder()
  const child = await holder(data)
  expect(() => lockFolder(data)).toThrow('another redress process')
  child.kill('SIGKILL')
  await once(child, 'exit')
  lockFolder(data).release()
})

test('a folder that is not there is told as such', () => {
  expect(() => lockFolder(join(folder(), 'absent'))).toThrow(/directory/)
})
