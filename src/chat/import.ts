import { atLeast } from '../complaints/member.ts'
import { plainNumber, want } from '../inbox/import.ts'
import { listAccounts, type StoredAccount } from '../storage/accounts.ts'
import { concerns } from '../storage/rooms.ts'
import type { Answer } from './chat.ts'
import { answerTo, type Context, refusal, say } from './context.ts'

/** `/import shop 2157`, or `/import 2157` where there is one account only. The card, or why there is none, comes after. */
export async function importByNumber(context: Context, { rest }: { readonly rest: string }): Promise<Answer> {
  const { parts, room, member, tenant } = context
  if (!atLeast(member, 'admin')) return refusal(context, 'no.role', { role: say(context, 'role.admin') })
  const [, name = '', written] = /^(?:(\S.*?)\s+)?(\S*\d\S*)$/su.exec(rest.trim().normalize('NFKC')) ?? []
  if (written === undefined) return refusal(context, 'no.arguments', { example: '/import shop 2157' })
  const accounts = (await listAccounts(parts.storage.reads, tenant.id)).filter(
    (account) => account.enabled && concerns(room, account.id),
  )
  const account = chosen(accounts, name)
  if (!account) return refuseName(context, accounts, name)
  const number = plainNumber(written)
  await parts.storage.transaction((tx) =>
    want(parts.engine, tx, { tenant: tenant.id, account: account.id, number, room: room.id }),
  )
  return answerTo(context, say(context, 'said.importing', { account: account.name, number }))
}

/** By its name or its outside id; the only one need not be named. */
function chosen(accounts: readonly StoredAccount[], name: string): StoredAccount | undefined {
  const plain = name.toLowerCase()
  const found =
    plain === ''
      ? accounts
      : accounts.filter((account) =>
          [account.name.normalize('NFKC'), account.outsideId].some((each) => each.toLowerCase() === plain),
        )
  return found.length === 1 ? found[0] : undefined
}

function refuseName(context: Context, accounts: readonly StoredAccount[], name: string): Answer {
  const names = accounts.map((account) => account.name).join(' / ')
  if (accounts.length === 0) return refusal(context, 'no.account.none')
  return name === '' ? refusal(context, 'no.account.which', { names }) : refusal(context, 'no.account', { name, names })
}
