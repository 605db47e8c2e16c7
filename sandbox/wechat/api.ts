import type { SandboxRequest } from '../wire.ts'
import { isObject } from '../wire.ts'
import type { Complaint } from './complaint.ts'
import { isRefusal, type Refusal, refuse } from './errors.ts'
import type { Media } from './media.ts'
import type { MerchantMove } from './moves.ts'
import type { Rules } from './rules.ts'

type Body = Readonly<Record<string, unknown>>
export type Done = { readonly errcode: 0; readonly errmsg: 'ok' } | Refusal

export interface Acts {
  readonly rules: Rules
  readonly media: Media
  find(appid: string, id: number): Complaint | undefined
  /** Plays the move; false when the state does not allow it. */
  play(complaint: Complaint, move: MerchantMove, mediaIds: readonly string[]): boolean
}

/** The body of a POST call: JSON, an object. */
export function postBody(request: SandboxRequest): Body | Refusal {
  if (request.method !== 'POST') return refuse(43002)
  if (request.body.length === 0) return refuse(44002)
  // A form is taken, and then nothing is found in it; seen in the community.
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return refuse(10001, '内容或者图片不能为空')
  try {
    const body: unknown = JSON.parse(request.body.toString('utf8'))
    return isObject(body) ? body : refuse(47001)
  } catch {
    return refuse(47001)
  }
}

/** WeChat docs, 商家回应投诉. */
export function respond(acts: Acts, appid: string, body: Body): Done {
  return act(acts, appid, body, (words) => {
    if (body.bussiHandle !== 1 && body.bussiHandle !== 2) return refuse(10001, 'bussiHandle')
    return { kind: 'respond', agree: body.bussiHandle === 1, ...words }
  })
}

/** WeChat docs, 商家补充凭证. */
export function supplyProof(acts: Acts, appid: string, body: Body): Done {
  return act(acts, appid, body, (words) => ({ kind: 'evidence', ...words }))
}

/** WeChat docs, 商家提交退款凭证: acceptReturn and returnId only in a return case, and there they are required. */
export function supplyRefund(acts: Acts, appid: string, body: Body): Done {
  return act(acts, appid, body, (words, { returnBill }) => {
    const { acceptReturn, returnId } = body
    if (!returnBill) {
      const extra = acceptReturn !== undefined || returnId !== undefined
      return extra ? refuse(10001, '非退货状态') : { kind: 'proof', ...words }
    }
    const { received, notReceived } = acts.rules
    if (acceptReturn !== received && acceptReturn !== notReceived) return refuse(10001, 'acceptReturn')
    if (typeof returnId !== 'number' || String(returnId) !== returnBill.returnId) return refuse(10001, 'returnId')
    return { kind: 'proof', received: acceptReturn === received, ...words }
  })
}

/** WeChat docs, 商家申诉: its own codes 2 and 1002. */
export function appeal(acts: Acts, appid: string, body: Body): Done {
  return act(acts, appid, body, (words) => ({ kind: 'appeal', ...words }), { words: 2, state: 1002 })
}

interface Words {
  readonly content?: string
  readonly photos: readonly string[]
}

const usual = { words: 10001, state: 309 }

function act(
  acts: Acts,
  appid: string,
  body: Body,
  make: (words: Words, complaint: Complaint) => MerchantMove | Refusal,
  codes = usual,
): Done {
  const id = body.complaintOrderId
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return refuse(10001, 'complaintOrderId')
  const complaint = acts.find(appid, id)
  if (!complaint) return refuse(1)
  const mediaIds = body.mediaIdList ?? []
  if (!isTexts(mediaIds)) return refuse(codes.words, 'mediaIdList')
  const words = readWords(acts, appid, body.content ?? '', mediaIds, codes.words)
  if (isRefusal(words)) return words
  const move = make(words, complaint)
  if (isRefusal(move)) return move
  return acts.play(complaint, move, mediaIds) ? { errcode: 0, errmsg: 'ok' } : refuse(codes.state)
}

function readWords(
  acts: Acts,
  appid: string,
  content: unknown,
  mediaIds: readonly string[],
  code: number,
): Words | Refusal {
  if (typeof content !== 'string') return refuse(code, 'content')
  if (content === '' && mediaIds.length === 0) return refuse(code, '内容或者图片不能为空')
  if ([...content].length > acts.rules.maxContent) return refuse(code, '内容过长')
  if (mediaIds.length > acts.rules.maxMedia) return refuse(code, '图片过多')
  const photos = mediaIds.map((mediaId) => acts.media.find(appid, mediaId))
  if (!isTexts(photos)) return refuse(40007)
  return { ...(content ? { content } : {}), photos }
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')
