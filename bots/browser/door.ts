import type { RawRequest } from '../../src/core/http.ts'
import { sameText } from '../../src/core/same.ts'

/** Who may come in: only this machine's browser that was given this start's address. */
export type Entrance = 'in' | 'key' | 'foreign' | 'unknown'

export interface Door {
  /** 'key': the secret is in the address; 'foreign': another site asks; 'unknown': no secret. */
  judge(request: RawRequest): Entrance
  readonly cookie: string
}

export function createDoor(secret: string, port: number): Door {
  // Cookies know no port: two chats on one machine must not take each other's.
  const name = `redress_chat_${port}`
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]

  const cookieOf = (request: RawRequest): string => {
    const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
    return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
  }

  return {
    cookie: `${name}=${secret}; Path=/; HttpOnly; SameSite=Strict`,
    judge(request) {
      const host = request.headers.host ?? ''
      const origin = request.headers.origin
      // A name that merely resolves to this machine (DNS rebinding) is another site's.
      if (!hosts.includes(host)) return 'foreign'
      const reads = request.method === 'GET' || request.method === 'HEAD'
      if (origin === undefined ? !reads : origin !== `http://${host}`) return 'foreign'
      const key = request.path === '/' ? new URLSearchParams(request.query).get('key') : null
      if (key !== null && sameText(key, secret)) return 'key'
      return sameText(cookieOf(request), secret) ? 'in' : 'unknown'
    },
  }
}

/** On every answer: the page runs its own files, frames the panes, and nothing else. */
export function guards(panes: readonly { readonly url: string }[]): Record<string, string> {
  const frames = [...new Set(panes.map(({ url }) => new URL(url).origin))].join(' ') || "'none'"
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "connect-src 'self'",
      `frame-src ${frames}`,
      "form-action 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
  }
}
