import type { Complaint } from '../complaints/complaint.ts'
import { moveOf } from '../complaints/complaint.ts'
import { never } from '../core/words.ts'
import { queues } from '../engine/queues.ts'
import { findButton } from '../storage/buttons.ts'
import { findComplaint } from '../storage/complaints.ts'
import { factsOf } from '../storage/facts.ts'
import { forgetFailures, picturesOf } from '../storage/pictures.ts'
import { dropPrompt, findPrompt } from '../storage/prompts.ts'
import { askReceived, draft as draftIt, send } from './acts.ts'
import { askWords } from './ask.ts'
import type { Answer } from './chat.ts'
import { claim, release } from './claims.ts'
import { answerTo, type Context, here, refusal, say } from './context.ts'
import { approveRefund } from './decide.ts'
import { detail } from './detail.ts'
import { finish } from './finish.ts'
import { finishWith } from './finish-as.ts'
import { freshCard, isToRoom, type Pressed } from './fresh.ts'
import { halt } from './halt.ts'
import { draftOf, intentOf, type Open } from './intent.ts'
import { takeOffered } from './offered.ts'
import { preview } from './preview.ts'
import { mayRefund, refund } from './refund.ts'
import { approve, withdraw } from './second.ts'
import { unstage } from './stage.ts'
import { viewOf } from './view.ts'
import { blocked } from './wish.ts'

/** A button was pressed: judged against the database as it is now, never against the card. */
export async function press(context: Context): Promise<Answer> {
  const { heard, parts, room, member } = context
  const token = heard.press?.token
  const button = token && (await findButton(parts.storage.reads, token))
  if (!button || button.tenant !== room.tenant) return refusal(context, 'no.button')
  if (button.room !== room.id) return refusal(context, 'no.other-room')
  const stranger = button.member !== undefined && button.member !== member.id && refusal(context, 'no.other-person')
  if (stranger && !context.can.faces) return stranger
  const complaint = here(context, await findComplaint(parts.storage.reads, room.tenant, button.complaint))
  if (!complaint) return refusal(context, 'no.button')
  const pressed = { button, complaint, intent: intentOf(button.intent), key: `press:${token}` }
  const answer = stranger || (heard.press.refresh ? {} : await run(context, pressed))
  if (answer.fresh) return answer
  const fresh = await freshCard(context, pressed, answer)
  if (!fresh) return answer
  // Posted as a message where it could not take the pressed one's place.
  const own = context.can.faces && fresh.buttons.length > 0 && !answer.card
  const current = isToRoom(pressed.intent) ? {} : { current: true as const }
  return { ...answer, fresh, ...(own ? { about: complaint.id, ...current } : {}) }
}

function run(context: Context, pressed: Pressed): Promise<Answer> {
  const { intent, complaint, button, key } = pressed
  switch (intent.do) {
    case 'open':
      return open(context, pressed, intent)
    case 'send': {
      const expires = button.expiresAt === undefined ? {} : { expiresAt: button.expiresAt }
      return send(context, complaint, intent.action, { key, seen: button.version, ...expires })
    }
    case 'drop':
      return unstage(context, complaint).then(() => answerTo(context, say(context, 'said.dropped')))
    case 'approve':
      return approve(context, { complaint, intent, button, key })
    case 'withdraw':
      return withdraw(context, { complaint, intent, button })
    case 'halt':
      return halt(context, complaint, intent.ruling)
    case 'take':
      return takeOffered(context, complaint, { offer: intent.offer, key })
    case 'leave':
      return Promise.resolve(answerTo(context, say(context, 'said.left')))
    case 'cancel':
      return cancelAsk(context, complaint)
    case 'claim':
      return claim(context, complaint)
    case 'release':
      return release(context, complaint)
    case 'detail':
      return showDetail(context, complaint)
    case 'read':
    case 'pictures':
      return readAgain(context, complaint)
    default:
      return never(intent)
  }
}

/** Asks for the words, once it is sure that they would be taken. */
async function open(context: Context, pressed: Pressed, intent: Open): Promise<Answer> {
  const { complaint, button, key } = pressed
  const wish = { key, seen: button.version }
  if (intent.preview && intent.words !== undefined)
    return offered(context, pressed, { open: intent, text: intent.words })
  if (intent.kind === 'refund') return openRefund(context, pressed, intent)
  if (intent.kind === 'finish' && intent.choice !== undefined)
    return finishWith(context, complaint, { open: intent, text: intent.words ?? '', wish })
  if (intent.kind === 'finish') return finish(context, complaint, { text: '', wish })
  if (intent.verdict === 'approve') return approveRefund(context, complaint, { text: '', wish })
  if (asksWhetherReceived(complaint, intent)) return askReceived(context, complaint, { text: '', wish })
  const draft = draftOf(intent)
  const action = draft ?? ({ kind: 'respond', stance: intent.stance ?? 'talk' } as const)
  const no = await blocked(context, complaint, action, wish)
  if (no) return no
  if (draft && intent.words !== undefined) return draftIt(context, complaint, { draft, text: intent.words, wish })
  return { ask: await askWords(context, { complaint, intent, version: button.version, key }) }
}

/** A ready-made answer was chosen: the question for words is over. */
async function offered(
  context: Context,
  { complaint, button, key }: Pressed,
  chosen: { readonly open: Open; readonly text: string },
): Promise<Answer> {
  const answer = await preview(context, complaint, { ...chosen, wish: { key, seen: button.version } })
  await endAsk(context, complaint)
  return answer
}

/** What may be given back; or how much of this order; or, that said already, the card that it ends in. */
async function openRefund(context: Context, { complaint, button, key }: Pressed, intent: Open): Promise<Answer> {
  const wish = { key, seen: button.version }
  const { order, words } = intent
  if (order === undefined) return refund(context, complaint, { words: '', wish })
  if (words !== undefined) return refund(context, complaint, { words, order, wish })
  const no = await mayRefund(context, complaint, wish)
  return no ?? { ask: await askWords(context, { complaint, intent, version: button.version, key }) }
}

const asksWhetherReceived = (complaint: Complaint, { kind, received }: Open): boolean =>
  kind === 'prove-refund' && received === undefined && moveOf(complaint, kind)?.takes.choices !== undefined

async function cancelAsk(context: Context, complaint: Complaint): Promise<Answer> {
  await endAsk(context, complaint)
  return answerTo(context, say(context, 'said.cancelled'))
}

/** The next words of this person are just words again; unless another complaint was asked about since. */
async function endAsk({ parts, room, member }: Context, complaint: Complaint): Promise<void> {
  await parts.storage.transaction(async (tx) => {
    const prompt = await findPrompt(tx, room.id, member.id)
    if (prompt?.complaint === complaint.id) await dropPrompt(tx, room.id, member.id)
  })
}

async function showDetail(context: Context, complaint: Complaint): Promise<Answer> {
  const { parts, room, heard } = context
  const view = await viewOf(parts.storage.reads, parts.platforms, { complaint, room })
  const facts = await factsOf(parts.storage.reads, complaint.id, 50)
  const pictures = await picturesOf(parts.storage.reads, complaint.id)
  return {
    card: { ...detail(view, facts), buttons: [] },
    ...(pictures.length > 0 ? { pictures } : {}),
    onlyFor: [heard.user.id],
  }
}

async function readAgain(context: Context, complaint: Complaint): Promise<Answer> {
  const { storage, engine } = context.parts
  await storage.transaction(async (tx) => {
    await forgetFailures(tx, complaint.id)
    await engine.send(tx, queues.reread, complaint.id)
  })
  return answerTo(context, say(context, 'said.reading', { n: complaint.running }))
}
