const units: readonly (readonly [RegExp, number])[] = [
  [/^(m|min|分|分钟)$/, 60_000],
  [/^(h|hour|hours|小时|时|个小时)?$/, 3_600_000],
  [/^(d|day|天)$/, 86_400_000],
]

/** `2h`, `90 分钟`, `1.5 小时`; a bare number is hours. @returns milliseconds, undefined for anything else */
export function spanIn(words: string): number | undefined {
  const match = /^(\d{1,4}(?:\.\d)?)\s*(\p{L}*)$/u.exec(words.normalize('NFKC').trim().toLowerCase())
  if (!match) return undefined
  const [, number = '', unit = ''] = match
  const ms = units.find(([name]) => name.test(unit))?.[1]
  const span = ms === undefined ? 0 : Math.round(Number(number) * ms)
  return span > 0 ? span : undefined
}
