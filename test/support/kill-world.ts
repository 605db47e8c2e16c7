import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrations } from '../../migrations/index.ts'
import { deliverByHttp } from '../../sandbox/deliver.ts'
import { serve } from '../../sandbox/serve.ts'
import { createWechat, type LedgerEntry, type MiniProgram, type Wechat } from '../../sandbox/wechat/index.ts'
import type { Sandbox } from '../../sandbox/wire.ts'
import { createSealer } from '../../src/core/seal.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { type Database, openFile, openSqlite } from '../../src/storage/open.ts'
import type { Tenant } from '../../src/storage/tenants.ts'
import type { KindName } from './channels.ts'
import { type KillAlipay, killAlipay } from './kill-alipay.ts'
import { type KillChannel, killChannel } from './kill-channels.ts'
import { type KillChat, killChat } from './kill-chat.ts'
import { createLives, type Life } from './kill-child.ts'
import { type Pace, paceFrom, scaledClock } from './kill-clock.ts'
import { type KillPay, killPay } from './kill-pay.ts'
import { publicUrl } from './pay.ts'
import { setUp } from './world.ts'

/** The outside of a service that dies: what is told here is what really happened. */
export interface KillWorld {
  readonly wechat: Wechat
  /** Of the merchant that pays for the mini program. */
  readonly pay: KillPay
  /** Where it was wished for. */
  readonly alipay?: KillAlipay
  readonly chat: KillChat
  /** Where it was wished for. */
  readonly beside?: KillChannel
  readonly program: MiniProgram
  /** The present life. */
  life(): Life
  /** How often it has died, and began anew. */
  deaths(): number
  /** Whoever dies now stays dead until this is called. */
  stayDead(): () => void
  /** What we did to this complaint on the platform. */
  effects(complaint: number): readonly LedgerEntry[]
  /** How often each failpoint was passed, over all lives. */
  hits(): ReadonlyMap<string, number>
  /** What SQLite itself says of the file. */
  integrity(): readonly string[]
  /** Of deliveries to destinations of this kind: their states, the oldest first. */
  deliveries(kind: string): readonly string[]
  close(): Promise<void>
}

export interface KillOptions {
  /** The file that `buildChild` made. */
  readonly child: string
  readonly factor: number
  /** The platform takes a second answer as it took the first: whatever is done twice is seen twice. */
  readonly generous?: boolean
  readonly alipay?: boolean
  /** A way to somebody beside the chat. */
  readonly beside?: KindName
  /** What else an admin did before the first life. */
  readonly prepare?: (storage: Database, tenant: Tenant) => Promise<void>
  /** How often it will die, where that is known. */
  readonly dies?: number
}

export async function killWorld({
  child,
  factor,
  generous = false,
  alipay: wished = false,
  beside: kind,
  prepare,
  dies,
}: KillOptions): Promise<KillWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'redress-kill-'))
  const [file, hits] = [join(folder, 'redress.db'), join(folder, 'hits')]
  writeFileSync(hits, '')
  const pace = paceFrom(factor)
  let [hook, address] = ['', '']
  const program: MiniProgram = {
    name: '小店',
    appid: 'wx0123456789abcdef',
    secret: '0123456789abcdef0123456789abcdef',
    token: 'RedressToken1',
    aesKey: randomBytes(32).toString('base64').slice(0, 43),
    mode: 'safe',
    format: 'json',
    get pushUrl() {
      return hook
    },
  }
  const wechat = createWechat({
    clock: scaledClock(pace),
    random: randomBytes,
    programs: [program],
    deliver: deliverByHttp,
    // Long enough for a new life to begin between two tries.
    rules: { pushWaitMs: 10_000 * factor, pushTries: 60, pushRetryMs: 200 * factor },
  })
  const outside = await serve(generous ? takesAnything(wechat) : wechat, { tickMs: 20 })
  wechat.listensAt(outside.url)
  const pay = await killPay({ pace, where: () => address })
  const alipay = wished ? await killAlipay({ pace, where: () => address }) : undefined
  const beside = kind && (await killChannel(kind, pace))
  const chat = await killChat()
  const { account } = await founded({
    file,
    pace,
    program,
    pay,
    ...(alipay && { alipay }),
    ...(beside && { beside }),
    ...(prepare && { prepare }),
  })

  const lives = createLives(child, dies === undefined ? undefined : dies + 1)
  let deaths = 0
  let closed = false
  let reborn = Promise.resolve()
  let mayLive = Promise.resolve()
  let raise = () => {}
  const begin = async (): Promise<Life> => {
    const places = { wechat: outside.url, pay: pay.url, chat: chat.url, ...(alipay && { alipay: alipay.url }) }
    const more = beside && { channels: beside.places }
    const begun = await lives.begin({ file, hits, pace, publicUrl, ...places, ...more })
    address = begun.url
    hook = `${address}/hooks/${account}`
    void begun.dead.then(() => {
      if (closed) return
      deaths += 1
      reborn = mayLive.then(begin).then((next) => {
        life = next
      })
    })
    return begun
  }
  let life = await begin()

  return {
    wechat,
    pay,
    ...(alipay && { alipay }),
    ...(beside && { beside }),
    chat,
    program,
    life: () => life,
    deaths: () => deaths,
    stayDead() {
      mayLive = new Promise((resolve) => {
        raise = resolve
      })
      return raise
    },
    effects: (complaint) => wechat.ledger().filter((entry) => entry.by === 'merchant' && entry.complaint === complaint),
    hits: () => counted(readFileSync(hits, 'utf8').trim().split('\n')),
    integrity: () => rowsOf(file, 'pragma integrity_check'),
    deliveries: (of) =>
      rowsOf(file, `select state from delivery where destination like '${of}:%' order by created_at, id`),
    async close() {
      closed = true
      raise()
      await reborn
      life.kill()
      lives.end()
      await life.dead
      await chat.close()
      await pay.close()
      await alipay?.close()
      await beside?.close()
      await outside.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Founding {
  readonly file: string
  readonly pace: Pace
  readonly program: MiniProgram
  readonly pay: KillPay
  readonly alipay?: KillAlipay
  readonly beside?: KillChannel
  readonly prepare?: KillOptions['prepare']
}

/** The file as `redress start` and an admin would have made it. */
async function founded({ file, pace, program, pay, alipay, beside, prepare }: Founding) {
  const sealer = createSealer(Buffer.alloc(32, 7), randomBytes)
  const storage = openSqlite({ file, clock: scaledClock(pace), random: randomBytes, sealer })
  await migrate(storage, migrations)
  const made = await setUp(storage, program, { pay: ['小店'] }, '')
  await pay.join(storage, made.tenant)
  await alipay?.join(storage, made.tenant)
  await beside?.join(storage, made.tenant)
  await prepare?.(storage, made.tenant)
  await storage.close()
  return made
}

function takesAnything(wechat: Wechat): Sandbox {
  let seen = 0
  const keepOpen = async () => {
    const news = wechat.ledger().slice(seen)
    seen += news.length
    for (const { by, what, complaint } of news)
      if (by === 'merchant' && complaint !== undefined)
        await wechat.set(complaint, { status: what === 'respond' ? 201 : 106, push: false })
  }
  return {
    handle: (request) => wechat.handle(request).finally(keepOpen),
    advance: (now) => wechat.advance(now).finally(keepOpen),
  }
}

function rowsOf(file: string, query: string): readonly string[] {
  const opened = openFile(file, { readonly: true })
  const rows = opened.prepare(query).all() as readonly Record<string, string>[]
  opened.close()
  return rows.flatMap((row) => Object.values(row))
}

function counted(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}
