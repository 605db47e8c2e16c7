import type { Bot, BotKind } from '../chat/chat.ts'
import type { Logger } from '../core/logger.ts'
import type { BotId } from '../core/words.ts'
import type { Engine } from '../engine/engine.ts'
import type { ChannelKind, Sent } from '../notify/kind.ts'
import type { Tested } from '../notify/test-message.ts'
import type { Platforms } from '../platforms/registry.ts'
import type { Backups } from '../storage/backup.ts'
import type { Storage } from '../storage/storage.ts'
import type { Check, CheckParts } from './doctor.ts'

export interface AdminParts {
  readonly storage: Storage
  readonly engine: Engine
  readonly platforms: Platforms
  readonly botKinds: readonly BotKind[]
  readonly bots: {
    /** Starts and stops bots until what runs is what is stored. */
    refresh(): Promise<void>
    running(id: BotId): boolean
    get(id: BotId): Pick<Bot, 'inspect'> | undefined
    /** Where a person opens it, for bots that are a page. */
    address(id: BotId): string | undefined
  }
  readonly channelKinds?: readonly ChannelKind[]
  /** A test message, at once. */
  testChannel?(kind: ChannelKind, tested: Tested): Promise<Sent>
  readonly logger: Logger
  /** Where platforms reach us; without a slash at the end. */
  readonly publicUrl?: string
  /** Where browsers reach us: `publicUrl`, or on this machine where we listen. */
  readonly reachedAt?: () => string | undefined
  /** Days after the last thing that happened for which a card's link to its page still opens. */
  readonly caseLinkDays?: number
  /** What platforms send and our keys do not open. */
  readonly unopened?: NonNullable<CheckParts['unopened']>
  readonly version: string
  /** With one key; 600 where nothing is said. */
  readonly requestsPerMinute?: number
  readonly checks: readonly Check[]
  /** Absent where the database has tools of its own for that. */
  readonly backups?: Backups
}
