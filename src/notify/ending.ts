import { instant } from '../core/words.ts'
import { announce } from '../engine/announce.ts'
import { enabledChannels, markEndingSaid } from '../storage/channels.ts'
import type { ChannelKind } from './kind.ts'
import type { OutboxParts } from './outlet.ts'

/** Says once of credentials that they end soon, while there is time to make new ones. */
export async function sayEndings({ storage, engine }: OutboxParts, kinds: readonly ChannelKind[]): Promise<void> {
  const now = instant(storage.reads.clock.now())
  for (const channel of await enabledChannels(storage.reads)) {
    const ending = kinds.find(({ kind }) => kind === channel.kind)?.ends?.(channel)
    if (!ending || now < ending.sayFrom || channel.endingSaid) continue
    await storage.transaction(async (tx) => {
      if (!(await markEndingSaid(tx, channel))) return
      await announce(engine, tx, {
        tenant: channel.tenant,
        notice: { kind: 'channel-ending', channel: channel.name, at: ending.at },
      })
    })
  }
}
