import type { RequestHandler } from 'express'
import { findKey } from '../storage/keys.ts'
import type { AdminParts } from './parts.ts'
import { Refusal, sendRefusal } from './problem.ts'

const minute = 60_000
/** Keys are 256 random bits: this keeps the database and the log quiet, it does not keep the key safe. */
const triesAMinute = 20

/** A bearer key that we know. Wrong ones are counted by address; a right one is always let in, whoever else sits behind the same proxy. */
export function bearer({ storage, logger }: Pick<AdminParts, 'storage' | 'logger'>): RequestHandler {
  const { clock } = storage.reads
  const failures = countByMinute(() => clock.now())
  return async (request, response, next) => {
    const key = /^Bearer +([\x21-\x7e]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1]
    if (key && (await findKey(storage.reads, key))) return next()
    const address = request.socket.remoteAddress ?? ''
    const tries = failures.count(address)
    if (tries === triesAMinute + 1) logger.warn({ address }, 'many requests with a wrong admin key')
    if (tries > triesAMinute) {
      response.set('retry-after', String(failures.secondsLeft()))
      return sendRefusal(response, tooMany)
    }
    response.set('www-authenticate', 'Bearer realm="redress"')
    sendRefusal(response, key ? wrongKey : noKey)
  }
}

const noKey = new Refusal(401, {
  title: 'No key',
  detail: 'Send "Authorization: Bearer <key>". The first key is in the file admin.key of the data folder.',
})
const wrongKey = new Refusal(401, {
  title: 'Unknown key',
  detail: 'This key is not known here. The first key is in the file admin.key of the data folder.',
})
const tooMany = new Refusal(429, { title: 'Too many tries', detail: 'Too many wrong keys from this address.' })

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
    secondsLeft: () => Math.ceil((minute - (now() % minute)) / 1000),
  }
}
