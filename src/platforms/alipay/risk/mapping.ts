import type { Happening, Move, Snapshot } from '../../../complaints/complaint.ts'
import { type Fen, type Instant, yuan } from '../../../core/words.ts'
import type { Asked } from '../asked.ts'
import { personOf } from '../contact.ts'
import { both } from '../errors.ts'
import { limits, pictures, refundTakes, words } from '../limits.ts'
import { isState, phaseOf, refunded, resultLabel, results, rowLabel, stateLabel } from './states.ts'
import type { Told, Trade } from './wire.ts'

/** 消费者投诉 in our words. Pure. */
export function snapshotOf(told: Told, { number, asOf }: Asked): Snapshot {
  const code = told.status ?? ''
  const trades = told.complaint_trade_info_list
  const openedAt = told.gmt_complain ?? told.gmt_risk_finish_time ?? asOf
  const outTradeNo = trades.find(({ out_no }) => out_no !== undefined)?.out_no
  return {
    source: 'alipay-risk',
    number,
    scope: '',
    phase: phaseOf(code),
    code,
    label: labelOf(told),
    moves: movesOf(told),
    orders: ordersOf(told),
    ...(outTradeNo === undefined ? {} : { outTradeNo }),
    text: told.complain_content ?? '',
    reason: reasonOf(told),
    ...productOf(trades),
    ...(told.complain_amount === undefined ? {} : { amountShown: told.complain_amount }),
    person: personOf(told.contact),
    pictures: told.certify_info,
    timeline: timelineOf(told, openedAt),
    openedAt,
    asOf,
    ...(isUrgent(told) ? { urgent: true } : {}),
    ...against(told),
    warnings: warningsOf(told),
  }
}

const against = ({ opposite_pid: id, opposite_name: name }: Told): Pick<Snapshot, 'against'> =>
  id === undefined ? {} : { against: { outsideId: id, ...(name === undefined ? {} : { name }) } }

/** Our word where we know the state, else theirs. */
export function labelOf({ status = '', status_description }: Told): string {
  return stateLabel(status) ?? status_description ?? `状态 ${status || '—'}（未知）`
}

function movesOf(told: Told): readonly Move[] {
  if (phaseOf(told.status ?? '') !== 'ours') return []
  return [
    {
      kind: 'respond',
      owed: false,
      takes: { ...words(limits.replyChars, true), choices: [{ code: 'talk', label: '回复' }] },
    },
    ...(isRefundable(told) ? [{ kind: 'refund', owed: false, takes: refundTakes } as const] : []),
    {
      kind: 'finish',
      owed: true,
      ...(told.gmt_overdue === undefined ? {} : { due: told.gmt_overdue }),
      takes: { ...words(limits.remarkChars, false), ...pictures, choices: results, once: true },
    },
  ]
}

const isRefundable = (told: Told): boolean => {
  const trades = told.complaint_trade_info_list
  return ordersOf(told).length > 0 && (trades.length === 0 || trades.some(({ status }) => status !== refunded))
}

const ordersOf = ({ trade_no, complaint_trade_info_list }: Told): readonly string[] => [
  ...new Set([trade_no, ...complaint_trade_info_list.map((trade) => trade.trade_no)].flatMap((one) => one ?? [])),
]

/** What people look for it by, and how they are told of it. */
const reasonOf = ({ task_id, label_tag_list }: Told): string =>
  [...label_tag_list, task_id && `投诉单号 ${task_id}`].filter(Boolean).join(' · ')

/** Several trades in one complaint: each with its amount and how far it has come. */
function productOf(trades: readonly Trade[]): { readonly product?: string } {
  const lines = trades.map(({ trade_no, amount, status = '', status_description }) =>
    [trade_no ?? '—', money(amount), rowLabel(status) ?? status_description ?? status].filter(Boolean).join(' '),
  )
  return trades.length < 2 ? {} : { product: lines.join('；') }
}

const money = (amount: Fen | undefined): string => (amount === undefined ? '' : `¥${yuan(amount)}`)

function timelineOf(told: Told, openedAt: Instant): readonly Happening[] {
  const happened: (Happening | undefined)[] = [
    { at: openedAt, by: 'user', label: '用户投诉', ...said(told.complain_content), pictures: told.certify_info },
    at(told.gmt_upgrade, { by: 'user', label: '升级投诉', ...said(told.upgrade_content), pictures: [] }),
    ...told.complaint_trade_info_list.map(({ gmt_refund, amount, trade_no }) =>
      at(gmt_refund, {
        by: 'merchant',
        label: ['已退款', money(amount)].filter(Boolean).join(' '),
        ...said(trade_no),
        pictures: [],
      }),
    ),
    at(told.gmt_process, {
      by: 'merchant',
      label: resultOf(told),
      ...said(told.process_remark),
      pictures: told.process_img_url_list,
    }),
  ]
  return happened.filter((one) => one !== undefined).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

const at = (when: Instant | undefined, what: Omit<Happening, 'at'>): Happening | undefined =>
  when === undefined ? undefined : { at: when, ...what }
const said = (text: string | undefined): { readonly text?: string } => (text === undefined ? {} : { text })

const resultOf = ({ process_code, process_message }: Told): string =>
  process_code === undefined ? (process_message ?? '已处理') : resultLabel(process_code)

const isUrgent = ({ label_tag_list, gmt_upgrade, status = '' }: Told): boolean =>
  phaseOf(status) !== 'closed' && (gmt_upgrade !== undefined || label_tag_list.some((tag) => /加急|升级/.test(tag)))

function warningsOf(told: Told): readonly string[] {
  const { status = '', label_tag_list } = told
  const found: (string | false)[] = [
    !isState(status) &&
      both(
        `支付宝给出了不认识的状态 ${status || '—'}，请到商家平台查看`,
        `Alipay gave a state that is not known here, ${status || '—'}: look into the console`,
      ),
    label_tag_list.some((tag) => tag.includes('高风险')) &&
      both('支付宝标记为高风险', 'Alipay marks this complaint as high risk'),
    label_tag_list.some((tag) => tag.includes('平台已介入')) && both('平台已介入', 'Alipay itself has stepped in'),
  ]
  return found.filter((line) => line !== false)
}
