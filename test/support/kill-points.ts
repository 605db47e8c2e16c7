import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const src = fileURLToPath(new URL('../../src/', import.meta.url))

/** The names of all failpoints of a service that runs, as they stand in the source. */
export const failpoints = (): readonly string[] => named().filter((point) => !point.startsWith('upkeep.'))

/** Those of the commands that keep an installation in order. */
export const upkeepPoints = (): readonly string[] => named().filter((point) => point.startsWith('upkeep.'))

function named(): readonly string[] {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const names = files.flatMap((file) =>
    [...readFileSync(src + file, 'utf8').matchAll(/\bfailpoint\('([^']+)'\)/g)].flatMap(([, name]) => name ?? []),
  )
  return [...new Set(names)].sort()
}

/** What no other story comes by. */
export const onlyRefunds = (point: string): boolean => point.startsWith('follow-up.')

/** Where what waits is taken back. */
export const onlyUndo = (point: string): boolean => point.startsWith('withdraw.')

/** Where somebody is asked for complaints of whom nobody tells, and where merchants come back. */
export const onlyAlipay = (point: string): boolean => /^(poll|authorise)\./.test(point)

/** Where something comes due by itself: stories that wait for nothing may be over before. */
export const onlyRules = (point: string): boolean => /^(rules|ruling|remind)\./.test(point)

/** Where a message goes another way than to a chat. */
export const onlyChannels = (point: string): boolean => point.startsWith('outbox.')

/** Where a program asks for it instead of a person. */
export const onlyApi = (point: string): boolean => point.startsWith('api.')

/** On the way to the money, and from the money to the answer. */
export const ofMoney = (point: string): boolean => onlyRefunds(point) || /^(request|carry-out)\./.test(point)

/** Where a refund adds something: also what it comes by only once the money is on its way. */
export const ofRefunds = (point: string): boolean => ofMoney(point) || /^(batch|receipts|record|engine)\./.test(point)
