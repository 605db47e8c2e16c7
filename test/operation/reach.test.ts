import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../config/config.ts'
import { silent } from '../../src/core/logger.ts'
import { startRedress } from '../../src/main.ts'
import { apiAt } from '../support/admin-api.ts'

async function service(env: Record<string, string>) {
  const data = mkdtempSync(join(tmpdir(), 'redress-test-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  const { config } = Object.assign(
    { config: undefined },
    readConfig({ files: [], env: { REDRESS_DATA: data, REDRESS_LISTEN_PORT: '0', ...env } }),
  )
  if (!config) throw new Error('not a configuration')
  const running = await startRedress(config, { logger: silent })
  onTestFinished(() => running.stop())
  const api = apiAt(running.url, running.adminKey.text)
  await api('POST', '/tenants', { handle: 'shop', name: '小店' })
  return (path: string, body: object) => api('POST', `/tenants/shop${path}`, { name: 'x', enabled: false, ...body })
}

const token = `42:${'A'.repeat(35)}`
const wecom = { botId: 'bot', secret: 'secret-secret' }
const mail = (host: string, port = 25) => ({
  ...{ kind: 'email', secrets: { password: 'x' } },
  settings: { host, port, protection: 'tls', user: 'a@example.com' },
})
/** Each leads inside: `10.0.0.5` and its kind, at ports of theirs. */
const inside = [
  ['/bots', { kind: 'telegram', secrets: { token }, settings: { proxy: 'http://10.0.0.5:7890' } }, 'settings.proxy'],
  ['/bots', { kind: 'telegram', secrets: { token, proxy: 'http://10.0.0.5:7890' } }, 'secrets.proxy'],
  ['/bots', { kind: 'telegram', secrets: { token }, settings: { apiRoot: 'https://10.0.0.5' } }, 'settings.apiRoot'],
  ['/bots', { kind: 'wecom', secrets: wecom, settings: { url: 'wss://10.0.0.5' } }, 'settings.url'],
  [
    '/bots',
    { kind: 'wecom-webhook', secrets: { key: 'abcdefgh' }, settings: { url: 'https://10.0.0.5' } },
    'settings.url',
  ],
  ['/channels', mail('10.0.0.5'), 'settings.host'],
] as const

test('the service takes no address inside by the API, but for what its own settings name', async () => {
  const strict = await service({})
  const named = await service({ REDRESS_INSIDE_HOSTS: '10.0.0.5' })
  for (const [path, body, field] of inside) {
    const { status, json } = await strict(path, body)
    expect([field, status, json.problems?.[0]]).toEqual([
      ...[field, 422],
      { field, fix: expect.stringContaining('insideHosts') },
    ])
    expect([field, (await named(path, { ...body, name: `${body.kind} ${field}` })).status]).toEqual([field, 201])
  }
  expect((await strict('/channels', mail('smtp.example.com', 6379))).json.problems[0].field).toBe('settings.port')
  // What the configuration itself says may be anywhere.
  const played = 'http://127.0.0.1:9'
  const own = await service({ REDRESS_TELEGRAM_API_ROOT: played, REDRESS_WECOM_WEBHOOK_URL: played })
  expect((await own('/bots', { kind: 'telegram', secrets: { token } })).status).toBe(201)
  expect((await own('/bots', { name: 'y', kind: 'wecom-webhook', secrets: { key: 'abcdefgh' } })).status).toBe(201)
})
