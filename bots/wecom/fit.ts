const clusters = new Intl.Segmenter('zh', { granularity: 'grapheme' })
const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u
/** More in one cluster than this is a heap of marks on one letter. */
const clusterBytes = 64

/** What is seen as one character each. */
function* pieces(text: string): Generator<string> {
  for (const { segment } of clusters.segment(text))
    yield Buffer.byteLength(segment) > clusterBytes ? String.fromCodePoint(segment.codePointAt(0) ?? 0x20) : segment
}

const widthOf = (piece: string) => (wide.test(piece) ? 2 : 1)

/** Whether it is at most `most` 字, WeCom's measure for cards: a narrow character counts half. */
export function fits(text: string, most: number): boolean {
  let width = 0
  for (const piece of pieces(text)) {
    width += widthOf(piece)
    if (width > most * 2) return false
  }
  return true
}

/** At most `most` 字, whole characters, `…` where something is missing; half an amount is another one, so a number is whole or not there. */
export function cut(text: string, most: number): string {
  const seen = cutBy(text, most * 2, { size: widthOf, more: 1 })
  const left = seen.slice(0, -1)
  const within = seen !== text && /^[\d.,]*\d/.test(text.slice(left.length)) && /\d[.,]?$/.test(left)
  return within ? left.replace(/\s?[¥￥]?[\d.,]+$/, '…') : seen
}

/** At most `most` bytes of UTF-8, WeCom's measure for messages. */
export const cutBytes = (text: string, most: number): string =>
  Buffer.byteLength(text) <= most ? text : cutBy(text, most, { size: Buffer.byteLength, more: 3 })

/** `more`: what the `…` takes. */
function cutBy(
  text: string,
  most: number,
  { size, more }: { readonly size: (piece: string) => number; readonly more: number },
): string {
  let whole = ''
  let shortened = ''
  let used = 0
  for (const piece of pieces(text)) {
    used += size(piece)
    if (used > most) return most < more ? '' : `${shortened}…`
    whole += piece
    if (used <= most - more) shortened = whole
  }
  return whole
}
