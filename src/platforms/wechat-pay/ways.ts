import type { ActionKind, ActionOf, Words } from '../../complaints/action.ts'
import type { Account } from '../platform.ts'
import { both } from './errors.ts'
import { jumpOf } from './jump.ts'
import type { Operation } from './limits.ts'
import type { Trace } from './look.ts'
import { type Limits, wrongPictures, wrongText } from './takes.ts'

/** One of their calls: what it wants to be told, and the trace that it leaves. */
export interface Way<Kind extends ActionKind> {
  readonly operation: Operation
  readonly call: string
  readonly trace: Trace<Kind>
  /** Why it cannot be said to them. */
  wrong(action: ActionOf<Kind>, limits: Limits): string | undefined
  body(action: ActionOf<Kind>, said: Said): object
}

interface Said {
  readonly account: Account
  readonly mediaIds: readonly string[]
  /** 被诉商户号 */
  readonly merchant: string
}

export const respond: Way<'respond'> = {
  operation: 'reply',
  call: '/response',
  trace: { steps: () => ['MERCHANT_RESPONSE'], words: textOf },
  wrong(action, limits) {
    if (action.stance !== 'talk') return onlyTalk
    const text = textOf(action)
    if (text === '') return sayWords
    return wrongText(text, limits.replyChars) ?? wrongPictures(action, limits.pictures)
  },
  // Anything more in the body is refused, the complaint's own number too.
  body: (action, { account, mediaIds, merchant }) => ({
    complainted_mchid: merchant,
    response_content: textOf(action),
    ...(mediaIds.length === 0 ? {} : { response_images: mediaIds }),
    ...jumpOf(account),
  }),
}

export const decide: Way<'decide-refund'> = {
  operation: 'decide',
  call: '/update-refund-progress',
  trace: {
    steps: ({ verdict }) =>
      verdict === 'approve' ? ['MERCHANT_APPROVE_REFUND'] : ['MERCHANT_REFUSE_RERUND', 'MERCHANT_REJECT_REFUND'],
  },
  wrong(action, limits) {
    const { verdict, day = 0, pictures = [] } = action
    const approves = verdict === 'approve'
    if (approves && (!Number.isInteger(day) || day < 0 || day > 365)) return wholeDays
    if (approves && pictures.length > 0) return noPictures
    if (!approves && reasonOf(action) === '') return sayWhy
    return (
      wrongText(approves ? '' : reasonOf(action), limits.reasonChars) ??
      wrongText(remarkOf(action), limits.reasonChars) ??
      wrongPictures(action, limits.pictures)
    )
  },
  body(action, { mediaIds }) {
    const remark = remarkOf(action) === '' ? {} : { remark: remarkOf(action) }
    if (action.verdict === 'approve') return { action: 'APPROVE', launch_refund_day: action.day ?? 0, ...remark }
    const media = mediaIds.length === 0 ? {} : { reject_media_list: mediaIds }
    return { action: 'REJECT', reject_reason: reasonOf(action), ...media, ...remark }
  },
}

export const finish: Way<'finish'> = {
  operation: 'complete',
  call: '/complete',
  trace: { steps: () => ['MERCHANT_CONFIRM_COMPLETE'], state: 'PROCESSED' },
  wrong: (action) => (textOf(action) === '' && (action.pictures ?? []).length === 0 ? undefined : noWords),
  body: (_, { merchant }) => ({ complainted_mchid: merchant }),
}

function textOf({ text }: Words): string {
  return text?.trim() ?? ''
}

type Decision = ActionOf<'decide-refund'>
/** Shown to the user when it is a no. */
const reasonOf = (action: Decision): string => action.reason?.trim() || textOf(action)
/** Seen by WeChat Pay's customer service. */
function remarkOf(action: Decision): string {
  const reason = action.reason?.trim() ?? ''
  if (action.verdict === 'approve') return [reason, textOf(action)].filter(Boolean).join('\n')
  return reason === '' ? '' : textOf(action)
}

const onlyTalk = both('微信支付投诉只能回复', 'a WeChat Pay complaint can only be replied to')
const sayWords = both('请写回复内容', 'write the words of the reply')
const sayWhy = both('请写拒绝退款的原因', 'say why the refund is rejected')
const wholeDays = both('预计退款时间须为 0 至 365 天', 'the refund is promised in 0 to 365 whole days')
const noPictures = both('同意退款时不能附图片', 'an approval takes no pictures')
const noWords = both('反馈处理完成不带文字和图片', 'to finish takes no words and no pictures')
