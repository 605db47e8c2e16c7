import { guarded, stranger } from '../guard.ts'
import type { Lang } from '../page/shell.ts'
import { parcelPhoto } from '../parcel.ts'
import { addressOf, jsonReply, readJson, reply, type SandboxReply, type SandboxRequest } from '../wire.ts'
import { act } from './acts.ts'
import type { Core } from './core.ts'
import { createDesk, type Desk } from './desk.ts'
import { page, view } from './page.ts'
import { script } from './page-script.ts'
import { style } from './page-style.ts'
import type { Piece } from './state.ts'
import type { Wecom } from './wecom.ts'

export interface Control {
  handle(request: SandboxRequest): Promise<SandboxReply>
  advance(now: number): void
}

/** The page and what it asks for, under /sandbox/; for this machine only. */
export function createControl(wecom: Wecom, core: Core): Control {
  const desk = createDesk(wecom, core)
  return {
    advance: desk.advance,
    async handle(request) {
      const no = stranger(request)
      if (no) return jsonReply({ error: no }, 403)
      const address = addressOf(request)
      const body = request.body.length === 0 ? {} : readJson(request.body)
      if (!body) return jsonReply({ error: 'the body is not a JSON object' }, 400)
      try {
        if (request.method === 'GET') return show(desk, address)
        if (request.method !== 'POST') return jsonReply({ error: 'only GET and POST' }, 405)
        return jsonReply(act(desk, address.pathname.replace('/sandbox/api/', ''), body))
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        core.logger.debug({ path: address.pathname, why }, 'sandbox: wish refused')
        return jsonReply({ error: why }, 409)
      }
    },
  }
}

function show(desk: Desk, { pathname, searchParams }: URL): SandboxReply {
  const lang: Lang = searchParams.get('lang') === 'en' ? 'en' : 'zh'
  const asked = (name: string) => searchParams.get(name) ?? ''
  switch (pathname) {
    case '/sandbox':
      return { status: 302, headers: { location: '/sandbox/' }, body: Buffer.alloc(0) }
    case '/sandbox/':
      return guarded(reply(200, 'text/html; charset=utf-8', page(lang)))
    case '/sandbox/page.js':
      return reply(200, 'text/javascript; charset=utf-8', script)
    case '/sandbox/page.css':
      return reply(200, 'text/css; charset=utf-8', style)
    case '/sandbox/parcel.png':
      return reply(200, 'image/png', parcelPhoto(Number(asked('number')) || 0))
    case '/sandbox/view':
      return jsonReply(view(desk, { chat: asked('chat'), person: asked('person'), lang }))
    case '/sandbox/file': {
      const room = desk.core.rooms.get(asked('chat'))
      const post = room && desk.post(room, asked('message'))
      return file(post?.said.pieces[Number(asked('piece'))])
    }
    case '/sandbox/api/calls':
      return jsonReply(desk.wecom.calls())
    default:
      return jsonReply({ error: 'not found' }, 404)
  }
}

/** What is no picture by its first bytes is never shown as a page of this place. */
function file(piece: Piece | undefined): SandboxReply {
  if (!piece || 'text' in piece) return jsonReply({ error: 'not found' }, 404)
  const [bytes, name] = 'picture' in piece ? [piece.picture, 'picture'] : [piece.file.bytes, piece.file.name]
  const type = 'picture' in piece ? pictureType(bytes) : undefined
  const made = reply(200, type ?? 'application/octet-stream', bytes)
  const saved = { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}` }
  return { ...made, headers: { ...made.headers, 'x-content-type-options': 'nosniff', ...(type ? {} : saved) } }
}

const types: Readonly<Record<string, string>> = { '89504e47': 'image/png', '47494638': 'image/gif' }
const pictureType = (bytes: Buffer): string | undefined =>
  bytes[0] === 0xff && bytes[1] === 0xd8 ? 'image/jpeg' : types[bytes.subarray(0, 4).toString('hex')]
