import type { RequestHandler, Response } from 'express'
import { instant } from '../core/words.ts'
import { type ApiKey, findKey, isOver, keyUsed, wasUsedAnew } from '../storage/keys.ts'
import { findTenant } from '../storage/tenants.ts'
import type { Given, Operation } from './operation.ts'
import type { AdminParts } from './parts.ts'
import { later, notThere, Refusal, sendRefusal } from './problem.ts'
import { createRate } from './rate.ts'

const minute = 60_000
/** Keys are 256 random bits: this keeps the database and the log quiet, it does not keep the key safe. */
const triesAMinute = 20
const usualPerMinute = 600

/**
 * A bearer key that we know and that has not ended. Wrong ones are counted by address; a right one is always let in, whoever else sits behind
 * the same proxy, and counted for itself.
 */
export function bearer({ storage, logger, requestsPerMinute = usualPerMinute }: AdminParts): RequestHandler {
  const { clock } = storage.reads
  const failures = countByMinute(() => clock.now())
  const rate = createRate(requestsPerMinute, () => clock.now())
  return async (request, response, next) => {
    const given = request.headers.authorization
    const text = /^Bearer +([\x21-\x7e]{1,200})$/i.exec(given ?? '')?.[1]
    const key = text === undefined ? undefined : await findKey(storage.reads, text)
    const now = instant(clock.now())
    if (key && !isOver(key, now)) {
      const wait = rate.take(key.id)
      if (wait > 0) return sendRefusal(response, tooFast(wait, requestsPerMinute))
      if (wasUsedAnew(key, now)) await storage.transaction((tx) => keyUsed(tx, key.id))
      response.locals.key = key
      return next()
    }
    const address = request.socket.remoteAddress ?? ''
    const tries = failures.count(address)
    if (tries === triesAMinute + 1) logger.warn({ address }, 'many requests with a wrong admin key')
    if (tries > triesAMinute) return sendRefusal(response, tooMany(failures.secondsLeft()))
    response.set('www-authenticate', 'Bearer realm="redress"')
    sendRefusal(response, key ? ended(key) : text ? wrongKey : given === undefined ? noKey : malformed)
  }
}

/** Whoever was let in. */
export const callerOf = (response: Response): ApiKey => response.locals.key as ApiKey

/** What this key may not ask. Nobody learns from it whether another's business is there. */
export async function outOfReach(
  { storage }: AdminParts,
  { method, ofTenant }: Operation,
  { caller, params }: Given,
): Promise<Refusal | undefined> {
  if (caller.access === 'read' && method !== 'get') return readsOnly
  if (caller.tenant === undefined) return undefined
  if (!ofTenant) return oneTenantOnly
  const tenant = await findTenant(storage.reads, String(params.tenant))
  return tenant?.id === caller.tenant ? undefined : notThere('tenant')
}

const refused = (title: string, detail: string) => new Refusal(401, { title, detail })
const where = 'The first key is in the file admin.key of the data folder; redress key add makes more.'
const noKey = refused('No key', `Send "Authorization: Bearer <key>". ${where}`)
const malformed = refused('Malformed key', `Send "Authorization: Bearer <key>", with the key in one piece. ${where}`)
const wrongKey = refused('Unknown key', `This key is not known here. ${where}`)
const ended = ({ revokedAt, expiresAt }: ApiKey) =>
  revokedAt === undefined
    ? refused('Expired key', `This key ended at ${expiresAt}: use its successor, or have one made (redress key add).`)
    : refused('Revoked key', `This key was revoked at ${revokedAt}: have another one made (redress key add).`)

const readsOnly = new Refusal(403, {
  title: 'This key only reads',
  detail: 'It may GET. For changes use a key with access write (redress key add --access write).',
})
const oneTenantOnly = new Refusal(403, {
  title: 'This key is for one business',
  detail:
    'It reaches the paths below /tenants/<its business> only (on the command line: name it by --tenant). For this use a key of the whole installation.',
})
const tooFast = (wait: number, perMinute: number) =>
  later(429, wait, {
    title: 'Too fast',
    detail: `At most ${perMinute} requests a minute with one key: wait, then go on.`,
  })
const tooMany = (wait: number) =>
  later(429, wait, { title: 'Too many tries', detail: 'Too many wrong keys from this address.' })

/** Forgets everything each minute, so that it never grows beyond one minute's callers. */
function countByMinute(now: () => number) {
  let slot = 0
  let counts = new Map<string, number>()
  return {
    count(name: string): number {
      const current = Math.floor(now() / minute)
      if (current !== slot) {
        slot = current
        counts = new Map()
      }
      const count = (counts.get(name) ?? 0) + 1
      counts.set(name, count)
      return count
    },
    secondsLeft: () => (minute - (now() % minute)) / 1000,
  }
}
