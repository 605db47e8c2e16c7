import { z } from 'zod'
import { addNote, assignTo, claimFor, releaseClaim } from '../actions/claims.ts'
import type { Actor } from '../actions/refund-gate.ts'
import { request } from '../actions/request.ts'
import { withdrawAction } from '../actions/withdraw.ts'
import type { Complaint } from '../complaints/complaint.ts'
import type { By } from '../complaints/fact.ts'
import { atLeast, type Member, roleFor } from '../complaints/member.ts'
import { failpoint } from '../core/failpoint.ts'
import { asId, instant, type TenantId } from '../core/words.ts'
import { actionByKey, actionsOf, findAction, type StoredAction, unsettledOf } from '../storage/actions.ts'
import type { ApiKey } from '../storage/keys.ts'
import { findMember, listMembers } from '../storage/members.ts'
import type { Reads } from '../storage/storage.ts'
import { type ActionWish, actionWish } from './action-fields.ts'
import { type Acting, actionOf, keyOf, refundables } from './action-wish.ts'
import { complaintAt } from './complaints.ts'
import { listOf } from './fields.ts'
import { none, type TenantAsked, tenantOperation } from './operation.ts'
import { invalid, notThere, Refusal } from './problem.ts'
import { inTheWayOf, refusedBy, tooLate } from './why.ts'

/** Without a person behind it: what the business allows an admin, and never the second of two people. */
const actor: Actor = { role: 'admin' }

const most = 200

const inward: readonly unknown[] = ['note', 'claim', 'assign', 'release']
const staysHere = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'kind' in body && inward.includes(body.kind)

/** The words stand in the complaint's timeline, and are deleted with it. */
const actionView = z.object({
  /** Absent where nothing goes to the platform: a note, a claim. */
  id: z.string().exactOptional(),
  kind: z.string(),
  /** requested: written down, and not gone out yet; sent, underway, unknown; done, failed, withdrawn: that was its end. */
  state: z.string(),
  by: z.object({ name: z.string(), via: z.string(), approved: z.string().exactOptional() }),
  stance: z.string().exactOptional(),
  verdict: z.string().exactOptional(),
  choice: z.string().exactOptional(),
  received: z.boolean().exactOptional(),
  day: z.number().exactOptional(),
  order: z.string().exactOptional(),
  /** Fen. */
  amount: z.number().exactOptional(),
  pictures: z.number(),
  member: z.string().exactOptional(),
  requestedAt: z.string(),
  sentAt: z.string().exactOptional(),
  settledAt: z.string().exactOptional(),
  /** The platform's own. */
  reference: z.string().exactOptional(),
  message: z.string().exactOptional(),
  refund: z
    .object({
      number: z.string(),
      /** It goes out then. */
      notBefore: z.string(),
      /** The customer's account did not take it: a person must finish it in the platform's console. */
      stuck: z.boolean(),
      arrivedAt: z.string().exactOptional(),
    })
    .exactOptional(),
})

const refundableView = z.object({
  order: z.string(),
  /** Fen, each of them. */
  total: z.number(),
  settled: z.number(),
  underway: z.number(),
  left: z.number(),
  /** The platform shows refunds that were not made from here: `left` may be less. */
  others: z.boolean(),
})

