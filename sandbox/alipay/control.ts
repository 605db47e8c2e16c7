import { createHash } from 'node:crypto'
import type { Logger } from '../../src/core/logger.ts'
import { guarded, stranger } from '../guard.ts'
import { parcelPhoto } from '../parcel.ts'
import { addressOf, jsonReply, readJson, reply, type SandboxReply, type SandboxRequest } from '../wire.ts'
import type { Alipay } from './alipay.ts'
import { pictureType } from './files.ts'
import type { Lang } from './labels.ts'
import { merchantLine, page } from './page.ts'
import { cards } from './page-cards.ts'
import { script } from './page-script.ts'
import { style } from './page-style.ts'
import type { RiskComplaint } from './risk.ts'
import type { TradeComplaint } from './trade-complaint.ts'
import {
  readEnd,
  readLimits,
  readMisbehaviour,
  readQuirks,
  readRisk,
  readRiskMove,
  readRules,
  readTexts,
  readTrade,
  readTradeComplaint,
  readTradeMove,
} from './wishes.ts'

/** The page and the JSON control API under /sandbox/; for this machine only. */
export function createControl(alipay: Alipay, logger: Logger): (request: SandboxRequest) => Promise<SandboxReply> {
  return async (request) => {
    const no = stranger(request)
    if (no) return jsonReply({ error: no }, 403)
    const address = addressOf(request)
    if (request.method === 'GET') return show(alipay, address)
    if (request.method !== 'POST') return jsonReply({ error: 'only GET and POST' }, 405)
    const body = request.body.length === 0 ? {} : readJson(request.body)
    if (!body) return jsonReply({ error: 'the body is not a JSON object' }, 400)
    try {
      return await change(alipay, address.pathname.replace('/sandbox/api/', ''), body)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      logger.debug({ path: address.pathname, why }, 'sandbox: wish refused')
      return jsonReply({ error: why }, 409)
    }
  }
}

function show(alipay: Alipay, { pathname, searchParams }: URL): SandboxReply {
  const lang: Lang = searchParams.get('lang') === 'en' ? 'en' : 'zh'
  const picture = /^\/sandbox\/pictures\/([0-9a-f]{64})$/.exec(pathname)?.[1]
  if (picture) return pictureReply(alipay.picture(picture))
  switch (pathname) {
    case '/sandbox':
      return { status: 302, headers: { location: '/sandbox/' }, body: Buffer.alloc(0) }
    case '/sandbox/':
      return guarded(reply(200, 'text/html; charset=utf-8', page(alipay, lang)))
    case '/sandbox/page.js':
      return reply(200, 'text/javascript; charset=utf-8', script)
    case '/sandbox/page.css':
      return reply(200, 'text/css; charset=utf-8', style)
    case '/sandbox/cards':
      return jsonReply({ cards: cards(alipay, lang), merchants: merchantLine(alipay, lang).markup })
    default:
      return showApi(alipay, pathname.replace('/sandbox/api/', ''))
  }
}

function showApi(alipay: Alipay, what: string): SandboxReply {
  const views: Readonly<Record<string, () => unknown>> = {
    ledger: alipay.ledger,
    calls: alipay.calls,
    money: alipay.money,
    trades: alipay.trades,
    refunds: alipay.refunds,
    risk: alipay.riskComplaints,
    trade: alipay.tradeComplaints,
    state: () => state(alipay),
    misbehave: () =>
      alipay.misbehaviours().map(({ id, script: said, happened, left, waiting }) => {
        return { id, script: said, happened, left, waiting }
      }),
  }
  const view = Object.hasOwn(views, what) ? views[what] : undefined
  return view ? jsonReply(view()) : jsonReply({ error: 'not found' }, 404)
}

const pictureReply = (bytes: Buffer | undefined): SandboxReply => {
  if (!bytes) return jsonReply({ error: 'not found' }, 404)
  const made = reply(200, pictureType(bytes)?.type ?? 'application/octet-stream', bytes)
  return { ...made, headers: { ...made.headers, 'cache-control': 'max-age=86400' } }
}

