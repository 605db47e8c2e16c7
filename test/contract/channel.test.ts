import { beforeEach, expect, test } from 'vitest'
import { groupChannel } from '../../src/chat/group.ts'
import { createPace } from '../../src/chat/pace.ts'
import type { Complaint } from '../../src/complaints/complaint.ts'
import type { ManualClock } from '../../src/core/clock.ts'
import { OutsideError } from '../../src/core/errors.ts'
import { silent } from '../../src/core/logger.ts'
import { createMetrics } from '../../src/core/metrics.ts'
import { asId, fen, instant, type TenantId } from '../../src/core/words.ts'
import type { Channel } from '../../src/notify/channel.ts'
import { registry } from '../../src/platforms/registry.ts'
import { createAccount } from '../../src/storage/accounts.ts'
import { createBot } from '../../src/storage/bots.ts'
import { insertComplaint } from '../../src/storage/complaints.ts'
import { insertDeliveries } from '../../src/storage/deliveries.ts'
import { appendFacts } from '../../src/storage/facts.ts'
import type { Database } from '../../src/storage/open.ts'
import { createRoom } from '../../src/storage/rooms.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { testChat } from '../support/chat.ts'
import { type DatabaseKind, onEachDatabase } from '../support/databases.ts'

/** A channel with one place to say things, seen from the place. */
interface Stage {
  readonly channel: Channel
  readonly database: Database
  readonly clock: ManualClock
  /** What was said there, newest last, each holding the complaint's number. */
  said(): readonly string[]
  /** The next so many messages do not get through. */
  fail(times: number): void
}

const group = async (kind: DatabaseKind): Promise<Stage & { readonly tenant: TenantId }> => {
  const { database, clock } = await kind.open()
  const chat = testChat()
  const bot = chat.kind.make({ id: asId('bot_1'), name: 'chat', settings: {}, secrets: {} })
  const tenant = await shop(database, 'shop', 'ops')
  const parts = { storage: database, platforms: registry([]), logger: silent, metrics: createMetrics() }
  return {
    channel: groupChannel({ ...parts, pace: createPace(clock), bot: () => bot }),
    database,
    clock,
    tenant,
    said: () => chat.sent.flatMap(({ what, say }) => (what === 'post' && say.card ? [say.card.title] : [])),
    fail(times) {
      chat.failing = { times, error: new OutsideError('unreachable', 'no way there') }
    },
  }
}

/** A tenant with an account, a bot and a bound group. */
function shop(database: Database, handle: string, chat: string): Promise<TenantId> {
  return database.transaction(async (tx) => {
    const language = 'zh-CN'
    const tenant = await createTenant(tx, {
      handle,
      name: handle,
      zone: 'Asia/Shanghai',
      language,
      secondPersonFrom: fen(1),
    })
    if (!tenant) throw new Error('no tenant')
    const of = { tenant: tenant.id, enabled: true, settings: {}, secrets: {} }
    await createAccount(tx, { ...of, platform: 'wechat-mini', outsideId: `wx-${handle}`, name: handle })
    const bot = await createBot(tx, { ...of, kind: 'browser', name: 'chat' })
    if (!bot) throw new Error('no bot')
    await createRoom(tx, { tenant: tenant.id, bot: bot.id, chat, topic: '', alone: false, title: chat, language })
    return tenant.id
  })
}

/** A complaint comes in: its first fact, and a delivery for each place that the channel names. */
async function complain(
  { channel, database, clock }: Stage,
  tenant: TenantId,
  number: string,
): Promise<readonly string[]> {
  const at = instant(clock.now())
  const { id: account } = await database.reads.db
    .selectFrom('account')
    .select('id')
    .where('tenant', '=', tenant)
    .executeTakeFirstOrThrow()
  const complaint: Complaint = await database.transaction((tx) =>
    insertComplaint(
      tx,
      { tenant, account: asId(account), platform: 'wechat-mini' },
      {
        ...{
          source: 'wechat-mini',
          number,
          scope: 'wx',
          phase: 'ours',
          code: '201',
          label: '待处理',
          moves: [],
          orders: [],
        },
        ...{
          text: number,
          reason: '其他',
          person: {},
          pictures: [],
          timeline: [],
          openedAt: at,
          asOf: at,
          warnings: [],
        },
      },
      { version: 1, who: '—' },
    ),
  )
  const [first] = await database.transaction((tx) => appendFacts(tx, complaint, [{ kind: 'opened' }]))
  const destinations = await channel.destinations(database.reads, { complaint, fact: { kind: 'opened' } })
  if (first) {
    const of = { tenant, complaint: complaint.id, id: first.id, nr: first.nr }
    await database.transaction((tx) => insertDeliveries(tx, of, destinations))
  }
  clock.advance(10)
  return destinations
}

for (const [name, open] of [['group', group]] as const)
  onEachDatabase(`channel ${name}`, (kind) => {
    let stage: Awaited<ReturnType<typeof open>>
    beforeEach(async () => {
      stage = await open(kind)
    })

    test('a fact has its places there, and is said once, however often it is rung for', async () => {
      const [place = ''] = await complain(stage, stage.tenant, 'c1')
      expect(place.startsWith(`${stage.channel.prefix}:`)).toBe(true)
      await stage.channel.deliver(place)
      await stage.channel.deliver(place)
      expect(stage.said()).toHaveLength(1)
      expect(stage.said()[0]).toContain('#1')
    })

    test('what waits is said in the order in which it came up', async () => {
      let place = ''
      for (const number of ['a', 'b', 'c']) [place = ''] = await complain(stage, stage.tenant, number)
      await stage.channel.deliver(place)
      expect(stage.said().map((words) => words.slice(0, 2))).toEqual(['#1', '#2', '#3'])
    })

    test('a place that cannot be reached is asked again later, and then everything is there, in order', async () => {
      let place = ''
      for (const number of ['a', 'b']) [place = ''] = await complain(stage, stage.tenant, number)
      stage.fail(3)
      for (let tries = 0; tries < 6 && stage.said().length < 2; tries++) {
        const handled = await stage.channel.deliver(place)
        if (stage.said().length < 2) expect(handled && handled.again > instant(stage.clock.now())).toBe(true)
        stage.clock.advance(600_000)
      }
      expect(stage.said().map((words) => words.slice(0, 2))).toEqual(['#1', '#2'])
    })

    test('a place that is gone is let go, and holds nothing up', async () => {
      await expect(stage.channel.deliver(`${stage.channel.prefix}:rom_gone`)).resolves.toBeUndefined()
      expect(stage.said()).toEqual([])
    })

    test('one business is never told of another’s', async () => {
      const other = await shop(stage.database, 'other', 'theirs')
      const ours = await complain(stage, stage.tenant, 'ours')
      const theirs = await complain(stage, other, 'theirs')
      expect(theirs.filter((place) => ours.includes(place))).toEqual([])
      for (const place of ours) await stage.channel.deliver(place)
      expect(stage.said()).toHaveLength(1)
    })
  })
