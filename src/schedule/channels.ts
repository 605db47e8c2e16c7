import type { Engine } from '../engine/engine.ts'
import { sayEndings } from '../notify/ending.ts'
import { forgetLog } from '../notify/forget.ts'
import type { ChannelKind } from '../notify/kind.ts'
import type { OutboxParts } from '../notify/outlet.ts'
import { askReports } from '../notify/report.ts'

/** What happens by the clock about channels; times in UTC. */
export function scheduleChannels(engine: Engine, parts: OutboxParts, kinds: readonly ChannelKind[]): void {
  engine.every('channel-reports', '* * * * *', () => askReports(parts, kinds))
  // Nine in the morning in China, when somebody can make a new one.
  engine.every('channel-endings', '5 1 * * *', () => sayEndings(parts, kinds))
  engine.every('dispatches-forget', '35 19 * * *', () => forgetLog(parts.storage))
}
