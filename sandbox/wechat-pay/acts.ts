import type { Complaint } from './complaint.ts'
import { isProblem, type Problem, paramError, refuse } from './errors.ts'
import { list, object, oneOf, text, whole } from './fields.ts'
import type { Images } from './images.ts'
import { readMessage } from './immediate.ts'
import type { Merchant } from './merchant.ts'
import type { MerchantMove } from './moves.ts'
import type { Rules } from './rules.ts'

export type Body = Readonly<Record<string, unknown>>

/** An act on a complaint, read from its body: what is done, and the media_ids it carried. */
export interface Act {
  readonly move: MerchantMove
  readonly mediaIds: readonly string[]
  /** Of an immediate reply: the same id is the same act. */
  readonly once?: string
}

export interface Desk {
  readonly rules: Rules
  readonly images: Images
}

export type ReadAct = (desk: Desk, merchant: Merchant, c: Complaint, body: Body) => Act | Problem

/** WeChat Pay docs, reply: the parameter table. */
export const readReply: ReadAct = (desk, merchant, c, body) => {
  const { rules } = desk
  const jump = object({ appid: text(32), path: text(512), text: text(10) }, {}, rules.refuseUnknownFields)
  const content = text(rules.maxReply, { unit: rules.replyUnit })
  const optional = {
    response_images: list(text(512), rules.maxImages),
    jump_url: text(512, { pattern: /^https:\/\// }),
    jump_url_text: text(10),
    mini_program_jump_info: jump,
  }
  const required = { complainted_mchid: text(64), response_content: content }
  const wrong = object(required, optional, rules.refuseUnknownFields)(body, '') ?? otherMchid(c, body)
  if (wrong) return wrong
  const hasLink = body.jump_url !== undefined
  if (hasLink && body.jump_url_text === undefined) return paramError('/jump_url_text', '传入 jump_url 时必填')
  if (hasLink && !merchant.externalLinks) return refuse('NO_AUTH', '此商户号暂不支持发送外部链接')
  const photos = photosOf(desk, merchant, body.response_images)
  if (isProblem(photos)) return photos
  return {
    move: { kind: 'reply', text: String(body.response_content), photos: photos.hashes },
    mediaIds: photos.mediaIds,
  }
}

/** WeChat Pay docs, complete. */
export const readComplete: ReadAct = ({ rules }, _, c, body) => {
  const wrong = object({ complainted_mchid: text(64) }, {}, rules.refuseUnknownFields)(body, '') ?? otherMchid(c, body)
  return wrong ?? { move: { kind: 'complete' }, mediaIds: [] }
}

/** WeChat Pay docs, refund decision: the day only with APPROVE, the reason only with REJECT; no complainted_mchid. */
export const readDecision: ReadAct = (desk, merchant, _, body) => {
  const { rules } = desk
  const optional = {
    launch_refund_day: whole(0, 365),
    reject_reason: text(200),
    reject_media_list: list(text(512), rules.maxImages),
    remark: text(200),
  }
  const wrong = object({ action: oneOf('APPROVE', 'REJECT') }, optional, rules.refuseUnknownFields)(body, '')
  if (wrong) return wrong
  const remark = typeof body.remark === 'string' ? body.remark : ''
  if (body.action === 'APPROVE') {
    const day = typeof body.launch_refund_day === 'number' ? body.launch_refund_day : 0
    return { move: { kind: 'approve', day, ...(remark ? { text: remark } : {}) }, mediaIds: [] }
  }
  if (body.launch_refund_day !== undefined) return paramError('/launch_refund_day', '仅同意退款时可传入')
  const photos = photosOf(desk, merchant, body.reject_media_list)
  if (isProblem(photos)) return photos
  const said = String(body.reject_reason ?? remark)
  return { move: { kind: 'reject', text: said, photos: photos.hashes }, mediaIds: photos.mediaIds }
}

/** WeChat Pay docs, immediate reply: blocks, who speaks, and an id that makes a repeat the same act. */
export const readImmediate: ReadAct = (desk, merchant, c, body) => {
  const { rules } = desk
  const wrong = readMessage(body, rules) ?? otherMchid(c, body)
  if (wrong) return wrong
  const { message, idempotent_id: once } = body as { message: { blocks: Body[] }; idempotent_id: string }
  const mediaIds = message.blocks.flatMap((block) => mediaOf(block))
  const photos = photosOf(desk, merchant, mediaIds)
  if (isProblem(photos)) return photos
  const said = message.blocks.map((block) => textOf(block)).filter(Boolean)
  return { move: { kind: 'immediate', text: said.join('\n'), message }, mediaIds, once }
}

const inside = (block: Body, name: string, field: string): string => {
  const part = block[name] as Body | undefined
  return typeof part?.[field] === 'string' ? part[field] : ''
}
const mediaOf = (block: Body) => [inside(block, 'image', 'media_id')].filter(Boolean)
const textOf = (block: Body) =>
  inside(block, 'text', 'text') || inside(block, 'link', 'text') || inside(block, 'button', 'text')

const otherMchid = (c: Complaint, body: Body): Problem | undefined =>
  body.complainted_mchid === c.mchid ? undefined : refuse('NO_AUTH', '您暂无权限为该投诉单提交商户回复')

// WeChat Pay, community: pictures that another number uploaded are refused in the same words.
function photosOf(
  { images }: Desk,
  merchant: Merchant,
  mediaIds: unknown,
): { hashes: readonly string[]; mediaIds: readonly string[] } | Problem {
  const ids = Array.isArray(mediaIds) ? mediaIds.map(String) : []
  const hashes = ids.flatMap((id) => images.uploaded(merchant.mchid, id) ?? [])
  if (hashes.length !== ids.length) return refuse('NO_AUTH', '您暂无权限为该投诉单提交商户回复')
  return { hashes, mediaIds: ids }
}
