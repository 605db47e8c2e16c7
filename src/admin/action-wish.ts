import { createHash } from 'node:crypto'
import { type Refundable, refundableOf } from '../actions/refundable.ts'
import type { Action, Refund, Words } from '../complaints/action.ts'
import { type Complaint, moveOf } from '../complaints/complaint.ts'
import { OutsideError, type Problem } from '../core/errors.ts'
import type { PictureHash, TenantId } from '../core/words.ts'
import { findSentPicture } from '../storage/pictures.ts'
import type { Reads } from '../storage/storage.ts'
import type { ActionWish, MoneyWish, WishOf } from './action-fields.ts'
import type { AdminParts } from './parts.ts'
import { invalid, Refusal } from './problem.ts'
import { othersUnsaid, refusedBy } from './why.ts'

/** What goes to the platform. */
export type Acting = Exclude<ActionWish, { kind: 'note' | 'claim' | 'assign' | 'release' }>

interface Asking {
  readonly parts: AdminParts
  readonly named: string | undefined
}

/** The wish as an action: pictures are there, the order's amounts are what whoever was paid says. */
export async function actionOf(asking: Asking, complaint: Complaint, wish: Acting): Promise<Action | Refusal> {
  if (wish.kind === 'refund') return refundOf(asking, complaint, { wish, within: '' })
  const wrong = [...unasked(complaint, wish), ...(await wrongPictures(asking.parts.storage.reads, complaint, wish))]
  if (wrong.length > 0) return invalid(wrong)
  const words = wordsOf(wish)
  switch (wish.kind) {
    case 'respond':
      return { kind: wish.kind, stance: wish.stance, ...words }
    case 'prove-refund':
      return { kind: wish.kind, ...(wish.received === undefined ? {} : { received: wish.received }), ...words }
    case 'finish':
      return { kind: wish.kind, ...(wish.choice === undefined ? {} : { choice: wish.choice }), ...words }
    case 'decide-refund':
      return decision(asking, complaint, wish)
    default:
      return { kind: wish.kind, ...words }
  }
}

/** An answer to a question that the platform does not ask now would be dropped in silence. */
function unasked(complaint: Complaint, wish: Exclude<Acting, { kind: 'refund' }>): readonly Problem[] {
  const field = wish.kind === 'finish' ? 'choice' : wish.kind === 'prove-refund' ? 'received' : undefined
  const move = moveOf(complaint, wish.kind)
  if (!field || !move || move.takes.choices || !Object.hasOwn(wish, field)) return []
  return [{ field, fix: 'leave it out: here the platform does not ask for it' }]
}

const wordsOf = ({ text, pictures }: Words): Words => ({
  ...(text ? { text } : {}),
  ...(pictures && pictures.length > 0 ? { pictures: [...new Set(pictures)] } : {}),
})

async function decision(
  asking: Asking,
  complaint: Complaint,
  wish: WishOf<'decide-refund'>,
): Promise<Action | Refusal> {
  const { kind, verdict, day = 0, refund } = wish
  if (verdict === 'reject') {
    const problems = [
      ...(refund ? [{ field: 'refund', fix: 'leave it out: no money goes with a reject' }] : []),
      ...(wish.day === undefined ? [] : [{ field: 'day', fix: 'leave it out: it is for approve' }]),
      // A no without a reason is taken by nobody, although a yes needs none.
      ...(wish.text ? [] : [{ field: 'text', fix: 'say why; the customer reads it' }]),
    ]
    return problems.length > 0 ? invalid(problems) : { kind, verdict, ...wordsOf(wish) }
  }
  if (wish.pictures?.length) return invalid([{ field: 'pictures', fix: 'leave them out: a yes takes none' }])
  if (!refund) return { kind, verdict, day, ...wordsOf(wish) }
  if (day > 0)
    return invalid([{ field: 'refund', fix: 'leave it out, or day: whoever promises a later day pays later' }])
  const next = await refundOf(asking, complaint, { wish: refund, within: 'refund.' })
  return next instanceof Refusal ? next : { kind, verdict, day, next, ...wordsOf(wish) }
}

