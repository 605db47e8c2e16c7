import type { FieldName, Fields } from '../letter.ts'

/** What stands for {1}, {2} … : letters are counted as the provider does, and nothing in it looks like a link. */
export const paramsOf = (fields: Fields, names: readonly FieldName[], most: number): readonly string[] =>
  names.map((name) => fitted(fields[name], most))

function fitted(value: string, most: number): string {
  const text = value
    .replace(/https?:\S*|www\.\S*/gi, '')
    // A sign that they read as the edge of a signature.
    .replace(/[【】\s]+/g, ' ')
    .trim()
  return [...text].slice(0, most).join('').trim() || '-'
}
