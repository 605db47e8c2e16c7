import type { Words } from '../../complaints/action.ts'
import type { Choice } from '../../complaints/complaint.ts'
import { both } from './errors.ts'
import { limits } from './limits.ts'

export const textOf = ({ text }: Words): string => text?.trim() ?? ''

export interface Wanted {
  readonly max: number
  readonly text: 'required' | 'optional'
  readonly pictures: boolean
}

/** Why these words would not be taken, or undefined. The last guard before the call. */
export function wrongWords(said: Words, { max, text, pictures }: Wanted): string | undefined {
  const length = [...textOf(said)].length
  if (length === 0 && text === 'required') return both('请写内容', 'write some words')
  if (length > max) return both(`文字 ${length} 字，最多 ${max} 字`, `${length} characters of text; at most ${max}`)
  const count = said.pictures?.length ?? 0
  const most = pictures ? limits.pictures : 0
  return count > most ? both(`图片 ${count} 张，最多 ${most} 张`, `${count} pictures; at most ${most}`) : undefined
}

export function wrongChoice(choice: string | undefined, choices: readonly Choice[]): string | undefined {
  if (choices.some(({ code }) => code === choice)) return undefined
  const named = choices.map(({ code, label }) => `${code} ${label}`).join('，')
  return both(`请选择处理结果：${named}`, `choose a result: ${choices.map(({ code }) => code).join(', ')}`)
}

export const onlyTalk = both('支付宝投诉只能回复', 'an Alipay complaint can only be replied to')
