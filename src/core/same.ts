import { timingSafeEqual } from 'node:crypto'

/**
 * Whether what somebody brings is the secret that it should be, or our signature under it. How long it takes tells nothing but the length,
 * which is no secret. Secrets that come from outside are compared by nothing else (test/core/same.test.ts).
 */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
