import { createHash } from 'node:crypto'
import type { Logger } from '../../src/core/logger.ts'
import { guarded, stranger } from '../guard.ts'
import { parcelPhoto } from '../parcel.ts'
import { addressOf, jsonReply, readJson, reply, type SandboxReply, type SandboxRequest } from '../wire.ts'
import type { Complain } from './complain.ts'
import type { Lang } from './labels.ts'
import { ledgerCards, page } from './page.ts'
import { script } from './page-script.ts'
import { orderRows, programLine } from './page-shop.ts'
import { style } from './page-style.ts'
import type { Correction } from './register.ts'
import { samples } from './samples.ts'
import type { Wechat } from './wechat.ts'
import {
  readDeduct,
  readGuarantee,
  readLimits,
  readMisbehaviour,
  readMove,
  readOrder,
  readPenaltyMove,
  readQuirks,
  typed,
} from './wishes.ts'

/** The pages and the JSON control API under /sandbox/; for this machine only. */
export function createControl(wechat: Wechat, logger: Logger): (request: SandboxRequest) => Promise<SandboxReply> {
  return async (request) => {
    const no = stranger(request)
    if (no) return jsonReply({ error: no }, 403)
    const address = addressOf(request)
    if (request.method === 'GET') return show(wechat, address)
    if (request.method !== 'POST') return jsonReply({ error: 'only GET and POST' }, 405)
    const body = request.body.length === 0 ? {} : readJson(request.body)
    if (!body) return jsonReply({ error: 'the body is not a JSON object' }, 400)
    try {
      return await change(wechat, address.pathname.replace('/sandbox/api/', ''), body)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      logger.debug({ path: address.pathname, why }, 'sandbox: wish refused')
      return jsonReply({ error: why }, 409)
    }
  }
}

function show(wechat: Wechat, { pathname, searchParams }: URL): SandboxReply {
  const lang: Lang = searchParams.get('lang') === 'en' ? 'en' : 'zh'
  const picture = /^\/sandbox\/pictures\/([0-9a-f]{64})$/.exec(pathname)?.[1]
  if (picture) return pictureReply(wechat.picture(picture))
  switch (pathname) {
    case '/sandbox':
      return { status: 302, headers: { location: '/sandbox/' }, body: Buffer.alloc(0) }
    case '/sandbox/':
      return guarded(reply(200, 'text/html; charset=utf-8', page(wechat, lang)))
    case '/sandbox/page.js':
      return reply(200, 'text/javascript; charset=utf-8', script)
    case '/sandbox/page.css':
      return reply(200, 'text/css; charset=utf-8', style)
    case '/sandbox/cards':
      return jsonReply({
        cards: ledgerCards(wechat, lang),
        programs: programLine(wechat, lang).markup,
        ...(searchParams.has('orders') ? { orders: orderRows(wechat, lang).markup } : {}),
      })
    case '/sandbox/samples':
      return jsonReply(samples)
    case '/sandbox/api/ledger':
      return jsonReply(wechat.ledger())
    case '/sandbox/api/calls':
      return jsonReply(wechat.calls())
    case '/sandbox/api/state':
      return jsonReply(state(wechat))
    case '/sandbox/api/penalties':
      return jsonReply(wechat.penalties())
    case '/sandbox/api/orders':
      return jsonReply(wechat.orders())
    case '/sandbox/api/misbehave':
      return jsonReply(
        wechat
          .misbehaviours()
          .map(({ id, script, happened, left, waiting }) => ({ id, script, happened, left, waiting })),
      )
    default:
      return jsonReply({ error: 'not found' }, 404)
  }
}

const pictureReply = (bytes: Buffer | undefined): SandboxReply =>
  bytes
    ? { ...reply(200, 'image/png', bytes), headers: { 'content-type': 'image/png', 'cache-control': 'max-age=86400' } }
    : jsonReply({ error: 'not found' }, 404)

const state = (wechat: Wechat) => ({
  programs: wechat.programs.map(({ name, appid, mode, format, pushUrl }) => {
    return { name, appid, mode, format, pushUrl, score: wechat.score(appid) }
  }),
  rules: wechat.rules,
  complaints: wechat.complaints(),
})

async function change(wechat: Wechat, path: string, body: Record<string, unknown>): Promise<SandboxReply> {
  if (path === 'complaints') return jsonReply(await wechat.complain(readComplain(body)), 201)
  if (path === 'quirks') return done(wechat.setQuirks(readQuirks(body)))
  if (path === 'verify-url') return jsonReply({ verified: await wechat.verifyUrl(String(body.appid)) })
  if (path === 'advance') return done(await wechat.advance(typeof body.now === 'number' ? body.now : undefined))
  if (path === 'penalties') return jsonReply(await wechat.deduct(readDeduct(body)), 201)
  if (path === 'orders') return jsonReply(await wechat.order(readOrder(body)), 201)
  if (path === 'limits') return done(wechat.setLimits(readLimits(body)))
  if (path === 'guarantee') return done(wechat.setGuarantee(...readGuarantee(body)))
  if (path === 'misbehave') {
    const { id } = wechat.misbehave(readMisbehaviour(body))
    return jsonReply({ id }, 201)
  }
  const [noun, id, verb] = path.split('/')
  if (noun === 'misbehave' && (verb === 'stop' || verb === 'release')) {
    const handle = wechat.misbehaviours().find((one) => one.id === Number(id))
    return handle ? done(handle[verb]()) : jsonReply({ error: 'not found' }, 404)
  }
  if (noun === 'penalties') return jsonReply(await wechat.movePenalty(Number(id), readPenaltyMove(verb)))
  if (noun !== 'complaints' || !verb) return jsonReply({ error: 'not found' }, 404)
  if (verb === 'set') return jsonReply(await wechat.set(Number(id), body as Correction))
  return jsonReply(await wechat.move(Number(id), readMove(verb, body)))
}

const done = (_: unknown): SandboxReply => jsonReply({ done: true })

function readComplain({ photos, ...said }: Record<string, unknown>): Complain {
  const made = typeof photos === 'number' ? samplePhotos(photos, JSON.stringify(said)) : []
  const given = Array.isArray(photos) ? photos.map((text) => Buffer.from(String(text), 'base64')) : made
  const texts = ['appid', 'text', 'product', 'openid', 'phone', 'nickname', 'transactionId', 'outTradeNo']
  return { ...(typed(said, texts, ['type', 'amount', 'paidAt']) as unknown as Complain), photos: given }
}

/** Other words, other photos; the same words, the same ones. */
function samplePhotos(count: number, words: string): Buffer[] {
  const first = createHash('sha256').update(words).digest().readUInt16BE()
  return Array.from({ length: Math.min(3, Math.max(0, count)) }, (_, index) => parcelPhoto(first + index))
}
