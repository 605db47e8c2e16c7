import type { Abilities, Answer, Bot, BotKind, Heard } from '../../src/chat/chat.ts'
import { OutsideError } from '../../src/core/errors.ts'
import { asPostId } from '../../src/core/words.ts'
import { read, type Update, write } from '../support/kill-wire.ts'

const can: Abilities = {
  buttons: 12,
  edit: 'any-time',
  onlyFor: true,
  toast: true,
  hears: 'all',
  pace: { burst: 1000, every: 0 },
}

/** A chat that is asked over HTTP for what happened and told what to show; what was not answered is told again. */
export const chatOver = (url: string): BotKind => ({
  kind: 'browser',
  check() {},
  make(options): Bot {
    const stop = new AbortController()
    let loop = Promise.resolve()
    return {
      id: options.id,
      name: options.name,
      can,
      async start(hear) {
        loop = listen(url, hear, stop.signal)
      },
      post: async (spot, say) => asPostId(await ask<string>(`${url}/post`, { chat: spot.chat, say })),
      edit: (spot, post, say) => ask(`${url}/edit`, { chat: spot.chat, post, say }),
      async stop() {
        stop.abort()
        await loop
      },
    }
  },
})

async function listen(url: string, hear: (heard: Heard) => Promise<Answer>, stop: AbortSignal): Promise<void> {
  for (let after = 0; !stop.aborted; ) {
    const updates = await ask<readonly Update[]>(`${url}/updates`, { after }, stop).catch(() => [])
    for (const { nr, heard } of updates) {
      await ask(`${url}/answer`, { nr, answer: await hear(heard) }).catch(() => {})
      after = nr
    }
  }
}

async function ask<T>(url: string, body: object, signal?: AbortSignal): Promise<T> {
  try {
    const answer = await fetch(url, { method: 'POST', body: write(body), signal: signal ?? null })
    return read(await answer.text())
  } catch (error) {
    throw new OutsideError('unreachable', 'the chat does not answer', { cause: error })
  }
}
