import type { Fen, MemberId, TenantId } from '../core/words.ts'
import type { ActionKind } from './action.ts'

/** Each may do what stands before it as well: look; answer; also send money back; also set things up. */
export const roles = ['viewer', 'agent', 'refunder', 'admin'] as const
export type Role = (typeof roles)[number]

export interface Member {
  readonly id: MemberId
  readonly tenant: TenantId
  /** Unique in the tenant: what @handle names. */
  readonly handle: string
  readonly name: string
  readonly role: Role
  readonly enabled: boolean
  /** Most for one refund and for all of a day; undefined = the tenant's rule alone. */
  readonly refundEach?: Fen
  readonly refundDay?: Fen
}

export const atLeast = (member: Pick<Member, 'role'>, role: Role): boolean =>
  roles.indexOf(member.role) >= roles.indexOf(role)

/** The role that an act asks for; looking asks for none. */
export const roleFor = (kind: ActionKind | 'claim' | 'note'): Role => (kind === 'refund' ? 'refunder' : 'agent')
