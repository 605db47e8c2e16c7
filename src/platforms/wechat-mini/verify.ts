import { createHash } from 'node:crypto'
import type { RawRequest } from '../../core/http.ts'
import { sameText } from '../../core/same.ts'
import type { Account, Refusal, Verdict } from '../platform.ts'
import { decode, encryptOf, parse, scan } from './body.ts'
import { keyring, open, signature } from './crypto.ts'
import { whole } from './fields.ts'
import { modeOf } from './needs.ts'
import { complaintEvent, eventOf, pushed } from './push.ts'

type Keyring = ReturnType<typeof keyring>
const forged = (why: Refusal): Verdict => ({ verdict: 'forged', why })

/**
 * Is it genuine, and what is it about. There is no time window: a late push with a good signature is taken, a replayed one has the key of the first.
 * docs/platforms/wechat-mini.md#callback
 */
export function createVerify(bodyLimit: number): (account: Account, request: RawRequest) => Verdict {
  const keys = keyring()
  return (account, request) => {
    const query = new URLSearchParams(request.query)
    if (request.method === 'GET') return handshake(account, query)
    if (request.method !== 'POST' || request.body.length > bodyLimit) return forged('malformed')
    const text = decode(request.body)
    if (text === undefined) return forged('encoding')
    const why = scan(text)
    if (why) return forged(why)
    // What is signed as a whole is always preferred: an encrypted push is also taken where plain ones are allowed.
    const sealed = modeOf(account.settings) !== 'plain' || query.get('encrypt_type') === 'aes'
    return sealed ? openPush(account, query, text, keys) : plainPush(account, query, request.body, text)
  }
}

function handshake(account: Account, query: URLSearchParams): Verdict {
  const echo = query.get('echostr')
  if (!echo) return forged('malformed')
  return signed(account, query, 'signature') ? { verdict: 'handshake', echo } : forged('signature')
}

function openPush(account: Account, query: URLSearchParams, text: string, keys: Keyring): Verdict {
  const key = keys(account.id, account.secrets.aesKey?.reveal() ?? '')
  const envelope = encryptOf(text)
  if (!envelope) return forged('malformed')
  if (envelope === 'none' || !key) return forged('wrong-mode')
  // `signature` stands in the same URL and does not cover the message: not to be used here.
  if (!signed(account, query, 'msg_signature', envelope.encrypt)) return forged('signature')
  const opened = open(key, envelope.encrypt)
  if (!opened) return forged('ciphertext')
  if (opened.appid !== account.outsideId) return forged('wrong-account')
  const message = decode(opened.message)
  if (message === undefined) return forged('encoding')
  const why = scan(message)
  return why ? forged(why) : genuine(account, opened.message, message)
}

function plainPush(account: Account, query: URLSearchParams, body: Buffer, text: string): Verdict {
  return signed(account, query, 'signature') ? genuine(account, body, text) : forged('signature')
}

function signed(account: Account, query: URLSearchParams, name: string, ...more: readonly string[]): boolean {
  const token = account.secrets.token?.reveal()
  const [timestamp, nonce, given] = [query.get('timestamp'), query.get('nonce'), query.get(name)]
  if (!token || !timestamp || !nonce || !given) return false
  return sameText(given, signature(token, timestamp, nonce, ...more))
}

function genuine(account: Account, bytes: Buffer, told: string): Verdict {
  const fields = parse(told)
  if (!fields) return forged('malformed')
  const { appid, number } = pushed(fields)
  if (appid !== undefined && appid !== account.outsideId) return forged('wrong-account')
  const event = eventOf(fields)
  const hash = createHash('sha256').update(account.outsideId).update('\n').update(bytes).digest('base64url')
  // Time and number come first, and half of the hash is enough: new keys stand side by side in the index, which saves a third of what a batch costs.
  const key = `${whole(fields, 'CreateTime') ?? 0}.${number ?? ''}.${hash.slice(0, 22)}`
  const about = event === complaintEvent && number !== undefined ? { number } : {}
  return { verdict: 'genuine', key, event, told, ...about }
}
