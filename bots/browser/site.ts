import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { RawReply } from '../../src/core/http.ts'
import { pictureLimit, pictureType } from '../../src/core/picture.ts'
import { asButtonToken, asPictureHash, asPostId } from '../../src/core/words.ts'
import { readBody } from './body.ts'
import type { Feed } from './feed.ts'
import type { Gallery } from './gallery.ts'
import { pageFile } from './page/index.ts'
import { entryJson } from './render.ts'
import { json, type Refusal, refusal, refusalPage } from './replies.ts'
import { type Chat, mayRead, type Person } from './settings.ts'
import type { Outcome, Talk } from './talk.ts'
import type { Entry, Transcript } from './transcript.ts'

/*
 * The page's API, which is also how a test plays a person. Every request carries the cookie that `/?key=…` sets, and a POST the page's Origin.
 *
 *   GET  /api/events?as=P[&after=N]       server-sent events: hello, entry, ready, ask, menu, time; resumes after Last-Event-ID
 *   GET  /api/people                      { people }, whoever asks
 *   GET  /api/rooms?as=P                  what the first event says: me, people, chats, panes, menu, asks …
 *   GET  /api/rooms/CHAT?as=P             { entries } that P may see, oldest first
 *   POST /api/pictures                    the bytes → { id }
 *   GET  /api/pictures/ID                 the bytes
 *   POST /api/say     { as, chat, text?, replyTo?, pictures?: [id] } → { post, toast?, alert? }
 *   POST /api/press   { as, chat, post, token }                      → { toast?, alert? }
 *   POST /api/cancel  { as, chat }        the question is given up    → { toast?, alert? }
 *
 * A refusal is { error, message } with a 4xx or 5xx status; `error` is a key of page/words.ts. A private chat with the bot is `alone:P`.
 */

export interface Site {
  readonly people: readonly Person[]
  readonly chats: ReadonlyMap<string, Chat>
  readonly transcript: Transcript
  readonly gallery: Gallery
  readonly feed: Feed
  readonly talk: Talk
  /** What a page needs to know before the first entry. */
  hello(person: string): object
  visible(person: string, entry: Entry): boolean
  readonly front: { readonly title: string; readonly language: string }
}

const wordsLimit = 64 * 1024
const name = z.string().min(1).max(100)
const deed = z.object({ as: name, chat: name })
const said = deed.extend({
  text: z.string().max(20_000).optional(),
  replyTo: name.transform(asPostId).optional(),
  pictures: z.array(name.transform(asPictureHash)).max(100).optional(),
})
const pressed = deed.extend({
  post: name.transform(asPostId),
  token: z.string().min(1).max(200).transform(asButtonToken),
})

/** @returns undefined when the answer is already under way (a stream). */
export async function serve(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<RawReply | undefined> {
  const url = new URL(request.url ?? '/', 'http://page')
  const [, api, thing, rest] = url.pathname.split('/').map(decoded)
  if (api !== 'api') {
    if (request.method !== 'GET') return refusal('refused.method')
    return pageFile(url.pathname, site.front) ?? refusalPage('refused.path')
  }
  if (request.method === 'POST') return rest ? refusal('refused.path') : post(site, thing, request)
  if (request.method !== 'GET') return refusal('refused.method')
  if (thing === 'pictures' && rest) return picture(site, rest)

  if (thing === 'people' && !rest) return json({ people: site.people })

  const person = url.searchParams.get('as') ?? ''
  if (!site.people.some(({ id }) => id === person)) return refusal('refused.person')
  if (thing === 'rooms') return rest ? room(site, person, rest) : json(site.hello(person))
  if (thing !== 'events' || rest) return refusal('refused.path')
  const after = Number(request.headers['last-event-id'] ?? url.searchParams.get('after') ?? 0)
  site.feed.join({ person, after: after >= 0 ? after : 0, hello: site.hello(person), to: response })
  return undefined
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}

function room(site: Site, person: string, chat: string): RawReply {
  if (!mayRead(person, site.chats.get(chat))) return refusal('refused.chat')
  const entries = site.transcript.in(chat).filter((entry) => site.visible(person, entry))
  return json({ chat, entries: entries.map(entryJson) })
}

function picture(site: Site, id: string): RawReply {
  const found = site.gallery.find(asPictureHash(id))
  if (!found) return refusal('refused.picture')
  return { status: 200, headers: { 'content-type': found.type }, body: found.bytes }
}

async function post(site: Site, thing: string | undefined, request: IncomingMessage): Promise<RawReply> {
  if (thing === 'pictures') {
    const bytes = await readBody(request, pictureLimit)
    if (!bytes) return refusal('refused.size')
    const type = pictureType(bytes)
    return type ? json({ id: site.gallery.keep({ type, bytes }) }, 201) : refusal('refused.type')
  }
  if (thing !== 'say' && thing !== 'press' && thing !== 'cancel') return refusal('refused.path')
  const body = await readBody(request, wordsLimit)
  if (!body) return refusal('refused.size')
  const outcome = await act(site.talk, thing, parsed(body))
  return 'refused' in outcome ? refusal(outcome.refused) : json(outcome)
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

async function act(talk: Talk, thing: 'say' | 'press' | 'cancel', body: unknown): Promise<Outcome> {
  const wrong = { refused: 'refused.request' satisfies Refusal } as const
  switch (thing) {
    case 'say': {
      const input = said.safeParse(body)
      return input.success ? talk.say(input.data) : wrong
    }
    case 'press': {
      const input = pressed.safeParse(body)
      return input.success ? talk.press(input.data) : wrong
    }
    case 'cancel': {
      const input = deed.safeParse(body)
      return input.success ? talk.cancel(input.data) : wrong
    }
  }
}
