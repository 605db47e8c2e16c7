import type { Acted, ActionKind, ActionOf, Words } from '../../complaints/action.ts'
import { OutsideError } from '../../core/errors.ts'
import { millis } from '../../core/words.ts'
import type { Deed, Deeds, Job } from '../platform.ts'
import { both } from './errors.ts'
import { labelOf, waitsFor } from './mapping.ts'
import { type MediaParts, upload } from './media.ts'
import { notReceived, wrongWords } from './takes.ts'
import { type ActFields, actBody, isReturnId, type Step, type Told } from './wire.ts'

/** One of their calls, and the trace that it leaves. */
interface Call {
  readonly kind: ActionKind
  readonly path: string
  /** Whether a step in their history may come from this call. */
  trace(step: Step): boolean
  /** The state alone says that such an act was taken, where the history need not show it. */
  taken?(told: Told): boolean
}

interface Way<Kind extends ActionKind> extends Call {
  /** What stands in the body beside the words; or why it cannot be said to them. */
  fields(action: ActionOf<Kind>, about: Pick<Job<Kind>, 'complaint' | 'seat'>): ActFields | string
}

const respond: Way<'respond'> = {
  kind: 'respond',
  path: '/wxaapi/minishop/bussiRespondComplaint',
  trace: ({ type }) => type === 109,
  fields: ({ stance }) => (stance === 'talk' ? onlyYesOrNo : { bussiHandle: stance === 'agree' ? 1 : 2 }),
}

const addEvidence: Way<'add-evidence'> = {
  kind: 'add-evidence',
  path: '/wxaapi/minishop/bussiSupplyProof',
  trace: ({ type }) => type === 8,
  fields: () => ({}),
}

const proveRefund: Way<'prove-refund'> = {
  kind: 'prove-refund',
  path: '/wxaapi/minishop/bussiSupplyRefund',
  trace: ({ type }) => type === 110,
  fields: ({ received }, { complaint, seat }) => {
    const returnId = complaint.returned?.number
    if (returnId === undefined) return {}
    if (!isReturnId(returnId)) return strangeReturn
    if (received === undefined) return sayWhetherReceived
    const acceptReturn = received ? 1 : notReceived(seat.account.settings)
    return acceptReturn === undefined ? onlyReceived : { acceptReturn, returnId }
  },
}

const appeal: Way<'appeal'> = {
  kind: 'appeal',
  path: '/wxaapi/minishop/busiAppeal',
  // Which number such a step has is published nowhere; that it is about an appeal under way stands beside it.
  trace: (step) => step.appeal === 403,
  taken: (told) => told.appeal !== undefined && [403, 117, 118].includes(told.appeal),
  fields: () => ({}),
}

/** What we can do to a complaint here, each with the way to see whether it was done. */
export const createDeeds = (parts: MediaParts): Deeds => ({
  respond: deed(parts, respond),
  'add-evidence': deed(parts, addEvidence),
  'prove-refund': deed(parts, proveRefund),
  appeal: deed(parts, appeal),
})

function deed<Kind extends 'respond' | 'add-evidence' | 'prove-refund' | 'appeal'>(
  parts: MediaParts,
  way: Way<Kind>,
): Deed<Kind> {
  return {
    repeat: 'after-look',
    settles: 60_000,
    async perform(job) {
      const fields = way.fields(job.action, job)
      if (typeof fields === 'string') return refused(fields)
      const wrong = wrongWords(job.action, parts.limits)
      if (wrong !== undefined) return refused(wrong)
      try {
        return await said(parts, way, job, fields)
      } catch (error) {
        return failed(error, () => look(parts, way, job))
      }
    },
    look: (job) => look(parts, way, job),
  }
}

const onlyYesOrNo = both('小程序投诉只能同意或拒绝和解', 'a mini program complaint can only be agreed to or refused')
const sayWhetherReceived = both(
  '用户有退货：请先说明是否已收到退货，再提交凭证',
  'the user has sent goods back: say whether they have arrived, then submit the proof again',
)
const onlyReceived = both(
  '微信没有公开「未收到退货」怎么提交；请到小程序后台处理，或在账号设置里填写它的取值',
  'how to say that the goods did not arrive is not published: use the console, or give the value in the account’s settings (notReceived)',
)
const strangeReturn = both(
  '微信给出的退货单号不是数字，不能由接口提交；请到小程序后台处理',
  'the number of the return is not digits and cannot be sent by the API: use the console',
)

