import type { Acted, Words } from '../../complaints/action.ts'
import { OutsideError } from '../../core/errors.ts'
import type { PictureHash } from '../../core/words.ts'
import type { Deed, Deeds, Job } from '../platform.ts'
import { pathOf } from './complaints.ts'
import { PayError } from './errors.ts'
import { json } from './exchange.ts'
import { lookFor } from './look.ts'
import { type MediaParts, upload } from './media.ts'
import { merchantOf } from './merchant.ts'
import { limitsFor } from './takes.ts'
import { decide, finish, respond, type Way } from './ways.ts'

/** Each comes with its way to look: they know no key by which a repeated call would be recognised. */
export const createDeeds = (parts: MediaParts): Deeds => ({
  respond: deed(parts, respond),
  'decide-refund': deed(parts, decide),
  finish: deed(parts, finish),
})

type Done = 'respond' | 'decide-refund' | 'finish'

function deed<Kind extends Done>(parts: MediaParts, way: Way<Kind>): Deed<Kind> {
  return {
    repeat: 'after-look',
    settles: 60_000,
    async perform(job) {
      const wrong = way.wrong(job.action, limitsFor(parts.limits, job.seat.account.settings))
      if (wrong !== undefined) return refused(wrong)
      try {
        return await said(parts, way, job)
      } catch (error) {
        return failed(error, () => lookFor(parts.client, way.trace, job))
      }
    },
    look: (job) => lookFor(parts.client, way.trace, job),
  }
}

async function said<Kind extends Done>(parts: MediaParts, way: Way<Kind>, job: Job<Kind>): Promise<Acted> {
  try {
    return await once(parts, way, job)
  } catch (error) {
    if (!isForgottenPicture(error)) throw error
    // Refused before anything was done: all pictures again, once.
    for (const hash of picturesOf(job)) await job.forgetUpload(hash)
    return once(parts, way, job)
  }
}

async function once<Kind extends Done>(parts: MediaParts, way: Way<Kind>, job: Job<Kind>): Promise<Acted> {
  const { account } = job.seat
  const { number } = job.complaint
  const mediaIds: string[] = []
  for (const hash of picturesOf(job)) {
    mediaIds.push(await job.uploaded(hash, (picture) => upload(parts, account, picture)))
  }
  const merchant = await merchantOf(parts.client, job.seat, number)
  const { requestId } = await parts.client.act(account, {
    operation: way.operation,
    method: 'POST',
    target: pathOf(number, way.call),
    body: json(way.body(job.action, { account, mediaIds, merchant })),
  })
  return { outcome: 'done', reference: requestId ?? number }
}

const picturesOf = ({ action }: { readonly action: Words }): readonly PictureHash[] => action.pictures ?? []

const isForgottenPicture = (error: unknown): boolean =>
  error instanceof PayError && error.code === 'PARAM_ERROR' && /image|media/i.test(error.field ?? '')

async function failed(error: unknown, look: () => Promise<Acted>): Promise<Acted> {
  if (!(error instanceof OutsideError)) throw error
  switch (error.trouble) {
    case 'unknown':
      return { outcome: 'unknown' }
    case 'unreachable':
    case 'busy':
      return { outcome: 'failed', message: error.message, again: true }
    case 'moved':
    case 'refused':
      return error.code === 'INVALID_REQUEST' ? moved(error, look) : refused(error.message)
    case 'forbidden':
      return refused(error.message)
  }
}

const refused = (message: string): Acted => ({ outcome: 'failed', message, again: false })

/** "Not in this state" may be the answer to our own earlier call that worked: look, then say. */
async function moved(error: OutsideError, look: () => Promise<Acted>): Promise<Acted> {
  const seen = await look().catch((): Acted => ({ outcome: 'unknown' }))
  return seen.outcome === 'absent' ? { outcome: 'failed', message: error.message, again: false, moved: true } : seen
}
