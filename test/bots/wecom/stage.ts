import { randomBytes } from 'node:crypto'
import { wecomKind } from '../../../bots/wecom/index.ts'
import {
  createWecom,
  type Group,
  type Person,
  type Rules,
  type Shown,
  serveWecom,
  type Wecom,
} from '../../../sandbox/wecom/index.ts'
import type { Answer, Bot, Heard } from '../../../src/chat/chat.ts'
import { type Clock, systemClock } from '../../../src/core/clock.ts'
import { type Logger, silent } from '../../../src/core/logger.ts'
import { createTransport } from '../../../src/core/transport.ts'
import { asId } from '../../../src/core/words.ts'

export const botId = 'aibREDRESS'
export const secrets = { botId, secret: 'S'.repeat(43) }
/** With a blank, as names may be. */
export const name = 'Redress 客诉'

export interface WecomStage {
  readonly wecom: Wecom
  readonly bot: Bot
  readonly li: Person
  readonly wang: Person
  readonly group: Group
  /** What stands in the group for this person since the stage was made. */
  seen(by?: Person): readonly Shown[]
  /** Resolves when what people did has been handled, and nothing moves any more. */
  settled(): Promise<void>
  /** Another bot beside the same WeCom. */
  another(): Bot
  close(): Promise<void>
}

interface StageOptions {
  readonly clock?: Clock
  readonly logger?: Logger
  readonly settings?: Record<string, unknown>
  readonly secrets?: Record<string, string>
  readonly rules?: Partial<Rules>
}

/** The sandbox's WeCom with a group, two people and the bot in it; somebody has spoken to the bot there. */
export async function wecomStage(options: StageOptions = {}): Promise<WecomStage> {
  const { clock = systemClock, logger = silent, settings = { name } } = options
  const wecom = createWecom({
    ...{ clock, random: randomBytes, bots: [{ ...secrets, name }] },
    ...(options.rules && { rules: options.rules }),
  })
  const served = await serveWecom(wecom, { tickMs: clock === systemClock ? 50 : 0 })
  const li = wecom.person({ userid: 'LiWenbo', name: '李文博' })
  const wang = wecom.person({ userid: 'WangSiyuan', name: '王思远' })
  const group = wecom.group({ name: '投诉处理群', people: [li, wang], bots: [botId] })
  li.say(group, '你好', { to: botId })
  const transport = createTransport({ clock: systemClock })
  const kind = wecomKind({ clock, random: randomBytes, logger, transport, url: wecom.wsUrl })
  const make = (): Bot =>
    kind.make({ id: asId('bot_test'), name: 'Redress', settings, secrets: options.secrets ?? secrets })
  const bots: Bot[] = []
  let hearing = 0
  let heard = 0
  /** The same bot; it is only counted what it hears. */
  function counted(bot: Bot): Bot {
    const watched = async (thing: Heard, hear: (heard: Heard) => Promise<Answer>) => {
      hearing++
      heard++
      return hear(thing).finally(() => {
        hearing--
      })
    }
    const made: Bot = { ...bot, start: (hear, events) => bot.start((thing) => watched(thing, hear), events) }
    bots.push(made)
    return made
  }
  const bot = counted(make())
  return {
    ...{ wecom, bot, li, wang, group },
    seen: (by = li) => group.seenBy(by).slice(1),
    async settled() {
      const moved = () => `${wecom.calls().length} ${heard}`
      let before = moved()
      for (let quiet = 0; quiet < 12; ) {
        await wecom.idle()
        await new Promise((resolve) => setTimeout(resolve, 5))
        const now = moved()
        quiet = now === before && hearing === 0 ? quiet + 1 : 0
        before = now
      }
    },
    another: () => counted(make()),
    async close() {
      for (const each of bots) await each.stop()
      await served.close()
      await transport.close()
    },
  }
}
