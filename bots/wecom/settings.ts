import { z } from 'zod'
import { InputError, type Problem } from '../../src/core/errors.ts'

export interface Settings {
  readonly botId: string
  readonly secret: string
  /** The long connection's address. */
  readonly url: string
  /** What people type after the @. */
  readonly name?: string
  /** How long a chat rests when WeCom has had enough; milliseconds. */
  readonly pause: number
}

const wecom = 'wss://openws.work.weixin.qq.com'

const isLoopback = (url: URL) => /^(127(\.\d+){3}|localhost|\[::1\])$/.test(url.hostname)
/** wss anywhere, ws on this machine only: the secret travels over it. */
function isSafe(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || url.username || url.search || url.hash) return false
  return url.protocol === 'wss:' || (url.protocol === 'ws:' && isLoopback(url))
}

const settingsSchema = z.strictObject(
  {
    url: z
      .string('give the address of the long connection')
      .refine(isSafe, 'wss://… (ws only on this machine), without user, query or #')
      .optional(),
    name: z
      .string("give the bot's name")
      .transform((text) => text.replace(/^[@＠]/, '').trim())
      .refine((text) => /^[^\n@＠]{1,64}$/.test(text), "the bot's name in WeCom as people see it after the @")
      .optional(),
    pauseSeconds: z
      .number('seconds')
      .int('whole seconds')
      .min(5, '5 to 3600 seconds')
      .max(3600, '5 to 3600 seconds')
      .default(60),
  },
  'settings are an object',
)

const shown = 'that WeCom shows beside the bot (安全与管理 → 管理工具 → 智能机器人 → API 模式, 长连接)'
export const secretsSchema = z.strictObject(
  {
    botId: z.string(`give the Bot ID ${shown}`).regex(/^[\w@.-]{1,128}$/, `the Bot ID ${shown}`),
    secret: z.string(`give the Secret ${shown}`).regex(/^\S{8,256}$/, `the whole Secret ${shown}`),
  },
  'secrets are an object',
)

/** @param url the long connection where the settings name none. @throws InputError */
export function parseSettings(
  given: { readonly settings: Record<string, unknown>; readonly secrets: Readonly<Record<string, string>> },
  url: string = wecom,
): Settings {
  const settings = settingsSchema.safeParse(given.settings)
  const secrets = secretsSchema.safeParse(given.secrets)
  const problems = [...problemsOf(settings.error, 'settings'), ...problemsOf(secrets.error, 'secrets')]
  if (!settings.success || !secrets.success) throw new InputError(problems)
  const { name, pauseSeconds } = settings.data
  return { ...secrets.data, url: settings.data.url ?? url, pause: pauseSeconds * 1000, ...(name && { name }) }
}

const problemsOf = (error: z.ZodError | undefined, root: string): readonly Problem[] =>
  (error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ field: `${root}.${key}`, fix: 'no such entry; take it out' }))
      : [{ field: [root, ...issue.path].join('.'), fix: issue.message }],
  )
