import type { House } from './api.ts'
import type { App } from './app.ts'
import { proofOf } from './authority.ts'
import { type Problem, refuse } from './errors.ts'
import { verified } from './sign.ts'

/** What a request offers as a proof of its app. */
export interface Offer {
  readonly app: App
  readonly appCertSn: string | undefined
  readonly rootCertSn: string | undefined
  readonly signature: string
  /** The bytes that may have been signed; one of them must have been. */
  readonly contents: readonly Buffer[]
}

/** Certificate numbers, then the signature. */
export function unproven(
  house: House,
  { app, appCertSn, rootCertSn, signature, contents }: Offer,
): Problem | undefined {
  const known = proofOf(app)
  if (known?.sn) {
    if (!appCertSn) return refuse('missing-app-cert-sn')
    if (appCertSn !== known.sn) return refuse('app-cert-not-exist')
    if (rootCertSn !== house.authority.rootSn()) return refuse('invalid-alipay-root-cert-sn')
  } else if (appCertSn) {
    return refuse('app-cert-not-exist')
  }
  if (!known) return refuse('invalid-signature', '应用未设置公钥')
  if (house.clock.now() > known.until) return refuse('app-cert-expired')
  return contents.some((bytes) => verified(known.key, bytes, signature)) ? undefined : refuse('invalid-signature')
}
