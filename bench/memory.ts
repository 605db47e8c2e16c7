import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../src/core/clock.ts'
import { createSealer } from '../src/core/seal.ts'
import { fen, instant } from '../src/core/words.ts'
import { createAccount } from '../src/storage/accounts.ts'
import { insertComplaint } from '../src/storage/complaints.ts'
import { openSqlite } from '../src/storage/open.ts'
import type { Tx } from '../src/storage/storage.ts'
import { createTenant } from '../src/storage/tenants.ts'

const main = fileURLToPath(new URL('../dist/src/main.js', import.meta.url))

/** What the built service holds after a start with nothing, and with many complaints in its database; how fast it is ready. */
export async function memory({ quick }: { readonly quick: boolean }): Promise<undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'redress-bench-'))
  const many = quick ? 1_000 : 100_000
  try {
    console.log(`first start, an empty folder:   ${await started(folder)}`)
    console.log(`started again, nothing in it:   ${await started(folder)}`)
    await fill(folder, many)
    console.log(`with ${many} complaints:        ${await started(folder)}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Starts, lists the open complaints once, stops. */
async function started(folder: string): Promise<string> {
  const begun = performance.now()
  const env = { ...process.env, REDRESS_DATA: folder, REDRESS_LISTEN_PORT: '0', REDRESS_LOG_LEVEL: 'error' }
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const welcome = await new Promise<string>((resolve) => child.stdout.once('data', (text) => resolve(String(text))))
  const ready = performance.now() - begun
  const url = /http:\/\/[\d.:]+/.exec(welcome)?.[0] ?? ''
  const key = readFileSync(join(folder, 'admin.key'), 'utf8').trim()
  await fetch(`${url}/admin/v1/tenants/shop/complaints?limit=20`, { headers: { authorization: `Bearer ${key}` } })
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
  return `${(Number(resident) / 1024).toFixed(0)} MiB resident, ready after ${ready.toFixed(0)} ms`
}

async function fill(folder: string, many: number): Promise<void> {
  const master = Buffer.from(readFileSync(join(folder, 'master.key'), 'utf8'), 'base64')
  const parts = { sealer: createSealer(master, randomBytes), clock: systemClock, random: randomBytes }
  const database = openSqlite({ ...parts, file: join(folder, 'redress.db') })
  const shop = await database.transaction(shopOf)
  for (let done = 0; done < many; done += 500)
    await database.transaction(async (tx) => {
      for (let n = done; n < Math.min(many, done + 500); n++) await complain(tx, shop, n)
    })
  await database.close()
}

async function shopOf(tx: Tx) {
  const about = {
    handle: 'shop',
    name: 'shop',
    zone: 'Asia/Shanghai',
    language: 'zh-CN',
    secondPersonFrom: fen(20_000),
  } as const
  const tenant = await createTenant(tx, about)
  if (!tenant) throw new Error('no tenant')
  const account = await createAccount(tx, {
    tenant: tenant.id,
    platform: 'wechat-mini',
    outsideId: 'wx0123456789abcdef',
    name: 'shop',
    enabled: true,
    settings: { mode: 'safe' },
    secrets: { secret: 's', token: 't', aesKey: 'k' },
  })
  if (!account) throw new Error('no account')
  return { tenant: tenant.id, account: account.id, platform: 'wechat-mini' as const }
}

/** One in fifty is open. */
function complain(tx: Tx, shop: Awaited<ReturnType<typeof shopOf>>, n: number) {
  const now = instant(tx.clock.now())
  const open = n % 50 === 0
  return insertComplaint(
    tx,
    shop,
    {
      source: 'wechat-mini',
      number: String(1_000_000 + n),
      scope: 'wx0123456789abcdef',
      phase: open ? 'platform' : 'closed',
      code: open ? '101' : '205',
      label: open ? '平台客服处理中' : '投诉已完结',
      moves: [],
      orders: [`42000000000000000000${String(n).padStart(8, '0')}`],
      text: '收到的商品有破损，联系客服没有回复，要求退款。',
      reason: '商品问题 · 破损',
      person: { name: '顾客', phone: `138${String(n).padStart(8, '0')}` },
      pictures: [],
      timeline: [],
      openedAt: now,
      asOf: now,
      warnings: [],
    },
    { version: 1, who: '顾*' },
  )
}
