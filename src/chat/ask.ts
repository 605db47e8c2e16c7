import { lengthOf } from '../actions/gate.ts'
import { type Complaint, moveOf } from '../complaints/complaint.ts'
import { instant, later } from '../core/words.ts'
import { tokenFor } from '../storage/buttons.ts'
import { askMember } from '../storage/prompts.ts'
import type { Ask } from './chat.ts'
import { type Context, say } from './context.ts'
import { intentText, type Open } from './intent.ts'
import { offersFor } from './templates.ts'

const promptLife = 10 * 60_000

export interface Asking {
  readonly complaint: Complaint
  readonly intent: Open
  /** The version that the person saw. */
  readonly version: number
  /** The key of the wish that the answer will be. */
  readonly key: string
}

/** Asks this person for the words of an act; asked again, it is the same wish. */
export async function askWords(context: Context, { complaint, intent, version, key }: Asking): Promise<Ask> {
  const { parts, member, room } = context
  const until = later(instant(parts.storage.reads.clock.now()), promptLife)
  const of = { room: room.id, member: member.id, complaint: complaint.id, version, expiresAt: until }
  const cancel = await parts.storage.transaction(async (tx) => {
    await askMember(tx, { ...of, intent: intentText(intent), key })
    return tokenFor(tx, { ...of, tenant: room.tenant, intent: intentText({ do: 'cancel' }) })
  })
  const offers = await offersFor(context, complaint, intent, until)
  return { ...askFor(context, complaint, intent), ...(offers.length > 0 ? { offers } : {}), cancel }
}

function askFor(context: Context, complaint: Complaint, intent: Open): Ask {
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
  if (intent.kind === 'finish') return { ...ask, prompt: say(context, 'ask.finish', params) }
  if (intent.kind === 'refund')
    return {
      ...ask,
      prompt: say(context, 'ask.refund', {
        ...params,
        example: say(context, 'refund.example', { command: '' }).trim(),
      }),
    }
  if (intent.kind === 'decide-refund') return { ...ask, prompt: say(context, 'ask.reject', params) }
  if (intent.stance === 'talk')
    return { ...ask, prompt: say(context, ask.pictures ? 'ask.talk' : 'ask.talk.words', params) }
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
