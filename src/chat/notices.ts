import { atLeast } from '../complaints/member.ts'
import type { Disputed } from '../complaints/notice.ts'
import { type NoticeId, never, yuan } from '../core/words.ts'
import { findAccount } from '../storage/accounts.ts'
import { listMembers } from '../storage/members.ts'
import { findNotice, type StoredNotice } from '../storage/notices.ts'
import { concerns, findRoom, listRooms, type Room } from '../storage/rooms.ts'
import type { Reads } from '../storage/storage.ts'
import { findTenant, type Language } from '../storage/tenants.ts'
import { problem, text } from './texts.ts'
import { clockTime } from './times.ts'

/** Where it is told: where somebody asked; else the groups whose affair it is, and the admins who have spoken to the bot alone. */
export async function roomsFor(reads: Reads, { tenant, account, room }: StoredNotice): Promise<readonly Room[]> {
  if (room !== undefined) return [await findRoom(reads, room)].filter((found) => found !== undefined)
  const members = await listMembers(reads, tenant)
  const admins = new Set(members.filter((one) => one.enabled && atLeast(one, 'admin')).map(({ id }) => id))
  return (await listRooms(reads, tenant)).filter((each) =>
    each.alone
      ? each.member !== undefined && admins.has(each.member)
      : account === undefined || concerns(each, account),
  )
}

export async function noticeLine(reads: Reads, language: Language, id: NoticeId): Promise<string | undefined> {
  const stored = await findNotice(reads, id)
  if (!stored) return undefined
  const { notice, tenant } = stored
  const account = (stored.account && (await findAccount(reads, stored.account)))?.name ?? ''
  switch (notice.kind) {
    case 'unheard': {
      const zone = (await findTenant(reads, tenant))?.zone ?? 'Asia/Shanghai'
      return text(language, 'notice.unheard', { account, order: orderText(language, notice.dispute, zone) })
    }
    case 'not-imported':
      return text(language, 'notice.not-imported', {
        account,
        number: notice.number,
        why: problem(language, notice.why),
      })
    case 'diverted':
      return text(language, 'notice.diverted', { account, registered: notice.registered, wanted: notice.wanted })
    case 'taken':
      return text(language, 'notice.taken', { bot: notice.bot })
    case 'known':
      return text(language, 'notice.known', { account, number: notice.number, n: notice.running })
    default:
      return never(notice)
  }
}

function orderText(language: Language, { order, outTradeNo, product, paid, paidAt }: Disputed, zone: string): string {
  const parts = [
    outTradeNo ?? order,
    product,
    paid === undefined ? undefined : `¥${yuan(paid)}`,
    paidAt && text(language, 'notice.paid-at', { at: clockTime(paidAt, zone) }),
  ]
  return parts.filter(Boolean).join(' · ')
}
