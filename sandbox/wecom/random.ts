import type { Random } from './wecom.ts'

/** So many hexadecimal digits. */
export const hex = (random: Random, digits: number): string =>
  random(Math.ceil(digits / 2))
    .toString('hex')
    .slice(0, digits)