type Wish = Pick<Job<ActionKind>, 'seat' | 'complaint' | 'since' | 'uploaded' | 'forgetUpload'> & {
  readonly action: Words
}

async function said(parts: MediaParts, way: Call, job: Wish, fields: ActFields): Promise<Acted> {
  try {
    return await once(parts, way, job, fields)
  } catch (error) {
    if (!(error instanceof OutsideError && error.code === '40007')) throw error
    // They have forgotten a picture and said so before doing anything: upload all again, once.
    for (const hash of job.action.pictures ?? []) await job.forgetUpload(hash)
    return once(parts, way, job, fields)
  }
}

async function once(parts: MediaParts, way: Call, job: Wish, fields: ActFields): Promise<Acted> {
  const mediaIds: string[] = []
  for (const hash of job.action.pictures ?? []) {
    mediaIds.push(await job.uploaded(hash, (picture) => upload(parts, job.seat.account, picture)))
  }
  const body = actBody(job.complaint.number, { text: wordsOf(job.action), mediaIds }, fields)
  const rid = await parts.client.act(job.seat.account, way.path, body)
  return { outcome: 'done', reference: rid ?? job.complaint.number }
}

async function failed(error: unknown, lookAgain: () => Promise<Acted>): Promise<Acted> {
  if (!(error instanceof OutsideError)) throw error
  switch (error.trouble) {
    case 'unknown':
      return { outcome: 'unknown' }
    case 'moved':
      return moved(error, lookAgain)
    case 'unreachable':
    case 'busy':
      return { outcome: 'failed', message: error.message, again: true }
    case 'refused':
    case 'forbidden':
      return refused(error.message)
  }
}

const refused = (message: string): Acted => ({ outcome: 'failed', message, again: false })

/** "Wrong state" may be the answer to our own earlier call that worked: look, then say. */
async function moved(error: OutsideError, lookAgain: () => Promise<Acted>): Promise<Acted> {
  try {
    const seen = await lookAgain()
    if (seen.outcome === 'absent') return { outcome: 'failed', message: error.message, again: false, moved: true }
    return seen
  } catch (during) {
    if (during instanceof OutsideError) return { outcome: 'unknown' }
    throw during
  }
}

/**
 * Whether our words stand in their history since the call. Not there and the state still waits for them: absent.
 * Not there and the state has moved on: somebody else acted or time ran out; the state itself keeps a second try from being taken.
 * No history at all while the state has moved on: nothing can be said.
 */
async function look(parts: MediaParts, way: Call, job: Wish): Promise<Acted> {
  const { seat, complaint } = job
  const told = await parts.client.detail(seat.account, complaint.number)
  const traces = told.steps.filter((step) => way.trace(step) && isSince(step, job))
  if (traces.some((step) => isOurs(step, job))) return { outcome: 'done', reference: complaint.number }
  if (waitsFor(told, way.kind)) return { outcome: 'absent' }
  // Taken, and the history names nobody's words for it: it is ours.
  if (way.taken?.(told) && traces.every(isBare)) return { outcome: 'done', reference: complaint.number }
  if (told.steps.length === 0) return { outcome: 'unknown' }
  return { outcome: 'failed', message: movedOn(told), again: false, moved: true }
}

// Their clock against ours.
const skew = 300_000

const isSince = ({ at }: Step, job: Wish): boolean => at !== undefined && millis(at) >= millis(job.since) - skew
const isBare = ({ text, pictures }: Step): boolean => text === undefined && pictures.length === 0

function isOurs(step: Step, job: Wish): boolean {
  const ours = wordsOf(job.action)
  if (ours !== '') return sameWords(plain(step.text ?? ''), plain(ours))
  return step.text === undefined && step.pictures.length === (job.action.pictures?.length ?? 0)
}

const wordsOf = (action: Words) => action.text?.trim() ?? ''
// Whether they show our words bare is published nowhere; long ones are also known inside a frame of theirs.
const sameWords = (theirs: string, ours: string) => theirs === ours || (ours.length >= 10 && theirs.includes(ours))
const plain = (words: string) => words.replace(/\s+/g, ' ').trim()

const movedOn = (told: Told) =>
  both(
    `投诉已变为「${labelOf(told)}」，其中没有我们的这次操作`,
    `the complaint has moved to ${told.status ?? 'an unnamed state'} without this act of ours`,
  )
