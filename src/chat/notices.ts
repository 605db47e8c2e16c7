import { atLeast } from '../complaints/member.ts'
import type { Disputed } from '../complaints/notice.ts'
import type { Rerating } from '../complaints/standing.ts'
import { type AccountId, type NoticeId, never, type TenantId, yuan } from '../core/words.ts'
import { findAccount, type StoredAccount } from '../storage/accounts.ts'
import { runningOf } from '../storage/complaints.ts'
import { listMembers } from '../storage/members.ts'
import { findNotice, type StoredNotice } from '../storage/notices.ts'
import { concerns, findRoom, listRooms, type Room } from '../storage/rooms.ts'
import type { Reads } from '../storage/storage.ts'
import { findTenant, type Language } from '../storage/tenants.ts'
import { digestWords } from './digest-words.ts'
import { guaranteeWords, penaltyLine } from './standing-words.ts'
import { testedWords } from './test-words.ts'
import { problem, text } from './texts.ts'
import { clockTime } from './times.ts'

/** Where it is told: where somebody asked; else the groups whose affair it is, and the admins who have spoken to the bot alone. */
export async function roomsFor(
  reads: Reads,
  { tenant, account, room, notice }: StoredNotice,
): Promise<readonly Room[]> {
  if (room !== undefined) return [await findRoom(reads, room)].filter((found) => found !== undefined)
  const members = await listMembers(reads, tenant)
  const admins = new Set(members.filter((one) => one.enabled && atLeast(one, 'admin')).map(({ id }) => id))
  return (await listRooms(reads, tenant)).filter((each) =>
    each.alone
      ? notice.kind !== 'digest' && each.member !== undefined && admins.has(each.member)
      : account === undefined || concerns(each, account),
  )
}

/** Whose language, and of which accounts; undefined = of all. */
interface Reader {
  readonly language: Language
  readonly accounts?: readonly AccountId[]
}

/** @returns undefined when there is nothing to say to that reader. */
export async function noticeLine(reads: Reads, { language, accounts }: Reader, id: NoticeId) {
  const stored = await findNotice(reads, id)
  if (!stored) return undefined
  const { notice, tenant } = stored
  const rated = stored.account && (await findAccount(reads, stored.account))
  const account = rated?.name ?? ''
  switch (notice.kind) {
    case 'unheard': {
      const order = orderText(language, notice.dispute, await zoneOf(reads, tenant))
      return text(language, 'notice.unheard', { account, order })
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
    case 'authorised':
      return text(language, `notice.authorised.${notice.how}`, { account, merchant: notice.merchant })
    case 'waiting':
      return text(language, 'notice.waiting', { account, id: notice.outsideId })
    case 'revoked':
      return text(language, 'notice.revoked', { account, merchant: notice.merchant })
    case 'lacking': {
      const lacks = notice.lacks.join(language === 'en' ? ', ' : '、')
      return text(language, 'notice.lacking', { account, merchant: notice.merchant, lacks })
    }
    case 'tripped': {
      const example = language === 'en' ? '/rules reset' : '/规则 恢复'
      return text(language, 'notice.tripped', { count: notice.count, most: notice.most, example })
    }
    case 'rule-stopped':
      return text(language, 'notice.rule-stopped', {
        ...{ rule: notice.rule, fix: 'redress rule update' },
        example: `${language === 'en' ? '/rules on' : '/规则 启用'} ${notice.rule}`,
      })
    case 'channel-stopped':
      return text(language, 'notice.channel-stopped', {
        channel: notice.channel,
        why: problem(language, notice.why),
      })
    case 'channel-ending': {
      const { channel } = notice
      const at = clockTime(notice.at, await zoneOf(reads, tenant)).slice(0, 5)
      const command = `redress channel update ${channel} --secret password=@code.txt`
      return text(language, 'notice.channel-ending', { channel, at, command })
    }
    case 'tested':
      return testedWords(language, notice)
    case 'recipient-off': {
      const { channel, recipient, why } = notice
      return text(language, 'notice.recipient-off', { channel, recipient, why: problem(language, why) })
    }
    case 'rerated':
      return rated && rerated(reads, { language, account: rated }, notice)
    case 'unrated': {
      const since = clockTime(notice.since, await zoneOf(reads, tenant))
      return text(language, 'notice.unrated', { account, since, why: problem(language, notice.why) })
    }
    case 'digest':
      return digestWords(language, notice.accounts, accounts)
    case 'known':
      return text(language, 'notice.known', { account, number: notice.number, n: notice.running })
    default:
      return never(notice)
  }
}

const zoneOf = async (reads: Reads, tenant: TenantId): Promise<string> =>
  (await findTenant(reads, tenant))?.zone ?? 'Asia/Shanghai'

/** So many penalties are named; all of them are behind `/violations`. */
const named = 5

async function rerated(
  reads: Reads,
  { language, account }: { readonly language: Language; readonly account: StoredAccount },
  { score, penalties, guarantee }: Rerating,
): Promise<string> {
  const { tenant, platform, outsideId, name } = account
  const zone = await zoneOf(reads, tenant)
  const lines = [text(language, 'notice.rerated', { account: name })]
  if (score) {
    const from = score.from ?? text(language, 'score.unknown')
    lines.push(text(language, 'notice.rerated.points', { from, to: score.to }))
  }
  for (const penalty of penalties.slice(0, named)) {
    const { complaint: number } = penalty
    const of = { tenant, platform, scopes: [outsideId, ''] }
    const running = number === undefined ? undefined : await runningOf(reads, { ...of, number })
    lines.push(penaltyLine(penalty, { language, zone, ...(running === undefined ? {} : { running }) }))
  }
  if (penalties.length > named) lines.push(text(language, 'score.count', { n: penalties.length }))
  if (guarantee) lines.push(text(language, 'score.guarantee', { state: guaranteeWords(language, guarantee) }))
  return lines.join('\n')
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
