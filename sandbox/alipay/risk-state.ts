import type { ProcessCode, RiskComplaint, RiskStatus, RiskTrade } from './risk.ts'

// The tables give the states and their names; the ways between them are read out of these names.

const ended: readonly RiskStatus[] = [
  'PROCESSED',
  'OVERDUE_PROCESSED',
  'DROP_COMPLAIN',
  'DROP_PROCESSED',
  'DROP_OVERDUE_COMPLAIN',
  'DROP_OVERDUE_PROCESSED',
]
export const isOpen = ({ status }: RiskComplaint): boolean => !ended.includes(status)

/** What the rows of an open complaint come to. */
function statusOf(rows: readonly RiskTrade[]): RiskStatus {
  const open = rows.filter(({ status }) => status !== 'PROCESSED')
  if (open.length === 0) return rows.some(({ late }) => late) ? 'OVERDUE_PROCESSED' : 'PROCESSED'
  const moving = rows.some(({ status }) => status === 'PROCESSED' || status === 'REFUNDING')
  if (open.some(({ late }) => late)) return moving ? 'PART_OVERDUE' : 'OVERDUE'
  return moving ? 'PROCESSING' : 'WAIT_PROCESS'
}

function withRows(c: RiskComplaint, change: (row: RiskTrade) => RiskTrade, at: number): RiskComplaint {
  const trades = c.trades.map(change)
  const after = { ...c, trades, status: statusOf(trades) }
  return isOpen(after) ? after : { ...after, processedAt: at }
}

/** The money of this trade is back with the customer. */
export const refunding = (c: RiskComplaint, tradeNo: string, at: number): RiskComplaint | undefined =>
  isOpen(c) && c.trades.some((row) => row.tradeNo === tradeNo && isWaiting(row))
    ? withRows(
        c,
        (row) => (row.tradeNo === tradeNo && isWaiting(row) ? { ...row, status: 'REFUNDING', refundedAt: at } : row),
        at,
      )
    : undefined

const isWaiting = ({ status }: RiskTrade) => status === 'WAIT_PROCESS' || status === 'OVERDUE'

/** The desk has noticed the refund: the row is done, and with the last one the complaint. */
export const turned = (c: RiskComplaint, tradeNo: string, at: number): RiskComplaint | undefined =>
  isOpen(c) && c.trades.some((row) => row.tradeNo === tradeNo && row.status === 'REFUNDING')
    ? withRows(
        c,
        (row) => (row.tradeNo === tradeNo && row.status === 'REFUNDING' ? { ...row, status: 'PROCESSED' } : row),
        at,
      )
    : undefined

export const overdue = (c: RiskComplaint, at: number): RiskComplaint | undefined =>
  isOpen(c) && c.trades.some((row) => row.status === 'WAIT_PROCESS')
    ? withRows(c, (row) => (row.status === 'WAIT_PROCESS' ? { ...row, status: 'OVERDUE', late: true } : row), at)
    : undefined

export interface Finish {
  readonly code: ProcessCode
  readonly remark?: string
  readonly reply?: string
  readonly photos: readonly string[]
}

export function finished(c: RiskComplaint, finish: Finish, at: number): RiskComplaint {
  const { code, remark, reply, photos } = finish
  const after = withRows(c, (row) => ({ ...row, status: 'PROCESSED' }), at)
  const replies = reply === undefined ? after.replies : [...after.replies, { at, text: reply }]
  return { ...after, processCode: code, processPhotos: photos, replies, ...(remark === undefined ? {} : { remark }) }
}

const dropped: Readonly<Partial<Record<RiskStatus, RiskStatus>>> = {
  WAIT_PROCESS: 'DROP_COMPLAIN',
  PROCESSING: 'DROP_COMPLAIN',
  OVERDUE: 'DROP_OVERDUE_COMPLAIN',
  PART_OVERDUE: 'DROP_OVERDUE_COMPLAIN',
  PROCESSED: 'DROP_PROCESSED',
  OVERDUE_PROCESSED: 'DROP_OVERDUE_PROCESSED',
}

export function withdrawn(c: RiskComplaint, at: number): RiskComplaint | undefined {
  const status = dropped[c.status]
  if (!status) return undefined
  const trades = c.trades.map(
    (row): RiskTrade => (row.status === 'PROCESSED' ? row : { ...row, status: 'DROP_COMPLAIN' }),
  )
  return { ...c, status, trades, processedAt: c.processedAt ?? at }
}

/** What was withdrawn is not upgraded, nor twice. */
export const canUpgrade = ({ status, upgrade }: RiskComplaint): boolean => !upgrade && !status.startsWith('DROP')
