import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { InputError, type Problem } from '../../src/core/errors.ts'

export interface Settings {
  readonly token: string
  /** Ends with a slash. */
  readonly apiRoot: string
  readonly proxy?: string
  /** Where Telegram calls us; absent: we ask it. */
  readonly webhook?: { readonly base: string; readonly secret: (bot: string) => string }
}

const telegram = 'https://api.telegram.org'

const isLoopback = (url: URL) => /^(127(\.\d+){3}|localhost|\[::1\])$/.test(url.hostname)
const parsed = (text: string) => (URL.canParse(text) ? new URL(text) : undefined)
/** https anywhere, http on this machine only: the token travels in the address. */
function isSafe(text: string): boolean {
  const url = parsed(text)
  if (!url || url.username || url.search || url.hash) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))
}
const portOf = (text: string) => {
  const url = parsed(text)
  return url && isLoopback(url) ? '' : (url?.port ?? '')
}

const safe = (what: string) =>
  z.string(`give ${what}`).refine(isSafe, `${what}: https://… (http only on this machine), without user, query or #`)
const isProxy = (text: string) => {
  const url = parsed(text)
  return url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== ''
}

const settingsSchema = z.strictObject(
  {
    mode: z.enum(['polling', 'webhook'], 'polling or webhook').default('polling'),
    apiRoot: safe('the address of the Bot API').optional(),
    publicUrl: safe('the public address of this service')
      .refine((text) => /^(|80|88|443|8443)$/.test(portOf(text)), 'Telegram calls ports 443, 80, 88 and 8443 only')
      .optional(),
    proxy: z
      .string('http://host:port')
      .refine(isProxy, 'http://host:port (an HTTP proxy that allows CONNECT)')
      .refine((text) => !parsed(text)?.password, 'with a password it belongs into the secret `proxy`')
      .optional(),
  },
  'settings are an object',
)

export const secretsSchema = z.strictObject(
  {
    token: z
      .string('give the token that BotFather showed')
      .regex(/^\d{1,20}:[\w-]{35}$/, 'the whole token that BotFather showed: digits, a colon, 35 characters'),
    proxy: z.string().refine(isProxy, 'http://user:password@host:port').optional(),
    webhookSecret: z
      .string()
      .regex(/^[\w-]{16,256}$/, '16 to 256 letters, digits, _ or -; leave it out to have one made')
      .optional(),
  },
  'secrets are an object',
)

/** @param root the Bot API's address where the settings name none. @throws InputError */
export function parseSettings(
  given: { readonly settings: Record<string, unknown>; readonly secrets: Readonly<Record<string, string>> },
  root: string = telegram,
): Settings {
  const settings = settingsSchema.safeParse(given.settings)
  const secrets = secretsSchema.safeParse(given.secrets)
  const problems = [...problemsOf(settings.error, 'settings'), ...problemsOf(secrets.error, 'secrets')]
  if (!settings.success || !secrets.success) throw new InputError(problems)
  const { mode, publicUrl } = settings.data
  const apiRoot = slashed(settings.data.apiRoot ?? root)
  const proxy = secrets.data.proxy ?? settings.data.proxy
  if (mode === 'webhook' && !publicUrl)
    throw new InputError([{ field: 'settings.publicUrl', fix: 'webhook mode needs the public https address' }])
  if (proxy && apiRoot.startsWith('http:'))
    throw new InputError([{ field: 'settings.proxy', fix: 'a Bot API on this machine is reached without a proxy' }])
  const { token, webhookSecret } = secrets.data
  return {
    token,
    apiRoot,
    ...(proxy && { proxy }),
    ...(mode === 'webhook' && publicUrl
      ? { webhook: { base: slashed(publicUrl), secret: (bot: string) => webhookSecret ?? madeSecret(token, bot) } }
      : {}),
  }
}

/** The same in every process, and nothing more to keep. */
const madeSecret = (token: string, bot: string) =>
  createHmac('sha256', token).update(`redress webhook ${bot}`).digest('base64url')

const slashed = (url: string) => (url.endsWith('/') ? url : `${url}/`)

const problemsOf = (error: z.ZodError | undefined, root: string): readonly Problem[] =>
  (error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ field: `${root}.${key}`, fix: 'no such entry; take it out' }))
      : [{ field: [root, ...issue.path].join('.'), fix: issue.message }],
  )
