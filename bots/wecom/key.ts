import { asButtonToken, type ButtonToken } from '../../src/core/words.ts'

/** What a touched button says: a token of the app's, or something of our own about one. */
export type Key =
  | { readonly do: 'press'; readonly of: ButtonToken }
  /** The card as it is now. */
  | { readonly do: 'refresh'; readonly of: ButtonToken }
  /** What is chosen in the dropdown. */
  | { readonly do: 'use'; readonly of: ButtonToken }

/** The dropdown's own key. */
export const question = 'offer'

export const keyOf = (key: Key): string => (key.do === 'press' ? key.of : `${key.do}:${key.of}`)

export function readKey(text: string): Key {
  const match = /^(refresh|use):(.+)$/s.exec(text)
  if (!match) return { do: 'press', of: asButtonToken(text) }
  return { do: match[1] === 'use' ? 'use' : 'refresh', of: asButtonToken(match[2] ?? '') }
}
