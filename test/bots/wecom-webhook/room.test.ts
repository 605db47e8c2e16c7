import { expect, test } from 'vitest'
import { canvas, png } from '../../../sandbox/png.ts'
import { groupChannel } from '../../../src/chat/group.ts'
import { createPace } from '../../../src/chat/pace.ts'
import { silent } from '../../../src/core/logger.ts'
import { createBot } from '../../../src/storage/bots.ts'
import { createRoom } from '../../../src/storage/rooms.ts'
import { group as handling, people, world as redress } from '../../support/world.ts'
import { world } from './world.ts'

/** A Redress with the group in which people act, and a second one that is only told. */
async function there() {
  const w = await redress()
  const wecom = await world({ clock: w.clock })
  const { storage, platforms, metrics, tenant } = w
  const room = await storage.transaction(async (tx) => {
    const bot = await createBot(tx, {
      ...{ tenant: tenant.id, kind: 'wecom-webhook', name: '通知', enabled: true, settings: {} },
      secrets: { key: wecom.key },
    })
    if (!bot) throw new Error('no bot')
    const spot = { chat: 'group', topic: '', alone: false, title: '投诉通知群' }
    return createRoom(tx, { tenant: tenant.id, bot: bot.id, language: 'zh-CN', ...spot })
  })
  const pace = createPace(w.clock)
  const channel = groupChannel({ storage, platforms, metrics, pace, logger: silent, bot: () => wecom.bot })
  return {
    ...{ w, wecom },
    /** A minute goes by, and what waits for the room is told. */
    async told() {
      const before = wecom.seen().length
      for (let turn = 0; turn < 12; turn++) {
        await w.pass(5_000, 5_000)
        await channel.deliver(`room:${room?.id}`)
      }
      return wecom.group.seenBy(wecom.li).slice(before)
    },
  }
}

test('a complaint is told once, then what happens to it line by line, and where to act', async () => {
  const { w, told } = await there()
  await w.complain({ text: '没有收到货', photos: [png(canvas(4, 4, [0, 90, 0]))] })
  const [card, picture, ...none] = await told()
  expect([card?.kind, picture?.kind, none]).toEqual(['markdown', 'image', []])
  expect(card?.text).toMatch(/^🔵 #1 小店 · [\s\S]*没有收到货[\s\S]*发送 \/show 1$/)
  await w.chat.say(people.li, handling, '/agree 1 已为你处理，抱歉')
  const after = await told()
  expect(after.length).toBeGreaterThan(0)
  expect(after.every(({ kind, text }) => kind === 'markdown' && text.startsWith('#1 '))).toBe(true)
  expect(await told()).toEqual([])
})

test('a storm is told without once being refused', async () => {
  const { w, wecom, told } = await there()
  for (let n = 0; n < 30; n++) await w.complain({ text: `没有收到货 ${n}` })
  while ((await told()).length > 0);
  expect(wecom.wecom.calls().length).toBeGreaterThanOrEqual(30)
  expect(wecom.wecom.calls().filter(({ errcode }) => errcode !== 0)).toEqual([])
})
