// Characters that nobody sees and that change what is read: controls, soft hyphens, direction marks and overrides, zero widths, fillers, tags.
const hidden = /(?!\n|\t|\u200d|\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu
/** A joiner is left only where it makes one emoji of several. */
const strayJoiner =
  /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d|\u200d(?!\p{Extended_Pictographic})/gu
const loneSurrogate = /[\ud800-\udfff]/gu

/** What a person reads of this text, and nothing else: no hidden characters, whole code points, `\n` as the only line break. */
export const plain = (text: string): string =>
  text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(hidden, '')
    .replace(strayJoiner, '')
    .replace(loneSurrogate, '\ufffd')

/** One line: what others wrote cannot begin a line of its own and look like ours. */
export const oneLine = (text: string): string => plain(text).replace(/\s+/g, ' ').trim()
