import type { Logger } from '../../src/core/logger.ts'
import { guarded, stranger } from '../guard.ts'
import type { Lang } from '../page/shell.ts'
import { addressOf, jsonReply, readJson, reply, type SandboxReply, type SandboxRequest } from '../wire.ts'
import { act } from './acts.ts'
import { Refusal } from './errors.ts'
import { measure } from './image.ts'
import { page, view } from './page.ts'
import { script } from './page-script.ts'
import { style } from './page-style.ts'
import type { Telegram } from './telegram.ts'
import { placeIn } from './wishes.ts'

/** The page and the JSON control API under /sandbox/; for this machine only. */
export function createControl(telegram: Telegram, logger: Logger): (request: SandboxRequest) => Promise<SandboxReply> {
  return async (request) => {
    const no = stranger(request)
    if (no) return jsonReply({ error: no }, 403)
    const address = addressOf(request)
    const body = request.body.length === 0 ? {} : readJson(request.body)
    if (!body) return jsonReply({ error: 'the body is not a JSON object' }, 400)
    try {
      if (request.method === 'GET') return show(telegram, address)
      if (request.method !== 'POST') return jsonReply({ error: 'only GET and POST' }, 405)
      return jsonReply(await act(telegram, address.pathname.replace('/sandbox/api/', ''), body))
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      if (!(error instanceof Refusal)) logger.debug({ path: address.pathname, why }, 'sandbox: wish refused')
      return jsonReply({ error: why }, 409)
    }
  }
}

function show(telegram: Telegram, { pathname, searchParams }: URL): SandboxReply {
  const lang: Lang = searchParams.get('lang') === 'en' ? 'en' : 'zh'
  const chat = searchParams.get('chat') ?? ''
  const place = () => placeIn(telegram, chat, Number(searchParams.get('thread')) || undefined)
  switch (pathname) {
    case '/sandbox':
      return { status: 302, headers: { location: '/sandbox/' }, body: Buffer.alloc(0) }
    case '/sandbox/':
      return guarded(reply(200, 'text/html; charset=utf-8', page(lang)))
    case '/sandbox/page.js':
      return reply(200, 'text/javascript; charset=utf-8', script)
    case '/sandbox/page.css':
      return reply(200, 'text/css; charset=utf-8', style)
    case '/sandbox/view':
      return jsonReply(view(telegram, { chat, person: Number(searchParams.get('person')), lang }))
    case '/sandbox/file':
      return file(place().message(Number(searchParams.get('message'))))
    case '/sandbox/api/calls':
      return jsonReply(telegram.calls())
    case '/sandbox/api/transcript':
      return reply(200, 'text/plain; charset=utf-8', place().transcript())
    case '/sandbox/api/messages':
      return jsonReply(
        place()
          .messages()
          .map(({ photo, document, ...shown }) => ({ ...shown, photo: !!photo, document: document?.name })),
      )
    case '/sandbox/api/press':
      return jsonReply({ answer: telegram.answerTo(searchParams.get('id') ?? '') })
    case '/sandbox/api/state':
      return jsonReply(state(telegram))
    case '/sandbox/api/misbehave':
      return jsonReply(
        telegram.misbehaviours().map(({ id, script, happened, waiting }) => ({ id, script, happened, waiting })),
      )
    default:
      return jsonReply({ error: 'not found' }, 404)
  }
}

// A document is never shown as a page of this place.
function file(shown: { photo: Buffer | undefined; document: { bytes: Buffer } | undefined } | undefined): SandboxReply {
  if (shown?.photo) return reply(200, measure(shown.photo)?.mime ?? 'image/png', shown.photo)
  if (!shown?.document) return jsonReply({ error: 'not found' }, 404)
  const made = reply(200, 'application/octet-stream', shown.document.bytes)
  return { ...made, headers: { ...made.headers, 'content-disposition': 'attachment' } }
}

const state = (telegram: Telegram) => ({
  bots: telegram.bots,
  rules: telegram.rules,
  persons: telegram.persons().map(({ user }) => user),
  chats: telegram.places().map(({ room, chat }) => ({
    key: room.key,
    chat,
    kind: room.kind,
    title: room.title,
    topics: [...room.topics.values()],
    members: [...room.members.values()],
    movedTo: room.movedTo,
  })),
})
