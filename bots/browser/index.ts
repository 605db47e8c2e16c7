import type { IncomingMessage } from 'node:http'
import type { Bot, BotKind, Heard, Say, Spot } from '../../src/chat/chat.ts'
import type { Clock } from '../../src/core/clock.ts'
import { OutsideError } from '../../src/core/errors.ts'
import type { RawRequest } from '../../src/core/http.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { PostId, Random } from '../../src/core/words.ts'
import { askedJson, createAsks } from './asks.ts'
import { createDoor, guards } from './door.ts'
import { createFeed } from './feed.ts'
import { createGallery } from './gallery.ts'
import { type Handle, type Listener, listen } from './listener.ts'
import { refusal, refusalPage } from './replies.ts'
import { chatsOf, mayRead, parseSettings, type Settings } from './settings.ts'
import { type Site, serve } from './site.ts'
import { createTalk } from './talk.ts'
import { createTranscript, type Entry } from './transcript.ts'

/** A group chat on a page of this machine: the demo's chat, and the tests'. */
export interface BrowserBot extends Bot {
  /** What a person opens, with this start's secret; empty while it does not run. */
  readonly address: string
  menu(entries: readonly { readonly name: string; readonly help: string }[]): Promise<void>
}

export interface BrowserKind extends BotKind {
  make(options: Parameters<BotKind['make']>[0]): BrowserBot
}

interface Deps {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Accounts of real shops are served here: a page that lets anybody at this machine speak as anybody must be wanted. */
  readonly realAccounts?: boolean
}

export const browserKind = (deps: Deps): BrowserKind => ({
  kind: 'browser',
  check: (settings) => void parseSettings(settings, deps),
  make: ({ id, name, settings }) => createBot(deps, parseSettings(settings, deps), { id, name }),
})

function createBot({ clock, random, logger }: Deps, settings: Settings, called: Pick<Bot, 'id' | 'name'>): BrowserBot {
  const { people, panes, language } = settings
  const chats = chatsOf(settings)
  const visible = (person: string, entry: Entry) =>
    mayRead(person, chats.get(entry.chat)) && (entry.onlyFor?.includes(person) ?? true)
  const feed = createFeed({ clock, transcript: () => transcript, visible })
  const mark = random(5).toString('hex')
  const transcript = createTranscript(mark, feed.entry)
  const gallery = createGallery()
  const asks = createAsks(feed.ask)
  let menu: readonly { readonly name: string; readonly help: string }[] = []
  let presses = 0
  const event = () => `${mark}-press-${++presses}`
  let begun = false
  let running: { readonly listener: Listener; readonly address: string } | undefined

  const hello = (person: string) => ({
    ...{ bot: called.name, mark, me: person, language, people, panes, menu, now: clock.now() },
    chats: [...chats.values()].filter((chat) => mayRead(person, chat)),
    asks: asks.of(person, clock.now()).map((asked) => ({ chat: asked.chat, ask: askedJson(asked) })),
  })

  async function start(hear: (heard: Heard) => ReturnType<Parameters<Bot['start']>[0]>): Promise<void> {
    if (begun) throw new Error('the chat page is already running')
    begun = true
    const secret = random(24).toString('base64url')
    const talk = createTalk({ people, chats, transcript, gallery, asks, event, clock, logger }, hear)
    const front = { title: called.name, language }
    const site: Site = { people, chats, transcript, gallery, feed, talk, hello, visible, front }
    let handle: Handle = async () => refusal('refused.key')
    const headers = guards(panes)
    const listener = await listen({ port: settings.port, headers, handle: (...both) => handle(...both), logger }).catch(
      (error: unknown) => {
        begun = false
        throw error
      },
    )
    handle = guarded(secret, listener.port, site)
    running = { listener, address: `http://127.0.0.1:${listener.port}/?key=${secret}` }
    logger.info({ port: listener.port }, 'the chat page is open on this machine')
  }

  const hush = (at: Spot) => {
    if (!running) throw new OutsideError('unreachable', 'the chat page is not running')
    if (!chats.has(at.chat)) throw new OutsideError('refused', `the chat page has no room '${at.chat}'`)
  }
  const wordsOf = ({ text, card, pictures }: Say) => ({ text, card, pictures: pictures?.map(gallery.keep) })

  return {
    ...called,
    can: {
      buttons: 12,
      edit: 'any-time',
      onlyFor: true,
      toast: true,
      hears: 'all',
      pace: { burst: 1000, every: 0 },
    },
    get address() {
      return running?.address ?? ''
    },
    start,
    async post(spot, say) {
      hush(spot)
      return transcript.add({ chat: spot.chat, at: clock.now(), about: say.about, ...wordsOf(say) }).id
    },
    async edit(spot, post: PostId, say) {
      hush(spot)
      const entry = transcript.find(post)
      if (entry?.chat !== spot.chat) return 'gone'
      if (entry.by !== undefined) return 'cannot'
      transcript.change(post, wordsOf(say))
      return 'edited'
    },
    async menu(entries) {
      menu = entries.map(({ name, help }) => ({ name, help }))
      feed.menu(menu)
    },
    async stop() {
      const was = running
      running = undefined
      feed.close()
      await was?.listener.close()
      begun = false
    },
  }
}

/** The door before the site: nothing is read of a request that it does not let in. */
function guarded(secret: string, port: number, site: Site): Handle {
  const door = createDoor(secret, port)
  return async (request, response) => {
    const raw = rawOf(request)
    const refuse = raw.path.startsWith('/api/') ? refusal : refusalPage
    switch (door.judge(raw)) {
      case 'foreign':
        return refuse('refused.foreign')
      case 'unknown':
        return refuse('refused.key')
      case 'key':
        return { status: 303, headers: { location: '/', 'set-cookie': door.cookie }, body: '' }
      case 'in':
        return serve(site, request, response)
    }
  }
}

function rawOf(request: IncomingMessage): RawRequest {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
  return { method: request.method ?? 'GET', path, query, headers, body: Buffer.alloc(0) }
}
