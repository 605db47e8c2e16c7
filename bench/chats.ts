import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { telegramKind } from '../bots/telegram/index.ts'
import { wecomKind } from '../bots/wecom/index.ts'
import { deliverByHttp } from '../sandbox/deliver.ts'
import { createTelegram, serveTelegram } from '../sandbox/telegram/index.ts'
import { createWechat, serveWechat } from '../sandbox/wechat/index.ts'
import { createWecom, serveWecom } from '../sandbox/wecom/index.ts'
import type { BotKind } from '../src/chat/chat.ts'
import { systemClock } from '../src/core/clock.ts'
import { silent } from '../src/core/logger.ts'
import { createTransport } from '../src/core/transport.ts'
import { build } from '../test/support/build.ts'
import { type Bench, type Gate, percentile, spread } from './measure.ts'
import { type ChatPlace, openFolder, setUp } from './shop.ts'
import { accountFrom, mini, programAt } from './source.ts'

/** A chat server with one group, and somebody who presses there. */
interface Played {
  readonly kind: BotKind
  readonly place: ChatPlace
  /** How many cards with buttons hang in the group. */
  cards(): number
  /** Presses the first card; resolves when the person has an answer. @returns false when it came too late. */
  press(label: string): Promise<boolean>
  close(): Promise<void>
}

const perMinute = 200

/** From a press in Telegram and in WeCom to the first answer, over their own protocols, while complaints arrive at a pace of 200 a minute. */
export const chats: Bench = async ({ quick }) => {
  const seconds = quick ? 3 : 60
  const gates: Gate[] = []
  for (const [name, play, most, goal] of [
    ['Telegram', playTelegram, 1_000, 100],
    ['WeCom', playWecom, 5_000, 100],
  ] as const) {
    const { answered, late, complaints, cards } = await pressed(await play(), seconds)
    const p99 = percentile(
      [...answered].sort((a, b) => a - b),
      0.99,
    )
    console.log(`${name}: press → answer ${spread(answered)}; ${late} too late`)
    console.log(`  meanwhile ${complaints} complaints in ${seconds} s, ${cards} cards in the group at its pace`)
    gates.push({
      name: `${name}: press → answer p99, ms`,
      samples: [late > 0 ? Number.POSITIVE_INFINITY : p99],
      most,
      goal,
    })
  }
  return { gates }
}

async function pressed(played: Played, seconds: number) {
  const { folder, database } = await openFolder()
  let hook = ''
  const program = programAt(() => hook)
  const wechat = createWechat({ clock: systemClock, random: randomBytes, programs: [program], deliver: deliverByHttp })
  const outside = await serveWechat(wechat)
  const built = build({ database, wechat: outside.url, botKind: played.kind })
  const { account } = await setUp(database, accountFrom(mini), played.place)
  const { url } = await built.app.listen()
  hook = `${url}/hooks/${account}`
  const complain = () => wechat.complain({ appid: program.appid, text: '杯子碎了', nickname: '顾客' })
  await complain()
  while (played.cards() === 0) await pause(20)
  const before = played.cards()
  const answered: number[] = []
  let late = 0
  let complaints = 0
  const end = performance.now() + seconds * 1000
  async function arriving() {
    for (; performance.now() < end; complaints++) {
      await complain()
      await pause(60_000 / perMinute)
    }
  }
  async function pressing() {
    for (let turn = 0; performance.now() < end; turn++) {
      const start = performance.now()
      if (await played.press(turn % 2 === 0 ? '认领' : '放回')) answered.push(performance.now() - start)
      else late += 1
      await pause(400)
    }
  }
  await Promise.all([arriving(), pressing()])
  const cards = played.cards() - before
  await built.close()
  await Promise.all([outside.close(), played.close(), database.close()])
  rmSync(folder, { recursive: true, force: true })
  return { answered, late, complaints, cards }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

async function until(done: () => boolean, ms: number): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end; ) {
    if (done()) return true
    await pause(1)
  }
  return false
}

async function playTelegram(): Promise<Played> {
  const token = `42:${'A'.repeat(35)}`
  const telegram = createTelegram({
    clock: systemClock,
    random: randomBytes,
    bots: [{ token, username: 'RedressBot', name: 'Redress' }],
  })
  const served = await serveTelegram(telegram)
  const li = telegram.person({ name: '小李' })
  const there = telegram.group({ title: '投诉处理群', people: [li], bots: ['RedressBot'] })
  const hanging = () => there.messages().filter(({ buttons }) => buttons.flat().length > 0)
  return {
    kind: telegramKind({ clock: systemClock, random: randomBytes, logger: silent, apiRoot: served.url }),
    place: {
      kind: 'telegram',
      secrets: { token },
      identity: { realm: 'telegram', user: String(li.user.id) },
      chat: String(there.chat),
    },
    cards: () => hanging().length,
    async press(label) {
      const [first] = hanging()
      // A claimed card is drawn anew at the chat's pace: what it shows may be older than the press before.
      const press = first && li.press(there, first.id, first.buttons.flat().includes(label) ? label : '详情')
      return press !== undefined && until(() => press.answer !== undefined, 10_000)
    },
    close: () => served.close(),
  }
}

async function playWecom(): Promise<Played> {
  const secrets = { botId: 'aibBench', secret: 'S'.repeat(43) }
  const wecom = createWecom({ clock: systemClock, random: randomBytes, bots: [{ ...secrets, name: 'Redress' }] })
  const served = await serveWecom(wecom)
  const li = wecom.person({ userid: 'LiWenbo', name: '小李' })
  const there = wecom.group({ name: '投诉处理群', people: [li], bots: [secrets.botId] })
  li.say(there, '你好', { to: secrets.botId })
  const transport = createTransport({ clock: systemClock })
  const hanging = () => there.seenBy(li).filter(({ kind }) => kind === 'card')
  return {
    kind: wecomKind({ clock: systemClock, random: randomBytes, logger: silent, transport, url: wecom.wsUrl }),
    place: {
      kind: 'wecom',
      secrets,
      identity: { realm: `wecom:${secrets.botId}`, user: li.userid.toLowerCase() },
      chat: there.chatid,
    },
    cards: () => hanging().length,
    async press(label) {
      const [first] = hanging()
      if (!first) return false
      const press = li.press(there, first, label)
      await until(() => press.state !== 'open', 10_000)
      return press.state === 'updated'
    },
    async close() {
      await served.close()
      await transport.close()
    },
  }
}
