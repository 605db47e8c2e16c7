// What stands between letters and digits parts words; marks belong to the letter before them.
const together = /[\p{L}\p{N}\p{M}]+/gu

/** As words are compared: full width is half width, capitals are small. */
const plain = (text: string): string => text.normalize('NFKC').toLowerCase()

/** `'ＯＫ，碎了！'` → `['ok', '碎了']`, each once. */
export const wordsOf = (text: string): readonly string[] => [...new Set(plain(text).match(together))]

/**
 * Every two neighbouring characters of the words, each pair once, in their order: `'碎了 ok'` → `['碎了', 'ok']`, `'保温杯'` → `['保温', '温杯']`.
 * A word of one character has none.
 * @param most where to stop
 */
export function gramsOf(texts: readonly string[], most = Number.POSITIVE_INFINITY): readonly string[] {
  const grams = new Set<string>()
  for (const word of texts.flatMap(wordsOf)) {
    let before: string | undefined
    for (const character of word) {
      if (grams.size >= most) return [...grams]
      if (before !== undefined) grams.add(before + character)
      before = character
    }
  }
  return [...grams]
}

/** Whether each of the words stands in one of the texts. Words as `wordsOf` gives them. */
export function holdsAll(texts: readonly string[], words: readonly string[]): boolean {
  const inside = texts.map(plain)
  return words.every((word) => inside.some((text) => text.includes(word)))
}
