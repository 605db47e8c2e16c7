import type { MenuEntry } from '../../src/chat/chat.ts'
import type { Clock } from '../../src/core/clock.ts'
import { OutsideError, told } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { Api } from './api.ts'
import { sendMenu } from './menu.ts'
import { type Me, reads } from './wire.ts'

/** How long a start waits for the first word of Telegram. */
const patience = 5_000

/** What comes before anything is heard: who we are there, and the menu. */
export interface Greeting {
  me(): Me | undefined
  /** Does what is not done yet. @throws OutsideError */
  prepare(): Promise<void>
  menu(entries: readonly MenuEntry[]): Promise<void>
  /** Resolves at the first answer, or when that takes long. @throws OutsideError when Telegram does not know the token. */
  first(): Promise<void>
}

export function createGreeting(parts: {
  readonly api: Pick<Api, 'call' | 'telegraf'>
  readonly clock: Clock
  readonly logger: Logger
}): Greeting {
  const { api, clock, logger } = parts
  let me: Me | undefined
  let menu: readonly MenuEntry[] | undefined
  let met = () => {}
  let refused: (error: unknown) => void = () => {}
  const first = new Promise<void>((resolve, reject) => {
    met = resolve
    refused = reject
  })

  async function meet(): Promise<void> {
    if (me) return
    const raw = await api.call('getMe')
    me = reads.me.parse(raw)
    // telegraf asks by itself where this is missing.
    api.telegraf.botInfo = raw as never
    logger.info({ username: me.username }, 'connected to Telegram')
  }

  /** A menu is a comfort: without it everything works. */
  async function showMenu(): Promise<void> {
    const entries = menu
    if (!me || !entries) return
    try {
      await sendMenu(api, entries)
      if (menu === entries) menu = undefined
    } catch (error) {
      logger.warn({ error: told(error) }, 'the command menu could not be set; it is tried at the next connection')
    }
  }

  return {
    me: () => me,
    async prepare() {
      try {
        await meet()
        met()
      } catch (error) {
        if (error instanceof OutsideError && error.trouble === 'forbidden') refused(error)
        throw error
      }
      await showMenu()
    },
    menu(entries) {
      menu = entries
      return showMenu()
    },
    first() {
      const cancel = clock.after(patience, met)
      return first.finally(cancel)
    },
  }
}
