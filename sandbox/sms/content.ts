import { hourOf } from './core.ts'
import type { Rules } from './rules.ts'
import type { App, Template } from './sms.ts'

export interface Wanted {
  readonly templateId: string
  readonly sign: string | undefined
  readonly params: readonly string[]
  readonly mainland: boolean
}

/** The text that a phone would show, or the code of why not (notifications.md §1.4, §1.5). */
export function writeText(
  app: App,
  wanted: Wanted,
  about: { rules: Rules; now: number },
): { text: string } | { code: string } {
  const { params, mainland } = wanted
  const sign = app.signs.find((one) => one.text === wanted.sign && (one.state ?? 0) === 0)
  if (mainland && !sign) return { code: 'FailedOperation.SignatureIncorrectOrUnapproved' }
  const template = app.templates.find((one) => String(one.id) === wanted.templateId)
  const good = template && (template.state ?? 0) === 0 && (template.international ?? false) === !mainland
  if (!good || variables(template) !== params.length) return { code: 'FailedOperation.TemplateIncorrectOrUnapproved' }
  const code = wrongParam(template, params, about.rules) ?? wrongHour(template, about.now)
  if (code) return { code }
  const filled = template.content.replace(/\{(\d+)\}/g, (_, n: string) => params[Number(n) - 1] ?? '')
  const text = sign ? `【${sign.text}】${filled}` : filled
  if (about.rules.sensitive.some((word) => text.includes(word))) return { code: 'FailedOperation.ContainSensitiveWord' }
  return lengthOf(text) > about.rules.maxText ? { code: 'InvalidParameterValue.ContentLengthLimit' } : { text }
}

export const lengthOf = (text: string): number => [...text].length

/** How many different `{n}` there are. */
const variables = ({ content }: Template): number => new Set(content.match(/\{\d+\}/g)).size

const url = /https?:\/\/|www\.|(?:^|[^\w.])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|cn|net|org|cc|top|me|io)(?:\/|\b)/i

function wrongParam({ kind = 'notice' }: Template, params: readonly string[], rules: Rules): string | undefined {
  if (params.some((one) => url.test(one))) return 'InvalidParameterValue.ProhibitedUseUrlInTemplateParameter'
  if (kind === 'code')
    return params.every((one) => /^\d{1,6}$/.test(one))
      ? undefined
      : 'InvalidParameterValue.TemplateParameterFormatError'
  const long = params.some((one) => rules.maxParamChars > 0 && lengthOf(one) > rules.maxParamChars)
  return long ? 'InvalidParameterValue.TemplateParameterLengthLimit' : undefined
}

function wrongHour({ kind }: Template, now: number): string | undefined {
  const hour = hourOf(now)
  return kind === 'marketing' && (hour < 8 || hour >= 22) ? 'FailedOperation.MarketingSendTimeConstraint' : undefined
}

/** How many are paid for. */
export function piecesOf(text: string, { onePiece, longPiece }: Rules): number {
  const length = lengthOf(text)
  return length <= onePiece ? 1 : Math.ceil(length / longPiece)
}
