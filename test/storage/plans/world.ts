import type { Complaint } from '../../../src/complaints/complaint.ts'
import type { Member } from '../../../src/complaints/member.ts'
import { Secret } from '../../../src/core/seal.ts'
import {
  asButtonToken,
  asId,
  asPictureHash,
  asPostId,
  type CallbackId,
  fen,
  instant,
  later,
  newId,
} from '../../../src/core/words.ts'
import { createAccount, type StoredAccount } from '../../../src/storage/accounts.ts'
import { insertAction, moveAction, type StoredAction } from '../../../src/storage/actions.ts'
import { createBot, type StoredBot } from '../../../src/storage/bots.ts'
import { toldPlace } from '../../../src/storage/callbacks.ts'
import { createChannel, type StoredChannel } from '../../../src/storage/channels.ts'
import { insertComplaint } from '../../../src/storage/complaints.ts'
import { insertDeliveries } from '../../../src/storage/deliveries.ts'
import { appendFacts } from '../../../src/storage/facts.ts'
import { bindIdentity, createMember } from '../../../src/storage/members.ts'
import { keepMerchant, type StoredMerchant } from '../../../src/storage/merchants.ts'
import { createRecipient, type StoredRecipient } from '../../../src/storage/recipients.ts'
import { insertRefund } from '../../../src/storage/refunds.ts'
import { createRoom, type Room } from '../../../src/storage/rooms.ts'
import type { Tx } from '../../../src/storage/storage.ts'
import { createTenant, type Tenant } from '../../../src/storage/tenants.ts'
import { snapshot } from '../../complaints/support.ts'
import { noon } from '../../support/databases.ts'

export const now = instant(noon)
export const before = later(now, -86_400_000)
export const after = later(now, 86_400_000)
export const hash = asPictureHash('a'.repeat(64))
export const picture = { type: 'image/png', bytes: Buffer.from('png') } as const
export const by = { name: '李', via: 'chat' } as const
export const phone = '13800136688'
export const place = { platform: 'wechat-pay', payee: '1900007291', order: '4200002179' }
export const button = asButtonToken('b')
export const post = asPostId('1')
export const given = {
  outsideId: '2088',
  authAppId: '2021',
  token: new Secret('t'),
  refreshToken: new Secret('r'),
  tokenUntil: after,
}

/** A business with a complaint that is open and one that is closed, about the same order and of the same person, and with all that hangs on them. */
export interface World {
  readonly tenant: Tenant
  readonly account: StoredAccount
  readonly merchant: StoredMerchant
  readonly bot: StoredBot
  readonly room: Room
  readonly member: Member
  readonly complaint: Complaint
  readonly closed: Complaint
  /** Done: a refund. */
  readonly refunded: StoredAction
  /** On its way. */
  readonly waiting: StoredAction
  /** A callback about the closed one. */
  readonly told: CallbackId
  readonly channel: StoredChannel
  readonly recipient: StoredRecipient
}

export async function makeWorld(tx: Tx): Promise<World> {
  const more = { zone: 'Asia/Shanghai', language: 'zh-CN', secondPersonFrom: fen(20_000) } as const
  const tenant = there(await createTenant(tx, { handle: 'shop', name: '小店', ...more }))
  const of = { tenant: tenant.id, enabled: true }
  const settings = { refunds: true, payer: place.payee }
  const account = there(
    await createAccount(tx, { ...of, platform: 'wechat-mini', outsideId: 'wx01', name: 'a', settings, secrets: {} }),
  )
  await createAccount(tx, { ...of, platform: 'wechat-pay', outsideId: place.payee, name: 'b', settings, secrets: {} })
  const merchant = await keepMerchant(tx, { tenant: tenant.id, account: account.id }, given)
  const bot = there(await createBot(tx, { ...of, kind: 'browser', name: 'chat', settings: {}, secrets: {} }))
  const spot = { bot: bot.id, chat: 'g', topic: '', alone: false, title: 'g', language: 'zh-CN' } as const
  const room = there(await createRoom(tx, { tenant: tenant.id, ...spot }))
  const member = there(await createMember(tx, { ...of, handle: 'li', name: '李', role: 'admin' }))
  await bindIdentity(tx, member, { realm: 'r', user: 'u' })
  const is = { tenant: tenant.id, account: account.id, platform: account.platform }
  const known = { version: 1, who: '—', payer: tx.sealer.pseudonym(tenant.id, `phone ${phone}`), merchant: merchant.id }
  const ended = { number: '1', phase: 'closed', moves: [], pictures: ['https://x/y'] } as const
  const closed = await insertComplaint(tx, is, snapshot(ended), known)
  const complaint = await insertComplaint(tx, is, snapshot({ number: '2' }), { ...known, readDue: before })
  await tx.db
    .updateTable('complaint')
    .set({ changed_at: '2020-01-01T00:00:00.000Z' })
    .where('id', '=', closed.id)
    .execute()
  const told = await callbacks(tx, closed)
  const words = { kind: 'respond', stance: 'agree', text: '好', pictures: [hash] } as const
  const wish = { tenant: tenant.id, by, version: 1 }
  const waiting = there(await insertAction(tx, { ...wish, complaint: complaint.id, action: words, key: 'k1' }))
  const money = { kind: 'refund', order: place.order, amount: fen(1), total: fen(2), reason: '' } as const
  const asked = there(await insertAction(tx, { ...wish, complaint: closed.id, action: money, key: 'k2' }))
  const owner = { tenant: tenant.id, complaint: closed.id, account: account.id }
  await insertRefund(tx, { ...owner, action: asked.id, place, refund: money })
  await moveAction(tx, asked.id, { state: 'sent' })
  const refunded = there(await moveAction(tx, asked.id, { state: 'underway' }))
  const channel = there(
    await createChannel(tx, { ...of, kind: 'email', name: 'mail', settings: {}, secrets: { password: 'p' } }),
  )
  const recipient = there(
    await createRecipient(tx, { ...of, channel: channel.id, address: 'a@example.com', label: 'a', wants: ['opened'] }),
  )
  for (const each of [closed, complaint]) {
    const said = { at: before, by: 'user', label: '留言', text: '你好', pictures: [] } as const
    const noted = { kind: 'noted', by: { ...by, member: member.id }, text: '已联系' } as const
    const facts = await appendFacts(tx, each, [{ kind: 'opened' }, { kind: 'said', happening: said }, noted])
    for (const fact of facts)
      await insertDeliveries(tx, { ...fact, tenant: tenant.id, complaint: each.id }, [
        `room:${room.id}`,
        `email:${channel.id}/${recipient.id}`,
      ])
  }
  const people = { bot, room, member, channel, recipient }
  return { tenant, account, merchant, ...people, complaint, closed, refunded, waiting, told }
}

/** One of each state; the first is about the complaint. */
async function callbacks(tx: Tx, { tenant, account, number }: Complaint): Promise<CallbackId> {
  const ids = [0, 1, 2].map(() => newId('callback', tx.random, tx.clock.now() - 1_000))
  for (const [index, state] of (['drained', 'new', 'parked'] as const).entries()) {
    const id = ids[index] ?? ''
    const told = tx.sealer.seal(toldPlace(tenant, id), '{}')
    const rest = { key: state, event: 'e', number, state, received_at: before, drained_at: null } as const
    await tx.db
      .insertInto('callback')
      .values({ id, tenant, account, told, ...rest })
      .execute()
  }
  return there(ids[0])
}

export function there<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('nothing was made')
  return value
}

export const none = <Name extends string>(text = 'x') => asId<Name>(text)
