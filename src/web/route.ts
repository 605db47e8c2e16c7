import express from 'express'
import { readToken, roomLinkUntil } from '../chat/case-link.ts'
import type { BotKind } from '../chat/chat.ts'
import type { ChatParts } from '../chat/context.ts'
import { text } from '../chat/texts.ts'
import type { Complaint } from '../complaints/complaint.ts'
import { sameText } from '../core/same.ts'
import { asPictureHash, type ComplaintId, instant, later } from '../core/words.ts'
import { findBot } from '../storage/bots.ts'
import { generationOf, type OpenPass, openPass, passBehind, passOpenedBy, useNonce } from '../storage/case-links.ts'
import { findComplaint } from '../storage/complaints.ts'
import { findPicture, heldPictures } from '../storage/pictures.ts'
import { findRoom, type Room } from '../storage/rooms.ts'
import { findTenant } from '../storage/tenants.ts'
import { caseOf } from './case.ts'
import { bodyLimit, readForm } from './form.ts'
import { pageHeaders, pictureHeaders } from './headers.ts'
import { act, type Inside, insideBy, refundableFor } from './own.ts'
import { casePage, type Outcome } from './page.ts'
import { type Nothing, nothingPage, openPage } from './plain-page.ts'
import { bring } from './upload.ts'
import { word } from './words.ts'

export interface WebParts extends ChatParts {
  readonly botKinds: readonly BotKind[]
  /** So long after the last thing that happened a room's link still opens. */
  readonly caseLinkDays?: number
}

/** How long a member may look and act once the own link is opened, in seconds. */
const sessionLife = 3600
const cookieName = 'redress_case'

/** `/case/…`: the page of one complaint, by a room's link or by a member's own. */
export function caseRouter(parts: WebParts): express.Router {
  const router = express.Router({ caseSensitive: true, strict: true })
  router.use((_, response, next) => {
    response.set(pageHeaders)
    next()
  })
  ownRoutes(router, parts)
  roomRoutes(router, parts)
  router.use((_, response) => void nothing(response, 404))
  router.use(badBody)
  return router
}

type Handler = express.RequestHandler<Record<string, string>>

/** Whoever comes without a link that opens is sent away before anything of the body is read. */
const body = express.raw({ type: () => true, limit: bodyLimit })
/** Said beforehand, it need not be sent. */
const announced: Handler = (request, response, next) => {
  if (Number(request.headers['content-length'] ?? 0) > bodyLimit) return nothing(response, 413, 'too-large')
  next()
}

function nothing(response: express.Response, status: number, what: Nothing = 'gone'): void {
  // What is still on its way is not waited for.
  if (status === 413) response.set('connection', 'close')
  response.status(status).send(nothingPage(what))
}

const badBody: express.ErrorRequestHandler = (error: unknown, _, response, next) => {
  const type = error instanceof Error && 'type' in error ? String(error.type) : ''
  if (response.headersSent || !/^(entity|request|encoding|stream)\./.test(type)) return next(error)
  return type === 'entity.too.large' ? nothing(response, 413, 'too-large') : nothing(response, 400, 'unreadable')
}

const formOf = ({ headers, body: bytes }: express.Request) =>
  Buffer.isBuffer(bytes) ? readForm(headers['content-type'] ?? '', bytes) : undefined

// By a member's own link.

function ownRoutes(router: express.Router, parts: WebParts): void {
  const inside: Handler = async (request, response, next) => {
    const session = cookieOf(request.headers.cookie)
    const pass = session && (await passOpenedBy(parts.storage.reads, request.params.id ?? '', session))
    const found = pass && (await insideBy(parts, pass))
    if (!found) return nothing(response, 410)
    response.locals.own = { ...found, pass }
    next()
  }
  router.get('/own/:id', inside, async (request, response) => {
    response.send(await ownPage(parts, request, response))
  })
  router.post('/own/:id', inside, announced, body, async (request, response) => {
    const form = await formOf(request)
    if (!form) return nothing(response, 400, 'unreadable')
    const own = response.locals.own as Own
    const nonce = form.fields.nonce ?? ''
    const isOurs = sameText(nonce, signedNonce(parts, own, nonce.split('.')[0] ?? ''))
    const isNew = isOurs && (await parts.storage.transaction((tx) => useNonce(tx, own.pass, nonce)))
    const twice = { said: word(own.context.room.language, 'twice'), alert: true }
    const outcome = isNew ? await act(own, form, nonce) : twice
    // As things stand after it.
    const now = await insideBy(parts, own.pass)
    if (!now) return nothing(response, 410)
    response.locals.own = { ...now, pass: own.pass }
    response.send(await ownPage(parts, request, response, outcome))
  })
  router.get('/own/:id/p/:hash', inside, async (request, response) => {
    await picture(parts, (response.locals.own as Own).complaint.id, request, response)
  })
}

type Own = Inside & { readonly pass: OpenPass }

const signedNonce = ({ storage }: WebParts, { pass }: Pick<Own, 'pass'>, words: string): string =>
  `${words}.${storage.reads.sealer.sign('case nonce', `${pass.id} ${words}`)}`

async function ownPage(
  parts: WebParts,
  request: express.Request<Record<string, string>>,
  response: express.Response,
  outcome?: Outcome,
): Promise<string> {
  const own = response.locals.own as Own
  const { complaint, context } = own
  const { reads } = parts.storage
  return casePage({
    case: await caseOf(reads, parts.platforms, { complaint, room: context.room, masked: false }),
    eyes: {
      of: 'member',
      member: context.member,
      nonce: signedNonce(parts, own, reads.random(12).toString('base64url')),
      until: own.pass.until,
      ...(await refundableFor(own)),
    },
    tenant: context.tenant.name,
    at: request.params.id ?? '',
    ...(outcome ? { outcome } : {}),
  })
}

