/** One plain sentence in both languages. */
export const both = (zh: string, en: string): string => `${zh} | ${en}`

const day = 86_400_000
const china = 8 * 3_600_000

/** Milliseconds until it is tomorrow in China, where quotas of a day begin anew, and a little. */
export const untilTomorrow = (now: number): number => day - ((now + china) % day) + 60_000

/** What a field of settings or secrets must be. */
export const textOf = (fields: Readonly<Record<string, unknown>>, name: string): string => {
  const value = fields[name]
  return typeof value === 'string' ? value.trim() : ''
}
