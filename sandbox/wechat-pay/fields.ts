import { isObject } from '../wire.ts'
import { type Problem, paramError } from './errors.ts'

/** Whether the value is as the table says; `at` is its JSON pointer. */
export type Check = (value: unknown, at: string) => Problem | undefined

export function text(
  max: number,
  options: { pattern?: RegExp; unit?: 'characters' | 'bytes'; min?: number } = {},
): Check {
  return (value, at) => {
    if (typeof value !== 'string') return paramError(at, '必须是字符串')
    const size = options.unit === 'bytes' ? Buffer.byteLength(value) : [...value].length
    if (size < (options.min ?? 1) || size > max) return paramError(at, `长度须为 ${options.min ?? 1}-${max}`)
    return options.pattern && !options.pattern.test(value) ? paramError(at, '格式不正确') : undefined
  }
}

export const whole =
  (min: number, max = Number.MAX_SAFE_INTEGER): Check =>
  (value, at) => {
    const good = typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
    return good ? undefined : paramError(at, `须为 ${min} 以上的整数`)
  }

export const oneOf =
  (...allowed: readonly string[]): Check =>
  (value, at) =>
    typeof value === 'string' && allowed.includes(value) ? undefined : paramError(at, `须为 ${allowed.join('/')}`)

export const flag: Check = (value, at) => (typeof value === 'boolean' ? undefined : paramError(at, '须为布尔值'))

export const list =
  (each: Check, max: number): Check =>
  (value, at) => {
    if (!Array.isArray(value) || value.length > max) return paramError(at, `须为不超过 ${max} 项的数组`)
    return first(value.map((one, index) => () => each(one, `${at}/${index}`)))
  }

type Fields = Readonly<Record<string, Check>>

/** An object of these fields; what is not named is refused when `strict`. */
export const object =
  (required: Fields, optional: Fields = {}, strict = true): Check =>
  (value, at) => {
    if (!isObject(value)) return paramError(at || '/', '须为对象')
    const known = { ...required, ...optional }
    const extra = strict ? Object.keys(value).find((name) => !(name in known)) : undefined
    if (extra !== undefined) return { ...paramError(`${at}/${extra}`, '不支持的参数'), cause: 270924358 }
    const missing = Object.keys(required).find((name) => value[name] === undefined)
    if (missing !== undefined) return paramError(`${at}/${missing}`, '必填')
    const given = Object.entries(known).filter(([name]) => value[name] !== undefined)
    return first(
      given.map(
        ([name, check]) =>
          () =>
            check(value[name], `${at}/${name}`),
      ),
    )
  }

function first(checks: readonly (() => Problem | undefined)[]): Problem | undefined {
  for (const check of checks) {
    const problem = check()
    if (problem) return problem
  }
  return undefined
}

/** A callback address: https without a query; plain http to this machine, since a sandbox has no certificate. */
export const callbackUrl =
  (max: number): Check =>
  (value, at) => {
    if (typeof value !== 'string' || value.length > max) return paramError(at, `须为不超过 ${max} 字符的地址`)
    const good = /^(https:\/\/[a-z0-9.-]+(:\d+)?|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)(\/[^?#]*)?$/i.test(value)
    return good ? undefined : paramError(at, '须为 https 地址，且不能携带参数')
  }

/** WeChat Pay docs, general rules: only characters of one to three UTF-8 bytes. */
export const hasWideCharacter = (body: string): boolean => /[\u{10000}-\u{10FFFF}]|\\u[dD][89abAB]/u.test(body)
