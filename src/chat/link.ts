import type { Complaint } from '../complaints/complaint.ts'
import { atLeast } from '../complaints/member.ts'
import { instant, later } from '../core/words.ts'
import { createPass, revokeLinks } from '../storage/case-links.ts'
import { memberToken } from './case-link.ts'
import type { Answer } from './chat.ts'
import { answerTo, type Context, refusal, say } from './context.ts'

const minutes = 15

/** 处理页: a link that opens once, for whoever asks and nobody else. After the number, `off` takes all of them back. */
export async function ownLink(context: Context, complaint: Complaint, rest: string): Promise<Answer> {
  if (isOff(rest)) return takeBack(context, complaint)
  const { parts, room, member, heard } = context
  const { running: n } = complaint
  if (!room.alone || room.member !== member.id) return refusal(context, 'no.link.alone', { example: `/link ${n}` })
  const address = parts.reachedAt?.()
  if (address === undefined) return refusal(context, 'no.link.address')
  const { storage } = parts
  const { token, secret } = memberToken(storage.reads.sealer, storage.reads.random)
  const expiresAt = later(instant(storage.reads.clock.now()), minutes * 60_000)
  const of = { tenant: room.tenant, complaint: complaint.id, member: member.id, room: room.id, user: heard.user.id }
  await storage.transaction((tx) => createPass(tx, { ...of, secret, expiresAt }))
  return answerTo(context, say(context, 'link.own', { n, minutes, url: `${address}/case/${token}` }))
}

async function takeBack(context: Context, complaint: Complaint): Promise<Answer> {
  const { parts, member, tenant } = context
  if (!atLeast(member, 'admin')) return refusal(context, 'no.role', { role: say(context, 'role.admin') })
  await parts.storage.transaction((tx) => revokeLinks(tx, tenant.id, complaint.id))
  return answerTo(context, say(context, 'link.revoked', { n: complaint.running }))
}

/** `/link off`: those to every complaint. @returns undefined when that was not said */
export function takeBackAll(context: Context, rest: string): Promise<Answer> | undefined {
  if (!isOff(rest)) return undefined
  const { parts, member, tenant } = context
  if (!atLeast(member, 'admin'))
    return Promise.resolve(refusal(context, 'no.role', { role: say(context, 'role.admin') }))
  return parts.storage
    .transaction((tx) => revokeLinks(tx, tenant.id))
    .then(() => answerTo(context, say(context, 'link.revoked.all')))
}

const isOff = (rest: string): boolean => /^(off|revoke|作废|收回)$/i.test(rest.normalize('NFKC').trim())
