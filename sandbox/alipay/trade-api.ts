import type { Api, Asking, Outcome } from './api.ts'
import { isProblem, type Problem, refuse } from './errors.ts'
import { type Body, clock, list, object, oneOf, present, type Shape, text, whole, wrongIn, yuan } from './fields.ts'
import { pictureType } from './files.ts'
import { beijing, moment } from './time.ts'
import {
  type FeedbackCode,
  feedbackCodes,
  type TradeComplaint,
  type TradeReply,
  tradeStatuses,
} from './trade-complaint.ts'
import type { Spoken } from './trade-desk.ts'
import { replyFrom } from './trade-state.ts'

const illegal = (why: string): Problem => refuse('PARAM_ILLEGAL', why)
const day = 86_400_000

const target = object({ target_id: text(64), target_type: oneOf('APPID', 'PUBLICID') })
const listShape: Shape = {
  required: {},
  optional: {
    status: oneOf(...tradeStatuses),
    begin_time: clock,
    end_time: clock,
    page_num: whole(1, Number.MAX_SAFE_INTEGER),
    page_size: whole(1, 20),
    target_infos: list(target),
  },
}

function batchquery(asking: Asking): Outcome {
  const { house, body, pids, quirks } = asking
  const wrong = wrongIn(body, listShape)
  if (wrong) return illegal(wrong)
  const now = house.clock.now()
  const until = typeof body.end_time === 'string' ? (moment(body.end_time) ?? now) : now
  const from = typeof body.begin_time === 'string' ? (moment(body.begin_time) ?? 0) : until - 30 * day
  if (from > until || until - from > 366 * day) return illegal('查询时间跨度不能超过一年')
  const found = house.tradeDesk
    .all()
    .filter((one) => pids.includes(one.pid) && one.createdAt >= from && one.createdAt < until + 1000)
    .filter((one) => (body.status === undefined || one.status === body.status) && aims(one, body))
    .sort((a, b) => (quirks.listOrder === 'newest-first' ? b.createdAt - a.createdAt : a.createdAt - b.createdAt))
  const page = Number(body.page_num ?? 1)
  const size = Number(body.page_size ?? 10)
  const rows = found.slice((page - 1) * size, page * size).map((one) => listed(one, asking))
  const head = {
    page_num: page,
    page_size: size,
    total_page_num: Math.ceil(found.length / size),
    total_num: found.length,
  }
  return rows.length === 0 && quirks.emptyList === 'absent' ? head : { ...head, trade_complain_infos: rows }
}

function aims({ targetId, targetType }: TradeComplaint, { target_infos: infos }: Body): boolean {
  if (!Array.isArray(infos) || infos.length === 0) return true
  return infos.some((one) => one.target_id === targetId && one.target_type === targetType)
}

function listed(c: TradeComplaint, { house, quirks }: Asking): Record<string, unknown> {
  const trade = house.trades.byNo(c.tradeNo)
  return present({
    complain_event_id: c.id,
    status: quirks.status || c.status,
    trade_no: c.tradeNo,
    merchant_order_no: trade?.outTradeNo,
    gmt_create: beijing(c.createdAt),
    gmt_modified: beijing(c.modifiedAt),
    gmt_finished: c.finishedAt === undefined ? undefined : beijing(c.finishedAt),
    leaf_category_name: c.category,
    complain_reason: c.reason,
    content: c.text,
    images: c.photos.length > 0 ? c.photos.map(house.files.url) : undefined,
    phone_no: quirks.contact === 'shown' ? c.phone : undefined,
    target_id: c.targetId,
    target_type: c.targetType,
  })
}

const replyOf = ({ by, name, at, text: said, photos }: TradeReply, { house }: Asking) =>
  present({
    replier_role: by,
    replier_name: name,
    gmt_create: beijing(at),
    content: said,
    images: photos.length > 0 ? photos.map(house.files.url) : undefined,
  })

function named({ house, pids, body }: Asking): TradeComplaint | Problem {
  const found = house.tradeDesk.get(String(body.complain_event_id))
  if (!found) return illegal('投诉单不存在')
  return pids.includes(found.pid) ? found : refuse('AUTHORITY_ILLEGAL')
}

function query(asking: Asking): Outcome {
  const wrong = wrongIn(asking.body, { required: { complain_event_id: text(64) } })
  if (wrong) return illegal(wrong)
  const c = named(asking)
  if (isProblem(c)) return c
  const total = asking.house.trades.byNo(c.tradeNo)?.total ?? 0
  const replies = c.replies.map((one) => replyOf(one, asking))
  return {
    ...listed(c, asking),
    trade_amount: yuan(total),
    ...(replies.length > 0 ? { reply_detail_infos: replies } : {}),
  }
}

