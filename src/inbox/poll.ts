import { type AccountId, asId, instant, millis } from '../core/words.ts'
import type { Handled } from '../engine/engine.ts'
import { queues } from '../engine/queues.ts'
import type { Platforms } from '../platforms/registry.ts'
import { findAccount } from '../storage/accounts.ts'
import { accountsToPoll, oldestPolls } from '../storage/polling.ts'
import type { PollParts } from './poll-merchant.ts'
import { createPollPace, type PollPace } from './poll-pace.ts'
import { createPollRound, type PollRound } from './poll-round.ts'

export type { PollEvery } from './poll-times.ts'
export { usualEvery } from './poll-times.ts'

/** Asks the merchants under accounts for their complaints, each in its own name. */
export interface Poller {
  /** One account: everybody under it who is due. */
  poll(account: string): Promise<Handled>
  /** Ends what runs, at once; nothing begins any more. */
  stop(): void
}

export function createPoller(parts: PollParts): Poller {
  const paces = new Map<AccountId, PollPace>()
  const rounds = new Set<PollRound>()
  let stopped = false

  function paceOf(id: AccountId): PollPace {
    const pace = paces.get(id) ?? createPollPace(parts.pollPace)
    paces.set(id, pace)
    return pace
  }

  return {
    async poll(key) {
      const { reads } = parts.storage
      const account = await findAccount(reads, asId(key))
      const platform = account && parts.platforms.get(account.platform)
      if (!account || !platform?.authorising || !platform.listed) return
      if (stopped) return { again: instant(reads.clock.now()) }
      const round = createPollRound(parts, { account, platform }, paceOf(account.id))
      rounds.add(round)
      return round.run().finally(() => rounds.delete(round))
    },
    stop() {
      stopped = true
      for (const round of rounds) round.stop()
    },
  }
}

const pollable = (platforms: Platforms) =>
  [...platforms.values()].filter(({ authorising, listed }) => authorising && listed).map(({ name }) => name)

/** Every minute: accounts under which somebody is due are worked off. A round that has not ended goes on. */
export async function pollDue({
  storage,
  engine,
  platforms,
  metrics,
}: Pick<PollParts, 'storage' | 'engine' | 'platforms' | 'metrics'>): Promise<void> {
  const now = storage.reads.clock.now()
  const names = pollable(platforms)
  const due = await accountsToPoll(storage.reads, names, instant(now))
  if (due.length > 0)
    await storage.transaction(async (tx) => {
      for (const id of due) await engine.send(tx, queues.poll, id)
    })
  const ages = new Map(names.map((name) => [name, 0]))
  for (const { platform, since } of await oldestPolls(storage.reads, names))
    ages.set(platform, Math.max(ages.get(platform) ?? 0, now - millis(since)))
  for (const [platform, age] of ages) metrics.pollsOldest(platform, age / 1_000)
}
