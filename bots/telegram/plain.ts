/** At most `most` UTF-16 units, Telegram's measure; whole code points, `…` where something is missing. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  if (most < 1) return ''
  const end = most - 1
  const whole = /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end - 1 : end
  return `${text.slice(0, whole).replace(/\u200d$/, '')}…`
}

export const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
