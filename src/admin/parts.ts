import type { Bot, BotKind } from '../chat/chat.ts'
import type { Logger } from '../core/logger.ts'
import type { BotId } from '../core/words.ts'
import type { Engine } from '../engine/engine.ts'
import type { Platforms } from '../platforms/registry.ts'
import type { Storage } from '../storage/storage.ts'
import type { Check } from './doctor.ts'

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
  readonly logger: Logger
  /** Where platforms reach us; without a slash at the end. */
  readonly publicUrl?: string
  readonly version: string
  readonly checks: readonly Check[]
}
