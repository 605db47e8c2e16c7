const strange = /[\0\p{Surrogate}]/u
const all = new RegExp(strange, 'gu')

/** Whether it holds U+0000 or half of a pair: no database keeps the one, no chat takes the other. */
export const isReadable = (text: string): boolean => !strange.test(text)

/** All texts of plain data, U+0000 and halves of pairs replaced by U+FFFD: what somebody has cut in two or made up must still be shown and written down. */
export function readable<Value>(value: Value): Value {
  return made(value) as Value
}

function made(value: unknown): unknown {
  if (typeof value === 'string') return strange.test(value) ? value.replace(all, '\ufffd') : value
  if (Array.isArray(value)) return value.map(made)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, made(one)]))
}