const cookieOf = (header = ''): string | undefined =>
  header
    .split(';')
    .map((each) => each.trim().split('='))
    .find(([name]) => name === cookieName)?.[1]

// By whatever link is given.

function roomRoutes(router: express.Router, parts: WebParts): void {
  const { storage } = parts
  const reads = storage.reads
  const known: Handler = async (request, response, next) => {
    const token = readToken(reads.sealer, request.params.token ?? '')
    if (!token) return nothing(response, 404)
    if (token.of === 'member') {
      response.locals.secret = token.secret
      return next()
    }
    const seen = await seenBy(parts, token)
    if (!seen) return nothing(response, 410)
    response.locals.seen = seen
    next()
  }
  router.get('/:token', known, async (request, response) => {
    const { secret, seen } = response.locals as Linked
    if (seen) return void response.send(await roomPage(parts, request, seen))
    const pass = secret && (await passBehind(reads, secret))
    const found = pass && (await insideBy(parts, pass))
    if (!found) return nothing(response, 410)
    response.send(openPage(found.context.room.language))
  })
  router.post('/:token', known, async (_, response, next) => {
    const { secret } = response.locals as Linked
    if (!secret) return next()
    const session = reads.random(24).toString('base64url')
    const until = later(instant(reads.clock.now()), sessionLife * 1000)
    const found = await passBehind(reads, secret).then((pass) => pass && insideBy(parts, pass))
    const pass = found && (await storage.transaction((tx) => openPass(tx, secret, { session, until })))
    if (!pass) return nothing(response, 410)
    const address = new URL(parts.reachedAt?.() ?? 'http://127.0.0.1')
    response.cookie(cookieName, session, {
      path: `${address.pathname.replace(/\/$/, '')}/case/own/${pass.id}`,
      httpOnly: true,
      sameSite: 'strict',
      secure: address.protocol === 'https:',
      maxAge: sessionLife * 1000,
    })
    response.status(303).set('location', `own/${pass.id}`).send('')
  })
  router.post('/:token', announced, body, async (request, response) => {
    const { seen } = response.locals as Linked
    const form = await formOf(request)
    if (!seen || !form) return nothing(response, 400, 'unreadable')
    const page = await caseOf(reads, parts.platforms, { ...seen, masked: true })
    const outcome = mayBring(seen, page.view.capable) ? await bring(parts, seen, form) : closed(seen)
    response.send(await roomPage(parts, request, seen, outcome))
  })
  router.get('/:token/p/:hash', known, async (request, response) => {
    const { seen } = response.locals as Linked
    if (!seen) return nothing(response, 404)
    await picture(parts, seen.complaint.id, request, response)
  })
}

/** What a complaint looks like from a room. */
interface Seen {
  readonly room: Room
  readonly complaint: Complaint
  /** Somebody can press a button there. */
  readonly heard: boolean
}

interface Linked {
  readonly secret?: string
  readonly seen?: Seen
}

/** @returns undefined when it was taken back, is too old, or leads nowhere any more. */
async function seenBy(
  parts: WebParts,
  token: Extract<ReturnType<typeof readToken>, { of: 'room' }>,
): Promise<Seen | undefined> {
  const { reads } = parts.storage
  const room = await findRoom(reads, token.room)
  const complaint = room && (await findComplaint(reads, room.tenant, token.complaint))
  if (!complaint || !(await roomLinkUntil(reads, { room, complaint, days: parts.caseLinkDays }))) return undefined
  const of = { tenant: room.tenant, complaint: complaint.id, room: room.id }
  if ((await generationOf(reads, of)) !== token.generation) return undefined
  const bot = await findBot(reads, room.bot)
  const kind = parts.botKinds.find((one) => one.kind === bot?.kind)
  return { room, complaint, heard: kind?.pushOnly !== true }
}

const mayBring = ({ complaint, heard }: Seen, capable: readonly string[]): boolean =>
  heard && complaint.moves.some(({ kind, takes }) => takes.pictures !== undefined && capable.includes(kind))

const closed = ({ room, complaint }: Seen): Outcome => ({
  said: text(room.language, 'no.not-open', { n: complaint.running, label: complaint.label }),
  alert: true,
})

async function roomPage(
  parts: WebParts,
  request: express.Request<Record<string, string>>,
  seen: Seen,
  outcome?: Outcome,
): Promise<string> {
  const { reads } = parts.storage
  const { room, complaint } = seen
  const page = await caseOf(reads, parts.platforms, { complaint, room, masked: true })
  const tenant = await findTenant(reads, room.tenant)
  return casePage({
    case: page,
    eyes: { of: 'room', mayUpload: mayBring(seen, page.view.capable) },
    tenant: tenant?.name ?? '',
    at: request.params.token ?? '',
    ...(outcome ? { outcome } : {}),
  })
}

/** Only what belongs to the complaint. */
async function picture(
  { storage }: WebParts,
  complaint: ComplaintId,
  request: express.Request<Record<string, string>>,
  response: express.Response,
): Promise<void> {
  const hash = asPictureHash(request.params.hash ?? '')
  const held = await heldPictures(storage.reads, complaint)
  const found = held.some((one) => one.hash === hash) ? await findPicture(storage.reads, hash) : undefined
  if (!found) return nothing(response, 404)
  response.set({ ...pictureHeaders, 'content-type': found.type }).send(found.bytes)
}
