import type { SandboxReply, SandboxRequest } from './wire.ts'

/** Why a request may not reach a control API: a page of another site, or a name that was made to point here, must not reach in. */
export function stranger({ method, headers }: SandboxRequest): string | undefined {
  const { host, origin } = headers
  if (host !== undefined && !/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host)) return 'this host is not served'
  if (method === 'GET') return undefined
  if (origin !== undefined && origin !== `http://${host}`) return 'another site may not do this'
  const json = (headers['content-type'] ?? 'application/json').startsWith('application/json')
  return json ? undefined : 'JSON only'
}

/** A page that runs its own script only, and may stand in a frame of this machine's pages. */
export const guarded = (made: SandboxReply): SandboxReply => ({
  ...made,
  headers: {
    ...made.headers,
    'content-security-policy':
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors http://127.0.0.1:* http://localhost:*",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  },
})
