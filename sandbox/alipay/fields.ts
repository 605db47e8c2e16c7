import { moment } from './time.ts'

export type Body = Readonly<Record<string, unknown>>

/** What is wrong with a value, in the platform's words; undefined when nothing is. */
export type Check = (value: unknown) => string | undefined

export const text =
  (max: number, pattern?: RegExp): Check =>
  (value) => {
    if (typeof value !== 'string' || value === '') return '应为非空字符串'
    if ([...value].length > max) return `长度不能超过${max}`
    return pattern && !pattern.test(value) ? '格式不正确' : undefined
  }

export const whole =
  (min: number, max: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max ? undefined : `应为${min}至${max}的整数`

export const truth: Check = (value) => (typeof value === 'boolean' ? undefined : '应为布尔值')
export const anything: Check = () => undefined
export const clock: Check = (value) =>
  typeof value === 'string' && moment(value) !== undefined ? undefined : '应为yyyy-MM-dd HH:mm:ss'

export const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value) ? undefined : `应为${words.join('、')}之一`

export const list =
  (item: Check, max = Number.POSITIVE_INFINITY): Check =>
  (value) => {
    if (!Array.isArray(value)) return '应为数组'
    if (value.length > max) return `最多${max}项`
    return value.map(item).find(Boolean)
  }

export const object =
  (required: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check =>
  (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? wrongIn(value as Body, { required, optional })
      : '应为对象'

export interface Shape {
  readonly required: Readonly<Record<string, Check>>
  readonly optional?: Readonly<Record<string, Check>>
}

/** The first thing that is wrong with these parameters. What nobody documents is refused. */
export function wrongIn(body: Body, { required, optional = {} }: Shape): string | undefined {
  const missing = Object.keys(required).find((name) => body[name] === undefined)
  if (missing) return `缺少参数${missing}`
  for (const [name, value] of Object.entries(body)) {
    const check = required[name] ?? optional[name]
    if (!check) return `未知参数${name}`
    const wrong = check(value)
    if (wrong) return `${name}${wrong}`
  }
  return undefined
}

/** Fen of `yuan` with at most two decimals, or undefined. */
export function fenOf(value: unknown): number | undefined {
  const said = typeof value === 'number' ? String(value) : value
  if (typeof said !== 'string' || !/^\d{1,9}(\.\d{1,2})?$/.test(said)) return undefined
  const [yuan = '0', rest = ''] = said.split('.')
  return Number(yuan) * 100 + Number(rest.padEnd(2, '0'))
}

export const money: Check = (value) => (fenOf(value) ? undefined : '金额格式不正确')
export const yuan = (fen: number): string => `${Math.trunc(fen / 100)}.${String(fen % 100).padStart(2, '0')}`

/** Without what is undefined. */
export const present = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
