import { z } from 'zod'
import { InputError, type Problem } from '../../src/core/errors.ts'

export interface Settings {
  /** Whoever has it writes into the group. */
  readonly key: string
  /** Ends with a slash. */
  readonly base: string
  /** Milliseconds to be silent after "too many messages". */
  readonly pause: number
  /** The same after "blocked". */
  readonly blocked: number
}

const wecom = 'https://qyapi.weixin.qq.com'
const webhook = `${wecom}/cgi-bin/webhook/send?key=…`

const parsed = (text: string) => (URL.canParse(text) ? new URL(text) : undefined)
const isLoopback = (url: URL) => /^(127(\.\d+){3}|localhost|\[::1\])$/.test(url.hostname)
/** https anywhere, http on this machine only: the key travels in the address. */
function isSafe(text: string): boolean {
  const url = parsed(text)
  if (!url || url.username || url.search || url.hash) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))
}

const seconds = (usual: number) =>
  z.int('a whole number of seconds').min(1, 'at least 1 second').max(86_400, 'at most 86400 seconds').default(usual)

const settingsSchema = z.strictObject(
  {
    url: z
      .string('give the address of the WeCom API, or leave it out')
      .refine(isSafe, `the address of the WeCom API alone, such as ${wecom}: https (http only on this machine)`)
      .optional(),
    pauseSeconds: seconds(60),
    blockedSeconds: seconds(600),
  },
  'settings are an object',
)

export const secretsSchema = z.strictObject(
  { key: z.string(`give the key of the webhook, or its whole address ${webhook}`) },
  'secrets are an object',
)

/** @param root the API's address where the settings name none. @throws InputError */
export function parseSettings(
  given: { readonly settings: Record<string, unknown>; readonly secrets: Readonly<Record<string, string>> },
  root: string = wecom,
): Settings {
  const settings = settingsSchema.safeParse(given.settings)
  const secrets = secretsSchema.safeParse(given.secrets)
  const problems = [...problemsOf(settings.error, 'settings'), ...problemsOf(secrets.error, 'secrets')]
  if (!settings.success || !secrets.success) throw new InputError(problems)
  const { url = root, pauseSeconds, blockedSeconds } = settings.data
  const key = keyIn(secrets.data.key.trim(), url)
  if ('fix' in key) throw new InputError([{ field: 'secrets.key', fix: key.fix }])
  return { ...key, base: slashed(url), pause: pauseSeconds * 1000, blocked: blockedSeconds * 1000 }
}

/** People copy the whole address, since that is what the console shows. */
function keyIn(text: string, base: string): { readonly key: string } | { readonly fix: string } {
  const address = /^[a-z]+:\/\//i.test(text) ? parsed(text) : undefined
  if (!address) return keyOf(text, `the key alone (letters, digits and dashes), or the whole address ${webhook}`)
  if (address.host !== new URL(base).host)
    return { fix: `this is an address elsewhere; the console of WeCom shows ${webhook}` }
  return keyOf(
    address.searchParams.get('key') ?? '',
    `this address holds no key; the console of WeCom shows ${webhook}`,
  )
}

const keyOf = (key: string, fix: string) => (/^[\w-]{8,128}$/.test(key) ? { key } : { fix })

/** What WeCom's keys have always looked like. */
export const looksLikeKey = (key: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(key)

const slashed = (url: string) => (url.endsWith('/') ? url : `${url}/`)

const problemsOf = (error: z.ZodError | undefined, root: string): readonly Problem[] =>
  (error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ field: `${root}.${key}`, fix: 'no such entry; take it out' }))
      : [{ field: [root, ...issue.path].join('.'), fix: issue.message }],
  )
