import { z } from 'zod'
import { hoursText } from '../complaints/hours.ts'
import { atLeast, type Member, roleFor } from '../complaints/member.ts'
import { type Duty, listDuty, setDuty } from '../storage/duty.ts'
import { listMembers } from '../storage/members.ts'
import { hours, listOf } from './fields.ts'
import { none, tenantOperation } from './operation.ts'
import { invalid } from './problem.ts'

const member = 'the handle or id of a member, such as li'

const table = z.strictObject(
  {
    /** In place of the whole table. */
    duties: z
      .array(
        z.strictObject(
          {
            member: z.string(member).trim().min(1, member).max(80, member),
            /** Left out: all day. */
            hours: hours.default({ from: 0, to: 0 }),
          },
          'an object such as {"member": "li", "hours": "09:00-21:00"}',
        ),
        'a list such as [{"member": "li", "hours": "09:00-21:00"}]; [] = nobody',
      )
      .max(200, 'at most 200 people'),
  },
  'a JSON object',
)

const dutyView = listOf(z.object({ member: z.string(), name: z.string(), hours: z.string() }))

export const dutyOperations = [
  tenantOperation({
    method: 'get',
    path: '/duty',
    summary: 'Shows who is on duty when',
    query: none,
    body: none,
    status: 200,
    answer: dutyView,
    async run({ parts, tenant }) {
      const { reads } = parts.storage
      return viewOf(await listDuty(reads, tenant.id), await listMembers(reads, tenant.id))
    },
  }),
  tenantOperation({
    method: 'patch',
    path: '/duty',
    summary: 'Says who is on duty when, in place of whoever was',
    query: none,
    body: table,
    status: 200,
    answer: dutyView,
    async run({ parts, tenant, body }) {
      const members = await listMembers(parts.storage.reads, tenant.id)
      const duties = body.duties.map((wish) => ({ ...wish.hours, member: memberOf(members, wish.member) }))
      const problems = duties.flatMap((duty, index) => {
        const field = `duties.${index}.member`
        const again = duties.findIndex((other) => other.member?.id === duty.member?.id) < index
        if (!duty.member) return [{ field, fix: `${member}, who is enabled and at least ${roleFor('claim')}` }]
        return again ? [{ field, fix: 'name everybody once' }] : []
      })
      if (problems.length > 0) return invalid(problems)
      const set = duties.flatMap(({ member: who, from, to }): readonly Duty[] =>
        who ? [{ member: who.id, from, to }] : [],
      )
      await parts.storage.transaction((tx) => setDuty(tx, tenant.id, set))
      return viewOf(set, members)
    },
  }),
]

const memberOf = (members: readonly Member[], named: string): Member | undefined =>
  members.find(
    (one) =>
      one.enabled &&
      atLeast(one, roleFor('claim')) &&
      (one.id === named || one.handle.toLowerCase() === named.replace(/^@/, '').toLowerCase()),
  )

const viewOf = (duties: readonly Duty[], members: readonly Member[]): z.input<typeof dutyView> => ({
  items: duties.flatMap((duty) => {
    const who = members.find(({ id }) => id === duty.member)
    return who ? [{ member: who.handle, name: who.name, hours: hoursText(duty) }] : []
  }),
})
