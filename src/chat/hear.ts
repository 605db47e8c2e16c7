import type { Complaint } from '../complaints/complaint.ts'
import type { Member } from '../complaints/member.ts'
import { told } from '../core/errors.ts'
import { failpoint } from '../core/failpoint.ts'
import { readable } from '../core/readable.ts'
import { findBot } from '../storage/bots.ts'
import { findComplaint } from '../storage/complaints.ts'
import { membersBehind } from '../storage/members.ts'
import { newestPile } from '../storage/pictures.ts'
import { answerPrompt, findPrompt, type Prompt } from '../storage/prompts.ts'
import { type Room, roomAt } from '../storage/rooms.ts'
import { findTenant, type Tenant } from '../storage/tenants.ts'
import { draft, layReady, respond } from './acts.ts'
import { type Asking, askWords } from './ask.ts'
import { bind, type Newcomer, realmOf, roomAlone } from './bind.ts'
import type { Abilities, Answer, Bot, Heard } from './chat.ts'
import { helpText } from './commands.ts'
import { answerTo, type ChatParts, type Context, complaintRepliedTo, here, refusal, say } from './context.ts'
import { draftOf, intentOf } from './intent.ts'
import { named, nearest, parse, type Spoken } from './parse.ts'
import { press } from './press.ts'
import { refund } from './refund.ts'
import { text } from './texts.ts'
import { blocked, type Wish } from './wish.ts'

const nothing: Answer = {}

/** The bot that heard it. */
export type Through = Pick<Bot, 'id' | 'can'>

/** Everything that people do in a chat comes in here. Never throws: a person always gets a sentence. */
export async function hear(parts: ChatParts, bot: Through, given: Heard): Promise<Answer> {
  const heard = given.text === undefined ? given : { ...given, text: readable(given.text) }
  try {
    const answered = await answer(parts, bot, heard)
    failpoint('hear.before-answer')
    return answered
  } catch (error) {
    parts.logger.error({ bot: bot.id, error: told(error) }, 'something that was heard could not be answered')
    parts.metrics.heard('error')
    // Nothing could be looked up, the language of the room neither.
    const words = `${text('zh-CN', 'no.trouble')} / ${text('en', 'no.trouble')}`
    return heard.press ? { toast: words, alert: true } : { text: words, onlyFor: [heard.user.id] }
  }
}

async function answer(parts: ChatParts, { id, can }: Through, heard: Heard): Promise<Answer> {
  const { reads } = parts.storage
  const bot = await findBot(reads, id)
  const tenant = bot && (await findTenant(reads, bot.tenant))
  if (!bot || !tenant) return nothing
  const room = await roomAt(reads, bot.id, heard.spot)
  const spoken = heard.text === undefined ? undefined : parse(heard.text)
  const [member] = await membersBehind(reads, { realm: realmOf(bot), user: heard.user.id, tenant: tenant.id })
  const from: Newcomer = { parts, bot, heard, room, language: room?.language ?? tenant.language }
  const early = async (one: Spoken | undefined) => one && answerEarly(from, { spoken: one, member, tenant })
  const first = await early(spoken)
  if (first) return first
  const bare = withoutSlash(can, heard)
  const where = await placeOf(from, member)
  if (!where) return (await early(bare)) ?? pointer(from, { forUs: isForUs(can, heard), known: member !== undefined })
  const context = { parts, bot, can, tenant, room: where.room, member: where.member, heard }
  if (heard.press) return { ...(await press(context)), ...(can.faces ? { to: where.member.name } : {}) }
  if (spoken) return command(context, spoken)
  return (
    (await promptAnswer(context)) ??
    (await early(bare)) ??
    (bare && (await command(context, bare))) ??
    (await picturesForCard(context)) ??
    (isForUs(can, heard) ? answerTo(context, say(context, 'no.question')) : nothing)
  )
}

/** What works before anything is bound. */
async function answerEarly(
  from: Newcomer,
  { spoken, member, tenant }: { spoken: Spoken; member: Member | undefined; tenant: Tenant },
): Promise<Answer | undefined> {
  const { language, heard } = from
  switch (spoken.command?.name) {
    case 'bind':
      if (!spoken.rest) return { text: text(language, 'no.arguments', { example: spoken.command.example }) }
      return bind(from, spoken.rest)
    case 'help': {
      const about = spoken.rest ? named(spoken.rest) : undefined
      return { text: helpText(language, about && [about]), onlyFor: [heard.user.id] }
    }
    case 'whoami': {
      const who = member
        ? text(language, 'whoami', {
            name: member.name,
            handle: member.handle,
            role: text(language, `role.${member.role}`),
            tenant: tenant.name,
          })
        : text(language, 'whoami.unbound', { user: heard.user.id })
      return { text: who, onlyFor: [heard.user.id] }
    }
    default:
      return undefined
  }
}

async function placeOf(
  from: Newcomer,
  member: Member | undefined,
): Promise<{ room: Room; member: Member } | undefined> {
  if (!member) return undefined
  const room = from.room ?? (from.heard.alone ? await roomAlone(from, member) : undefined)
  return room && { room, member }
}

