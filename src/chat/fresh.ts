import type { Complaint } from '../complaints/complaint.ts'
import type { StoredButton } from '../storage/buttons.ts'
import { findComplaint } from '../storage/complaints.ts'
import { currentPost } from '../storage/posts.ts'
import type { Answer, Card } from './chat.ts'
import { resultText } from './choice.ts'
import { type Context, say } from './context.ts'
import { drawCard } from './draw.ts'
import type { Intent, Seconded } from './intent.ts'
import { askedSecond } from './second.ts'

/** A button that may be pressed, and what it means. */
export interface Pressed {
  readonly button: StoredButton
  readonly complaint: Complaint
  readonly intent: Intent
  readonly key: string
}

/** The pressed card as it is now: the complaint's card, or what is left of a confirm. */
export async function freshCard(context: Context, pressed: Pressed, answer: Answer): Promise<Card | undefined> {
  const { parts, room, can } = context
  const { intent } = pressed
  if (answer.ask) return can.faces || !isLookedAtAgain(intent) ? undefined : remains(context, pressed, answer)
  // The question to the room stays until it is answered.
  if (isToRoom(intent)) return can.faces ? asked(context, pressed, intent) : undefined
  if (can.faces) return behindFaces(context, pressed, answer)
  if (intent.do === 'detail' || intent.do === 'cancel' || (intent.do === 'open' && intent.preview)) return undefined
  if (pressed.button.member !== undefined) return remains(context, pressed, answer)
  const complaint = await findComplaint(parts.storage.reads, room.tenant, pressed.complaint.id)
  return complaint && parts.storage.transaction((tx) => drawCard(tx, parts, room, complaint))
}

/** What comes of the words is another look: of two, the one without them would be taken for it. */
const isLookedAtAgain = (intent: Intent): boolean => intent.do === 'open' && intent.ask === true

/** Of the question for a second person, which is no complaint's own card. */
export const isToRoom = (intent: Intent): intent is Extract<Intent, Seconded> =>
  intent.do === 'approve' || intent.do === 'withdraw'

/** The question to the room; when it is over, what it was about. */
async function asked(context: Context, pressed: Pressed, intent: Seconded): Promise<Card | undefined> {
  const { parts, room, heard } = context
  const still = heard.press && (await askedSecond(context, { ...pressed, intent, token: heard.press.token }))
  if (still) return still
  const complaint = await findComplaint(parts.storage.reads, room.tenant, pressed.complaint.id)
  return complaint && parts.storage.transaction((tx) => drawCard(tx, parts, room, complaint))
}

const remains = (context: Context, pressed: Pressed, answer: Answer): Card => ({
  title: answer.toast ?? chosen(context, pressed),
  tone: 'calm',
  lines: [],
  buttons: [],
})

/** Where a question takes the card's place, the card comes back after it; and a card that hangs further up than the newest leads there. */
async function behindFaces(context: Context, pressed: Pressed, answer: Answer): Promise<Card | undefined> {
  const { parts, room, heard } = context
  const { reads } = parts.storage
  const current = await currentPost(reads, room.id, pressed.complaint.id)
  const isCurrent = current?.post === heard.press?.post
  const own = pressed.button.member !== undefined
  // Nothing of a question is kept by which to show it again.
  const again = heard.press?.refresh && answer.toast === undefined
  if (own && !isCurrent && !again) return remains(context, pressed, answer)
  const n = pressed.complaint.running
  if (!own && current && !isCurrent)
    return { title: say(context, 'card.moved', { n }), tone: 'calm', lines: [], buttons: [] }
  const complaint = await findComplaint(reads, room.tenant, pressed.complaint.id)
  return complaint && parts.storage.transaction((tx) => drawCard(tx, parts, room, complaint))
}

/** What is left of a question that was answered by its button. */
function chosen(context: Context, { complaint, intent }: Pressed): string {
  if (intent.do !== 'open') return ''
  if (intent.kind === 'refund') return say(context, 'button.refund')
  if (intent.kind === 'finish' && intent.choice !== undefined)
    return `${say(context, 'button.finish')} · ${resultText(context.room.language, complaint, intent.choice)}`
  if (intent.received === undefined) return ''
  return say(context, intent.received ? 'button.received' : 'button.not-received')
}
