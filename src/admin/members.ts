import { z } from 'zod'
import type { Member } from '../complaints/member.ts'
import { asId } from '../core/words.ts'
import { createBindCode } from '../storage/bind-codes.ts'
import { changeMember, createMember, findMember, type Identity, identitiesOf, listMembers } from '../storage/members.ts'
import { raisesOwnCaps } from './caps.ts'
import { amount, flag, listOf, memberHandle, name, role } from './fields.ts'
import { none, tenantOperation } from './operation.ts'
import { notThere, Refusal, taken } from './problem.ts'

const newMember = z.strictObject(
  {
    handle: memberHandle,
    name: name('the name of the person'),
    role,
    enabled: flag.default(true),
    /** Fen. */
    refundEach: amount.exactOptional(),
    refundDay: amount.exactOptional(),
  },
  'a JSON object',
)

const memberChange = z.strictObject(
  {
    name: name('the name of the person').exactOptional(),
    role: role.exactOptional(),
    enabled: flag.exactOptional(),
    /** Fen; null = the tenant's rule alone. */
    refundEach: amount.nullable().exactOptional(),
    refundDay: amount.nullable().exactOptional(),
  },
  'a JSON object',
)

const memberView = z.object({
  id: z.string(),
  handle: z.string(),
  name: z.string(),
  role,
  enabled: z.boolean(),
  refundEach: z.number().exactOptional(),
  refundDay: z.number().exactOptional(),
  /** Where a chat knows this person. */
  identities: z.array(z.object({ realm: z.string(), boundAt: z.string() })),
})

/** What a one-time code is for a person: the words to send to the bot. */
export const codeView = z.object({ code: z.string(), expiresAt: z.string(), say: z.string() })
export const codeAnswer = (made: { readonly code: string; readonly expiresAt: string }): z.input<typeof codeView> => ({
  ...made,
  say: `/bind ${made.code}`,
})

export const memberOperations = [
  tenantOperation({
    method: 'post',
    path: '/members',
    summary: 'Adds a person',
    query: none,
    body: newMember,
    status: 201,
    answer: memberView,
    async run({ parts, tenant, body }) {
      const member = await parts.storage.transaction((tx) => createMember(tx, { ...body, tenant: tenant.id }))
      if (!member) return taken(`There is a member ${body.handle}.`, { field: 'handle', fix: 'choose another' })
      return viewOf(member, [])
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/members',
    summary: 'Lists the people of a business',
    query: none,
    body: none,
    status: 200,
    answer: listOf(memberView),
    async run({ parts: { storage }, tenant }) {
      const identities = await identitiesOf(storage.reads, tenant.id)
      return { items: (await listMembers(storage.reads, tenant.id)).map((member) => viewOf(member, identities)) }
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/members/:member',
    summary: 'Shows a person',
    query: none,
    body: none,
    status: 200,
    answer: memberView,
    async run({ parts: { storage }, tenant, param }) {
      const member = await findMember(storage.reads, tenant.id, asId(param('member')))
      return member ? viewOf(member, await identitiesOf(storage.reads, tenant.id)) : notThere('member')
    },
  }),
  tenantOperation({
    method: 'patch',
    path: '/members/:member',
    summary: 'Changes a person; what is not named stays',
    query: none,
    body: memberChange,
    status: 200,
    answer: memberView,
    async run({ parts: { storage }, tenant, param, body, caller }) {
      const id = asId<'member'>(param('member'))
      const member = await storage.transaction(async (tx) => {
        const now = await findMember(tx, tenant.id, id)
        const no = now && raisesOwnCaps(caller, { member: now, tenant }, body)
        return no ?? changeMember(tx, tenant.id, id, body)
      })
      if (member instanceof Refusal) return member
      return member ? viewOf(member, await identitiesOf(storage.reads, tenant.id)) : notThere('member')
    },
  }),
  tenantOperation({
    method: 'post',
    path: '/members/:member/bind-code',
    summary: 'Makes a one-time code with which the person binds a chat: sent to the bot alone, within 24 hours',
    query: none,
    body: none,
    status: 201,
    answer: codeView,
    async run({ parts, tenant, param }) {
      const made = await parts.storage.transaction(async (tx) => {
        const member = await findMember(tx, tenant.id, asId(param('member')))
        if (!member) return notThere('member')
        return member.enabled
          ? createBindCode(tx, { purpose: 'member', tenant: tenant.id, member: member.id })
          : disabled(member)
      })
      return made instanceof Refusal ? made : codeAnswer(made)
    },
  }),
]

const disabled = (member: Member) =>
  new Refusal(409, { title: 'Disabled', detail: `${member.handle} is disabled: enable the member first.` })

const viewOf = (member: Member, identities: readonly Identity[]): z.input<typeof memberView> => ({
  ...member,
  identities: identities
    .filter((identity) => identity.member === member.id)
    .map(({ realm, boundAt }) => ({ realm, boundAt })),
})
