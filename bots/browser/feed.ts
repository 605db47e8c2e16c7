import type { ServerResponse } from 'node:http'
import type { Clock } from '../../src/core/clock.ts'
import { type Asked, askedJson } from './asks.ts'
import { entryJson } from './render.ts'
import type { Entry, Transcript } from './transcript.ts'

/** Tells every open page what changed, by server-sent events. */
export interface Feed {
  /** Sends all that this person may see and has not (`after`), then what comes. */
  join(page: {
    readonly person: string
    readonly after: number
    readonly hello: object
    readonly to: ServerResponse
  }): void
  entry(entry: Entry): void
  ask(person: string, chat: string, asked: Asked | undefined): void
  menu(entries: readonly object[]): void
  close(): void
}

/** A page whose connection takes no more is cut off; it comes back and reads on. */
const backlogLimit = 64 * 1024 * 1024
const beat = 20_000

export function createFeed(options: {
  readonly clock: Clock
  readonly transcript: () => Transcript
  /** Group chats are everybody's; a private one and `onlyFor` are not. */
  readonly visible: (person: string, entry: Entry) => boolean
}): Feed {
  const { clock, visible } = options
  const pages = new Map<ServerResponse, string>()

  function send(page: ServerResponse, event: string, data: object, id?: number): void {
    if (page.writableLength > backlogLimit) return void page.destroy()
    page.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  let stopBeat = () => {}
  function keepAlive(): void {
    stopBeat = clock.after(beat, () => {
      for (const page of pages.keys()) send(page, 'time', { now: clock.now() })
      keepAlive()
    })
  }

  return {
    join({ person, after, hello, to }) {
      to.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' })
      to.write('retry: 1000\n\n')
      send(to, 'hello', hello)
      // In the order of the posts, not of their changes: only the end of it is a place to resume from.
      const backlog = options.transcript().since(after)
      for (const entry of backlog) if (visible(person, entry)) send(to, 'entry', entryJson(entry))
      send(to, 'ready', { now: clock.now() }, options.transcript().seq())
      if (pages.size === 0) keepAlive()
      pages.set(to, person)
      to.on('close', () => {
        pages.delete(to)
        if (pages.size === 0) stopBeat()
      })
    },
    entry(entry) {
      for (const [page, person] of pages) if (visible(person, entry)) send(page, 'entry', entryJson(entry), entry.seq)
    },
    ask(person, chat, asked) {
      for (const [page, reader] of pages) {
        if (reader === person) send(page, 'ask', { chat, ask: asked ? askedJson(asked) : null })
      }
    },
    menu(entries) {
      for (const page of pages.keys()) send(page, 'menu', { entries })
    },
    close() {
      stopBeat()
      for (const page of pages.keys()) page.end()
      pages.clear()
    },
  }
}
