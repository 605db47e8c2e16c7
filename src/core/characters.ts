// Characters of four bytes, and halves of them.
const four = /[\u{10000}-\u{10FFFF}\p{Cs}]/gu
// With them go what joins and colours them.
const joined = /[\u{10000}-\u{10FFFF}\p{Cs}]|\u{FE0F}|\u{200D}/gu

export interface Unsayable {
  readonly characters: readonly string[]
  /** The same words without them. */
  readonly without: string
}

/** What some platforms take in no request: characters of four bytes, most emoji among them. */
export function unsayable(text: string): Unsayable | undefined {
  const characters = [...new Set(text.match(four) ?? [])]
  return characters.length === 0 ? undefined : { characters, without: text.replace(joined, '').trim() }
}