/** Unknown people and unbound groups get a pointer when they speak to us, and nothing else. */
function pointer(from: Newcomer, { forUs, known }: { readonly forUs: boolean; readonly known: boolean }): Answer {
  const { heard, language } = from
  if (!forUs && !heard.press && !heard.alone) return nothing
  from.parts.metrics.heard('unbound')
  const words = text(language, known ? 'no.room' : 'no.member')
  return heard.press ? { toast: words, alert: true } : { text: words, onlyFor: [heard.user.id] }
}

/** A line with a slash is; and every word where nothing else is heard, as a mention is. */
const isForUs = (can: Abilities, { text, answering }: Heard): boolean =>
  text !== undefined && (parse(text) !== undefined || (can.hears === 'addressed' && answering === true))

/** Spoken to us by name, a command needs no slash: `@Redress 退款 128 全额`. */
function withoutSlash(can: Abilities, heard: Heard): Spoken | undefined {
  const spoken = isForUs(can, heard) ? parse(`/${heard.text?.trimStart()}`) : undefined
  return spoken?.command && spoken
}

async function command(context: Context, { word, command: known, rest }: Spoken): Promise<Answer> {
  if (known?.run) return known.run(context, { rest, wish: { key: `heard:${context.bot.id}:${context.heard.id}` } })
  const meant = nearest(word)
  const hint = meant ? say(context, 'no.command.nearest', { example: meant.example }) : say(context, 'no.command.help')
  return refusal(context, 'no.command', { word, nearest: hint })
}

/** The words that we asked this person for. What people say to each other in a group is not that. */
async function promptAnswer(context: Context): Promise<Answer | undefined> {
  const { parts, room, member, heard } = context
  if (!heard.answering && !heard.alone) return undefined
  const prompt = await findPrompt(parts.storage.reads, room.id, member.id)
  return prompt && answerAsked(context, prompt)
}

/** What is heard is the answer to this question. @returns undefined when it was answered by other words, or is nobody's here any more */
export async function answerAsked(context: Context, prompt: Prompt): Promise<Answer | undefined> {
  const { parts, room, heard } = context
  // One that is answered is answered by nothing else; the same words heard twice are the same wish.
  if ((prompt.answer ?? heard.id) !== heard.id) return undefined
  const complaint = here(context, await findComplaint(parts.storage.reads, room.tenant, prompt.complaint))
  const intent = intentOf(prompt.intent)
  if (!complaint || intent.do !== 'open') return undefined
  const answered = await act(context, { complaint, intent, version: prompt.version, key: prompt.key })
  failpoint('hear.acted')
  // Words that can be mended are asked for once more; everything else ends the question.
  if (!answered.ask) await parts.storage.transaction((tx) => answerPrompt(tx, prompt, heard.id))
  failpoint('hear.prompt-answered')
  return answered
}

function act(context: Context, asked: Asking): Promise<Answer> {
  const { complaint, intent, version, key } = asked
  const wish = { key, seen: version, askAgain: () => askWords(context, asked) }
  const text = (context.heard.text ?? '').trim()
  if (intent.kind === 'refund') return refund(context, complaint, { words: text, ...orderOf(intent), wish })
  const drafted = draftOf(intent)
  if (drafted) return draft(context, complaint, { draft: drafted, text, wish })
  // It goes at once and once only: where pictures come without words, those are still to come.
  if (text === '' && context.can.hears === 'addressed' && context.heard.pictures?.length)
    return morePictures(context, asked, wish)
  return respond(context, complaint, { stance: intent.stance ?? 'talk', text, wish })
}

async function morePictures(context: Context, asked: Asking, wish: Wish): Promise<Answer> {
  const { complaint, intent } = asked
  const no = await blocked(context, complaint, { kind: 'respond', stance: intent.stance ?? 'talk' }, wish)
  return no ?? { ...(await layReady(context, complaint, '', wish)), ask: await askWords(context, asked) }
}

const orderOf = ({ order }: Asking['intent']) => (order === undefined ? {} : { order })

async function picturesForCard(context: Context): Promise<Answer | undefined> {
  const { heard, bot } = context
  if (!heard.pictures?.length && !heard.lost) return undefined
  const complaint = (await complaintRepliedTo(context)) ?? (await ofNewestPile(context))
  if (!complaint)
    return heard.alone || heard.answering
      ? answerTo(context, say(context, 'no.number', { example: '/evidence 128' }))
      : undefined
  return layReady(context, complaint, (heard.text ?? '').trim(), { key: `heard:${bot.id}:${heard.id}` })
}

/** Where a picture cannot be an answer to a card, it goes with those that came just before, or with the words that were asked for. */
async function ofNewestPile(context: Context): Promise<Complaint | undefined> {
  const { parts, room, member, can } = context
  const { reads } = parts.storage
  if (can.hears !== 'addressed') return undefined
  const id =
    (await newestPile(reads, { room: room.id, member: member.id }, pileGap)) ??
    (await findPrompt(reads, room.id, member.id))?.complaint
  return id ? here(context, await findComplaint(reads, room.tenant, id)) : undefined
}
const pileGap = 10 * 60_000
