import type { Acted, ActionOf } from '../../../complaints/action.ts'
import { millis } from '../../../core/words.ts'
import type { Job } from '../../platform.ts'
import { both } from '../errors.ts'
import { limits } from '../limits.ts'
import { onlyTalk, textOf, wrongChoice, wrongWords } from '../said.ts'
import { riskDesk, riskPicture } from '../upload.ts'
import type { Way } from '../way.ts'
import { detail } from './complaints.ts'
import { labelOf } from './mapping.ts'
import { isProcessed, phaseOf, results } from './states.ts'
import type { Told } from './wire.ts'

/** 留言. They show nobody what was said, so that nothing can be looked for. */
export const respond: Way<'respond'> = {
  wrong: (action) =>
    action.stance === 'talk'
      ? wrongWords(action, { max: limits.replyChars, text: 'required', pictures: false })
      : onlyTalk,
  desk: riskDesk,
  call: (action, { id }) => ({
    method: 'alipay.security.risk.complaint.reply.send',
    content: { complaint_id: id, reply_content: textOf(action) },
  }),
  look: async () => ({ outcome: 'absent' }),
}

/** 处理: with one of five results. */
export const finish: Way<'finish'> = {
  wrong: (action, id) =>
    wrongChoice(action.choice, results) ??
    wrongWords(action, { max: limits.remarkChars, text: 'optional', pictures: true }) ??
    // They want a number there, and a longer one would become another.
    (Number.isSafeInteger(Number(id)) ? undefined : tooLong),
  desk: riskDesk,
  call: (action, { id, pictures }) => ({
    method: 'alipay.security.risk.complaint.process.finish',
    content: {
      id_list: [Number(id)],
      process_code: action.choice,
      ...(textOf(action) === '' ? {} : { remark: textOf(action) }),
      ...(pictures.length === 0 ? {} : { img_file_list: pictures.map(riskPicture) }),
    },
  }),
  // A success of the call that says no is a no.
  taken: (answer) => answer.complaint_process_success === true || answer.complaint_process_success === 'true',
  look: async (gateway, caller, { id, job }) => finished(await detail(gateway, caller, id), job),
}

const tooLong = both('投诉单号过长，请到商家平台处理', 'the number of the complaint is too long: use the console')

// Their clock against ours.
const skew = 300_000

function finished(told: Told, { action, since }: Pick<Job<'finish'>, 'action' | 'since'>): Acted {
  const status = told.status ?? ''
  if (isProcessed(status) && isOurs(told, action, millis(since) - skew))
    return { outcome: 'done', reference: told.id ?? '' }
  if (phaseOf(status) !== 'closed') return { outcome: 'absent' }
  return {
    outcome: 'failed',
    message: both(
      `投诉已变为「${labelOf(told)}」，其中没有我们的这次操作`,
      `the complaint has moved to ${status} without this act of ours`,
    ),
    again: false,
    moved: true,
  }
}

const isOurs = ({ process_code, gmt_process }: Told, { choice }: ActionOf<'finish'>, since: number): boolean =>
  process_code === choice && gmt_process !== undefined && millis(gmt_process) >= since
