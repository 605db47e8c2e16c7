import { createHash, createHmac } from 'node:crypto'
import type { SandboxRequest } from '../wire.ts'
import { type Refusal, refuse } from './errors.ts'
import type { Rules } from './rules.ts'
import type { Key } from './sms.ts'

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest()

interface Claim {
  readonly secretId: string
  readonly date: string
  readonly service: string
  readonly signedHeaders: string
  readonly signature: string
}

const form =
  /^TC3-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{4}-\d\d-\d\d)\/([^/]+)\/tc3_request,\s*SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{64})$/

function readClaim(header: string | undefined): Claim | undefined {
  const match = form.exec(header ?? '')
  if (!match) return undefined
  const [, secretId = '', date = '', service = '', signedHeaders = '', signature = ''] = match
  return { secretId, date, service, signedHeaders, signature }
}

/** Who signed this request by TC3-HMAC-SHA256 over its raw bytes, or why it is not believed (notifications.md §1.2). */
export function signer(
  request: SandboxRequest,
  { keys, rules, now }: { keys: readonly Key[]; rules: Rules; now: number },
): Key | Refusal {
  const claim = readClaim(request.headers.authorization)
  if (!claim) return refuse('AuthFailure.InvalidAuthorization')
  const timestamp = request.headers['x-tc-timestamp'] ?? ''
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN
  if (!(Math.abs(now - seconds * 1000) <= rules.toleranceMs)) return refuse('AuthFailure.SignatureExpire')
  const key = keys.find((one) => one.secretId === claim.secretId)
  if (!key) return refuse('AuthFailure.SecretIdNotFound')
  const inScope =
    claim.date === new Date(seconds * 1000).toISOString().slice(0, 10) &&
    (rules.service === '' || claim.service === rules.service)
  const good =
    inScope && hosts(request).some((host) => signatureOf(request, claim, { key, timestamp, host }) === claim.signature)
  return good ? key : refuse('AuthFailure.SignatureFailure')
}

/** What may have been signed as host: the SDK leaves the port out. */
const hosts = ({ headers }: SandboxRequest): readonly string[] => {
  const host = headers.host ?? ''
  return [host.replace(/:\d+$/, ''), host]
}

function signatureOf(
  request: SandboxRequest,
  { date, service, signedHeaders }: Claim,
  { key, timestamp, host }: { key: Key; timestamp: string; host: string },
): string | undefined {
  const names = signedHeaders.split(';')
  if (!names.includes('content-type') || !names.includes('host')) return undefined
  const headers = names.map((name) => `${name}:${name === 'host' ? host : signedValue(request, name)}\n`).join('')
  const [path = '/', query = ''] = request.url.split('?')
  const canonical = [request.method, path, query, headers, signedHeaders, sha256(request.body)].join('\n')
  const scope = `${date}/${service}/tc3_request`
  const words = ['TC3-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n')
  const signing = hmac(hmac(hmac(`TC3${key.secretKey}`, date), service), 'tc3_request')
  return hmac(signing, words).toString('hex')
}

// Other clients sign x-tc-action too, its value lower-cased.
function signedValue({ headers }: SandboxRequest, name: string): string {
  const value = (headers[name] ?? '').trim()
  return name === 'x-tc-action' ? value.toLowerCase() : value
}
