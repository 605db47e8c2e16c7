import { type Refusal, refuse } from './errors.ts'
import type { Penalties, Penalty } from './penalties.ts'
import type { Quirks } from './rules.ts'

/** WeChat docs, 交易保障: whether the mini program has it, and what is missing. */
export interface Guarantee {
  /** The platform's own spelling. */
  readonly isActived: boolean
  readonly msg: string
  readonly reasons: readonly string[]
}

export const guaranteed: Guarantee = { isActived: true, msg: '', reasons: [] }

/** WeChat docs, get_penalty_list: both numbers stand in the query and are required, limit ≤ 100. Not documented: the order. */
export function getPenaltyList(
  penalties: Penalties,
  appid: string,
  query: URLSearchParams,
  quirks: Quirks,
): Record<string, unknown> | Refusal {
  const [offset, limit] = [query.get('offset'), query.get('limit')]
  if (!isWhole(offset) || !isWhole(limit)) return refuse(200002)
  if (Number(limit) < 1 || Number(limit) > 100) return refuse(20002)
  const rows = penalties
    .all()
    .filter((one) => one.appid === appid)
    .reverse()
  return {
    errcode: 0,
    errmsg: 'ok',
    appealList: rows.slice(Number(offset), Number(offset) + Number(limit)).map((one) => show(one, quirks)),
    currentScore: penalties.score(appid),
    totalNum: rows.length,
  }
}

const isWhole = (text: string | null): text is string => text !== null && /^\d{1,9}$/.test(text)

// The table says number, the sample shows a text; the sample's orderId has the prefix without the underscore.
function show(penalty: Penalty, quirks: Quirks): Record<string, unknown> {
  const id = (value: number) => (quirks.penaltyIds === 'string' ? String(value) : value)
  return {
    illegalOrderId: id(penalty.id),
    complaintOrderId: id(penalty.complaint ?? 0),
    illegalWording: penalty.wording,
    status: penalty.status,
    minusScore: penalty.points,
    orderId: penalty.transactionId ? `${quirks.penaltyOrder}${penalty.transactionId}` : '',
    illegalTime: penalty.at,
    updateTime: penalty.updatedAt,
  }
}
