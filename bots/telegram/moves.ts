import type { Events } from '../../src/chat/chat.ts'
import { told } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/logger.ts'
import { TelegramTrouble } from './trouble.ts'

/** Groups that became supergroups, and so have another id. */
export interface Moves {
  /** The chat's id as far as we know. */
  now(chat: string): string
  /** Said once of each; the app may fail to write it down, then the next sign of it says it again. */
  moved(from: string, to: string): Promise<void>
  /** Calls with the chat's id, and once more with the new one where Telegram names one. */
  at<Result>(chat: string, run: (chat: string) => Promise<Result>): Promise<Result>
}

export function createMoves(logger: Logger, events: Events): Moves {
  const known = new Map<string, string>()
  const said = new Set<string>()

  function now(chat: string): string {
    let at = chat
    for (let steps = 0; steps < 5; steps++) at = known.get(at) ?? at
    return at
  }

  async function moved(from: string, to: string): Promise<void> {
    if (from === to) return
    known.set(from, to)
    if (said.has(from)) return
    said.add(from)
    logger.info({ from, to }, 'a Telegram group has become a supergroup')
    await events.moved?.({ chat: from }, { chat: to }).catch((error: unknown) => {
      said.delete(from)
      logger.error({ from, to, error: told(error) }, 'the new id of a Telegram group could not be written down')
    })
  }

  return {
    now,
    moved,
    async at(chat, run) {
      const here = now(chat)
      try {
        return await run(here)
      } catch (error) {
        const to = error instanceof TelegramTrouble ? error.movedTo : undefined
        if (to === undefined) throw error
        await moved(here, to)
        return run(to)
      }
    },
  }
}
