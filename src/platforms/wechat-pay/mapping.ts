import type { Happening, Person, Phase, Snapshot } from '../../complaints/complaint.ts'
import { type Fen, fen, type Instant } from '../../core/words.ts'
import { both } from './errors.ts'
import { decision, movesOf } from './moves.ts'
import type { Notice } from './notice.ts'
import { actionLabel, isState, problemLabel, serviceLabel, stateLabel, stepLabel } from './states.ts'
import type { Limits } from './takes.ts'
import type { Step, Told } from './wire.ts'

export interface Asked {
  readonly number: string
  readonly asOf: Instant
}

/** What the detail and the history say together. */
export interface Read {
  readonly told: Told
  readonly steps: readonly Step[]
  /** In plain digits, where it could be opened. */
  readonly phone?: string
  /** Why there is no history. */
  readonly noHistory?: string
  /** Whose complaint it should be; undefined where it may be of any sub-merchant. */
  readonly merchant?: string
}

export function snapshotOf(read: Read, asked: Asked, limits: Limits): Snapshot {
  const { told } = read
  const steps = sorted(read.steps)
  return {
    source: 'wechat-pay',
    number: asked.number,
    scope: '',
    phase: phaseOf(told),
    code: told.state,
    label: labelOf(told),
    moves: movesOf(told, steps, limits),
    orders: [...new Set(told.orders.flatMap(({ transaction }) => transaction ?? []))],
    ...outTradeNoOf(told),
    text: told.text ?? '',
    reason: reasonOf(told),
    ...productOf(told),
    ...amountOf(told),
    person: personOf(read),
    pictures: told.pictures,
    timeline: steps.map((step) => happeningOf(step, told.created ?? asked.asOf)),
    openedAt: told.created ?? steps[0]?.at ?? asked.asOf,
    asOf: asked.asOf,
    ...(told.immediate ? { urgent: true } : {}),
    warnings: warningsOf({ ...read, steps }),
  }
}

/** What a callback alone says: nothing may be done on its word. Newer ones name only the number and what happened. */
export function provisionalOf(notice: Notice, asked: Asked): Snapshot {
  const { told, action, created } = notice
  const label = actionLabel(action)
  const at = created ?? asked.asOf
  return {
    source: 'wechat-pay',
    number: asked.number,
    scope: '',
    phase: told && isState(told.state) ? phaseOf(told) : 'ours',
    code: told?.state ?? '',
    label: told && told.state !== '' ? labelOf(told) : label,
    moves: [],
    orders: [...new Set(told?.orders.flatMap(({ transaction }) => transaction ?? []) ?? [])],
    ...(told ? { ...outTradeNoOf(told), ...productOf(told), ...amountOf(told) } : {}),
    text: told?.text ?? '',
    reason: told ? reasonOf(told) : '',
    person: {},
    pictures: [],
    timeline: [{ at, by: 'platform', label, pictures: [] }],
    openedAt: told?.created ?? at,
    asOf: asked.asOf,
    provisional: '',
    warnings: [],
  }
}

// The table that a reviewer checks: docs/platforms/wechat-pay.md#states
function phaseOf({ state, assisted }: Told): Phase {
  switch (state) {
    case 'PENDING':
    case 'PROCESSING':
      return assisted ? 'platform' : 'ours'
    case 'PROCESSED':
      return 'closed'
    default:
      // Believed, marked and shown in its own words; nothing is offered in a state that we do not know.
      return 'platform'
  }
}

export function labelOf({ state, assisted, fullyRefunded }: Told): string {
  const more = [assisted && '平台协助中', fullyRefunded && '已全额退款'].filter((word) => word !== false)
  return [stateLabel(state), ...more].join(' · ')
}

const reasonOf = ({ type, problem, times }: Told): string =>
  [type === '' ? undefined : problemLabel(type), problem, times !== undefined && times > 1 ? `第 ${times} 次投诉` : '']
    .filter(Boolean)
    .join(' · ')

