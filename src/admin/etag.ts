import { createHash } from 'node:crypto'
import { Refusal } from './problem.ts'

/** Strong: the same for the same bytes only. */
export const etagOf = (body: unknown): string =>
  `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 32)}"`

/** Whether `If-Match` names this state. `*` names whatever is there; a weak tag names nothing. */
export const names = (ifMatch: string, body: unknown): boolean =>
  ifMatch
    .split(',')
    .map((tag) => tag.trim())
    .some((tag) => tag === '*' || tag === etagOf(body))

export const notSaid = new Refusal(428, {
  title: 'Say what you change',
  detail: 'GET this address, and send its ETag as If-Match with the change, so that nobody else’s is lost.',
})

export const changedSince = new Refusal(412, {
  title: 'Changed since',
  detail:
    'This is no longer as it was: GET it again, look at what is new, and send your change with the new ETag as If-Match.',
})
