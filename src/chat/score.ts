import type { Standing } from '../complaints/standing.ts'
import { OutsideError } from '../core/errors.ts'
import { readStanding } from '../inbox/watch.ts'
import { listAccounts, type StoredAccount } from '../storage/accounts.ts'
import { concerns } from '../storage/rooms.ts'
import { findStanding, type StoredStanding } from '../storage/watch.ts'
import type { Answer } from './chat.ts'
import { answerTo, type Context, refusal, say } from './context.ts'
import { guaranteeWords, penaltyLine } from './standing-words.ts'
import { problem } from './texts.ts'
import { clockTime } from './times.ts'

/** So many are asked at once; of more the group reads what was read last. */
const askedAtOnce = 3
const shownOfEach = 5

interface Rated {
  readonly account: StoredAccount
  readonly stored: StoredStanding | undefined
  /** Why the platform could not be asked now. */
  readonly why?: string
}

type Told = (context: Context, standing: Standing) => readonly string[]

/** `/score`, `/score shop`: how the platform rates the accounts of this room. */
export const score = (context: Context, { rest }: { readonly rest: string }): Promise<Answer> =>
  rating(context, rest, scoreOf)

/** `/violations`: what points were taken for, newest first. */
export const violations = (context: Context, { rest }: { readonly rest: string }): Promise<Answer> =>
  rating(context, rest, violationsOf)

async function rating(context: Context, rest: string, told: Told): Promise<Answer> {
  const { parts, room, tenant } = context
  const able = (await listAccounts(parts.storage.reads, tenant.id)).filter(
    (account) =>
      account.enabled && concerns(room, account.id) && parts.platforms.get(account.platform)?.standing !== undefined,
  )
  if (able.length === 0) return refusal(context, 'no.score')
  const name = rest.trim().normalize('NFKC').toLowerCase()
  const wanted = able.filter(
    (account) =>
      name === '' || [account.name, account.outsideId].some((each) => each.normalize('NFKC').toLowerCase() === name),
  )
  const names = able.map((account) => account.name).join(' / ')
  if (wanted.length === 0) return refusal(context, 'no.account', { name: rest.trim(), names })
  const rated = await Promise.all(wanted.map((account) => ratedNow(context, account, wanted.length <= askedAtOnce)))
  return answerTo(context, rated.map((each) => paragraph(context, each, told)).join('\n\n'))
}

/** As the platform says now; where it does not, as it was read last. */
async function ratedNow({ parts }: Context, account: StoredAccount, ask: boolean): Promise<Rated> {
  const why = ask ? await readStanding(parts, account).then(() => undefined, unread) : undefined
  const stored = await findStanding(parts.storage.reads, account.id)
  return { account, stored, ...(why === undefined ? {} : { why }) }
}

function unread(error: unknown): string {
  if (error instanceof OutsideError) return error.message
  throw error
}

function paragraph(context: Context, { account, stored, why }: Rated, told: Told): string {
  const reason = why === undefined ? undefined : problem(context.room.language, why)
  const at = stored && clockTime(stored.readAt, context.tenant.zone)
  const lines = [
    say(context, 'score.account', { account: account.name }),
    ...(stored ? told(context, stored.standing) : [say(context, 'score.unread')]),
    ...(reason === undefined ? [] : [say(context, 'score.away', { why: reason })]),
    ...(at === undefined ? [] : [say(context, 'score.at', { at })]),
  ]
  return lines.join('\n')
}

const scoreOf: Told = (context, { score: points, guarantee, penalties }) => [
  say(context, 'score.points', { points: points ?? say(context, 'score.unknown') }),
  say(context, 'score.guarantee', { state: guaranteeWords(context.room.language, guarantee) }),
  say(context, 'score.count', { n: penalties.length }),
]

const violationsOf: Told = (context, { penalties }) => [
  say(context, penalties.length > shownOfEach ? 'score.count.newest' : 'score.count', {
    n: penalties.length,
    shown: shownOfEach,
  }),
  ...[...penalties]
    .sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1))
    .slice(0, shownOfEach)
    .map((penalty) => penaltyLine(penalty, { language: context.room.language, zone: context.tenant.zone })),
]
