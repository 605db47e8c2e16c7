import { ownCaps } from '../actions/refund-gate.ts'
import type { Member } from '../complaints/member.ts'
import type { Problem } from '../core/errors.ts'
import type { ApiKey } from '../storage/keys.ts'
import type { MemberChange } from '../storage/members.ts'
import type { CapsChange, Tenant } from '../storage/tenants.ts'
import { Refusal } from './problem.ts'

/** What stands between a key of one business and that business's money is not that key's to widen. */
const mayRaise = ({ tenant }: ApiKey): boolean => tenant === undefined

/** @returns undefined when this key may; `now` as it stands in the transaction of the change. */
export function raisesCaps(caller: ApiKey, now: Tenant, change: CapsChange): Refusal | undefined {
  if (mayRaise(caller)) return undefined
  const names = ['secondPersonFrom', 'refundEach', 'refundDay', 'refunderEach', 'refunderDay'] as const
  return refusal(names.flatMap((field) => raised(field, now[field], change[field])))
}

/** The same of one person's own caps: where there are none, those of their role stand. */
export function raisesOwnCaps(
  caller: ApiKey,
  { member, tenant }: { readonly member: Member; readonly tenant: Tenant },
  change: MemberChange,
): Refusal | undefined {
  if (mayRaise(caller)) return undefined
  const { refundEach, refundDay, ...rest } = member
  const caps = (of: Parameters<typeof ownCaps>[0]) => ownCaps(of, tenant)
  const [before, without] = [caps(member), caps({ ...rest, role: change.role ?? member.role })]
  // What is named alone is judged: a role that is raised is another change.
  const each = change.refundEach === null ? (without.each ?? null) : change.refundEach
  const day = change.refundDay === null ? (without.day ?? null) : change.refundDay
  return refusal([...raised('refundEach', before.each, each), ...raised('refundDay', before.day, day)])
}

function raised(field: string, now: number | undefined, to: number | null | undefined): readonly Problem[] {
  if (to === undefined || now === undefined || (to !== null && to <= now)) return []
  return [{ field, fix: `at most ${now} fen by this key; a key of the whole installation raises it` }]
}

const refusal = (problems: readonly Problem[]): Refusal | undefined =>
  problems.length === 0
    ? undefined
    : new Refusal(403, {
        title: 'Not with this key',
        detail:
          'A key of one business lowers what may be given back there; to raise it takes a key of the whole installation.',
        problems,
      })