/** Everything a client needs to be set up against this sandbox, but no secret. */
const state = (alipay: Alipay) => ({
  apps: alipay.apps.map(({ appId, name, kind, pid, gatewayUrl, redirectUri, certificate }) => {
    const mode = certificate ? 'certificate' : 'key'
    return { appId, name, kind, pid, mode, gatewayUrl, redirectUri, credentials: alipay.credentials(appId) }
  }),
  merchants: alipay.merchants.map((one) => ({ ...one, balance: alipay.balance(one.pid) })),
  grants: alipay.grants().map(({ isvAppId, authAppId, pid, since, state: now }) => {
    return { isvAppId, authAppId, pid, since, state: now }
  }),
  waitingMessages: alipay.waitingMessages(),
})

type Body = Readonly<Record<string, unknown>>
type Wish = (alipay: Alipay, body: Body) => unknown

/** What is made anew answers 201. */
const making: Readonly<Record<string, Wish>> = {
  risk: (alipay, { photos, ...said }) => alipay.complainRisk({ ...readRisk(said), photos: photosOf(photos, said) }),
  trade: (alipay, { photos, ...said }) =>
    alipay.complainTrade({ ...readTradeComplaint(said), photos: photosOf(photos, said) }),
  trades: (alipay, body) => alipay.trade(readTrade(body)),
  certificates: (alipay) => ({ alipayCertSn: alipay.rotateCertificate() }),
  misbehave: (alipay, body) => ({ id: alipay.misbehave(readMisbehaviour(body)).id }),
  // No token: it goes to the app alone.
  consents: async (alipay, body) => {
    const { appId, pid } = readTexts(body, 'appId', 'pid')
    return alipay.consentByInvitation(appId, pid)
  },
}

const doing: Readonly<Record<string, Wish>> = {
  balance: (alipay, { pid, fen }) => alipay.setBalance(String(pid), Number(fen)),
  quirks: (alipay, body) => alipay.setQuirks(readQuirks(body)),
  rules: (alipay, body) => alipay.setRules(readRules(body)),
  limits: (alipay, body) => alipay.setLimits(readLimits(body)),
  advance: (alipay, { now }) => alipay.advance(typeof now === 'number' ? now : undefined),
  revoke: (alipay, body) => {
    const { appId, pid } = readTexts(body, 'appId', 'pid')
    return alipay.revoke(appId, pid)
  },
}

async function change(alipay: Alipay, path: string, body: Body): Promise<SandboxReply> {
  const make = Object.hasOwn(making, path) ? making[path] : undefined
  if (make) return jsonReply(await make(alipay, body), 201)
  const act = Object.hasOwn(doing, path) ? doing[path] : undefined
  if (act) {
    await act(alipay, body)
    return jsonReply({ done: true })
  }
  const done = await changeOne(alipay, path.split('/').map(decodeURIComponent), body)
  return done === undefined ? jsonReply({ error: 'not found' }, 404) : jsonReply(done)
}

/** `risk/<id>/<move>`, `trade/<id>/<move>`, each with `set` too; `refunds/<trade>/<number>/<end>`; `misbehave/<id>/stop`. */
async function changeOne(
  alipay: Alipay,
  [noun, id = '', verb = '', more]: readonly string[],
  body: Body,
): Promise<unknown> {
  if (noun === 'misbehave' && (verb === 'stop' || verb === 'release')) {
    const handle = alipay.misbehaviours().find((one) => one.id === Number(id))
    handle?.[verb]()
    return handle && { done: true }
  }
  if (!verb) return undefined
  if (noun === 'refunds') return alipay.endRefund(id, verb, readEnd(more))
  if (noun === 'risk') {
    const set = verb === 'set'
    return set
      ? alipay.setRisk(Number(id), body as Partial<RiskComplaint>)
      : alipay.moveRisk(Number(id), readRiskMove(verb, body))
  }
  if (noun !== 'trade') return undefined
  return verb === 'set'
    ? alipay.setTrade(id, body as Partial<TradeComplaint>)
    : alipay.moveTrade(id, readTradeMove(verb, body))
}

/** A number makes that many; other words, other photos. */
function photosOf(photos: unknown, said: Body): Buffer[] {
  if (Array.isArray(photos)) return photos.map((text) => Buffer.from(String(text), 'base64'))
  const first = createHash('sha256').update(JSON.stringify(said)).digest().readUInt16BE()
  const count = typeof photos === 'number' ? Math.min(4, Math.max(0, photos)) : 0
  return Array.from({ length: count }, (_, index) => parcelPhoto(first + index))
}
