import type { Quirks } from './rules.ts'

/** The APIs that are played, by the platform's own names. */
export const apiNames = [
  'alipay.security.risk.complaint.info.batchquery',
  'alipay.security.risk.complaint.info.query',
  'alipay.security.risk.complaint.process.finish',
  'alipay.security.risk.complaint.reply.send',
  'alipay.security.risk.complaint.file.upload',
  'alipay.merchant.tradecomplain.batchquery',
  'alipay.merchant.tradecomplain.query',
  'alipay.merchant.tradecomplain.feedback.submit',
  'alipay.merchant.tradecomplain.reply.submit',
  'alipay.merchant.tradecomplain.supplement.submit',
  'alipay.merchant.image.upload',
  'alipay.trade.query',
  'alipay.trade.refund',
  'alipay.trade.fastpay.refund.query',
  'alipay.open.auth.token.app',
  'alipay.open.auth.token.app.query',
  'alipay.open.app.message.topic.subscribe',
  'alipay.open.app.message.topic.unsubscribe',
  'alipay.open.app.alipaycert.download',
] as const
export type ApiName = (typeof apiNames)[number]

/** Where: one API, every API (`any`), or the messages to the app gateway (`push`). */
export type Point = ApiName | 'any' | 'push'

/** How a call can go wrong. `effect` says whether the operation happens all the same. */
export type CallTrouble =
  /** The operation happens, the answer never arrives. */
  | { readonly how: 'lost-answer' }
  /** The request never arrives. */
  | { readonly how: 'lost-request' }
  /** No answer; the operation happens `ms` later by itself. */
  | { readonly how: 'late-effect'; readonly ms: number }
  /** A well-signed refusal with this sub_code (v3: code); `code` is 40004 when left out. */
  | {
      readonly how: 'refused'
      readonly subCode: string
      readonly code?: string
      readonly message?: string
      readonly effect?: boolean
    }
  /** 20000, isp.unknow-error: the outcome is unknown. */
  | { readonly how: 'unknown-error'; readonly effect?: boolean }
  /** 40005. */
  | { readonly how: 'call-limited' }
  /** The right members under `error_response`, well signed. */
  | { readonly how: 'error-response'; readonly subCode?: string; readonly effect?: boolean }
  /** The front server's own page. */
  | { readonly how: 'html'; readonly status: number; readonly effect?: boolean }
  /** The operation happens, the answer cannot be verified; `sha1` is RSA with SHA-1, right by that rule. */
  | { readonly how: 'unverifiable'; readonly fault?: Fault }
  /** The operation happens; after signing, a value in the answer is changed. */
  | { readonly how: 'tampered' }
  /** The operation happens, the JSON of the answer is cut off. */
  | { readonly how: 'malformed' }
  /** The operation happens, the answer stands under another method's name, well signed. */
  | { readonly how: 'wrong-key' }
  /** No answer until `release()`. */
  | { readonly how: 'hang'; readonly effect?: boolean }
  | { readonly how: 'slow'; readonly ms: number }
  | { readonly how: 'shape'; readonly quirks: Partial<Quirks> }

/** No signature; one over other bytes; another key's; SHA-1. */
export type Fault = 'missing' | 'signature' | 'key' | 'sha1'

/** How a message can go wrong. */
export type PushTrouble =
  /** The same notify_id twice at once. */
  | { readonly how: 'duplicate' }
  /** The same content under another notify_id. */
  | { readonly how: 'twin' }
  /** Waits until the next message to the same app has been sent. */
  | { readonly how: 'reorder' }
  /** The very same bytes once more, `ms` later, whatever came back. */
  | { readonly how: 'replay'; readonly ms: number }
  | { readonly how: 'slow'; readonly ms: number }
  | { readonly how: 'withheld' }
  /** All tries are spoiled. `sha1` says sign_type=RSA and is right by that rule. */
  | { readonly how: 'forged'; readonly fault?: Fault }
  /** biz_content is changed after signing. */
  | { readonly how: 'tampered' }
  | { readonly how: 'sign-type'; readonly signType: string }
  | { readonly how: 'wrong-app' }
  | { readonly how: 'unknown-method' }
  | { readonly how: 'malformed' }
  /** Well signed, with a Chinese field more in biz_content. */
  | { readonly how: 'extra-field' }

interface Where {
  /** How often; once when left out. */
  readonly times?: number
  readonly appId?: string
  readonly pid?: string
  readonly complaint?: string
  readonly tradeNo?: string
}

export type CallMisbehaviour = Where & { readonly on: ApiName | 'any' } & CallTrouble
export type PushMisbehaviour = Where & { readonly on: 'push' } & PushTrouble
export type Misbehaviour = CallMisbehaviour | PushMisbehaviour

export const callTroubles = [
  'lost-answer',
  'lost-request',
  'late-effect',
  'refused',
  'unknown-error',
  'call-limited',
  'error-response',
  'html',
  'unverifiable',
  'tampered',
  'malformed',
  'wrong-key',
  'hang',
  'slow',
  'shape',
] as const satisfies readonly CallTrouble['how'][]

export const pushTroubles = [
  'duplicate',
  'twin',
  'reorder',
  'replay',
  'slow',
  'withheld',
  'forged',
  'tampered',
  'sign-type',
  'wrong-app',
  'unknown-method',
  'malformed',
  'extra-field',
] as const satisfies readonly PushTrouble['how'][]
