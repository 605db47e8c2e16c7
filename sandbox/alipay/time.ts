const zone = 8 * 3_600_000

/** `yyyy-MM-dd HH:mm:ss` in Beijing's time, as every time of this platform. */
export const beijing = (at: number): string => new Date(at + zone).toISOString().slice(0, 19).replace('T', ' ')

/** The moment of such a text, or undefined when it is none. */
export function moment(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)) return undefined
  const at = Date.parse(`${text.replace(' ', 'T')}Z`)
  return Number.isNaN(at) || beijing(at - zone) !== text ? undefined : at - zone
}
