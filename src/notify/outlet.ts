import type { Logger } from '../core/logger.ts'
import type { Metrics } from '../core/metrics.ts'
import type { Engine } from '../engine/engine.ts'
import type { Storage } from '../storage/storage.ts'
import type { ChannelKind } from './kind.ts'
import type { Phrases } from './phrases.ts'

export interface OutboxParts {
  readonly storage: Storage
  readonly engine: Engine
  readonly logger: Logger
  readonly metrics: Metrics
  readonly phrases: Phrases
}

/** One way out. */
export interface Outlet {
  readonly parts: OutboxParts
  readonly kind: ChannelKind
}
