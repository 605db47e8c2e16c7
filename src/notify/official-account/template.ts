import type { Both } from '../../platforms/platform.ts'
import type { FieldName, Fields } from '../letter.ts'
import { fitted } from './fields.ts'

/** What is wrong between a template and how it is filled. `bad`: messages are refused (47003), or say nothing there. */
export interface Misfit {
  readonly level: 'bad' | 'warn'
  readonly what: Both
}

/** The keywords of a template: `原因：{{thing2.DATA}}`. The old 开头 and 结尾 are shown no more. */
export const keywordsOf = (content: string): readonly string[] =>
  [...content.matchAll(/\{\{\s*(\w+)\.DATA\s*\}\}/g)]
    .flatMap(([, key]) => key ?? [])
    .filter((key) => key !== 'first' && key !== 'remark')

/** As long as each usually is; people's own words are longer, and known to be cut. */
const usual: Fields = {
  ...{ count: '12', number: '#12345', case: '200000020221112012345678', tail: '345678', platform: '微信支付' },
  ...{ account: '小店旗舰店', reason: '商品与描述不符', amount: '¥1234.56', turn: '待我方处理', state: '待商家处理' },
  ...{ due: '2026-03-01 23:00', dueClock: '23:00', opened: '2026-03-01 20:00', customer: '张*' },
  ...{ order: '4200001234202603011234567890', product: '商品名称', text: '没有收到货', event: '用户补充了留言' },
}

/** Compares what a template wants with what it is given. */
export function misfits(content: string, map: Readonly<Record<string, FieldName>>): readonly Misfit[] {
  const keywords = keywordsOf(content)
  const missing = keywords.filter((key) => map[key] === undefined)
  const strange = Object.keys(map).filter((key) => !keywords.includes(key))
  return [
    ...missing.map((key) =>
      bad(
        `模板的 ${key} 没有内容：在设置 map 里给它一个字段`,
        `${key} of the template stays empty: name a field for it in map`,
      ),
    ),
    ...strange.map((key) =>
      bad(`模板没有 ${key}：从设置 map 里去掉或改名`, `the template has no ${key}: take it out of map, or correct it`),
    ),
    ...keywords.flatMap((key) => unsuited(key, map[key])),
  ]
}

function unsuited(key: string, field: FieldName | undefined): readonly Misfit[] {
  if (field === undefined) return []
  const whole = usual[field]
  const shown = fitted(key, whole)
  // A sign in front of digits may go.
  if (shown === whole || shown === whole.replace(/^[#¥]/, '')) return []
  const cut = shown !== '' && shown.length > 2 && whole.startsWith(shown)
  if (cut)
    return [
      {
        level: 'warn',
        what: {
          zh: `${field} 放不进 ${key}：「${whole}」会截成「${shown}」`,
          en: `${field} is too long for ${key}: "${whole}" is cut to "${shown}"`,
        },
      },
    ]
  return [
    bad(
      `${field} 不适合 ${key}：「${whole}」会变成「${shown}」，请换一个字段`,
      `${field} does not suit ${key}: "${whole}" becomes "${shown}"; choose another field`,
    ),
  ]
}

const bad = (zh: string, en: string): Misfit => ({ level: 'bad', what: { zh, en } })
