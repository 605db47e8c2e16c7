import { createHash } from 'node:crypto'
import type { Logger } from '../../src/core/logger.ts'
import { guarded, stranger } from '../guard.ts'
import { parcelPhoto } from '../parcel.ts'
import { addressOf, jsonReply, readJson, reply, type SandboxReply, type SandboxRequest } from '../wire.ts'
import type { Lang } from './labels.ts'
import { cards, page } from './page.ts'
import { merchantLine, orderRows } from './page-orders.ts'
import { script } from './page-script.ts'
import { style } from './page-style.ts'
import type { Correction } from './register.ts'
import { samples } from './samples.ts'
import type { WechatPay } from './wechat-pay.ts'
import {
  readBalance,
  readComplain,
  readEnd,
  readLimits,
  readMisbehaviour,
  readMove,
  readOrder,
  readQuirks,
} from './wishes.ts'

/** The page and the JSON control API under /sandbox/; for this machine only. */
export function createControl(pay: WechatPay, logger: Logger): (request: SandboxRequest) => Promise<SandboxReply> {
  return async (request) => {
    const no = stranger(request)
    if (no) return jsonReply({ error: no }, 403)
    const address = addressOf(request)
    if (request.method === 'GET') return show(pay, address)
    if (request.method !== 'POST') return jsonReply({ error: 'only GET and POST' }, 405)
    const body = request.body.length === 0 ? {} : readJson(request.body)
    if (!body) return jsonReply({ error: 'the body is not a JSON object' }, 400)
    try {
      return await change(pay, address.pathname.replace('/sandbox/api/', ''), body)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      logger.debug({ path: address.pathname, why }, 'sandbox: wish refused')
      return jsonReply({ error: why }, 409)
    }
  }
}

function show(pay: WechatPay, { pathname, searchParams }: URL): SandboxReply {
  const lang: Lang = searchParams.get('lang') === 'en' ? 'en' : 'zh'
  const picture = /^\/sandbox\/pictures\/([0-9a-f]{64})$/.exec(pathname)?.[1]
  if (picture) return pictureReply(pay.picture(picture))
  switch (pathname) {
    case '/sandbox':
      return { status: 302, headers: { location: '/sandbox/' }, body: Buffer.alloc(0) }
    case '/sandbox/':
      return guarded(reply(200, 'text/html; charset=utf-8', page(pay, lang)))
    case '/sandbox/page.js':
      return reply(200, 'text/javascript; charset=utf-8', script)
    case '/sandbox/page.css':
      return reply(200, 'text/css; charset=utf-8', style)
    case '/sandbox/cards':
      return jsonReply({
        cards: cards(pay, lang),
        merchants: merchantLine(pay, lang).markup,
        orders: orderRows(pay, lang).markup,
      })
    case '/sandbox/samples':
      return jsonReply(samples)
    default:
      return showApi(pay, pathname.replace('/sandbox/api/', ''))
  }
}

function showApi(pay: WechatPay, what: string): SandboxReply {
  switch (what) {
    case 'ledger':
      return jsonReply(pay.ledger())
    case 'calls':
      return jsonReply(pay.calls())
    case 'money':
      return jsonReply(pay.money())
    case 'orders':
      return jsonReply(pay.orders())
    case 'refunds':
      return jsonReply(pay.refunds())
    case 'complaints':
      return jsonReply(pay.complaints())
    case 'state':
      return jsonReply(state(pay))
    case 'misbehave':
      return jsonReply(
        pay.misbehaviours().map(({ id, script: said, happened, left, waiting }) => {
          return { id, script: said, happened, left, waiting }
        }),
      )
    default:
      return jsonReply({ error: 'not found' }, 404)
  }
}

const pictureReply = (bytes: Buffer | undefined): SandboxReply =>
  bytes
    ? { ...reply(200, 'image/png', bytes), headers: { 'content-type': 'image/png', 'cache-control': 'max-age=86400' } }
    : jsonReply({ error: 'not found' }, 404)

/** Everything a client needs to be set up against this sandbox, but no secret. */
const state = (pay: WechatPay) => ({
  merchants: pay.merchants.map(({ mchid, name, verification = 'public-key', subMerchants = [] }) => {
    const payees = subMerchants.length > 0 ? subMerchants : [{ mchid, name }]
    const balances = payees.map((one) => ({ ...one, balance: pay.balance(one.mchid) }))
    return {
      mchid,
      name,
      verification,
      payees: balances,
      notifyUrl: pay.notifyUrl(mchid),
      publicKey: pay.publicKey(mchid),
    }
  }),
  certificates: pay.certificates().map(({ serial, pem, expiresAt }) => ({ serial, pem, expiresAt })),
  waitingNotices: pay.waitingNotices(),
})

async function change(pay: WechatPay, path: string, body: Record<string, unknown>): Promise<SandboxReply> {
  if (path === 'complaints') return jsonReply(await complain(pay, body), 201)
  if (path === 'orders') return jsonReply(await pay.order(readOrder(body)), 201)
  if (path === 'balance') return done(pay.setBalance(...readBalance(body)))
  if (path === 'quirks') return done(pay.setQuirks(readQuirks(body)))
  if (path === 'limits') return done(pay.setLimits(readLimits(body)))
  if (path === 'certificates') return jsonReply({ serial: pay.rotateCertificate().serial }, 201)
  if (path === 'advance') return done(await pay.advance(typeof body.now === 'number' ? body.now : undefined))
  if (path === 'misbehave') return jsonReply({ id: pay.misbehave(readMisbehaviour(body)).id }, 201)
  const [noun, id = '', verb = '', more] = path.split('/').map(decodeURIComponent)
  if (noun === 'misbehave' && (verb === 'stop' || verb === 'release')) {
    const handle = pay.misbehaviours().find((one) => one.id === Number(id))
    return handle ? done(handle[verb]()) : jsonReply({ error: 'not found' }, 404)
  }
  if (noun === 'refunds') return jsonReply(await pay.endRefund(id, verb, readEnd(more)))
  if (noun !== 'complaints' || !verb) return jsonReply({ error: 'not found' }, 404)
  if (verb === 'set') return jsonReply(await pay.set(id, body as Correction))
  return jsonReply(await pay.move(id, readMove(verb, body)))
}

const done = (_: unknown): SandboxReply => jsonReply({ done: true })

function complain(pay: WechatPay, { photos, ...said }: Record<string, unknown>) {
  const made = typeof photos === 'number' ? samplePhotos(photos, JSON.stringify(said)) : []
  const given = Array.isArray(photos) ? photos.map((text) => Buffer.from(String(text), 'base64')) : made
  return pay.complain({ ...readComplain(said), photos: given })
}

/** Other words, other photos; the same words, the same ones. */
function samplePhotos(count: number, words: string): Buffer[] {
  const first = createHash('sha256').update(words).digest().readUInt16BE()
  return Array.from({ length: Math.min(4, Math.max(0, count)) }, (_, index) => parcelPhoto(first + index))
}
