import type { Acted, ActionOf, Words } from '../../../complaints/action.ts'
import { millis } from '../../../core/words.ts'
import type { Job } from '../../platform.ts'
import { both } from '../errors.ts'
import { limits } from '../limits.ts'
import { onlyTalk, textOf, wrongChoice, wrongWords } from '../said.ts'
import { settingsOf } from '../settings.ts'
import { tradeDesk } from '../upload.ts'
import type { Way } from '../way.ts'
import { detail } from './complaints.ts'
import { feedbacks, phaseOf, stateLabel } from './states.ts'
import type { Answer, Told } from './wire.ts'

/** 回复 */
export const respond: Way<'respond'> = {
  wrong: (action) =>
    action.stance === 'talk'
      ? wrongWords(action, { max: limits.replyChars, text: 'required', pictures: true })
      : onlyTalk,
  desk: tradeDesk,
  call: (action, { id, pictures }) => ({
    method: 'alipay.merchant.tradecomplain.reply.submit',
    content: { complain_event_id: id, reply_content: textOf(action), ...imagesOf('reply_images', pictures) },
  }),
  look: async (gateway, caller, { id, job }) => seen(await detail(gateway, caller, id), job),
}

/** 反馈: this one call wants its fields beside biz_content. */
export const finish: Way<'finish'> = {
  wrong: (action) =>
    wrongChoice(action.choice, feedbacks) ??
    wrongWords(action, { max: limits.remarkChars, text: 'required', pictures: true }),
  desk: tradeDesk,
  call: (action, { id, pictures, account }) => {
    const { operator } = settingsOf(account.settings)
    return {
      method: 'alipay.merchant.tradecomplain.feedback.submit',
      flat: {
        complain_event_id: id,
        feedback_code: action.choice ?? '',
        feedback_content: textOf(action),
        ...imagesOf('feedback_images', pictures),
        ...(operator === undefined ? {} : { operator }),
      },
    }
  },
  look: async (gateway, caller, { id, job }) => {
    const told = await detail(gateway, caller, id)
    const acted = seen(told, job)
    // The state itself shows a feedback; whose it was is not said, but there is one only.
    return acted.outcome !== 'done' && told.status === 'MERCHANT_FEEDBACKED' ? done(told) : acted
  },
}

/** 补充凭证, while their customer service decides. */
export const addEvidence: Way<'add-evidence'> = {
  wrong: (action) => wrongWords(action, { max: limits.remarkChars, text: 'required', pictures: true }),
  desk: tradeDesk,
  call: (action, { id, pictures }) => ({
    method: 'alipay.merchant.tradecomplain.supplement.submit',
    content: { complain_event_id: id, supplement_content: textOf(action), ...imagesOf('supplement_images', pictures) },
  }),
  look: async (gateway, caller, { id, job }) => seen(await detail(gateway, caller, id), job),
}

const imagesOf = <Name extends string>(name: Name, pictures: readonly string[]): Partial<Record<Name, string>> =>
  pictures.length === 0 ? {} : ({ [name]: pictures.join(',') } as Partial<Record<Name, string>>)

// Their clock against ours.
const skew = 300_000

type Looking = Pick<Job<'respond' | 'finish' | 'add-evidence'>, 'since'> & {
  readonly action: ActionOf<'respond' | 'finish' | 'add-evidence'>
}

/** Our words in their history since the call. */
function seen(told: Told, { action, since }: Looking): Acted {
  const after = millis(since) - skew
  if (told.reply_detail_infos.some((one) => isSince(one, after) && says(one, action))) return done(told)
  if (phaseOf(told.status ?? '') !== 'closed') return { outcome: 'absent' }
  return {
    outcome: 'failed',
    message: both(
      `投诉已变为「${stateLabel(told.status ?? '')}」，其中没有我们的这次操作`,
      `the complaint has moved to ${told.status} without this act of ours`,
    ),
    again: false,
    moved: true,
  }
}

const done = ({ complain_event_id = '' }: Told): Acted => ({ outcome: 'done', reference: complain_event_id })

const isSince = ({ replier_role, gmt_create }: Answer, after: number): boolean =>
  replier_role === 'MERCHANT' && gmt_create !== undefined && millis(gmt_create) >= after

// Whether they show our words bare is published nowhere: long ones are also known inside a frame of theirs.
function says({ content = '' }: Answer, action: Words): boolean {
  const [theirs, own] = [plain(content), plain(textOf(action))]
  return theirs === own || (own.length >= 10 && theirs.includes(own))
}
const plain = (words: string) => words.replace(/\s+/g, ' ').trim()
