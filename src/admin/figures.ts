import { X509Certificate } from 'node:crypto'
import type { Figures } from '../core/metrics.ts'
import type { BotId } from '../core/words.ts'
import { enabledAccounts, type StoredAccount } from '../storage/accounts.ts'
import { enabledBots } from '../storage/bots.ts'
import { actionFigures, deliveryFigures, jobFigures, owedFigures, stuckFigures } from '../storage/figures.ts'
import type { Storage } from '../storage/storage.ts'

export interface FigureParts {
  readonly storage: Pick<Storage, 'reads'>
  readonly bots: { running(id: BotId): boolean }
}

/** Several readers in a moment get the same figures. */
const freshFor = 5_000
/** Certificates last for years. */
const certificatesFor = 600_000

/** What stands open, for whoever reads the metrics. */
export function createFigures({ storage: { reads }, bots }: FigureParts): () => Promise<Figures> {
  const certificates = remembered(reads.clock, certificatesFor, async () => endings(await enabledAccounts(reads)))
  return remembered(reads.clock, freshFor, async () => {
    const wanted = await enabledBots(reads)
    return {
      jobs: await jobFigures(reads),
      actions: await actionFigures(reads),
      ...(await owedFigures(reads)),
      deliveries: await deliveryFigures(reads),
      ...(await stuckFigures(reads)),
      bots: { enabled: wanted.length, running: wanted.filter(({ id }) => bots.running(id)).length },
      certificates: await certificates(),
    }
  })
}

function remembered<Value>(clock: { now(): number }, ms: number, ask: () => Promise<Value>): () => Promise<Value> {
  let kept: { readonly at: number; readonly value: Promise<Value> } | undefined
  return () => {
    const now = clock.now()
    if (kept && now >= kept.at && now < kept.at + ms) return kept.value
    const mine = { at: now, value: ask() }
    kept = mine
    // What failed is asked again.
    mine.value.catch(() => {
      if (kept === mine) kept = undefined
    })
    return mine.value
  }
}

/** The first end among each platform's certificates. Roots are others' to renew. */
function endings(accounts: readonly StoredAccount[]): Figures['certificates'] {
  const first = new Map<string, number>()
  for (const { platform, secrets } of accounts)
    for (const [name, secret] of Object.entries(secrets)) {
      const until = /root/i.test(name) ? undefined : endOf(secret.reveal())
      if (until !== undefined) first.set(platform, Math.min(until, first.get(platform) ?? Number.POSITIVE_INFINITY))
    }
  return [...first].map(([platform, until]) => ({ platform, until }))
}

function endOf(text: string): number | undefined {
  if (!text.includes('-----BEGIN CERTIFICATE-----')) return undefined
  try {
    return Date.parse(new X509Certificate(text).validTo) / 1000
  } catch {
    return undefined
  }
}
