import type { Happening, Move, Snapshot } from '../../../complaints/complaint.ts'
import { type Instant, later } from '../../../core/words.ts'
import type { Asked } from '../asked.ts'
import { personOf } from '../contact.ts'
import { both } from '../errors.ts'
import { limits, pictures, refundTakes, words } from '../limits.ts'
import { feedbacks, isState, phaseOf, roleOf, stateLabel } from './states.ts'
import type { Answer, Told } from './wire.ts'

const day = 86_400_000

/** 交易投诉 in our words. Pure. */
export function snapshotOf(told: Told, { number, asOf }: Asked): Snapshot {
  const code = told.status ?? ''
  const openedAt = told.gmt_create ?? asOf
  return {
    source: 'alipay-trade',
    number,
    scope: '',
    phase: phaseOf(code),
    code,
    label: stateLabel(code),
    moves: movesOf(told),
    orders: told.trade_no === undefined ? [] : [told.trade_no],
    ...(told.merchant_order_no === undefined ? {} : { outTradeNo: told.merchant_order_no }),
    text: told.content ?? '',
    reason: [told.leaf_category_name, told.complain_reason].filter(Boolean).join(' · '),
    ...(told.trade_amount === undefined ? {} : { amountShown: told.trade_amount }),
    person: personOf(told.phone_no),
    pictures: told.images,
    timeline: timelineOf(told, openedAt),
    openedAt,
    asOf,
    warnings: warningsOf(told),
    ...against(told),
  }
}

const against = ({ target_id: id, target_type: type }: Told): Pick<Snapshot, 'against'> => {
  if (id === undefined) return {}
  return type === 'PID' ? { against: { outsideId: id } } : type === 'APPID' ? { against: { authAppId: id } } : {}
}

/** What a message alone says: nothing may be done on its word. */
export const provisionalOf = (told: { readonly at?: Instant }, { number, asOf }: Asked): Snapshot => ({
  source: 'alipay-trade',
  number,
  scope: '',
  phase: 'ours',
  code: '',
  label: '有变化',
  moves: [],
  orders: [],
  text: '',
  reason: '',
  person: {},
  pictures: [],
  timeline: [{ at: told.at ?? asOf, by: 'platform', label: '支付宝通知', pictures: [] }],
  openedAt: told.at ?? asOf,
  asOf,
  provisional: '',
  warnings: [],
})

function movesOf(told: Told): readonly Move[] {
  const code = told.status ?? ''
  const refund: readonly Move[] =
    told.trade_no === undefined ? [] : [{ kind: 'refund', owed: false, takes: refundTakes }]
  const respond: Move = {
    kind: 'respond',
    owed: false,
    takes: { ...words(limits.replyChars, true), ...pictures, choices: [{ code: 'talk', label: '回复' }] },
  }
  switch (code) {
    case 'MERCHANT_PROCESSING':
    case 'MERCHANT_FEEDBACK_TIMEOUT':
      return [respond, ...refund, feedback(told)]
    case 'MERCHANT_FEEDBACKED':
      return [respond, ...refund]
    case 'PLATFORM_PROCESSING':
      return [
        { kind: 'add-evidence', owed: false, takes: { ...words(limits.remarkChars, true), ...pictures } },
        ...refund,
      ]
    default:
      return []
  }
}

/** They name no end: a day is ours, and a warning says so. */
const feedback = ({ gmt_create }: Told): Move => ({
  kind: 'finish',
  owed: true,
  ...(gmt_create === undefined ? {} : { due: later(gmt_create, day) }),
  takes: { ...words(limits.remarkChars, true), ...pictures, choices: feedbacks },
})

function timelineOf(told: Told, openedAt: Instant): readonly Happening[] {
  const first: Happening = {
    at: openedAt,
    by: 'user',
    label: '用户投诉',
    ...(told.content === undefined ? {} : { text: told.content }),
    pictures: told.images,
  }
  const end: readonly Happening[] =
    told.gmt_finished === undefined
      ? []
      : [{ at: told.gmt_finished, by: enderOf(told), label: stateLabel(told.status ?? ''), pictures: [] }]
  return [first, ...told.reply_detail_infos.map((one) => happeningOf(one, openedAt)), ...end].sort((a, b) =>
    a.at < b.at ? -1 : a.at > b.at ? 1 : 0,
  )
}

const enderOf = ({ status }: Told): Happening['by'] => (status === 'CANCELLED' ? 'user' : 'platform')

function happeningOf(
  { replier_role = '', replier_name, gmt_create, content, images }: Answer,
  otherwise: Instant,
): Happening {
  const [by, label] = roleOf(replier_role)
  return {
    at: gmt_create ?? otherwise,
    by,
    // The user's own name stays out of the words.
    label: by === 'user' || replier_name === undefined ? label : `${label} ${replier_name}`,
    ...(content === undefined ? {} : { text: content }),
    pictures: images,
  }
}

function warningsOf({ status = '' }: Told): readonly string[] {
  if (!isState(status))
    return [
      both(
        `支付宝给出了不认识的状态 ${status || '—'}，请到商家平台查看`,
        `Alipay gave a state that is not known here, ${status || '—'}: look into the console`,
      ),
    ]
  return status === 'MERCHANT_PROCESSING'
    ? [
        both(
          '支付宝没有给出处理期限：24 小时是我们的提醒',
          'Alipay names no end for this: the 24 hours are a reminder of ours',
        ),
      ]
    : []
}
