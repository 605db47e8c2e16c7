export type Random = (size: number) => Buffer

/** So many digits, the first of them never 0. */
export function digits(random: Random, count: number): string {
  const bytes = random(count)
  return [...bytes].map((byte, index) => (index === 0 ? (byte % 9) + 1 : byte % 10)).join('')
}
