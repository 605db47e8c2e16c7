import { refundableOf } from '../actions/refundable.ts'
import { realmOf } from '../chat/bind.ts'
import { plan } from '../chat/card.ts'
import type { Abilities, Answer } from '../chat/chat.ts'
import { note } from '../chat/claims.ts'
import { type ChatParts, type Context, here, refusal } from '../chat/context.ts'
import { answerAsked } from '../chat/hear.ts'
import { intentText } from '../chat/intent.ts'
import { press } from '../chat/press.ts'
import { viewOf } from '../chat/view.ts'
import { type Complaint, moveOf } from '../complaints/complaint.ts'
import { atLeast, roleFor } from '../complaints/member.ts'
import { OutsideError } from '../core/errors.ts'
import { asButtonToken, asPostId } from '../core/words.ts'
import { findBot } from '../storage/bots.ts'
import { findButton, tokenFor } from '../storage/buttons.ts'
import type { Pass } from '../storage/case-links.ts'
import { findComplaint } from '../storage/complaints.ts'
import { membersBehind } from '../storage/members.ts'
import { findPrompt } from '../storage/prompts.ts'
import { findRoom } from '../storage/rooms.ts'
import { findTenant } from '../storage/tenants.ts'
import type { Form } from './form.ts'
import { type Eyes, movesFor, type Outcome } from './page.ts'

/** A page is a private chat with the bot in another dress: what is pressed and written there is heard by the same ears. */
const can: Abilities = {
  buttons: 20,
  edit: 'never',
  onlyFor: true,
  toast: true,
  hears: 'all',
  pace: { burst: 1, every: 1000 },
}

export interface Inside {
  readonly context: Context
  readonly complaint: Complaint
}

/** Who this is now, and where: looked up anew each time. @returns undefined when that person may not come in any more */
export async function insideBy(parts: ChatParts, pass: Pass): Promise<Inside | undefined> {
  const { reads } = parts.storage
  const room = await findRoom(reads, pass.room)
  const bot = room && (await findBot(reads, room.bot))
  const tenant = await findTenant(reads, pass.tenant)
  if (!room || !bot || !tenant || room.tenant !== pass.tenant || room.member !== pass.member) return undefined
  const behind = await membersBehind(reads, { realm: realmOf(bot), user: pass.user, tenant: tenant.id })
  const member = behind.find(({ id }) => id === pass.member)
  const complaint = here({ room }, await findComplaint(reads, tenant.id, pass.complaint))
  if (!member || !complaint) return undefined
  const heard = { id: '', spot: room, alone: true, user: { id: pass.user, name: member.name } }
  return { context: { parts, bot, can, tenant, room, member, heard }, complaint }
}

/** What was sent from the page. `nonce`: used for the first time. */
export async function act({ context, complaint }: Inside, form: Form, nonce: string): Promise<Outcome> {
  const heard = { ...context.heard, id: `page:${nonce}`, ...picturesOf(form) }
  const { fields } = form
  switch (fields.do) {
    case 'open':
      return opened({ context: { ...context, heard }, complaint }, fields)
    case 'press':
      return outcomeOf(context, await pressedHere({ context: { ...context, heard }, complaint }, fields.token ?? ''))
    case 'words':
      return answered({ context: { ...context, heard }, complaint }, fields)
    case 'note':
      return outcomeOf(context, await noted({ context, complaint }, fields.text ?? ''))
    default:
      return outcomeOf(context, changed(context))
  }
}

const picturesOf = ({ pictures, lost }: Form) => ({
  ...(pictures.length > 0 ? { pictures } : {}),
  ...(lost > 0 ? { lost } : {}),
})

const changed = (context: Context): Answer => refusal(context, 'no.changed')

/** A move: only what the page would offer now, to whoever saw the complaint as it is now. */
async function opened({ context, complaint }: Inside, fields: Form['fields']): Promise<Outcome> {
  const { parts, room, member } = context
  const view = await viewOf(parts.storage.reads, parts.platforms, { complaint, room })
  const offered = movesFor(member, plan(view).buttons).find(({ intent }) => intentText(intent) === fields.intent)
  if (!offered || fields.seen !== String(complaint.version)) return outcomeOf(context, changed(context))
  const token = await parts.storage.transaction((tx) =>
    tokenFor(tx, {
      ...{ tenant: room.tenant, room: room.id, complaint: complaint.id, version: complaint.version },
      intent: intentText(offered.intent),
    }),
  )
  return outcomeOf(context, await pressed(context, token))
}

/** Of this complaint: a button of another one, though it be of the same chat, is none of this page's. */
async function pressedHere({ context, complaint }: Inside, token: string): Promise<Answer> {
  const button = await findButton(context.parts.storage.reads, asButtonToken(token))
  return button?.complaint === complaint.id ? pressed(context, token) : changed(context)
}

const pressed = (context: Context, token: string): Promise<Answer> =>
  press({
    ...context,
    heard: { ...context.heard, press: { token: asButtonToken(token), post: asPostId('') } },
  })

/** The words that the page asked for: of this question, and of no newer one that was asked in the chat meanwhile. */
async function answered({ context, complaint }: Inside, fields: Form['fields']): Promise<Outcome> {
  const { parts, room, member } = context
  const prompt = await findPrompt(parts.storage.reads, room.id, member.id)
  if (!prompt || prompt.key !== fields.prompt || prompt.complaint !== complaint.id)
    return outcomeOf(context, changed(context))
  const { text = '' } = fields
  const heard = { ...context.heard, text, answering: true } as const
  const answer = (await answerAsked({ ...context, heard }, prompt)) ?? changed(context)
  return outcomeOf(context, answer, text)
}

const noted = ({ context, complaint }: Inside, text: string): Promise<Answer> =>
  text.trim() === '' ? Promise.resolve(changed(context)) : note(context, complaint, text.trim())

/** `typed`: what can be mended comes back with its words. */
async function outcomeOf(context: Context, answer: Answer, typed = ''): Promise<Outcome> {
  const said = answer.toast ?? answer.text
  const prompt = answer.ask && (await findPrompt(context.parts.storage.reads, context.room.id, context.member.id))
  return {
    ...(said ? { said } : {}),
    ...(answer.alert ? { alert: true } : {}),
    ...(answer.card ? { card: answer.card } : {}),
    ...(answer.ask && prompt ? { ask: { ...answer.ask, key: prompt.key, ...(typed ? { typed } : {}) } } : {}),
  }
}

/** What may still be given back, for whoever may do so, where that is a question now. */
export async function refundableFor({
  context,
  complaint,
}: Inside): Promise<Pick<Extract<Eyes, { of: 'member' }>, 'refundable'>> {
  const { parts, member, room } = context
  if (!atLeast(member, roleFor('refund')) || !moveOf(complaint, 'refund')) return {}
  const { capable } = await viewOf(parts.storage.reads, parts.platforms, { complaint, room })
  if (!capable.includes('refund')) return {}
  try {
    return { refundable: await refundableOf(parts, complaint) }
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    return { refundable: 'away' }
  }
}
