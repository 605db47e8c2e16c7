import { Socket } from 'node:net'
import type { AlipaySdk } from 'alipay-sdk'
import type { Credentials } from './keys.ts'
import { beijingText } from './time.ts'

/**
 * The whole of what we take from alipay-sdk: it builds and signs a request of the old gateway. It sends nothing:
 * that is for our own transport, and what comes back is verified by our own code. docs/decisions/0008-alipay-transport.md
 */
export async function signedRequest(credentials: Credentials, request: ToSign): Promise<URLSearchParams> {
  const sdk = await sdkOf(credentials)
  const { method, now, token, content, flat = {} } = request
  // Only what is there: an undefined value throws inside, an empty one would be sent.
  const params = {
    ...flat,
    // The default is the process's own local time.
    timestamp: beijingText(now),
    ...(token === undefined ? {} : { app_auth_token: token }),
    ...(content === undefined ? {} : { biz_content: content }),
  }
  return new URLSearchParams(sdk.sdkExecute(method, params, { bizContentAutoSnakeCase: false }))
}

export interface ToSign {
  readonly method: string
  /** Milliseconds. */
  readonly now: number
  /** app_auth_token of the merchant for whom we speak. */
  readonly token?: string
  /** biz_content; names as on the wire. */
  readonly content?: object
  /** What some calls want beside or instead of it. */
  readonly flat?: Readonly<Record<string, string>>
}

const made = new WeakMap<Credentials, AlipaySdk>()

async function sdkOf(credentials: Credentials): Promise<AlipaySdk> {
  const Sdk = await loadSdk()
  const known = made.get(credentials)
  if (known) return known
  const { appId, privateKey, serials } = credentials
  // It writes into what it is given: a literal of its own for each.
  const sdk = new Sdk({
    appId,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    keyType: 'PKCS8',
    signType: 'RSA2',
    camelcase: false,
    ...(serials ? { appCertSn: serials.app, alipayRootCertSn: serials.root } : {}),
  })
  made.set(credentials, sdk)
  return sdk
}

let loading: Promise<typeof AlipaySdk> | undefined

/** Half a second, once, and only where there is an Alipay account. */
export function loadSdk(): Promise<typeof AlipaySdk> {
  loading ??= load()
  return loading
}

/**
 * Its HTTP client replaces `destroy` of every socket of the process by one that throws when two sockets end with the same error,
 * which nobody can catch. We do not use that client, so what was there before is put back.
 */
async function load(): Promise<typeof AlipaySdk> {
  const before = Object.getOwnPropertyDescriptor(Socket.prototype, 'destroy')
  try {
    return (await import('alipay-sdk')).AlipaySdk
  } finally {
    if (before) Object.defineProperty(Socket.prototype, 'destroy', before)
    else Reflect.deleteProperty(Socket.prototype, 'destroy')
  }
}
