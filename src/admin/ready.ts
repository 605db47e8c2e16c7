import type { BotId } from '../core/words.ts'
import { enabledBots } from '../storage/bots.ts'
import { ping } from '../storage/figures.ts'
import type { Storage } from '../storage/storage.ts'

export interface ReadyParts {
  readonly storage: Pick<Storage, 'reads'>
  readonly engine: { health(): 'on' | 'failing' | 'off' }
  readonly bots: { running(id: BotId): boolean }
  /** The migrations that the database lacks. */
  readonly lacking?: () => Promise<readonly string[]>
}

export interface Readiness {
  readonly ready: boolean
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly why?: string }[]
}

/** Whether all of this process does its work. Names no tenant: anybody may read it. */
export function createReadiness(parts: ReadyParts): () => Promise<Readiness> {
  const { reads } = parts.storage
  let upToDate = false
  const questions: Readonly<Record<string, () => Promise<string | undefined>>> = {
    database: async () => void (await ping(reads)),
    async schema() {
      const lacks = upToDate ? [] : await (parts.lacking?.() ?? [])
      upToDate = lacks.length === 0
      return upToDate ? undefined : `the database lacks ${lacks.join(', ')}`
    },
    async engine() {
      const health = parts.engine.health()
      return health === 'on' ? undefined : health === 'off' ? 'it is not running' : 'jobs cannot be taken'
    },
    async bots() {
      const wanted = await enabledBots(reads)
      const away = wanted.filter(({ id }) => !parts.bots.running(id)).length
      return away === 0 ? undefined : `${away} of ${wanted.length} are not connected`
    },
  }
  return async () => {
    const checks = await Promise.all(
      Object.entries(questions).map(async ([name, ask]) => {
        // Why exactly is in the log: strangers may read this.
        const why = await ask().catch(() => 'it does not answer')
        return { name, ok: why === undefined, ...(why === undefined ? {} : { why }) }
      }),
    )
    return { ready: checks.every(({ ok }) => ok), checks }
  }
}
