/** Minutes since midnight by some clock; from above to below it is over midnight. */
export interface Hours {
  readonly from: number
  readonly to: number
}

const span = /^(\d{1,2}):(\d{2})[-–~至](\d{1,2}):(\d{2})$/

/** `09:00-21:00`, `22:00-8:00`; `24:00` is midnight. @returns undefined for anything else */
export function hoursIn(words: string): Hours | undefined {
  const [, a, b, c, d] = (span.exec(words.normalize('NFKC').replace(/\s/g, '')) ?? []).map(Number)
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined
  const [from, to] = [a * 60 + b, c * 60 + d]
  return b < 60 && d < 60 && from < 1440 && to <= 1440 ? { from, to: to % 1440 } : undefined
}

/** 09:00–21:00; from midnight to midnight it is the whole day. */
export const hoursText = ({ from, to }: Hours): string => `${clock(from)}–${clock(from === to && to === 0 ? 1440 : to)}`

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