/** Everything about money that must be known before it is judged. Asks outside. */
async function refundOf(
  { parts, named }: Asking,
  complaint: Complaint,
  { wish, within }: { readonly wish: Omit<MoneyWish, 'kind'>; readonly within: '' | 'refund.' },
): Promise<Refund | Refusal> {
  if (named === undefined) return notNamed
  if (!moveOf(complaint, within ? 'decide-refund' : 'refund')) return refusedBy(complaint, { why: 'not-open' })
  const all = await refundables(parts, complaint)
  if (all instanceof Refusal) return all
  const [first, ...more] = all
  if (!first) return nobodyPays
  if (wish.order === undefined && more.length > 0)
    return invalid([{ field: `${within}order`, fix: `one of ${all.map(({ order }) => order).join(', ')}` }])
  const one = wish.order === undefined ? first : all.find(({ order }) => order === wish.order)
  if (!one) return refusedBy(complaint, { why: 'no-order' }, within ? 'decide-refund' : 'refund')
  // Ours that is on its way is what they show: the gate says so.
  if (one.others && one.underway === 0 && wish.confirm.others !== true)
    return new Refusal(409, {
      title: 'Other refunds',
      detail: 'The platform shows refunds of this order that were not made from here, and does not say how much.',
      problems: [{ ...othersUnsaid, field: within + othersUnsaid.field }],
    })
  return {
    ...{ kind: 'refund', order: one.order, amount: wish.amount, total: one.total, reason: wish.reason ?? '' },
    ...(one.paidAt === undefined ? {} : { paidAt: one.paidAt }),
    ...(one.others ? { others: true } : {}),
  }
}

export async function refundables(parts: AdminParts, complaint: Complaint): Promise<readonly Refundable[] | Refusal> {
  try {
    return await refundableOf(parts, complaint)
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    return new Refusal(502, { title: 'Refused outside', detail: error.message })
  }
}

async function wrongPictures(
  reads: Reads,
  complaint: Complaint,
  { kind, pictures = [] }: Exclude<Acting, { kind: 'refund' }>,
): Promise<readonly Problem[]> {
  const limit = moveOf(complaint, kind)?.takes.pictures
  const problems: Problem[] = []
  for (const [at, hash] of pictures.entries()) {
    const fix = await wrongWith(reads, { tenant: complaint.tenant, hash }, limit)
    if (fix) problems.push({ field: `pictures.${at}`, fix })
  }
  return problems
}

async function wrongWith(
  reads: Reads,
  { tenant, hash }: { readonly tenant: TenantId; readonly hash: PictureHash },
  limit: { readonly bytes: number; readonly types: readonly string[] } | undefined,
): Promise<string | undefined> {
  const picture = await findSentPicture(reads, tenant, hash)
  if (!picture) return 'this picture is not here: send it to /pictures first'
  if (!limit || (limit.types.includes(picture.type) && picture.bytes.length <= limit.bytes)) return undefined
  return `the platform takes ${limit.types.join(', ')} up to ${limit.bytes} bytes; this is ${picture.type} of ${picture.bytes.length}`
}

/** Of the wish, wherever it comes from: the same words about the same complaint under the same name are the same wish, for good. */
export function keyOf(
  reads: Reads,
  { id }: Pick<Complaint, 'id'>,
  { named, body }: { readonly named: string | undefined; readonly body: unknown },
): string {
  if (named === undefined) return `api:${reads.random(16).toString('hex')}`
  const hash = createHash('sha256').update(JSON.stringify([id, named, body]))
  return `api:${hash.digest('hex')}`
}

const notNamed = new Refusal(428, {
  title: 'Name this wish',
  detail:
    'Money goes only under an Idempotency-Key, such as a UUID: sent again with the same key after an answer was lost, it goes once.',
  problems: [{ field: 'Idempotency-Key', fix: 'a header of 1 to 255 characters, a new one for each wish' }],
})

const nobodyPays = new Refusal(409, {
  title: 'Nobody pays',
  detail:
    'Nobody is set up to give money back for this complaint, or it names no order: the account needs the setting refunds = true, and a mini program a payer.',
  problems: [{ field: 'kind', fix: 'redress account update … --setting refunds=true --setting payer=<mchid>' }],
})
