import type { Api, Asking, Outcome } from './api.ts'
import { isProblem, type Problem, refuse } from './errors.ts'
import { anything, type Body, clock, list, object, oneOf, type Shape, text, truth, whole, wrongIn } from './fields.ts'
import { pictureType } from './files.ts'
import { type ProcessCode, processCodes, type RiskComplaint, riskStatuses } from './risk.ts'
import { detailed, listed } from './risk-view.ts'
import { moment } from './time.ts'

// The family's own error codes are not documented: the gateway's stand for what is wrong with the parameters.
const invalid = (why: string): Problem =>
  refuse(why.startsWith('缺少') ? 'missing-parameter' : 'invalid-parameter', why)

const big = Number.MAX_SAFE_INTEGER
const listShape = (maxPage: number): Shape => ({
  required: {},
  optional: {
    current_page_num: whole(1, big),
    page_size: whole(1, maxPage),
    gmt_complaint_start: clock,
    gmt_complaint_end: clock,
    gmt_process_start: clock,
    gmt_process_end: clock,
    status_list: list(oneOf(...riskStatuses)),
    trade_no: text(64),
    task_id: text(64),
    task_id_list: list(text(64)),
    upgrade: truth,
    high_risk_tag: truth,
  },
})

function batchquery(asking: Asking): Outcome {
  const { house, body, pids, quirks } = asking
  const wrong = wrongIn(body, listShape(house.rules.maxPage))
  if (wrong) return invalid(wrong)
  const found = house.risk.all().filter((one) => pids.includes(one.pid) && fits(one, body))
  found.sort((a, b) => (quirks.listOrder === 'newest-first' ? b.id - a.id : a.id - b.id))
  const page = Number(body.current_page_num ?? 1)
  const size = Number(body.page_size ?? 10)
  const rows = found.slice((page - 1) * size, page * size).map((one) => listed(one, asking))
  const absent = rows.length === 0 && quirks.emptyList === 'absent'
  const head = { total_size: found.length, current_page: page, page_size: size }
  return absent ? head : { ...head, complaint_list: rows }
}

function fits(c: RiskComplaint, body: Body): boolean {
  const has = (name: string, value: string) => body[name] === undefined || body[name] === value
  const among = (name: string, value: string) =>
    !Array.isArray(body[name]) || body[name].length === 0 || body[name].includes(value)
  return (
    within(c.createdAt, body.gmt_complaint_start, body.gmt_complaint_end) &&
    within(c.processedAt, body.gmt_process_start, body.gmt_process_end) &&
    among('status_list', c.status) &&
    among('task_id_list', c.taskId) &&
    has('task_id', c.taskId) &&
    (body.trade_no === undefined || c.trades.some(({ tradeNo }) => tradeNo === body.trade_no)) &&
    (body.upgrade === undefined || body.upgrade === (c.upgrade !== undefined)) &&
    (body.high_risk_tag === undefined || body.high_risk_tag === c.labels.includes('高风险'))
  )
}

/** Both ends belong to the window, to the second. */
function within(at: number | undefined, start: unknown, end: unknown): boolean {
  const from = typeof start === 'string' ? moment(start) : undefined
  const until = typeof end === 'string' ? moment(end) : undefined
  if (from === undefined && until === undefined) return true
  if (at === undefined) return false
  return at >= (from ?? 0) && at < (until ?? big) + 1000
}

/** The complaint that this call may see; text or number, by one of two names. */
function named({ house, pids, body }: Asking, name: string): RiskComplaint | Problem {
  const said = body[name] ?? body.record_id
  const found = house.risk.get(Number(said))
  return found && pids.includes(found.pid) ? found : refuse(house.rules.riskUnknown, '投诉单不存在')
}

const either = (name: string): Shape => ({
  required: {},
  optional: { [name]: text(64, /^\d+$/), record_id: whole(1, big) },
})
const neither = (body: Body, name: string) =>
  body[name] === undefined && body.record_id === undefined ? `缺少参数${name}` : undefined

