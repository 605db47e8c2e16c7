import type { RefusalName } from './answers.ts'
import type { Rules } from './rules.ts'

/** How often something happened for a name, in a sliding window. */
export interface Tally {
  add(name: string): void
  /** Within the last so many milliseconds. */
  count(name: string, ms: number): number
  forget(name: string): void
}

export function createTally(clock: { now(): number }): Tally {
  const times = new Map<string, number[]>()
  return {
    add: (name) => void times.set(name, [...(times.get(name) ?? []), clock.now()]),
    count: (name, ms) => (times.get(name) ?? []).filter((at) => at > clock.now() - ms).length,
    forget: (name) => void times.delete(name),
  }
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

interface Counting {
  readonly rules: Rules
  readonly tally: Tally
  readonly account: string
  /** Of this connection. */
  readonly mails: number
  readonly receivers: number
}

const over = (limit: number, count: number) => limit > 0 && count >= limit

/** Why no further mail may begin: windows of the account and of the connection (notifications.md §2.2, §2.3). */
export function noMail({ rules, tally, account, mails }: Counting): RefusalName | undefined {
  if (over(rules.mailsPer15Minutes, tally.count(`mail ${account}`, 15 * minute))) return 'MI:SFQ'
  if (over(rules.mailsPerConnection, mails)) return 'MI:DMC'
  return undefined
}

/** Why no further receiver may be named. `here`: of this mail. */
export function noReceiver(counting: Counting, here: number): RefusalName | undefined {
  const { rules, tally, account, receivers } = counting
  if (over(rules.receiversPerMail, here)) return 'RP:RCL'
  if (over(rules.receiversPerConnection, receivers)) return 'RP:DRC'
  if (over(rules.receiversPerHour, tally.count(`receiver ${account}`, hour))) return 'RP:QRC'
  if (over(rules.receiversPerDay, tally.count(`receiver ${account}`, day))) return 'RP:TRC'
  return undefined
}

/** Why a login is not taken although it is right. */
export const noLogin = ({ rules, tally, account }: Pick<Counting, 'rules' | 'tally' | 'account'>) =>
  over(rules.connectionsPerDay, tally.count(`login ${account}`, day)) ? 'MI:STC' : undefined

/** Why a connection is not taken. `open`: how many there are. */
export const noConnection = (rules: Rules, open: number) => (over(rules.connectionsAtOnce, open) ? 'HL:ICC' : undefined)
