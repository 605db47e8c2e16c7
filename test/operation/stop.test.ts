import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../config/config.ts'
import { runDemo } from '../../src/cli/demo.ts'
import { silent } from '../../src/core/logger.ts'
import { SetUpError } from '../../src/core/set-up.ts'
import { asId, instant } from '../../src/core/words.ts'
import { queues } from '../../src/engine/queues.ts'
import { startRedress } from '../../src/main.ts'
import { createAccount } from '../../src/storage/accounts.ts'
import { toldPlace } from '../../src/storage/callbacks.ts'
import { openFile } from '../../src/storage/open.ts'

function configOf(more: Record<string, string> = {}) {
  const data = mkdtempSync(join(tmpdir(), 'redress-test-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  const read = readConfig({ files: [], env: { REDRESS_LISTEN_PORT: '0', REDRESS_DATA: data, ...more } })
  if (read.faults) throw new Error(JSON.stringify(read.faults))
  return read.config
}

/** A client that says what it says, and what became of it. */
async function client(url: string, ...words: readonly string[]) {
  const { hostname, port } = new URL(url)
  const socket: Socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  let heard = ''
  socket.on('data', (bytes) => {
    heard += bytes
  })
  socket.on('error', () => {})
  const began = performance.now()
  const ended = new Promise<{ after: number; heard: string }>((resolve) =>
    socket.on('close', () => resolve({ after: (performance.now() - began) / 1000, heard })),
  )
  await new Promise((resolve) => socket.once('connect', resolve))
  for (const word of words) socket.write(word)
  return { socket, ended, heard: () => heard }
}

const unfinished = 'POST /hooks/acc_x HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nhalf'

test('a client that is slow on purpose is cut off: with half a head, with half a body, with one letter a second', {
  timeout: 40_000,
}, async () => {
  const running = await startRedress(configOf(), { logger: silent })
  onTestFinished(() => running.stop())
  const [head, body, drip, silence, long] = await Promise.all([
    client(running.url, 'GET /healthz HTTP/1.1\r\nhost: x\r\n'),
    client(running.url, unfinished),
    client(running.url, 'GET /healthz HTTP/1.1\r\nhost: x\r\nx-a: '),
    client(running.url),
    client(running.url, `GET /healthz HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(20_000)}`),
  ])
  const dripping = setInterval(() => drip.socket.write('a'), 1_000)
  onTestFinished(() => clearInterval(dripping))
  // Meanwhile others are served.
  expect((await fetch(`${running.url}/healthz`)).status).toBe(200)
  expect((await long.ended).heard).toContain('431')
  for (const { ended } of [head, drip, silence]) {
    const { after, heard } = await ended
    expect(after).toBeLessThan(9)
    expect(heard === '' || heard.includes('408')).toBe(true)
  }
  expect((await body.ended).after).toBeLessThan(15)
})

test('a stop takes less than ten seconds, whoever is slow: a client, a call outside, a kept connection', {
  timeout: 60_000,
}, async () => {
  // Takes every question and answers none.
  let asked = 0
  const hanging = createServer(() => {
    asked += 1
  })
  await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => hanging.closeAllConnections())
  onTestFinished(() => void hanging.close())
  const outside = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`
  const config = configOf({ REDRESS_WECHAT_BASE_URL: outside })
  const running = await startRedress(config, { logger: silent })
  const { transport } = running
  const calls = Array.from({ length: 3 }, () =>
    transport.send({ method: 'POST', url: `${outside}/refund`, body: 'x', timeout: 60_000 }).then(
      () => 'answered',
      (error: { trouble?: string }) => error.trouble,
    ),
  )
  // And one that a job makes: it is cut off as if no answer had come, and the job is there at the next start.
  const { storage, engine } = running.parts
  await storage.transaction(async (tx) => {
    const tenant = asId<'tenant'>('ten_1')
    const secrets = { secret: 'x', token: 'x', aesKey: 'x' }
    const rest = { platform: 'wechat-mini', outsideId: 'wx1', name: 'x', enabled: true, settings: {}, secrets } as const
    const account = await createAccount(tx, { tenant, ...rest })
    const told = tx.sealer.seal(toldPlace(tenant, 'clb_1'), '{}')
    const of = { tenant, account: account?.id ?? '', key: 'k', event: 'x', number: '1', state: 'new' } as const
    await tx.db
      .insertInto('callback')
      .values({ id: 'clb_1', ...of, told, received_at: instant(tx.clock.now()), drained_at: null })
      .execute()
    await engine.send(tx, queues.drain, 'clb_1')
  })
  const slow = [
    await client(running.url, unfinished),
    await client(running.url, 'GET /healthz HTTP/1.1\r\nhost: x\r\n'),
  ]
  const idle = await client(running.url, 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n')
  await expect.poll(idle.heard).toContain('200')
  await expect.poll(() => asked).toBe(4)
  const began = performance.now()
  await running.stop()
  expect((performance.now() - began) / 1000).toBeLessThan(9)
  for (const { ended } of [...slow, idle]) await ended
  // Sent, and no answer heard: nobody may take it for not done.
  expect(await Promise.all(calls)).toEqual(['unknown', 'unknown', 'unknown'])
  const left = openFile(join(config.data, 'redress.db'), { readonly: true })
  onTestFinished(() => void left.close())
  expect(left.prepare("select key, locked_until from job where queue = 'drain'").all()).toEqual([
    { key: 'clb_1', locked_until: null },
  ])
  expect(left.prepare('select state from callback').all()).toEqual([{ state: 'new' }])
  await expect(transport.send({ method: 'GET', url: outside })).rejects.toMatchObject({ trouble: 'unreachable' })
})

test('the demo says that its port is taken, and ends', async () => {
  const blocker = createServer()
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void blocker.close())
  const { port } = blocker.address() as AddressInfo
  const failing = runDemo(configOf({ REDRESS_BROWSER_PORT: String(port), REDRESS_LANGUAGE: 'en' }), {})
  await expect(failing).rejects.toThrow(SetUpError)
  await expect(failing).rejects.toThrow(`port ${port} is taken`)
})
