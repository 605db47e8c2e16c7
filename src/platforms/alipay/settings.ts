import { z } from 'zod'
import type { Problem } from '../../core/errors.ts'
import type { Account } from '../platform.ts'

export const sources = ['risk', 'trade'] as const
/** risk: RiskGO 消费者投诉; trade: 交易投诉. */
export type SourceName = (typeof sources)[number]

const shape = z.strictObject({
  mode: z
    .enum(['key', 'certificate'], { error: 'key or certificate: how the app signs, as set in the console' })
    .default('key'),
  sources: z
    .array(z.enum(sources), { error: 'a list with risk, trade or both' })
    .min(1, { error: 'at least one of risk and trade; to hear nothing disable the account' })
    .default([...sources]),
  refunds: z.boolean({ error: 'true or false' }).default(false),
  autoRefund: z.boolean({ error: 'true or false' }).default(false),
  operator: z
    .string({ error: 'a text of at most 6 characters' })
    .refine((name) => name.trim() !== '' && [...name].length <= 6, { error: 'a text of 1 to 6 characters' })
    .optional(),
})
export type Settings = z.output<typeof shape>

/** Of a stored account: checked when it was saved; what is not understood counts as not said. */
export function settingsOf(settings: Account['settings']): Settings {
  const read = shape.safeParse(settings)
  return read.success ? read.data : shape.parse({})
}

export const settingsHelp = {
  mode: 'key 公钥模式（默认）| certificate 证书模式: how the app signs; default key',
  sources:
    '["risk","trade"]：risk 消费者投诉（RiskGO），trade 交易投诉；默认两者 | which complaint systems; default both',
  refunds: 'true：允许在群里退款，默认不允许 | whether money may be refunded from the chat; default false',
  autoRefund:
    'true：允许规则自动退款，还须商家自己的开关也打开，默认不允许 | whether rules may refund; the merchant’s own switch must be on too; default false',
  operator:
    '交易投诉反馈里的经办人，最多 6 个字 | who is named in the feedback of a trade complaint; at most 6 characters',
}

/** Each names the field and the fix. */
export function problemsOfSettings(set: Record<string, unknown>): readonly Problem[] {
  const read = shape.safeParse(set)
  if (read.success) return []
  return read.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((name) => ({
          field: `settings.${name}`,
          fix: `unknown; there are ${Object.keys(settingsHelp).join(', ')}`,
        }))
      : [{ field: `settings.${String(issue.path[0] ?? '')}`, fix: issue.message }],
  )
}
