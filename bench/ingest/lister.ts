import { rmSync } from 'node:fs'
import { silent } from '../../src/core/logger.ts'
import { createTransport } from '../../src/core/transport.ts'
import { instant, later } from '../../src/core/words.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { queues } from '../../src/engine/queues.ts'
import { readList } from '../../src/inbox/listing.ts'
import { registry } from '../../src/platforms/registry.ts'
import { createWechatPay } from '../../src/platforms/wechat-pay/index.ts'
import { findAccount } from '../../src/storage/accounts.ts'
import { insertComplaint } from '../../src/storage/complaints.ts'
import { openFolder, setUp } from '../shop.ts'
import { accountFrom, type Source } from '../source.ts'
import { answer, given } from './asked.ts'

export interface Listing {
  readonly source: Source
  readonly wechat: string
}

export interface Round {
  readonly seconds: number
  /** Microseconds of our processor. */
  readonly cpu: number
  /** What was to be read after it: numbers that were unknown, complaints that were behind. */
  readonly wanted: number
  readonly reread: number
}

const { source, wechat } = given<Listing>()
const { folder, database } = await openFolder()
const { tenant, account: id } = await setUp(database, accountFrom(source))
const account = await findAccount(database.reads, id)
if (!account) throw new Error('no account')
const { clock, random } = database.reads
const transport = createTransport({ clock })
// As fast as it can: what may be asked in a minute is what this is compared with.
const platform = createWechatPay({
  transport,
  clock,
  random,
  logger: silent,
  baseUrl: wechat,
  calls: { list: Number.MAX_SAFE_INTEGER },
})
const sent: string[] = []
// What is sent stays: reading complaints is not part of finding out which.
const engine: Pick<Engine, 'send'> = { send: async (_, queue) => void sent.push(queue) }
const parts = { storage: database, engine: engine as Engine, platforms: registry([platform]), logger: silent }

answer(
  {
    /** The complaint of this number, as the list shows it, or in a state that it has left. */
    know: ({ numbers, code }: { numbers: readonly string[]; code: string }) =>
      database.transaction(async (tx) => {
        for (const number of numbers) await insertComplaint(tx, shop, said(number, code), { version: 1, who: '顾*' })
      }),
    sweep: () => timed(() => readList(parts, `month:${id}`)),
    /** Listing alone. */
    list: () =>
      timed(async () => {
        const now = instant(clock.now())
        for await (const _ of platform.listed?.({ account }, later(now, -29 * 86_400_000), now) ?? []);
      }),
  },
  async () => {
    await database.close()
    await transport.close()
    rmSync(folder, { recursive: true, force: true })
  },
)

const shop = { tenant, account: id, platform: 'wechat-pay' } as const

async function timed(work: () => Promise<void>): Promise<Round> {
  sent.length = 0
  const [began, before] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(before)
  const of = (queue: string) => sent.filter((each) => each === queue).length
  return {
    seconds: (performance.now() - began) / 1000,
    cpu: user + system,
    wanted: of(queues.fetchWanted),
    reread: of(queues.reread),
  }
}

function said(number: string, code: string): Parameters<typeof insertComplaint>[2] {
  const now = instant(clock.now())
  return {
    source: 'wechat-pay',
    number,
    scope: '',
    phase: 'ours',
    code,
    label: '待处理',
    moves: [],
    orders: [`4200002${number.slice(-21)}`],
    text: '收到的商品有破损，联系客服没有回复，要求退款。',
    reason: '商品质量问题',
    person: { name: '顾客', phone: `138${number.slice(-8)}` },
    pictures: [],
    timeline: [],
    openedAt: now,
    asOf: now,
    warnings: [],
  }
}