function query(asking: Asking): Outcome {
  const wrong = wrongIn(asking.body, either('complain_id')) ?? neither(asking.body, 'complain_id')
  if (wrong) return invalid(wrong)
  const found = named(asking, 'complain_id')
  return isProblem(found) ? found : detailed(found, asking)
}

const image = object({ img_url: text(2048), img_url_key: text(512) })
const finishShape = (maxRemark: number, maxReply: number): Shape => ({
  required: { id_list: list(whole(1, big)), process_code: oneOf(...processCodes) },
  optional: { remark: text(maxRemark), img_file_list: list(image), reply_content: text(maxReply) },
})

function finish(asking: Asking): Outcome {
  const { house, body, pids, app } = asking
  const { rules } = house
  const wrong = wrongIn(body, finishShape(rules.maxRemark, rules.maxRiskReply))
  if (wrong) return invalid(wrong)
  const ids = body.id_list as readonly number[]
  if (ids.length === 0) return invalid('缺少参数id_list')
  const images = (body.img_file_list ?? []) as readonly { img_url: string; img_url_key: string }[]
  const photos = images.flatMap(
    ({ img_url, img_url_key }) => house.files.riskFile(app.appId, img_url_key, img_url) ?? [],
  )
  if (photos.length !== images.length) return invalid('img_file_list不是本应用上传的图片')
  const found = ids.flatMap((id) => house.risk.get(id) ?? [])
  if (found.length !== ids.length || found.some(({ pid }) => !pids.includes(pid)))
    return failed(asking, rules.riskUnknown)
  if (found.some(({ status }) => !rules.finishFrom.includes(status))) return failed(asking, rules.riskStateWrong)
  const { process_code: code, remark, reply_content: reply } = body
  const said = {
    code: code as ProcessCode,
    photos,
    ...(typeof remark === 'string' ? { remark } : {}),
    ...(typeof reply === 'string' ? { reply } : {}),
  }
  for (const one of found)
    house.risk.finish(
      one,
      said,
      images.map(({ img_url_key }) => img_url_key),
    )
  return { complaint_process_success: true }
}

const failed = ({ house }: Asking, subCode: string): Outcome =>
  house.rules.finishRefused === 'false' ? { complaint_process_success: false } : refuse(subCode, '投诉单不可处理')

function reply(asking: Asking): Outcome {
  const { body, house } = asking
  const ids = either('complaint_id')
  const shape = { ...ids, required: { reply_content: text(house.rules.maxRiskReply) } }
  const wrong = wrongIn(body, shape) ?? neither(body, 'complaint_id')
  if (wrong) return invalid(wrong)
  const found = named(asking, 'complaint_id')
  if (isProblem(found)) return found
  const after = house.risk.reply(found, String(body.reply_content))
  return after ? {} : refuse(house.rules.riskStateWrong, '投诉单已完结')
}

function upload({ house, app, file, body }: Asking): Outcome {
  const wrong = wrongIn(body, { required: {}, optional: { biz_content: anything } })
  if (wrong) return invalid(wrong)
  if (!file || file.body.length === 0) return invalid('缺少参数file_content')
  if (!file.filename || !pictureType(file.body)) return invalid('file_content图片格式不正确')
  if (file.body.length > house.rules.maxImageBytes) return invalid('file_content超过5M')
  return { ...house.files.riskUpload(app.appId, file) }
}

const family = 'alipay.security.risk.complaint'

// No v3 path is known for this family.
export const riskApis: readonly Api[] = [
  { name: `${family}.info.batchquery`, v2: 'biz', speaksFor: 'merchant', run: batchquery },
  { name: `${family}.info.query`, v2: 'biz', speaksFor: 'merchant', run: query },
  { name: `${family}.process.finish`, v2: 'biz', speaksFor: 'merchant', run: finish },
  { name: `${family}.reply.send`, v2: 'biz', speaksFor: 'merchant', run: reply },
  { name: `${family}.file.upload`, v2: 'flat', filePart: 'file_content', speaksFor: 'merchant', run: upload },
]
