import { told as toldOf } from '../../core/errors.ts'
import type { RawRequest } from '../../core/http.ts'
import type { Logger } from '../../core/logger.ts'
import type { Account, Refusal, Verdict } from '../platform.ts'
import type { Certificates } from './certificates.ts'
import { type Fields, fieldsOf, parsed, text } from './fields.ts'
import type { Credentials } from './keys.ts'
import { keptText } from './notice.ts'
import { sealing, unseal } from './sealed.ts'
import { serialOf, type Unproven, unproven } from './signature.ts'

export interface VerifyParts {
  readonly certificates: Certificates
  readonly logger: Logger
  readonly bodyLimit: number
  credentials(account: Account): Credentials
}

const forged = (why: Refusal): Verdict => ({ verdict: 'forged', why })

const reasons: Readonly<Record<Unproven, Refusal>> = {
  headers: 'malformed',
  algorithm: 'wrong-mode',
  late: 'late',
  'unknown-key': 'unknown-key',
  signature: 'signature',
}

/** Is it genuine, and what is it about: the bytes are believed first, read after. docs/platforms/wechat-pay.md#callback */
export function createVerify(parts: VerifyParts) {
  return async (account: Account, request: RawRequest, now: number): Promise<Verdict> => {
    if (request.method !== 'POST' || request.body.length > parts.bodyLimit) return forged('malformed')
    const credentials = readable(parts, account)
    if (!credentials) return forged('unknown-key')
    const why = await doubt(parts, credentials, request, now)
    return why ? forged(reasons[why]) : opened(credentials, request.body)
  }
}

/** A key that came since the last look is fetched: they repeat a refused callback, but a minute later. */
async function doubt(
  { certificates }: VerifyParts,
  credentials: Credentials,
  { headers, body }: RawRequest,
  now: number,
): Promise<Unproven | undefined> {
  const proof = { headers, body, now, keyOf: (serial: string) => certificates.key(credentials, serial) }
  const why = unproven(proof)
  if (why !== 'unknown-key') return why
  await certificates.learn(credentials, serialOf(headers) ?? '')
  return unproven(proof)
}

function readable({ credentials, logger }: VerifyParts, account: Account): Credentials | undefined {
  try {
    return credentials(account)
  } catch (error) {
    logger.error({ account: account.id, error: toldOf(error) }, 'an account has no usable keys')
    return undefined
  }
}

const strict = new TextDecoder('utf-8', { fatal: true })

function utf8(bytes: Buffer): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

function opened({ apiV3Key, mchid }: Credentials, body: Buffer): Verdict {
  const written = utf8(body)
  if (written === undefined) return forged('encoding')
  const envelope = parsed(written)
  const [key, event] = [text(envelope ?? {}, 'id'), text(envelope ?? {}, 'event_type')]
  if (!envelope || key === undefined || key.length > 64 || event === undefined) return forged('malformed')
  const sealed = fieldsOf(envelope.resource)
  if (text(sealed, 'algorithm') !== sealing) return forged('wrong-mode')
  const plain = unseal(apiV3Key, sealed)
  if (!plain) return forged('ciphertext')
  const inner = utf8(plain)
  if (inner === undefined) return forged('encoding')
  const resource = parsed(inner)
  if (!resource) return forged('malformed')
  if (!isOurs(resource, mchid)) return forged('wrong-account')
  return genuine({ key, event, created: text(envelope, 'create_time') ?? '', resource })
}

/** Only the APIv3 key says whose it is; where the words name an mchid as well, it must be the same. */
const isOurs = (resource: Fields, mchid: string): boolean => {
  const named = text(resource, 'sp_mchid') ?? text(resource, 'mchid')
  return named === undefined || named === mchid
}

function genuine(said: { key: string; event: string; created: string; resource: Fields }): Verdict {
  const { key, event, created, resource } = said
  const number = text(resource, 'complaint_id')
  const action = text(resource, 'action_type')
  return {
    verdict: 'genuine',
    key,
    event: (action === undefined ? event : `${event} ${action}`).slice(0, 100),
    told: keptText({ event, created, resource }),
    ...(number !== undefined && isNumber(number) ? { number } : {}),
  }
}

/** What may stand in a path of theirs. */
export const isNumber = (number: string): boolean => /^[\w-]{1,64}$/.test(number)
