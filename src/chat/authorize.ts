import { atLeast } from '../complaints/member.ts'
import { squares } from '../core/picture.ts'
import { qrCode } from '../core/qr.ts'
import { millis, never } from '../core/words.ts'
import { claim } from '../inbox/admit.ts'
import { invite } from '../inbox/invite.ts'
import { listAccounts, type StoredAccount } from '../storage/accounts.ts'
import { concerns } from '../storage/rooms.ts'
import type { Answer } from './chat.ts'
import { answerTo, byOf, type Context, refusal, say } from './context.ts'

/** `/authorize`, `/authorize shop`: a link for one merchant. `/authorize CODE`: the merchant that was given this code is ours. */
export async function authorize(context: Context, { rest }: { readonly rest: string }): Promise<Answer> {
  const { parts, room, member, tenant } = context
  if (!atLeast(member, 'admin')) return refusal(context, 'no.role', { role: say(context, 'role.admin') })
  const able = (await listAccounts(parts.storage.reads, tenant.id)).filter(
    (account) =>
      account.enabled && concerns(room, account.id) && parts.platforms.get(account.platform)?.authorising !== undefined,
  )
  if (able.length === 0) return refusal(context, 'no.authorize')
  const name = rest.trim().normalize('NFKC')
  const account = chosen(able, name)
  if (account) return link(context, account)
  const names = able.map((each) => each.name).join(' / ')
  if (name === '') return refusal(context, 'no.account.which', { names })
  return isCode(name) ? claimBy(context, able, name) : refusal(context, 'no.account', { name, names })
}

/** By its name or its outside id; the only one need not be named. */
function chosen(accounts: readonly StoredAccount[], name: string): StoredAccount | undefined {
  const plain = name.toLowerCase()
  const called = (each: string) => each.normalize('NFKC').toLowerCase() === plain
  const found = plain === '' ? accounts : accounts.filter((one) => called(one.name) || called(one.outsideId))
  return found.length === 1 ? found[0] : undefined
}

const isCode = (text: string): boolean => /^[A-Z0-9]{10}$/i.test(text)

async function link(context: Context, account: StoredAccount): Promise<Answer> {
  const invited = await invite(context.parts, account, byOf(context))
  switch (invited.outcome) {
    case 'not-here':
      return refusal(context, 'no.authorize')
    case 'no-address':
      return refusal(context, 'no.authorize.address')
    case 'invited': {
      const { links, expiresAt } = invited
      const picture = await squares(qrCode(links.phone), 6)
      const minutes = Math.round((millis(expiresAt) - context.parts.storage.reads.clock.now()) / 60_000)
      const words = { account: account.name, minutes, link: links.browser }
      // For handing on: not for the admin's eyes alone.
      if (!picture) return { text: say(context, 'authorize.link.only', words) }
      return { text: say(context, 'authorize.link', words), pictures: [picture] }
    }
    default:
      return never(invited)
  }
}

async function claimBy(context: Context, able: readonly StoredAccount[], code: string): Promise<Answer> {
  for (const account of able) {
    const taken = await claim(context.parts, account, { code })
    if (taken?.outcome === 'elsewhere') break
    if (taken)
      return answerTo(
        context,
        say(context, 'authorize.claimed', { merchant: taken.merchant.name, account: account.name }),
      )
  }
  return refusal(context, 'no.authorize.code', { code: code.toUpperCase() })
}
