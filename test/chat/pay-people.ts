import type { Complain } from '../../sandbox/wechat-pay/index.ts'
import type { Member, Role } from '../../src/complaints/member.ts'
import type { Fen } from '../../src/core/words.ts'
import { bindIdentity, changeMember, createMember } from '../../src/storage/members.ts'
import type { Person } from '../support/chat.ts'
import { type PayWorld, type WorldOptions, world } from '../support/world.ts'

/** May refund. */
export const zhou: Person = { id: 'u-zhou', name: '老周' }
export const sun: Person = { id: 'u-sun', name: '小孙' }
/** May answer, and not refund. */
export { li } from './people.ts'

/** A world with one complaint, #1, about an order of WeChat Pay; 老周 and 小孙 may refund. */
export async function withOrder(more: Partial<Complain> = {}, options: Partial<WorldOptions> = {}): Promise<PayWorld> {
  const w = await world({ ...options, pay: ['青禾优选'] })
  await hire(w, zhou, 'zhou')
  await hire(w, sun, 'sun')
  await w.pay.complain({ text: '少发一件', amount: 1990, ...more })
  return w
}

export interface Limits {
  readonly role?: Role
  readonly refundEach?: Fen
  readonly refundDay?: Fen
}

export async function hire(w: PayWorld, who: Person, handle: string, limits: Limits = {}): Promise<Member> {
  return w.storage.transaction(async (tx) => {
    const of = { tenant: w.tenant.id, handle, name: who.name, role: 'refunder', enabled: true } as const
    const member = await createMember(tx, { ...of, ...limits })
    if (!member) throw new Error(`no member ${handle}`)
    await bindIdentity(tx, member, { realm: `browser:${w.bot.id}`, user: who.id })
    return member
  })
}

export async function changed(w: PayWorld, handle: string, change: Parameters<typeof changeMember>[3]): Promise<void> {
  await w.storage.transaction(async (tx) => {
    const row = await tx.db.selectFrom('member').select('id').where('handle', '=', handle).executeTakeFirstOrThrow()
    await changeMember(tx, w.tenant.id, row.id as Member['id'], change)
  })
}

/** What went back there: fen. */
export const paidBack = (w: PayWorld): readonly number[] => w.pay.sandbox.refunds().map(({ amount }) => amount)

/** Money takes its minutes. */
export const arrive = (w: PayWorld): Promise<void> => w.pass(5 * 60_000)
