import type { Penalty, Standing } from '../../complaints/standing.ts'
import { OutsideError } from '../../core/errors.ts'
import type { Account } from '../platform.ts'
import type { Client } from './client.ts'
import { type Fields, isFields, list, number, text, time, whole } from './fields.ts'
import { isNumber } from './push.ts'
import { penaltyLabel } from './states.ts'
import { transaction } from './wire.ts'

const pageSize = 100
const mostPages = 20

/** 交易体验分, 违规记录 and 交易保障: how WeChat rates this account. docs/platforms/wechat-mini.md#score */
export async function standing(client: Client, account: Account): Promise<Standing> {
  const { score, penalties } = await penaltyList(client, account)
  const guarantee = await guaranteeOf(client, account)
  return { ...(score === undefined ? {} : { score }), penalties, ...(guarantee ? { guarantee } : {}) }
}

async function guaranteeOf(client: Client, account: Account): Promise<Standing['guarantee']> {
  try {
    const said = await client.read(account, { method: 'GET', path: '/wxaapi/wxamptrade/get_guarantee_status' })
    const message = text(said, 'msg')
    return {
      // Their spelling.
      active: said.isActived === true || said.isActived === 1,
      ...(message === undefined ? {} : { message }),
      reasons: list(said.reasons).filter((reason) => typeof reason === 'string'),
    }
  } catch (error) {
    // Another permission than the list's: the score is worth having without it.
    if (error instanceof OutsideError && error.trouble !== 'unreachable') return undefined
    throw error
  }
}

async function penaltyList(client: Client, account: Account) {
  const penalties: Penalty[] = []
  let score: number | undefined
  for (let page = 0; page < mostPages; page++) {
    const offset = page * pageSize
    const answer = await client.read(account, {
      method: 'GET',
      path: '/wxaapi/wxamptrade/get_penalty_list',
      query: { offset: String(offset), limit: String(pageSize) },
    })
    score ??= number(answer, 'currentScore')
    const rows = list(answer.appealList).filter(isFields)
    penalties.push(...rows.map(penaltyOf))
    if (rows.length === 0 || offset + pageSize >= (whole(answer, 'totalNum') ?? 0)) break
  }
  return { score, penalties }
}

function penaltyOf(row: Fields): Penalty {
  const complaint = text(row, 'complaintOrderId')
  const order = transaction(text(row, 'orderId'))
  const [at, changedAt] = [time(row, 'illegalTime'), time(row, 'updateTime')]
  return {
    number: text(row, 'illegalOrderId') ?? '',
    ...(complaint !== undefined && isNumber(complaint) ? { complaint } : {}),
    wording: text(row, 'illegalWording') ?? '',
    label: penaltyLabel(whole(row, 'status')),
    minus: number(row, 'minusScore') ?? 0,
    ...(order === undefined ? {} : { order }),
    ...(at === undefined ? {} : { at }),
    ...(changedAt === undefined ? {} : { changedAt }),
  }
}
