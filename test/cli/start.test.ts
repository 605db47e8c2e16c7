import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../config/config.ts'
import { silent } from '../../src/core/logger.ts'
import { startRedress } from '../../src/main.ts'
import { folder } from './support.ts'

function configFor(env: Record<string, string>) {
  const read = readConfig({ files: [], env: { REDRESS_LISTEN_PORT: '0', ...env } })
  if (read.faults) throw new Error(JSON.stringify(read.faults))
  return read.config
}

async function once(env: Record<string, string>) {
  const running = await startRedress(configFor(env), { logger: silent })
  const answer = await fetch(`${running.url}/admin/v1/tenants`, {
    headers: { authorization: `Bearer ${running.adminKey.text}`, connection: 'close' },
  })
  await running.stop()
  return { status: answer.status, key: running.adminKey }
}

test('a first start makes what it needs, readable by its owner alone; the next one finds it', async () => {
  const data = join(folder(), 'deep', 'data')
  const first = await once({ REDRESS_DATA: data })
  expect(first).toMatchObject({ status: 200, key: { made: true } })
  for (const file of ['master.key', 'admin.key']) expect(statSync(join(data, file)).mode & 0o777).toBe(0o600)
  expect(statSync(data).mode & 0o777).toBe(0o700)
  expect(Buffer.from(readFileSync(join(data, 'master.key'), 'utf8'), 'base64')).toHaveLength(32)
  const second = await once({ REDRESS_DATA: data })
  expect(second).toEqual({ status: 200, key: { ...first.key, made: false } })
})

test('a master key that is gone is not replaced in silence', async () => {
  const data = folder()
  await once({ REDRESS_DATA: data })
  rmSync(join(data, 'master.key'))
  await expect(once({ REDRESS_DATA: data })).rejects.toThrow(/master.key is missing/)
  expect(existsSync(join(data, 'master.key'))).toBe(false)
  writeFileSync(join(data, 'master.key'), 'short')
  await expect(once({ REDRESS_DATA: data })).rejects.toThrow(/damaged/)
})

test('a master key from the environment needs no file', async () => {
  const data = folder()
  const env = { REDRESS_DATA: data, REDRESS_MASTER_KEY: Buffer.alloc(32, 1).toString('base64') }
  expect((await once(env)).status).toBe(200)
  expect(existsSync(join(data, 'master.key'))).toBe(false)
})

test('one folder serves one process; a start that fails lets go of it', async () => {
  const data = folder()
  const running = await startRedress(configFor({ REDRESS_DATA: data }), { logger: silent })
  await expect(once({ REDRESS_DATA: data })).rejects.toThrow(/another redress process/)
  await running.stop()
  const blocker = createServer()
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve))
  const { port } = blocker.address() as AddressInfo
  await expect(once({ REDRESS_DATA: data, REDRESS_LISTEN_PORT: String(port) })).rejects.toThrow(/listen\.port/)
  await new Promise((resolve) => blocker.close(resolve))
  expect((await once({ REDRESS_DATA: data })).status).toBe(200)
})

test('a chat page for anybody needs every platform to be played, or to be wanted by name', async () => {
  const local = 'http://127.0.0.1:1'
  const wechat = { REDRESS_WECHAT_BASE_URL: local }
  const pay = { REDRESS_WECHAT_PAY_BASE_URL: local }
  const alipay = { REDRESS_ALIPAY_GATEWAY_URL: `${local}/gateway.do` }
  const refused = async (env: Record<string, string>) => {
    const running = await startRedress(configFor({ REDRESS_DATA: folder(), ...env }), { logger: silent })
    const page = running.parts.botKinds.find(({ kind }) => kind === 'browser')
    try {
      page?.check({ rooms: [{ chat: 'ops', title: 'Ops' }], people: [{ id: 'li', name: 'Li' }] }, {})
      return false
    } catch {
      return true
    } finally {
      await running.stop()
    }
  }
  const all = { ...wechat, ...pay, ...alipay }
  expect(await refused(all)).toBe(false)
  for (const two of [
    { ...wechat, ...pay },
    { ...wechat, ...alipay },
    { ...pay, ...alipay },
  ])
    expect(await refused(two)).toBe(true)
  expect(await refused({ ...all, REDRESS_WECHAT_PAY_BACKUP_URL: 'https://api2.mch.weixin.qq.com' })).toBe(true)
})

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The command as a person runs it: a process of its own, in a folder of its own. */
function command(cwd: string, env: Record<string, string>, ...words: string[]) {
  const loader = fileURLToPath(import.meta.resolve('tsx'))
  const child = spawn(process.execPath, ['--import', loader, join(root, 'src/cli.ts'), ...words], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { out: '', err: '' }
  child.stdout.on('data', (bytes) => {
    said.out += bytes
  })
  child.stderr.on('data', (bytes) => {
    said.err += bytes
  })
  const ended = new Promise<{ exit: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (exit) => resolve({ exit, ...said }))
  })
  return { child, said, ended }
}

test('a service is started, set up and stopped from the command line', { timeout: 60_000 }, async () => {
  const cwd = folder()
  const service = command(cwd, { REDRESS_LISTEN_PORT: '0' }, 'start')
  await expect.poll(() => service.said.out, { timeout: 20_000 }).toContain('redress doctor')
  const [, url = ''] = /serving at: (\S+)/.exec(service.said.out) ?? []
  const key = readFileSync(join(cwd, 'data/admin.key'), 'utf8').trim()
  expect(service.said.out + service.said.err).not.toContain(key)
  const env = { REDRESS_LISTEN_PORT: new URL(url).port }

  const made = await command(cwd, env, 'tenant', 'create', '--handle', 'shop', '--name', '小店').ended
  expect(made).toMatchObject({ exit: 0, err: '' })
  const doctor = await command(cwd, env, 'doctor', '--json').ended
  expect({ exit: doctor.exit, ...JSON.parse(doctor.out) }).toMatchObject({ exit: 0, healthy: true })
  const [offline, elsewhere, wrong] = await Promise.all([
    command(cwd, env, 'doctor', '--offline').ended,
    command(cwd, { REDRESS_URL: url }, 'tenant', 'list').ended,
    command(cwd, { REDRESS_LISTEN_PROT: '1' }, 'tenant', 'list').ended,
  ])
  expect(offline).toMatchObject({ exit: 1, err: expect.stringContaining('another redress process') })
  // The key of this folder is not shown to an address that somebody set.
  expect(elsewhere).toMatchObject({ exit: 78, err: expect.stringContaining('REDRESS_KEY') })
  expect(wrong).toMatchObject({ exit: 78, err: expect.stringContaining('REDRESS_LISTEN_PORT') })

  service.child.kill('SIGTERM')
  expect(await service.ended).toMatchObject({ exit: 0 })
  expect((await command(cwd, env, 'doctor', '--offline').ended).out).toContain('shop')
})