function productOf({ services, powerBank }: Told): { readonly product?: string } {
  const parts = [...services.map(({ number, state }) => `${serviceLabel(state)} ${number}`.trim()), powerBank]
  const product = parts.filter(Boolean).join(' · ')
  return product === '' ? {} : { product }
}

function outTradeNoOf({ orders }: Told): { readonly outTradeNo?: string } {
  const outTradeNo = orders.find((order) => order.outTradeNo !== undefined)?.outTradeNo
  return outTradeNo === undefined ? {} : { outTradeNo }
}

/** What the user asks for; else what the orders cost. Shown, never used for money. */
function amountOf({ applied, orders }: Told): { readonly amountShown?: Fen } {
  const costs = orders.flatMap(({ amount }) => amount ?? [])
  const shown = applied ?? (costs.length === 0 ? undefined : fen(costs.reduce((sum, cost) => sum + cost, 0)))
  return shown === undefined ? {} : { amountShown: shown }
}

const personOf = ({ told, phone }: Read): Person => ({
  ...(phone === undefined ? {} : { phone }),
  ...(told.openid === undefined ? {} : { openid: told.openid }),
})

// The order of their steps is not published; which way they run decides about those of one moment.
function sorted(steps: readonly Step[]): readonly Step[] {
  const [first, last] = [steps[0]?.at ?? '', steps.at(-1)?.at ?? '']
  const newestFirst = first > last || (first === last && steps.at(-1)?.type === 'USER_CREATE_COMPLAINT')
  const forward = newestFirst ? steps.toReversed() : [...steps]
  return forward.sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : (a.at ?? '') > (b.at ?? '') ? 1 : 0))
}

function happeningOf(step: Step, otherwise: Instant): Happening {
  const named = stepLabel(step.type, step.operator)
  return {
    at: step.at ?? otherwise,
    ...named,
    ...(step.text === undefined ? {} : { text: step.text }),
    pictures: picturesOf(step, named.by),
  }
}

/** Those at their API do not expire; what the merchant uploaded there cannot be fetched back. */
const picturesOf = ({ media, images }: Step, by: Happening['by']): readonly string[] =>
  by !== 'merchant' && media.length > 0 ? media : images

const partly = 'COMPLAINT_PARTIAL_REFUNDED_SYSTEM_MESSAGE'

function warningsOf({ told, steps, phone, noHistory, merchant }: Read): readonly string[] {
  const approved = decision(steps)?.type === 'MERCHANT_APPROVE_REFUND'
  const found: (string | false)[] = [
    !isState(told.state) &&
      both(
        `微信支付给出了不认识的状态 ${told.state || '—'}，请到商户平台查看`,
        `WeChat Pay gave a state that is not known here, ${told.state || '—'}: look into the console`,
      ),
    merchant !== undefined &&
      told.merchant !== undefined &&
      told.merchant !== merchant &&
      both(
        `被诉商户号 ${told.merchant} 不是此账号的：若此账号是服务商，请设置 provider`,
        `the complaint is about ${told.merchant}, not this account: a service provider needs the setting provider`,
      ),
    noHistory !== undefined && both('协商历史暂时无法读取', 'the negotiation history cannot be read'),
    told.immediate && both('用户需要即时服务，请尽快回复', 'the user is to be served at once: answer soon'),
    told.tags.includes('HIGH_RISK') && both('微信支付标记该用户为高风险', 'WeChat Pay marks this user as high risk'),
    told.agent && both('由智能体提交的投诉', 'complained by an agent'),
    approved &&
      told.state !== 'PROCESSED' &&
      !told.fullyRefunded &&
      both('已同意退款，但同意本身不会退款：请确认退款已发起', 'a refund was agreed to, which by itself pays nothing'),
    steps.some(({ type }) => type === partly) && both('该订单已有部分退款', 'the order shows a partial refund'),
    told.phone !== undefined &&
      phone === undefined &&
      both(
        '用户电话无法解密：若更换过商户API证书，请补充旧私钥',
        'the telephone number cannot be opened: after a change of the merchant certificate add the former key',
      ),
  ]
  return found.filter((line) => line !== false)
}
