import type { Clock } from '../../src/core/clock.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { Calls } from './calls.ts'
import type { Downloads } from './downloads.ts'
import type { Media } from './media.ts'
import type { Troubles } from './misbehave.ts'
import type { Quota } from './quota.ts'
import type { Bot, Room, Someone } from './state.ts'
import type { Json, Random, Rules } from './wecom.ts'

export interface Core {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly rules: () => Rules
  readonly bots: ReadonlyMap<string, Bot>
  /** By userid in lower case. */
  readonly people: Map<string, Someone>
  readonly rooms: Map<string, Room>
  /** Keys of group webhooks, and whose they are. */
  readonly webhooks: Map<string, Room>
  readonly troubles: Troubles
  readonly calls: Calls
  readonly quota: Quota
  readonly media: Media
  readonly downloads: Downloads
  readonly missed: { readonly botId: string; readonly body: Json }[]
  /** Callbacks that come later. */
  readonly delayed: Set<Promise<void>>
}

export function botNamed(core: Core, botId: string): Bot {
  const bot = core.bots.get(botId)
  if (!bot) throw new Error(`there is no bot ${botId}`)
  return bot
}
