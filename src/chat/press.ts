import { gate, lengthOf } from '../actions/gate.ts'
import type { Complaint } from '../complaints/complaint.ts'
import { moveOf } from '../complaints/complaint.ts'
import { instant, later, never } from '../core/words.ts'
import { queues } from '../engine/queues.ts'
import { unsettledOf } from '../storage/actions.ts'
import { findButton, type StoredButton, tokenFor } from '../storage/buttons.ts'
import { findComplaint } from '../storage/complaints.ts'
import { factsOf } from '../storage/facts.ts'
import { forgetFailures } from '../storage/pictures.ts'
import { askMember, takePrompt } from '../storage/prompts.ts'
import { askReceived, claim, draft as draftIt, release, send } from './acts.ts'
import type { Answer, Ask, Card } from './chat.ts'
import { answerTo, type Context, here, refusal, say } from './context.ts'
import { detail } from './detail.ts'
import { drawCard } from './draw.ts'
import { draftOf, type Intent, intentOf, intentText } from './intent.ts'
import { unstage } from './stage.ts'
import { viewOf } from './view.ts'
import { requestedText, whyText } from './why.ts'

const promptLife = 10 * 60_000

/** A button was pressed: judged against the database as it is now, never against the card. */
export async function press(context: Context): Promise<Answer> {
  const { heard, parts, room, member } = context
  const token = heard.press?.token
  const button = token && (await findButton(parts.storage.reads, token))
  if (!button || button.tenant !== room.tenant) return refusal(context, 'no.button')
  if (button.room !== room.id) return refusal(context, 'no.other-room')
  if (button.member !== undefined && button.member !== member.id) return refusal(context, 'no.other-person')
  const complaint = here(context, await findComplaint(parts.storage.reads, room.tenant, button.complaint))
  if (!complaint) return refusal(context, 'no.button')
  const pressed = { button, complaint, intent: intentOf(button.intent), key: `press:${token}` }
  const answer = await run(context, pressed)
  const fresh = await freshCard(context, pressed, answer)
  return fresh ? { ...answer, fresh } : answer
}

interface Pressed {
  readonly button: StoredButton
  readonly complaint: Complaint
  readonly intent: Intent
  readonly key: string
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
    case 'cancel':
      return cancelAsk(context)
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
async function open(context: Context, pressed: Pressed, intent: Extract<Intent, { do: 'open' }>): Promise<Answer> {
  const { parts, member, room } = context
  const { complaint, button, key } = pressed
  const language = room.language
  const inTheWay = await unsettledOf(parts.storage.reads, complaint.id, intent.kind)
  if (inTheWay)
    return answerTo(context, requestedText(language, complaint, { outcome: 'busy', action: inTheWay }), { alert: true })
  const now = instant(parts.storage.reads.clock.now())
  const draft = draftOf(intent)
  const action = draft ?? ({ kind: 'respond', stance: intent.stance ?? 'talk' } as const)
  const whether = asksWhetherReceived(complaint, intent)
  const trial = whether ? ({ kind: 'prove-refund', received: true } as const) : action
  const why = gate({ member, complaint, action: { ...trial, text: '…' }, seen: button.version, now })
  if (why) return answerTo(context, whyText(language, complaint, why), { alert: true })
  if (whether) return askReceived(context, complaint, '')
  if (draft && intent.words !== undefined)
    return draftIt(context, complaint, { draft, text: intent.words, wish: { key, seen: button.version } })
  const until = later(now, promptLife)
  const cancel = await parts.storage.transaction(async (tx) => {
    const prompt = { room: room.id, member: member.id, complaint: complaint.id, version: button.version }
    await askMember(tx, { ...prompt, intent: button.intent, key, expiresAt: until })
    return tokenFor(tx, { ...prompt, tenant: room.tenant, intent: intentText({ do: 'cancel' }), expiresAt: until })
  })
  return { ask: { ...askFor(context, complaint, intent), cancel } }
}

const asksWhetherReceived = (complaint: Complaint, { kind, received }: Extract<Intent, { do: 'open' }>): boolean =>
  kind === 'prove-refund' && received === undefined && moveOf(complaint, kind)?.takes.choices !== undefined

function askFor(context: Context, complaint: Complaint, intent: Extract<Intent, { do: 'open' }>): Ask {
  const takes = moveOf(complaint, intent.kind)?.takes
  const params = { n: complaint.running, most: takes?.text?.max ?? 0, pictures: takes?.pictures?.max ?? 0 }
  const ask = { ttl: promptLife, pictures: takes?.pictures !== undefined }
  if (intent.kind === 'add-evidence')
    return { ...ask, prompt: say(context, 'ask.add-evidence', params), suggest: [say(context, 'suggest.evidence.1')] }
  if (intent.kind === 'prove-refund')
    return {
      ...ask,
      prompt: say(context, 'ask.prove-refund', params),
      suggest: [say(context, 'suggest.prove-refund.1')],
    }
  if (intent.kind === 'appeal') return { ...ask, prompt: say(context, 'ask.appeal', params) }
  if (intent.stance === 'agree') {
    const suggest = [say(context, 'suggest.agree.1'), say(context, 'suggest.agree.2')]
    return {
      ...ask,
      prompt: say(context, 'ask.agree', params),
      suggest: suggest.filter((words) => lengthOf(words, 'chars') <= params.most),
    }
  }
  if (intent.stance === 'refuse')
    return { ...ask, prompt: say(context, 'ask.refuse', params), suggest: [say(context, 'suggest.refuse.1')] }
  return { ...ask, prompt: say(context, 'ask.words', { ...params, act: say(context, `act.${intent.kind}`) }) }
}

/** The next words of this person are just words again. */
async function cancelAsk(context: Context): Promise<Answer> {
  const { parts, room, member } = context
  await parts.storage.transaction((tx) => takePrompt(tx, room.id, member.id))
  return answerTo(context, say(context, 'said.cancelled'))
}

async function showDetail(context: Context, complaint: Complaint): Promise<Answer> {
  const { parts, room, heard } = context
  const view = await viewOf(parts.storage.reads, parts.platforms, { complaint, language: room.language })
  const facts = await factsOf(parts.storage.reads, complaint.id, 50)
  return { card: { ...detail(view, facts), buttons: [] }, onlyFor: [heard.user.id] }
}

async function readAgain(context: Context, complaint: Complaint): Promise<Answer> {
  const { storage, engine } = context.parts
  await storage.transaction(async (tx) => {
    await forgetFailures(tx, complaint.id)
    await engine.send(tx, queues.reread, complaint.id)
  })
  return answerTo(context, say(context, 'said.reading', { n: complaint.running }))
}

/** The pressed card as it is now: the complaint's card, or what is left of a confirm. */
async function freshCard(context: Context, pressed: Pressed, answer: Answer): Promise<Card | undefined> {
  const { parts, room } = context
  const { intent } = pressed
  if (intent.do === 'detail' || intent.do === 'cancel' || answer.ask) return undefined
  if (pressed.button.member !== undefined)
    return { title: answer.toast ?? chosen(context, intent), tone: 'settled', lines: [], buttons: [] }
  const complaint = await findComplaint(parts.storage.reads, room.tenant, pressed.complaint.id)
  return complaint && parts.storage.transaction((tx) => drawCard(tx, parts.platforms, room, complaint))
}

/** What is left of a question that was answered by its button. */
function chosen(context: Context, intent: Intent): string {
  if (intent.do !== 'open' || intent.received === undefined) return ''
  return say(context, intent.received ? 'button.received' : 'button.not-received')
}