/** Images are uploaded before, and named in one text with commas between. */
function spokenIn({ house, app, body }: Asking, content: string, images: string): Spoken | Problem {
  const said = String(body[content])
  if (house.rules.forbiddenWords.some((word) => said.includes(word))) return refuse('SUBMIT_CONTENT_VIOLATION')
  const imageIds = typeof body[images] === 'string' ? body[images].split(',') : []
  const photos = imageIds.flatMap((id) => house.files.image(app.appId, id) ?? [])
  if (photos.length !== imageIds.length) return illegal(`${images}不是本应用上传的图片`)
  return { text: said, photos, imageIds }
}

const changed = (after: TradeComplaint | undefined): Outcome => (after ? {} : refuse('STATUS_CHANGED'))

function feedback(asking: Asking): Outcome {
  const { house, body } = asking
  const shape: Shape = {
    required: {
      complain_event_id: text(64),
      feedback_code: oneOf(...feedbackCodes),
      feedback_content: text(house.rules.maxFeedback),
    },
    optional: { feedback_images: text(2000), operator: text(house.rules.maxOperator) },
  }
  const wrong = wrongIn(body, shape)
  if (wrong) return illegal(wrong)
  const c = named(asking)
  if (isProblem(c)) return c
  const said = spokenIn(asking, 'feedback_content', 'feedback_images')
  if (isProblem(said)) return said
  const { operator } = body
  const code = body.feedback_code as FeedbackCode
  const more = typeof operator === 'string' ? { operator } : {}
  return changed(house.tradeDesk.feedback(c, { ...said, code, ...more }))
}

function reply(asking: Asking): Outcome {
  const required = { complain_event_id: text(64), reply_content: text(asking.house.rules.maxFeedback) }
  const wrong = wrongIn(asking.body, { required, optional: { reply_images: text(2000) } })
  if (wrong) return illegal(wrong)
  const c = named(asking)
  if (isProblem(c)) return c
  const said = spokenIn(asking, 'reply_content', 'reply_images')
  if (isProblem(said)) return said
  return replyFrom.includes(c.status) ? changed(asking.house.tradeDesk.reply(c, said)) : refuse('STATUS_CHANGED')
}

function supplement(asking: Asking): Outcome {
  const required = { complain_event_id: text(64), supplement_content: text(asking.house.rules.maxFeedback) }
  const wrong = wrongIn(asking.body, { required, optional: { supplement_images: text(2000) } })
  if (wrong) return illegal(wrong)
  const c = named(asking)
  if (isProblem(c)) return c
  const said = spokenIn(asking, 'supplement_content', 'supplement_images')
  return isProblem(said) ? said : changed(asking.house.tradeDesk.supplement(c, said))
}

function upload({ house, app, body, file }: Asking): Outcome {
  const wrong = wrongIn(body, { required: { image_type: oneOf('jpg', 'jpeg', 'png') } })
  if (wrong) return illegal(wrong)
  if (!file || file.body.length === 0) return illegal('缺少参数image_content')
  if (file.body.length > house.rules.maxImageBytes) return refuse('IMAGE_SIZE_OVERRANGE')
  const is = pictureType(file.body)
  if (!file.filename || !is?.endings.includes(String(body.image_type))) return illegal('image_type与图片不一致')
  return { image_id: house.files.imageUpload(app.appId, file.body) }
}

const family = 'alipay.merchant.tradecomplain'
const base = '/v3/alipay/merchant'
const post = (path: string) => ({ method: 'POST', path: new RegExp(`^${base}/${path}$`) }) as const

export const tradeApis: readonly Api[] = [
  {
    name: `${family}.batchquery`,
    v2: 'biz',
    v3: post('tradecomplain/batchquery'),
    speaksFor: 'merchant',
    run: batchquery,
  },
  {
    name: `${family}.query`,
    v2: 'biz',
    v3: { method: 'GET', path: new RegExp(`^${base}/tradecomplain/([^/]+)$`), named: 'complain_event_id' },
    speaksFor: 'merchant',
    run: query,
  },
  {
    name: `${family}.feedback.submit`,
    v2: 'flat',
    v3: post('tradecomplain/feedback'),
    speaksFor: 'merchant',
    run: feedback,
  },
  { name: `${family}.reply.submit`, v2: 'biz', v3: post('tradecomplain/reply'), speaksFor: 'merchant', run: reply },
  {
    name: `${family}.supplement.submit`,
    v2: 'biz',
    v3: post('tradecomplain/supplement'),
    speaksFor: 'merchant',
    run: supplement,
  },
  {
    name: 'alipay.merchant.image.upload',
    v2: 'flat',
    filePart: 'image_content',
    v3: post('image/upload'),
    speaksFor: 'merchant',
    run: upload,
  },
]
