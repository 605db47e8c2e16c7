import type { Complaint } from './complaint.ts'
import { showComplaint, showTalk, type Viewer } from './complaint-view.ts'
import { type Problem, paramError, refuse } from './errors.ts'
import { type Merchant, payeesOf } from './merchant.ts'
import type { Rules } from './rules.ts'
import { daysBetween, endOfDay, startOfDay } from './time.ts'

/** WeChat Pay docs, complaint list: days of Beijing, at most 30 apart; the total only on the first page. */
export function listComplaints(about: {
  readonly merchant: Merchant
  readonly query: URLSearchParams
  readonly complaints: readonly Complaint[]
  readonly rules: Rules
  readonly viewer: Viewer
}): Record<string, unknown> | Problem {
  const { merchant, query, rules, viewer } = about
  const page = readPage(query, { size: 50, usual: 10 })
  if ('code' in page) return page
  const from = startOfDay(query.get('begin_date') ?? '')
  const to = startOfDay(query.get('end_date') ?? '')
  if (from === undefined) return paramError('/begin_date', '格式应为 yyyy-MM-DD', 'query')
  if (to === undefined || to < from) return paramError('/end_date', '格式应为 yyyy-MM-DD', 'query')
  if (daysBetween(from, to) > 30) return paramError('/end_date', '时间跨度不能超过 30 天', 'query')
  const mchid = query.get('complainted_mchid')
  if (mchid === null && rules.listNeedsMchid) return paramError('/complainted_mchid', '必填', 'query')
  if (mchid !== null && !payeesOf(merchant).includes(mchid)) return refuse('NO_AUTH', '无权限查询该商户号的投诉单')
  const rows = about.complaints
    .filter((one) => one.account === merchant.mchid && (mchid === null || one.mchid === mchid))
    .filter((one) => one.at >= from && one.at < endOfDay(to))
    .sort((a, b) => (viewer.quirks.listOrder === 'newest-first' ? b.at - a.at : a.at - b.at))
  const { limit, offset } = page
  return {
    data: rows.slice(offset, offset + limit).map((one) => showComplaint(one, viewer)),
    limit,
    offset,
    ...(offset === 0 ? { total_count: rows.length } : {}),
  }
}

/** WeChat Pay docs, negotiation history. */
export function listHistory(
  c: Complaint,
  about: { query: URLSearchParams; rules: Rules; viewer: Viewer },
): Record<string, unknown> | Problem {
  const { query, rules, viewer } = about
  const page = readPage(query, { size: rules.maxHistoryPage, usual: 100 })
  if ('code' in page) return page
  const rows = viewer.quirks.historyOrder === 'newest-first' ? c.history.toReversed() : c.history
  const { limit, offset } = page
  const data = rows.slice(offset, offset + limit).map((one) => showTalk(c, one, viewer))
  return { data, limit, offset, total_count: rows.length }
}

function readPage(
  query: URLSearchParams,
  { size, usual }: { size: number; usual: number },
): { limit: number; offset: number } | Problem {
  const limit = query.get('limit') ?? String(usual)
  const offset = query.get('offset') ?? '0'
  if (!/^\d+$/.test(limit) || Number(limit) < 1 || Number(limit) > size) {
    return paramError('/limit', `须为 1-${size}`, 'query')
  }
  if (!/^\d+$/.test(offset)) return paramError('/offset', '须为非负整数', 'query')
  return { limit: Number(limit), offset: Number(offset) }
}
