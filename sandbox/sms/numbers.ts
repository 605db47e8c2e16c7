export interface Phone {
  /** E.164. */
  readonly number: string
  readonly mainland: boolean
}

/** `+8618501234444`; of the mainland also 0086…, 86… or the bare eleven digits (notifications.md §1.1). */
export function readPhone(text: string): Phone | undefined {
  const mainland = /^(?:\+86|0086|86)?(1\d{10})$/.exec(text)?.[1]
  if (mainland) return { number: `+86${mainland}`, mainland: true }
  return /^\+[1-9]\d{5,14}$/.test(text) && !text.startsWith('+86') ? { number: text, mainland: false } : undefined
}

/** Country code and the rest; beyond the mainland's own, as far as these pages need it. */
export const splitPhone = (number: string): readonly [code: string, rest: string] =>
  number.startsWith('+86') ? ['86', number.slice(3)] : [number.slice(1, 2), number.slice(2)]