export const actionOperations = [
  tenantOperation({
    method: 'post',
    path: '/complaints/:running/actions',
    summary: 'Does something to a complaint, as a person in the chat: judged at once, done at the platform after that',
    query: none,
    body: actionWish,
    status: 201,
    answer: actionView,
    refuses: [428, 502],
    // By the action's own key; what stays with us has none.
    known: (body) => !staysHere(body),
    async run(asked) {
      const { parts, tenant, param, body } = asked
      const complaint = await complaintAt(parts.storage.reads, tenant.id, param('running'))
      if (!complaint) return notThere('complaint')
      switch (body.kind) {
        case 'note':
        case 'claim':
        case 'assign':
        case 'release':
          return inside(asked, complaint, body)
        default:
          return outside(asked, complaint, body)
      }
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/complaints/:running/actions',
    summary: 'Lists what was done to a complaint at its platform, and what became of it, the newest first',
    query: none,
    body: none,
    status: 200,
    answer: listOf(actionView),
    async run({ parts: { storage }, tenant, param }) {
      const complaint = await complaintAt(storage.reads, tenant.id, param('running'))
      if (!complaint) return notThere('complaint')
      return { items: (await actionsOf(storage.reads, complaint.id, most)).map(viewOf) }
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/complaints/:running/actions/:action',
    summary: 'Shows what became of an action',
    query: none,
    body: none,
    status: 200,
    answer: actionView,
    async run(asked) {
      const action = await storedAt(asked)
      return action ? viewOf(action) : notThere('action')
    },
  }),
  tenantOperation({
    method: 'post',
    path: '/complaints/:running/actions/:action/withdraw',
    summary: 'Takes an action back that was asked for through the API and has not gone out',
    query: none,
    body: none,
    status: 200,
    answer: actionView,
    async run(asked) {
      const action = await storedAt(asked)
      if (!action) return notThere('action')
      if (action.by.via !== 'api') return notOurs(action)
      if (!(await withdrawAction(asked.parts, action, byOf(asked.caller)))) return tooLate(action)
      return viewOf((await findAction(asked.parts.storage.reads, action.id)) ?? action)
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/complaints/:running/refundable',
    summary: 'Asks whoever was paid what may still be given back of each order',
    query: none,
    body: none,
    status: 200,
    answer: listOf(refundableView),
    refuses: [502],
    async run({ parts, tenant, param }) {
      const complaint = await complaintAt(parts.storage.reads, tenant.id, param('running'))
      if (!complaint) return notThere('complaint')
      const all = await refundables(parts, complaint)
      return all instanceof Refusal ? all : { items: [...all] }
    },
  }),
]

const byOf = ({ name }: ApiKey): By => ({ name, via: 'api' })

async function outside<Query>(
  { parts, tenant, caller, named, body }: TenantAsked<Query, ActionWish>,
  complaint: Complaint,
  wish: Acting,
): Promise<z.input<typeof actionView> | Refusal> {
  const { reads } = parts.storage
  const key = keyOf(reads, complaint, { named, body })
  const same = await actionByKey(reads, tenant.id, key)
  if (same) return viewOf(same)
  // Before anybody outside is asked: while our own money is on its way, what they say looks like somebody else's.
  const other = await unsettledOf(reads, complaint.id, wish.kind)
  if (other) return inTheWayOf(complaint, { outcome: 'busy', action: other })
  const action = await actionOf({ parts, named }, complaint, wish)
  if (action instanceof Refusal) return action
  failpoint('api.looked')
  const requested = await request(parts, {
    ...{ tenant: tenant.id, complaint: complaint.id, action, key, by: byOf(caller), member: actor },
    ...(wish.ifVersion === undefined ? {} : { seen: wish.ifVersion }),
  })
  failpoint('api.accepted')
  if (requested.outcome === 'refused') return refusedBy(complaint, requested.why, wish.kind)
  // The very same wish: what became of it is its answer.
  if (requested.outcome === 'accepted' || requested.action.key === key)
    return viewOf((await findAction(reads, requested.action.id)) ?? requested.action)
  return inTheWayOf(complaint, requested)
}

/** What stays with us. */
async function inside<Query, Body>(
  { parts, tenant, caller }: TenantAsked<Query, Body>,
  complaint: Complaint,
  wish: Exclude<ActionWish, Acting>,
): Promise<z.input<typeof actionView> | Refusal> {
  if (wish.ifVersion !== undefined && wish.ifVersion !== complaint.version)
    return refusedBy(complaint, { why: 'changed' })
  const by = byOf(caller)
  const done = (member?: Member) => ({
    ...{ kind: wish.kind, state: 'done', by: { name: by.name, via: by.via }, pictures: 0 },
    requestedAt: instant(parts.storage.reads.clock.now()),
    ...(member ? { member: member.handle } : {}),
  })
  if (wish.kind === 'note') {
    await addNote(parts, complaint, { by, text: wish.text })
    return done()
  }
  if (wish.kind === 'release') {
    const outcome = await releaseClaim(parts, complaint, { by, actor })
    return outcome === 'released' ? done() : nobodyHas(complaint)
  }
  const to = await memberNamed(parts.storage.reads, tenant.id, wish.member)
  if (!to) return invalid([{ field: 'member', fix: `a member who is enabled and at least ${roleFor('claim')}` }])
  if (wish.kind === 'assign') {
    await assignTo(parts, complaint, { by, to })
    return done(to)
  }
  const holder = await claimFor(parts, complaint, { by, to })
  if (holder === undefined) return done(to)
  const other = await findMember(parts.storage.reads, tenant.id, holder)
  return new Refusal(409, {
    title: 'Claimed',
    detail: `#${complaint.running} is handled by ${other?.name ?? 'somebody else'}.`,
    problems: [{ field: 'kind', fix: 'assign gives it to another one whoever has it; release makes it free' }],
  })
}

const nobodyHas = ({ running }: Complaint) =>
  new Refusal(409, { title: 'Not claimed', detail: `Nobody has claimed #${running}.` })

const notOurs = ({ by }: StoredAction) =>
  new Refusal(409, {
    title: 'Not asked for through the API',
    detail: `${by.name} asked for this ${by.via === 'rule' ? 'as a rule' : 'in the chat'}: it is taken back there.`,
  })

async function memberNamed(reads: Reads, tenant: TenantId, named: string): Promise<Member | undefined> {
  const plain = named.replace(/^@/, '').toLowerCase()
  return (await listMembers(reads, tenant)).find(
    (one) => one.enabled && atLeast(one, roleFor('claim')) && (one.id === named || one.handle.toLowerCase() === plain),
  )
}

async function storedAt<Query, Body>({
  parts: { storage },
  tenant,
  param,
}: TenantAsked<Query, Body>): Promise<StoredAction | undefined> {
  const complaint = await complaintAt(storage.reads, tenant.id, param('running'))
  const action = complaint && (await findAction(storage.reads, asId(param('action'))))
  return action?.complaint === complaint?.id ? action : undefined
}

function viewOf({ action, by, refund, ...stored }: StoredAction): z.input<typeof actionView> {
  return {
    ...stored,
    ...wishOf(action),
    kind: action.kind,
    by: { name: by.name, via: by.via, ...(by.approved ? { approved: by.approved.name } : {}) },
    pictures: 'pictures' in action ? (action.pictures?.length ?? 0) : 0,
    ...(refund ? { refund } : {}),
  }
}

/** All of it but the words. */
function wishOf(action: StoredAction['action']): Partial<z.input<typeof actionView>> {
  switch (action.kind) {
    case 'respond':
      return { stance: action.stance }
    case 'refund':
      return { order: action.order, amount: action.amount }
    case 'prove-refund':
      return action.received === undefined ? {} : { received: action.received }
    case 'finish':
      return action.choice === undefined ? {} : { choice: action.choice }
    case 'decide-refund': {
      const { verdict, day, next } = action
      return {
        verdict,
        ...(day === undefined ? {} : { day }),
        ...(next ? { order: next.order, amount: next.amount } : {}),
      }
    }
    default:
      return {}
  }
}
